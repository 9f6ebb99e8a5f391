/** Network interfaces: groups, addresses, attachments. */
import { type Effect, type Json, pointer, type Ref, valueAt } from 'drifttrail';
import { type Act, at, keysAt, list, partOf, pick, text, texts, those } from './act.ts';
import { ASSOCIATED } from './addresses.ts';
import { blackholes, revived, routesTo } from './routes.ts';
import { created, ec2, ec2Ref, implied, remove, set, type Topic, unset } from './rules.ts';

const eni = (act: Act): Ref[] => ec2Ref(act, 'network-interface', text(act.request, 'networkInterfaceId'));

/** A list of groups replaces all that were there. */
export function groups(act: Act, refs: readonly Ref[]): Effect[] {
  const wanted = new Set([...texts(act.request.groupSet ?? null, 'groupId'), ...texts(act.request.securityGroupId ?? null, 'groupId')]);
  if (wanted.size === 0) return [];
  return refs.flatMap((ref) => [
    ...keysAt(act, ref, '/groups', () => true)
      .filter((id) => !wanted.has(id))
      .flatMap((id) => unset([ref], pointer('groups', id))),
    ...[...wanted].flatMap((id) => set([ref], pointer('groups', id))),
  ]);
}

/** Settings that show under another name, or by what follows from them. */
const SHOWN: Readonly<Record<string, readonly string[]>> = {
  connectionTrackingSpecification: ['/connectionTrackingConfiguration/**'],
  enaSrdSpecification: ['/attachment/enaSrdSpecification/**'],
  enablePrimaryIpv6: ['/ipv6Address', '/ipv6Addresses/**'],
  associatePublicIpAddress: ['/association/**', '/privateIpAddresses/**', '/publicDnsName'],
  associatedSubnetId: ['/associatedSubnets/**'],
  associatedSubnetIdSet: ['/associatedSubnets/**'],
};

function modify(act: Act): Effect[] {
  const { attachment, description } = act.request;
  return [
    ...groups(act, eni(act)),
    // An empty description is one, too.
    ...(description === undefined || description === null ? [] : set(eni(act), '/description', text(act.request, 'description') ?? '')),
    ...sourceDestCheck(act, eni(act)),
    ...(attachment === undefined ? [] : set(eni(act), '/attachment', pick(attachment, 'attachmentId', 'deleteOnTermination'))),
    ...Object.entries(SHOWN).flatMap(([field, paths]) =>
      act.request[field] === undefined ? [] : paths.flatMap((path) => set(eni(act), path)),
    ),
  ];
}

/** As a field of its own, or as the attribute that is named, whose value records hide. */
export function sourceDestCheck(act: Act, refs: readonly Ref[]): Effect[] {
  const named = text(act.request, 'attribute') === 'sourceDestCheck' ? text(act.request, 'value') : undefined;
  const value = text(act.request, 'sourceDestCheck') ?? named;
  if (value === undefined) return [];
  return set(refs, '/sourceDestCheck', value === 'true' || value === 'false' ? value === 'true' : undefined);
}

/** Addresses that come or go: those that the call or its answer names, else any of the interface. */
const ADDRESSES: Readonly<Record<string, readonly (readonly [field: string, under: string, items: readonly string[]])[]>> = {
  PrivateIp: [
    ['privateIpAddress', '/privateIpAddresses', ['privateIpAddressesSet', 'assignedPrivateIpAddressesSet', 'privateIpAddress']],
    ['ipv4Prefix', '/ipv4Prefixes', ['ipv4PrefixSet', 'assignedIpv4PrefixSet', 'ipv4Prefixes', 'ipv4Prefix', 'ipv4PrefixCount']],
  ],
  Ipv6: [
    ['ipv6Address', '/ipv6Addresses', ['ipv6Addresses', 'assignedIpv6Addresses', 'unassignedIpv6Addresses', 'ipv6Address']],
    [
      'ipv6Prefix',
      '/ipv6Prefixes',
      [
        'ipv6PrefixSet',
        'assignedIpv6PrefixSet',
        'unassignedIpv6PrefixSet',
        'assignedIpv6Prefixes',
        'unassignedIpv6Prefixes',
        'ipv6Prefixes',
        'ipv6Prefix',
      ],
    ],
  ],
};

function assigned(act: Act, family: 'PrivateIp' | 'Ipv6', change: typeof set): Effect[] {
  const named = (ADDRESSES[family] ?? []).flatMap(([field, under, items]) => {
    const told = items.flatMap((name) => [act.request[name], act.response[name]]).flatMap((value) => texts(value, field));
    return [...new Set(told.filter((address) => /[.:]/.test(address)))].flatMap((address) => change(eni(act), under + pointer(address)));
  });
  if (named.length > 0) return named;
  // Empty lists of what was not asked for stand there, too.
  const asksPrefixes = Object.entries(act.request).some(([name, value]) => /prefix/i.test(name) && list(value).length > 0);
  const [addresses, prefixes] = ADDRESSES[family] ?? [];
  const [, under] = (asksPrefixes ? prefixes : addresses) ?? [];
  return under === undefined ? [] : set(eni(act), `${under}/**`);
}

