/** Route tables: routes, associations, propagation. */
import { type Effect, isObject, type Json, pointer, type Ref, valueAt } from 'drifttrail';
import { type Act, list, pick, text, those } from './act.ts';
import { replaceAssociation } from './associations.ts';
import { canonicalCidr } from './rule-key.ts';
import { created, ec2, ec2Ref, implied, remove, set, type Topic, unset, unsetResolved } from './rules.ts';

const DESTINATIONS = ['destinationCidrBlock', 'destinationIpv6CidrBlock', 'destinationPrefixListId'];
const TARGETS = [
  'gatewayId',
  'natGatewayId',
  'transitGatewayId',
  'vpcPeeringConnectionId',
  'networkInterfaceId',
  'instanceId',
  'egressOnlyInternetGatewayId',
  'localGatewayId',
  'carrierGatewayId',
  'coreNetworkArn',
  'odbNetworkArn',
];

const table = (act: Act): Ref[] => ec2Ref(act, 'route-table', text(act.request, 'routeTableId'));
const routePath = (act: Act): string | undefined => {
  const destination = text(act.request, ...DESTINATIONS);
  return destination === undefined ? undefined : pointer('routes', canonicalCidr(destination));
};

function setRoute(act: Act): Effect[] {
  const path = routePath(act);
  if (path === undefined) return [];
  const target = pick(act.request, ...TARGETS);
  // A route to a gateway load balancer's endpoint is told as vpcEndpointId and described as gatewayId.
  const endpoint = text(act.request, 'vpcEndpointId');
  const instance = target.instanceId === undefined ? target : pick(act.request, 'instanceId');
  if (text(act.request, 'localTarget') === 'true') return set(table(act), path, { gatewayId: 'local' });
  return set(table(act), path, endpoint === undefined ? instance : { gatewayId: endpoint });
}

function associationValue(act: Act): Json {
  return pick(act.request, 'subnetId', 'gatewayId');
}

export const routes: Topic = {
  kinds: ['aws.ec2.route-table'],
  rules: [
    ec2('CreateRouteTable', (act) => {
      const refs = ec2Ref(act, 'route-table', text(act.response, 'routeTable.routeTableId'));
      const local = list(act.response.routeTable === undefined ? null : (act.response.routeTable as { routeSet?: Json }).routeSet);
      return created(
        act,
        refs,
        implied(
          'the local route of a new route table',
          local.flatMap((route) => set(refs, pointer('routes', text(route, ...DESTINATIONS) ?? ''), pick(route, 'gatewayId'))),
        ),
      );
    }),
    ec2('CreateRoute', setRoute),
    ec2('ReplaceRoute', setRoute),
    ec2('DeleteRoute', (act) => {
      const path = routePath(act);
      return path === undefined ? [] : unset(table(act), path);
    }),
    ec2('DeleteRouteTable', (act) => remove(table(act))),
    ec2(
      'AssociateRouteTable',
      (act) => {
        const id = text(act.response, 'associationId');
        return id === undefined ? [] : set(table(act), pointer('associations', id), associationValue(act));
      },
      (act) => {
        const id = text(act.response, 'associationId');
        const [ref] = table(act);
        return id === undefined || ref === undefined
          ? {}
          : { [id]: { ref, path: pointer('associations', id), value: associationValue(act) } };
      },
    ),
    ec2('DisassociateRouteTable', (act) => unsetResolved(act, text(act.request, 'associationId'))),
    replaceAssociation('ReplaceRouteTableAssociation', table, ['subnetId', 'gatewayId', 'main']),
    ec2('EnableVgwRoutePropagation', (act) => propagation(act, set)),
    ec2('DisableVgwRoutePropagation', (act) => propagation(act, unset)),
    ec2('EnableRouteServerPropagation', (act) => advertised(act, set)),
    ec2('DisableRouteServerPropagation', (act) => advertised(act, unset)),
    ec2('DeleteCarrierGateway', (act) => {
      const id = text(act.request, 'carrierGatewayId');
      return id === undefined ? [] : blackholes(act, { carrierGatewayId: id });
    }),
  ],
};

/** Propagation also brings or takes the gateway's routes. */
function propagation(act: Act, change: typeof set): Effect[] {
  const gateway = text(act.request, 'gatewayId');
  if (gateway === undefined) return [];
  return [
    ...change(table(act), pointer('propagatingVgws', gateway)),
    ...table(act).flatMap((ref) =>
      implied(
        'the routes that a virtual private gateway propagates',
        routesTo(act, { gatewayId: gateway }, [ref]).flatMap(({ path }) => change([ref], path)),
      ),
    ),
  ];
}

/** The routes that a route server learnt from its peers. */
function advertised(act: Act, change: typeof set): Effect[] {
  return implied(
    'the routes that a route server propagates',
    table(act).flatMap((ref) => routesTo(act, { origin: 'Advertisement' }, [ref]).flatMap(({ path }) => change([ref], path))),
  );
}

/** All routes, before or after, that lead to a target such as `{ natGatewayId }`. */
export function routesTo(
  act: Act,
  target: Readonly<Record<string, string>>,
  tables?: readonly Ref[],
): { ref: Ref; path: string; route: Json }[] {
  const [[field, id] = ['', '']] = Object.entries(target);
  return (tables ?? those(act, 'aws.ec2.route-table', () => true)).flatMap((ref) => {
    const found = new Map<string, Json>();
    for (const config of [act.lookup.after(ref), act.lookup.before(ref)]) {
      const container = valueAt(config, '/routes');
      if (isObject(container)) for (const [key, route] of Object.entries(container)) if (text(route, field) === id) found.set(key, route);
    }
    return [...found].map(([key, route]) => ({ ref, path: pointer('routes', key), route }));
  });
}

/** A target that comes back takes up the routes that still lead to it. */
export function revived(act: Act, target: Readonly<Record<string, string>>): Effect[] {
  const [what = ''] = Object.values(target);
  return implied(
    `routes to ${what}, which is there again`,
    routesTo(act, target).flatMap(({ ref, path }) => set([ref], `${path}/state`, 'active')),
  );
}

/** A target that goes leaves its routes behind as blackholes, or takes those along that it brought itself. */
export function blackholes(act: Act, target: Readonly<Record<string, string>>, tables?: readonly Ref[]): Effect[] {
  const [what = ''] = Object.values(target);
  return implied(
    `routes to ${what}, which is gone`,
    routesTo(act, target, tables).flatMap(({ ref, path }) => set([ref], `${path}/state`, 'blackhole')),
  );
}
