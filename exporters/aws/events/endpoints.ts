/** VPC endpoints; gateway endpoints also put routes into the tables they serve. */
import { type Effect, isObject, pointer, type Ref } from 'drifttrail';
import { canonicalPolicy } from '../../_aws/policy.ts';
import { type Act, at, list, text, texts, those } from './act.ts';
import { routesTo } from './routes.ts';
import { create, created, ec2, ec2Ref, implied, remove, set, type Topic, unset } from './rules.ts';

const endpoint = (act: Act): Ref[] => ec2Ref(act, 'vpc-endpoint', text(act.request, 'vpcEndpointId'));

function routesOf(act: Act, id: string, change: typeof set): Effect[] {
  return implied(
    'the routes of a gateway endpoint',
    routesTo(act, { gatewayId: id }).flatMap(({ ref, path }) => change([ref], path)),
  );
}

function interfacesOf(act: Act, id: string): Ref[] {
  const [ref] = ec2Ref(act, 'vpc-endpoint', id);
  const known = ref === undefined ? '' : JSON.stringify([act.lookup.before(ref) ?? null, act.lookup.after(ref) ?? null]);
  return those(
    act,
    'aws.ec2.network-interface',
    (config, eni) => known.includes(`"${eni.id}"`) || String(at(config, 'description') ?? '').endsWith(` ${id}`),
  );
}

/** Members come and go by name: `addRouteTableId`, `removeSubnetId`. */
const MEMBERS = [
  ['routeTableId', '/routeTableIds/**', 'list'],
  ['subnetId', '/subnetIds/**', 'list'],
  ['securityGroupId', '/groups', 'keys'],
] as const;

function memberEffects(act: Act): Effect[] {
  return MEMBERS.flatMap(([field, path, form]) => {
    const capital = `${field.charAt(0).toUpperCase()}${field.slice(1)}`;
    const change = (verb: 'add' | 'remove', how: typeof set) =>
      texts(act.request[`${verb}${capital}`] ?? null, field).flatMap((id) =>
        form === 'list' ? how(endpoint(act), path, id) : how(endpoint(act), `${path}${pointer(id)}`),
      );
    return [...change('add', set), ...change('remove', unset)];
  });
}

/** Fields that a call names as the document does. */
const SETTINGS = ['ipAddressType', 'privateDnsEnabled'];

/** Interfaces stand in the subnets of an endpoint and have its groups; each has a name in its zone. */
function ofInterfaces(act: Act): Effect[] {
  const id = text(act.request, 'vpcEndpointId');
  if (id === undefined) return [];
  const [adds, removes] = ['add', 'remove'].map((verb) => texts(act.request[`${verb}SubnetId`] ?? null, 'subnetId'));
  const interfaces = interfacesOf(act, id);
  const inSubnets = (subnets: readonly string[] = []) =>
    interfaces.filter((ref) =>
      [act.lookup.before(ref), act.lookup.after(ref)].some((config) => subnets.includes(String(at(config, 'subnetId') ?? ''))),
    );
  const moves = (adds?.length ?? 0) + (removes?.length ?? 0) > 0;
  const groups = (verb: 'add' | 'remove') => texts(act.request[`${verb}SecurityGroupId`] ?? null, 'securityGroupId');
  return implied(
    'the interfaces of an endpoint follow it',
    create(inSubnets(adds)),
    remove(inSubnets(removes)),
    moves ? [...set(endpoint(act), '/networkInterfaceIds/**'), ...set(endpoint(act), '/dnsEntries/**')] : [],
    groups('add').flatMap((group) => set(interfaces, pointer('groups', group))),
    groups('remove').flatMap((group) => unset(interfaces, pointer('groups', group))),
  );
}

/** Connections that the other side of an endpoint lets in or not. */
function answered(act: Act, change: (refs: readonly Ref[]) => Effect[]): Effect[] {
  const failed = new Set(list(act.response.unsuccessful).map((item) => text(item, 'resourceId')));
  return texts(act.request.vpcEndpointId ?? null, 'vpcEndpointId')
    .filter((id) => !failed.has(id))
    .flatMap((id) => change(ec2Ref(act, 'vpc-endpoint', id)));
}

