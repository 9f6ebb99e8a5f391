/** What instances do to network interfaces, elastic addresses and routes; they are not exported themselves. */
import { type Effect, type Ref, valueAt } from 'drifttrail';
import { type Act, at, list, text, texts, those } from './act.ts';
import { abandoned, available, freed, groups, inUse, sourceDestCheck } from './interfaces.ts';
import { blackholes, revived } from './routes.ts';
import { create, ec2, ec2Ref, implied, remove, set, type Topic, unset } from './rules.ts';

/** The interfaces of an instance that go when it goes. */
function ofInstance(act: Act, instanceId: string, dying = false): Ref[] {
  return those(
    act,
    'aws.ec2.network-interface',
    (config) =>
      valueAt(config, '/attachment/instanceId') === instanceId && (!dying || valueAt(config, '/attachment/deleteOnTermination') !== false),
  );
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

const named = (act: Act): string[] => texts(act.request.instancesSet ?? null, 'instanceId');

function terminate(act: Act, ids: readonly string[] = named(act)): Effect[] {
  return ids.flatMap((id) => [
    ...implied('the interface of a terminated instance', remove(ofInstance(act, id, true))),
    ...implied('the interface that a terminated instance leaves', unset(ofInstance(act, id), '/attachment')),
    ...available(ofInstance(act, id)),
    ...freed(act, (address) => at(address, 'instanceId') === id),
    ...abandoned(act, { instanceId: id }),
  ]);
}

/** Routes to an instance lead nowhere while it is stopped. */
function instanceState(act: Act, routes: typeof blackholes, ids: readonly string[] = named(act)): Effect[] {
  return ids.flatMap((id) => [
    ...implied(
      'the interface of an instance that started or stopped',
      set(ofInstance(act, id), '/association/**'),
      set(ofInstance(act, id), '/privateIpAddresses/**'),
    ),
    ...routes(act, { instanceId: id }),
  ]);
}

/**
 * EC2 takes back a spot instance: terminates it, or stops it where that was asked for.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/finding-an-interrupted-Spot-Instance.html
 */
function evict(act: Act): Effect[] {
  const details = act.event.extra?.serviceEventDetails ?? null;
  const ids = texts(at(details, 'instanceIdSet') ?? null, 'instanceId');
  return [...terminate(act, ids), ...instanceState(act, blackholes, ids)];
}

/** An attribute that is reset: only this one shows elsewhere. */
function reset(act: Act): Effect[] {
  const id = text(act.request, 'instanceId');
  if (id === undefined || text(act.request, 'attribute') !== 'sourceDestCheck') return [];
  return implied('an instance has the check of its interface', set(ofInstance(act, id), '/sourceDestCheck', true));
}

function nameOptions(act: Act): Effect[] {
  const own = ofInstance(act, text(act.request, 'instanceId') ?? '');
  return implied('the name of an instance is that of its interface', set(own, '/privateDnsName'), set(own, '/privateIpAddresses/**'));
}

export const instances: Topic = {
  kinds: ['aws.ec2.network-interface', 'aws.ec2.route-table', 'aws.ec2.address'],
  rules: [
    ec2('RunInstances', runInstances),
    ec2('TerminateInstances', (act) => terminate(act)),
    ec2('BidEvictedEvent', evict),
    ec2('StartInstances', (act) => instanceState(act, revived)),
    ec2('StopInstances', (act) => instanceState(act, blackholes)),
    ec2('ModifyInstanceAttribute', (act) => {
      const id = text(act.request, 'instanceId');
      if (id === undefined) return [];
      const own = ofInstance(act, id);
      return implied('an instance has the groups and the check of its interface', groups(act, own), sourceDestCheck(act, own));
    }),
    ec2('ResetInstanceAttribute', reset),
    ec2('ModifyPrivateDnsNameOptions', nameOptions),
  ],
};
