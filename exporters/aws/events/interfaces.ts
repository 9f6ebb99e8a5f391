/** Network interfaces, and what instances do to them. */
import { type Effect, pointer, type Ref, valueAt } from 'drifttrail';
import { type Act, at, keysAt, list, text, texts, those } from './act.ts';
import { blackholes } from './routes.ts';
import { create, created, ec2, ec2Ref, implied, remove, set, type Topic, unset } from './rules.ts';

const eni = (act: Act): Ref[] => ec2Ref(act, 'network-interface', text(act.request, 'networkInterfaceId'));

/** A list of groups replaces all that were there. */
function groups(act: Act, refs: readonly Ref[]): Effect[] {
  const wanted = new Set([...texts(act.request.groupSet ?? null, 'groupId'), ...texts(act.request.securityGroupId ?? null, 'groupId')]);
  if (wanted.size === 0) return [];
  return refs.flatMap((ref) => [
    ...keysAt(act, ref, '/groups', () => true)
      .filter((id) => !wanted.has(id))
      .flatMap((id) => unset([ref], pointer('groups', id))),
    ...[...wanted].flatMap((id) => set([ref], pointer('groups', id))),
  ]);
}

/** The interfaces of an instance that go when it goes. */
function ofInstance(act: Act, instanceId: string, dying = false): Ref[] {
  return those(
    act,
    'aws.ec2.network-interface',
    (config) =>
      valueAt(config, '/attachment/instanceId') === instanceId && (!dying || valueAt(config, '/attachment/deleteOnTermination') !== false),
  );
}

function modify(act: Act): Effect[] {
  const description = text(act.request, 'description');
  const check = text(act.request, 'sourceDestCheck');
  return [
    ...groups(act, eni(act)),
    ...(description === undefined ? [] : set(eni(act), '/description', description)),
    ...(check === undefined ? [] : set(eni(act), '/sourceDestCheck', check)),
    ...(act.request.attachment === undefined ? [] : set(eni(act), '/attachment/**')),
  ];
}

function runInstances(act: Act): Effect[] {
  const interfaces = list(at(act.response, 'instancesSet')).flatMap((instance) =>
    list(at(instance, 'networkInterfaceSet')).flatMap((item) => ec2Ref(act, 'network-interface', text(item, 'networkInterfaceId'))),
  );
  return implied('the interface of a new instance', create(interfaces));
}

function terminate(act: Act): Effect[] {
  return texts(act.request.instancesSet ?? null, 'instanceId').flatMap((id) => [
    ...implied('the interface of a terminated instance', remove(ofInstance(act, id, true))),
    ...implied('the interface that a terminated instance leaves', unset(ofInstance(act, id), '/attachment')),
    ...blackholes(act, { instanceId: id }),
  ]);
}

function instanceState(act: Act): Effect[] {
  return texts(act.request.instancesSet ?? null, 'instanceId').flatMap((id) =>
    implied(
      'the interface of an instance that started or stopped',
      set(ofInstance(act, id), '/association/**'),
      set(ofInstance(act, id), '/privateIpAddresses/**'),
    ),
  );
}

export const interfaces: Topic = {
  kinds: ['aws.ec2.network-interface', 'aws.ec2.route-table'],
  rules: [
    ec2('CreateNetworkInterface', (act) =>
      created(act, ec2Ref(act, 'network-interface', text(act.response, 'networkInterface.networkInterfaceId'))),
    ),
    ec2('DeleteNetworkInterface', (act) => {
      const id = text(act.request, 'networkInterfaceId');
      return [...remove(eni(act)), ...(id === undefined ? [] : blackholes(act, { networkInterfaceId: id }))];
    }),
    ec2('ModifyNetworkInterfaceAttribute', modify),
    ec2('ResetNetworkInterfaceAttribute', (act) => set(eni(act), '/sourceDestCheck')),
    ec2('AttachNetworkInterface', (act) => set(eni(act), '/attachment/**')),
    ec2('DetachNetworkInterface', (act) => {
      const id = text(act.request, 'attachmentId');
      return unset(
        those(act, 'aws.ec2.network-interface', (config) => valueAt(config, '/attachment/attachmentId') === id),
        '/attachment/**',
      );
    }),
    ...['AssignPrivateIpAddresses', 'UnassignPrivateIpAddresses', 'AssignIpv6Addresses', 'UnassignIpv6Addresses'].map((name) =>
      ec2(name, (act) => set(eni(act), name.includes('Ipv6') ? '/ipv6Addresses/**' : '/privateIpAddresses/**')),
    ),
    ec2('RunInstances', runInstances),
    ec2('TerminateInstances', terminate),
    ec2('StartInstances', instanceState),
    ec2('StopInstances', instanceState),
    ec2('ModifyInstanceAttribute', (act) => {
      const id = text(act.request, 'instanceId');
      return id === undefined ? [] : implied('the groups of an instance are those of its interface', groups(act, ofInstance(act, id)));
    }),
  ],
};