/** Private names are among those of an endpoint; its kind of addresses, and those that are chosen, show at its interfaces. */
function named(act: Act): Effect[] {
  const id = text(act.request, 'vpcEndpointId');
  if (id === undefined) return [];
  const has = (...fields: readonly string[]) => fields.some((field) => act.request[field] !== undefined);
  return implied(
    'the names and addresses of an endpoint',
    has('privateDnsEnabled', 'dnsOptions', 'ipAddressType') ? set(endpoint(act), '/dnsEntries/**') : [],
    has('ipAddressType', 'subnetConfiguration')
      ? ['/privateIpAddresses/**', '/ipv6Addresses/**'].flatMap((path) => set(interfacesOf(act, id), path))
      : [],
  );
}

function modify(act: Act): Effect[] {
  const policy = text(act.request, 'policyDocument');
  const id = text(act.request, 'vpcEndpointId');
  const changesTables = act.request.addRouteTableId !== undefined || act.request.removeRouteTableId !== undefined;
  return [
    ...(policy === undefined ? [] : set(endpoint(act), '/policy', canonicalPolicy(policy))),
    ...(isObject(act.request.policyDocument) ? set(endpoint(act), '/policy', canonicalPolicy(act.request.policyDocument)) : []),
    ...(text(act.request, 'resetPolicy') === 'true' ? set(endpoint(act), '/policy') : []),
    ...SETTINGS.flatMap((field) => {
      const value = text(act.request, field);
      return value === undefined ? [] : set(endpoint(act), pointer(field), value);
    }),
    ...(isObject(act.request.dnsOptions) ? set(endpoint(act), '/dnsOptions/**') : []),
    ...memberEffects(act),
    ...ofInterfaces(act),
    ...named(act),
    ...(changesTables && id !== undefined
      ? [
          ...routesOf(act, id, unset).filter(({ ref, path }) => !has(act, ref, path)),
          ...routesOf(act, id, set).filter(({ ref, path }) => has(act, ref, path)),
        ]
      : []),
  ];
}

/** Whether the route still stands after the window. */
function has(act: Act, ref: Ref, path: string): boolean {
  const routes = at(act.lookup.after(ref), 'routes');
  return isObject(routes) && Object.keys(routes).some((key) => pointer('routes', key) === path);
}

export const endpoints: Topic = {
  kinds: ['aws.ec2.vpc-endpoint', 'aws.ec2.route-table', 'aws.ec2.network-interface'],
  rules: [
    ec2('CreateVpcEndpoint', (act) => {
      const id = text(act.response, 'vpcEndpoint.vpcEndpointId');
      if (id === undefined) return [];
      const interfaces = implied('the interfaces of a new endpoint', create(interfacesOf(act, id)));
      return created(act, ec2Ref(act, 'vpc-endpoint', id), routesOf(act, id, set), interfaces);
    }),
    ec2('ModifyVpcEndpoint', modify),
    ec2('ModifyVpcEndpointPayerResponsibility', (act) => set(endpoint(act), '/payerResponsibilities/**')),
    ec2('AcceptVpcEndpointConnections', (act) => answered(act, (refs) => set(refs, '/state'))),
    ec2('RejectVpcEndpointConnections', (act) => answered(act, remove)),
    ec2('DeleteVpcEndpoints', (act) => {
      const failed = new Set(list(act.response.unsuccessful).map((item) => text(item, 'resourceId')));
      return texts(act.request.vpcEndpointId ?? null, 'vpcEndpointId')
        .filter((id) => !failed.has(id))
        .flatMap((id) => [
          ...remove(ec2Ref(act, 'vpc-endpoint', id)),
          ...routesOf(act, id, unset),
          ...implied('the interfaces of a deleted endpoint', remove(interfacesOf(act, id))),
        ]);
    }),
  ],
};
