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

function modify(act: Act): Effect[] {
  const policy = text(act.request, 'policyDocument');
  const id = text(act.request, 'vpcEndpointId');
  const dns = text(act.request, 'privateDnsEnabled');
  const changesTables = act.request.addRouteTableId !== undefined || act.request.removeRouteTableId !== undefined;
  return [
    ...(policy === undefined ? [] : set(endpoint(act), '/policy', canonicalPolicy(policy))),
    ...(isObject(act.request.policyDocument) ? set(endpoint(act), '/policy', canonicalPolicy(act.request.policyDocument)) : []),
    ...(text(act.request, 'resetPolicy') === 'true' ? set(endpoint(act), '/policy') : []),
    ...(dns === undefined ? [] : set(endpoint(act), '/privateDnsEnabled', dns)),
    ...memberEffects(act),
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
