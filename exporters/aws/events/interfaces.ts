/** Network interfaces, and what instances do to them. */
import { type Effect, type Json, pointer, type Ref, valueAt } from 'drifttrail';
import { type Act, at, keysAt, list, partOf, pick, text, texts, those } from './act.ts';
import { ASSOCIATED } from './addresses.ts';
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
  const { attachment, description } = act.request;
  return [
    ...groups(act, eni(act)),
    // An empty description is one, too.
    ...(description === undefined || description === null ? [] : set(eni(act), '/description', text(act.request, 'description') ?? '')),
    ...sourceDestCheck(act, eni(act)),
    ...(attachment === undefined ? [] : set(eni(act), '/attachment', pick(attachment, 'attachmentId', 'deleteOnTermination'))),
    ...(act.request.connectionTrackingSpecification === undefined ? [] : set(eni(act), '/connectionTrackingConfiguration/**')),
  ];
}

/** As a field of its own, or as the attribute that is named. */
function sourceDestCheck(act: Act, refs: readonly Ref[]): Effect[] {
  const named = text(act.request, 'attribute') === 'sourceDestCheck' ? text(act.request, 'value') : undefined;
  const value = text(act.request, 'sourceDestCheck') ?? named;
  return value === undefined ? [] : set(refs, '/sourceDestCheck', value === 'true');
}

/** Addresses that come or go: those that the call or its answer names, else any of the interface. */
const ADDRESSES: Readonly<Record<string, readonly (readonly [field: string, under: string, items: readonly string[]])[]>> = {
  PrivateIp: [
    ['privateIpAddress', '/privateIpAddresses', ['privateIpAddressesSet', 'assignedPrivateIpAddressesSet', 'privateIpAddress']],
    ['ipv4Prefix', '/ipv4Prefixes', ['ipv4PrefixSet', 'assignedIpv4PrefixSet', 'ipv4Prefix', 'ipv4PrefixCount']],
  ],
  Ipv6: [
    ['ipv6Address', '/ipv6Addresses', ['ipv6Addresses', 'assignedIpv6Addresses', 'unassignedIpv6Addresses', 'ipv6Address']],
    ['ipv6Prefix', '/ipv6Prefixes', ['ipv6PrefixSet', 'assignedIpv6PrefixSet', 'unassignedIpv6PrefixSet', 'ipv6Prefix', 'ipv6PrefixCount']],
  ],
};

function assigned(act: Act, family: 'PrivateIp' | 'Ipv6', change: typeof set): Effect[] {
  const named = (ADDRESSES[family] ?? []).flatMap(([field, under, items]) => {
    const told = items.flatMap((name) => [act.request[name], act.response[name]]).flatMap((value) => texts(value, field));
    return [...new Set(told.filter((address) => /[.:]/.test(address)))].flatMap((address) => change(eni(act), under + pointer(address)));
  });
  if (named.length > 0) return named;
  const asksPrefixes = Object.keys(act.request).some((name) => /prefix/i.test(name));
  const [addresses, prefixes] = ADDRESSES[family] ?? [];
  const [, under] = (asksPrefixes ? prefixes : addresses) ?? [];
  return under === undefined ? [] : set(eni(act), `${under}/**`);
}

const inUse = (refs: readonly Ref[]): Effect[] => implied('an attached interface is in use', set(refs, '/status', 'in-use'));
const available = (refs: readonly Ref[]): Effect[] => implied('a detached interface is available', set(refs, '/status', 'available'));

function attachmentOf(act: Act) {
  return {
    ...pick(act.response, 'attachmentId'),
    ...pick(act.request, 'instanceId', 'deviceIndex', 'networkCardIndex'),
  };
}

function detach(act: Act): Effect[] {
  const id = text(act.request, 'attachmentId');
  const holders = those(act, 'aws.ec2.network-interface', (config) => valueAt(config, '/attachment/attachmentId') === id);
  const found = holders.length > 0 ? undefined : partOf(act, id);
  const refs = found === undefined ? holders : [found.ref];
  return [...unset(refs, '/attachment'), ...available(refs)];
}

/** The elastic addresses of what goes are free again. */
function freed(act: Act, test: (address: Json) => boolean): Effect[] {
  const refs = those(act, 'aws.ec2.address', (config) => test(config));
  return implied('the address of what is gone', ...['associationId', ...ASSOCIATED].map((field) => unset(refs, pointer(field))));
}

function runInstances(act: Act): Effect[] {
  const interfaces = list(at(act.response, 'instancesSet')).flatMap((instance) =>
    list(at(instance, 'networkInterfaceSet')).flatMap((item) => ec2Ref(act, 'network-interface', text(item, 'networkInterfaceId'))),
  );
  // Of those that were there before, the instance takes possession.
  const taken = interfaces.filter((ref) => act.lookup.before(ref) !== undefined);
  return [
    ...implied('the interface of a new instance', create(interfaces)),
    ...implied('a new instance takes an interface that was there', set(taken, '/attachment')),
    ...inUse(taken),
  ];
}

function terminate(act: Act): Effect[] {
  return texts(act.request.instancesSet ?? null, 'instanceId').flatMap((id) => [
    ...implied('the interface of a terminated instance', remove(ofInstance(act, id, true))),
    ...implied('the interface that a terminated instance leaves', unset(ofInstance(act, id), '/attachment')),
    ...available(ofInstance(act, id)),
    ...freed(act, (address) => at(address, 'instanceId') === id),
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
  kinds: ['aws.ec2.network-interface', 'aws.ec2.route-table', 'aws.ec2.address'],
  rules: [
    ec2('CreateNetworkInterface', (act) =>
      created(act, ec2Ref(act, 'network-interface', text(act.response, 'networkInterface.networkInterfaceId'))),
    ),
    ec2('DeleteNetworkInterface', (act) => {
      const id = text(act.request, 'networkInterfaceId');
      if (id === undefined) return [];
      return [
        ...remove(eni(act)),
        ...blackholes(act, { networkInterfaceId: id }),
        ...freed(act, (address) => at(address, 'networkInterfaceId') === id),
      ];
    }),
    ec2('ModifyNetworkInterfaceAttribute', modify),
    ec2('ResetNetworkInterfaceAttribute', (act) => set(eni(act), '/sourceDestCheck')),
    ec2(
      'AttachNetworkInterface',
      (act) => [...set(eni(act), '/attachment', attachmentOf(act)), ...inUse(eni(act))],
      (act) => {
        const id = text(act.response, 'attachmentId');
        const [ref] = eni(act);
        return id === undefined || ref === undefined ? {} : { [id]: { ref, path: '/attachment', value: attachmentOf(act) } };
      },
    ),
    ec2('DetachNetworkInterface', detach),
    ec2('AssignPrivateIpAddresses', (act) => assigned(act, 'PrivateIp', set)),
    ec2('UnassignPrivateIpAddresses', (act) => assigned(act, 'PrivateIp', unset)),
    ec2('AssignIpv6Addresses', (act) => assigned(act, 'Ipv6', set)),
    ec2('UnassignIpv6Addresses', (act) => assigned(act, 'Ipv6', unset)),
    ec2('RunInstances', runInstances),
    ec2('TerminateInstances', terminate),
    ec2('StartInstances', instanceState),
    ec2('StopInstances', instanceState),
    ec2('ModifyInstanceAttribute', (act) => {
      const id = text(act.request, 'instanceId');
      if (id === undefined) return [];
      const own = ofInstance(act, id);
      return implied('an instance has the groups and the check of its interface', groups(act, own), sourceDestCheck(act, own));
    }),
  ],
};
