/** Which subnets lost their way out: their default route deleted, dead, or theirs no more because they moved to another table. */
import type { Change, Json, Ref } from '../model.ts';
import { isObject, segmentsOf, valueAt } from '../pointer.ts';
import type { Neighbours } from './neighbours.ts';
import { isDefaultRoute, membersOf, tableOf, waysOut } from './reach.ts';

/** Subnets that could reach everywhere through the table before the change and cannot now, whichever table serves them now. */
export function cutOffBy(change: Change, neighbours: Neighbours): readonly string[] {
  if (change.ref.kind !== 'aws.ec2.route-table' || change.type === 'created') return [];
  const { scope } = change.ref;
  const had = waysBefore(change, neighbours);
  if (had.size === 0) return [];
  const own = change.after === undefined ? undefined : waysOut(change.after, scope, neighbours);
  const stillServed = new Set(subnetsOf(change.ref, change.after, neighbours));
  return subnetsOf(change.ref, change.before ?? change.after, neighbours).filter((subnet) => {
    const elsewhere = stillServed.has(subnet) ? undefined : tableOf(subnet, vpcIn(change), scope, neighbours);
    const has = stillServed.has(subnet) ? own : elsewhere && waysOut(elsewhere.config, scope, neighbours);
    return has !== undefined && [...had].some((family) => !has.has(family));
  });
}

function vpcIn(change: Change): Json | undefined {
  return valueAt(change.before ?? change.after, '/vpcId');
}

function waysBefore(change: Change, neighbours: Neighbours): ReadonlySet<string> {
  const { scope } = change.ref;
  if (change.before !== undefined) return waysOut(change.before, scope, neighbours);
  // Effects of calls tell what went, not what stood before.
  const gone = change.edits.map((edit) => ({ ...edit, segments: segmentsOf(edit.path) })).filter(({ after }) => after === null);
  return new Set(
    gone.flatMap(({ segments: [group, key = ''] }) =>
      group === 'routes' && isDefaultRoute(key, scope, neighbours) ? [key.includes(':') ? 'IPv6' : 'IPv4'] : [],
    ),
  );
}

/** A main route table also serves every subnet of its VPC that names no other. */
export function subnetsOf(ref: Ref, config: Json | undefined, neighbours: Neighbours): readonly string[] {
  const own = membersOf(config, 'associations').map(([, association]) => association);
  const named = own.flatMap((association) => (typeof association.subnetId === 'string' ? [association.subnetId] : []));
  if (!own.some((association) => association.main === true)) return named.sort();
  const vpc = valueAt(config, '/vpcId');
  const elsewhere = new Set(
    [...neighbours.list(ref.scope, 'aws.ec2.route-table')]
      .filter((table) => table.ref.id !== ref.id)
      .flatMap((table) => membersOf(table.config, 'associations').map(([, association]) => association.subnetId)),
  );
  const implicit = [...neighbours.list(ref.scope, 'aws.ec2.subnet')].filter(
    (subnet) => isObject(subnet.config) && subnet.config.vpcId === vpc && !elsewhere.has(subnet.ref.id),
  );
  return [...new Set([...named, ...implicit.map((subnet) => subnet.ref.id)])].sort();
}

const GATEWAYS =
  /^aws\.ec2\.(nat-gateway|internet-gateway|egress-only-internet-gateway|transit-gateway|vpc-peering-connection|vpc-endpoint|network-interface|vpn-gateway)$/;

/** The routes that lead through a gateway, as `rtb-1 0.0.0.0/0`; default routes first. */
export function routesThrough(ref: Ref, neighbours: Neighbours): readonly { readonly route: string; readonly isDefault: boolean }[] {
  if (!GATEWAYS.test(ref.kind)) return [];
  return [...neighbours.list(ref.scope, 'aws.ec2.route-table')]
    .flatMap((table) =>
      membersOf(table.config, 'routes')
        .filter(([, route]) => Object.values(route).includes(ref.id))
        .map(([destination]) => ({
          route: `${table.ref.id} ${destination}`,
          isDefault: isDefaultRoute(destination, ref.scope, neighbours),
        })),
    )
    .sort((a, b) => Number(b.isDefault) - Number(a.isDefault) || (a.route < b.route ? -1 : 1));
}