/** An address that another interface had, which gives it up without an event. */
function reassigned(act: Act): Effect[] {
  if (text(act.request, 'allowReassignment') !== 'true') return [];
  const given = assigned(act, 'PrivateIp', unset).filter(({ path }) => !path.endsWith('/**'));
  return implied(
    'an address that moves to another interface',
    given.flatMap(({ ref: taker, path }) =>
      unset(
        those(act, 'aws.ec2.network-interface', (config, { id }) => id !== taker.id && valueAt(config, path) !== undefined),
        path,
      ),
    ),
  );
}

export const inUse = (refs: readonly Ref[]): Effect[] => implied('an attached interface is in use', set(refs, '/status', 'in-use'));
export const available = (refs: readonly Ref[]): Effect[] =>
  implied('a detached interface is available', set(refs, '/status', 'available'));

function attachmentOf(act: Act) {
  return {
    ...pick(act.response, 'attachmentId'),
    ...pick(act.request, 'instanceId', 'deviceIndex', 'networkCardIndex'),
  };
}

const left = (act: Act, id: string): Effect[] => [...abandoned(act, { networkInterfaceId: id }), ...instanceOfAddresses(act, id, unset)];

const taken = (act: Act, id: string): Effect[] => [
  ...revived(act, { networkInterfaceId: id }),
  ...instanceOfRoutes(act, { networkInterfaceId: id }, set),
  ...instanceOfAddresses(act, id, set),
];

function detach(act: Act): Effect[] {
  const id = text(act.request, 'attachmentId');
  const holders = those(act, 'aws.ec2.network-interface', (config) => valueAt(config, '/attachment/attachmentId') === id);
  const found = holders.length > 0 ? undefined : partOf(act, id);
  const refs = found === undefined ? holders : [found.ref];
  return [...unset(refs, '/attachment'), ...available(refs), ...refs.flatMap(({ id }) => left(act, id))];
}

function attach(act: Act): Effect[] {
  const id = text(act.request, 'networkInterfaceId');
  return [...set(eni(act), '/attachment', attachmentOf(act)), ...inUse(eni(act)), ...(id === undefined ? [] : taken(act, id))];
}

/** The elastic addresses of what goes are free again. */
export function freed(act: Act, test: (address: Json) => boolean): Effect[] {
  const refs = those(act, 'aws.ec2.address', (config) => test(config));
  return implied('the address of what is gone', ...['associationId', ...ASSOCIATED].map((field) => unset(refs, pointer(field))));
}

/** Routes to an interface show the instance that it is attached to. */
function instanceOfRoutes(act: Act, target: Readonly<Record<string, string>>, change: typeof set): Effect[] {
  return implied(
    'the instance of an interface that a route leads to',
    routesTo(act, target).flatMap(({ ref, path }) =>
      ['instanceId', 'instanceOwnerId'].flatMap((field) => change([ref], path + pointer(field))),
    ),
  );
}

/** Its addresses do, too. */
function instanceOfAddresses(act: Act, id: string, change: typeof set): Effect[] {
  const addresses = those(act, 'aws.ec2.address', (config) => at(config, 'networkInterfaceId') === id);
  return implied('the instance of an interface that an address belongs to', change(addresses, '/instanceId'));
}

/** Routes to what no instance has any more, which lead nowhere. */
export function abandoned(act: Act, target: Readonly<Record<string, string>>): Effect[] {
  return [...blackholes(act, target), ...instanceOfRoutes(act, target, unset)];
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
    ec2('ModifyPublicIpDnsNameOptions', (act) => [
      ...set(eni(act), '/publicIpDnsNameOptions/**'),
      ...implied('the public name of an interface', set(eni(act), '/publicDnsName'), set(eni(act), '/association/**')),
    ]),
    ec2('ResetNetworkInterfaceAttribute', (act) => set(eni(act), '/sourceDestCheck')),
    ec2('AttachNetworkInterface', attach, (act) => {
      const id = text(act.response, 'attachmentId');
      const [ref] = eni(act);
      return id === undefined || ref === undefined ? {} : { [id]: { ref, path: '/attachment', value: attachmentOf(act) } };
    }),
    ec2('DetachNetworkInterface', detach),
    ec2('AssignPrivateIpAddresses', (act) => [...assigned(act, 'PrivateIp', set), ...reassigned(act)]),
    ec2('UnassignPrivateIpAddresses', (act) => assigned(act, 'PrivateIp', unset)),
    ec2('AssignIpv6Addresses', (act) => assigned(act, 'Ipv6', set)),
    ec2('UnassignIpv6Addresses', (act) => assigned(act, 'Ipv6', unset)),
  ],
};
