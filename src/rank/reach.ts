/** Who can reach what: the routes, ACLs, groups and addresses around a change, read together. AWS's rules of VPC routing. */
import type { Json, JsonObject, Ref } from '../model.ts';
import { isObject, valueAt } from '../pointer.ts';
import { isWorld, isWorldTogether } from './cidr.ts';
import type { Opening } from './firewall.ts';
import type { Neighbours } from './neighbours.ts';

interface Held {
  readonly ref: Ref;
  readonly config: Json;
}

export function membersOf(config: Json | undefined, name: string): readonly (readonly [string, JsonObject])[] {
  const members = valueAt(config, `/${name}`);
  return isObject(members) ? Object.entries(members).flatMap(([key, value]) => (isObject(value) ? [[key, value] as const] : [])) : [];
}

/** The ranges of one of our own prefix lists; none for AWS's, which are no part of a snapshot. */
export function rangesOf(list: string, scope: string, neighbours: Neighbours): readonly string[] {
  const entries = valueAt(neighbours.get({ scope, kind: 'aws.ec2.managed-prefix-list', id: list }), '/entries');
  return isObject(entries) ? Object.keys(entries) : [];
}

/** Whether a route's destination is everywhere, told as a range or by a prefix list. */
export function isDefaultRoute(destination: string, scope: string, neighbours: Neighbours): boolean {
  return destination.startsWith('pl-') ? isWorldTogether(rangesOf(destination, scope, neighbours)) : isWorld(destination);
}

/** The address families in which a route table leads everywhere, by routes that work. */
export function waysOut(table: Json | undefined, scope: string, neighbours: Neighbours): ReadonlySet<string> {
  const live = membersOf(table, 'routes').filter(([, route]) => route.state !== 'blackhole');
  const ranges = live.flatMap(([key]) => (key.startsWith('pl-') ? rangesOf(key, scope, neighbours) : [key]));
  return new Set(ranges.filter(isWorld).map((range) => (range.includes(':') ? 'IPv6' : 'IPv4')));
}

/** The table that decides for a subnet: its own, else the main one of its VPC. */
export function tableOf(subnet: string, vpc: Json | undefined, scope: string, neighbours: Neighbours): Held | undefined {
  const tables = [...neighbours.list(scope, 'aws.ec2.route-table')];
  const serves = (table: Held, test: (association: JsonObject) => boolean) =>
    membersOf(table.config, 'associations').some(([, association]) => test(association));
  return (
    tables.find((table) => serves(table, ({ subnetId }) => subnetId === subnet)) ??
    tables.find((table) => valueAt(table.config, '/vpcId') === vpc && serves(table, ({ main }) => main === true))
  );
}

/** What keeps the internet from an interface; '' when nothing known does. */
function obstacleAt(eni: Json, doors: readonly Opening[], scope: string, neighbours: Neighbours): string {
  const subnet = valueAt(eni, '/subnetId');
  const ipv6 = membersOf(eni, 'ipv6Addresses').length > 0;
  if (typeof valueAt(eni, '/association/publicIp') !== 'string' && !ipv6) return 'it has no public address';
  if (typeof subnet !== 'string') return '';
  const vpc = valueAt(eni, '/vpcId') ?? valueAt(neighbours.get({ scope, kind: 'aws.ec2.subnet', id: subnet }), '/vpcId');
  const table = tableOf(subnet, vpc, scope, neighbours);
  const fromInternet = membersOf(table?.config, 'routes').some(
    ([destination, route]) => isDefaultRoute(destination, scope, neighbours) && String(route.gatewayId ?? '').startsWith('igw-'),
  );
  if (table !== undefined && !fromInternet) return 'no route leads to its subnet from the internet';
  const acl = [...neighbours.list(scope, 'aws.ec2.network-acl')].find(({ config }) =>
    membersOf(config, 'associations').some(([, association]) => association.subnetId === subnet),
  );
  if (acl !== undefined && !doors.some((door) => letsWorldIn(acl.config, door)))
    return 'the network ACL of its subnet keeps the internet out';
  return '';
}

/** An ACL's entries count by number; the first that speaks of everybody and of these ports decides. */
function letsWorldIn(acl: Json, door: Opening): boolean {
  const entries = membersOf(acl, 'entries')
    .flatMap(([key, entry]) => (key.startsWith('ingress ') ? [{ number: Number(key.slice('ingress '.length)), entry }] : []))
    .sort((a, b) => a.number - b.number);
  const first = entries.find(({ entry }) => {
    const ports = isObject(entry.portRange) ? entry.portRange : undefined;
    const [from, to] = [Number(ports?.from ?? 0), Number(ports?.to ?? 65535)];
    const everybody = isWorld(entry.cidrBlock) || isWorld(entry.ipv6CidrBlock);
    return everybody && (entry.ruleAction === 'allow' ? from <= door.to && door.from <= to : from <= door.from && door.to <= to);
  });
  return first?.entry.ruleAction === 'allow';
}

export interface Exposed {
  /** Interfaces that the opened doors lead to from the internet, with their public address. */
  readonly reachable: readonly string[];
  /** Why the others are not reached, each reason once. */
  readonly obstacles: readonly string[];
}

export function exposedBy(doors: readonly Opening[], interfaces: readonly Held[], neighbours: Neighbours): Exposed {
  const open = doors.filter((door) => door.direction === 'ingress' && door.public);
  if (open.length === 0) return { reachable: [], obstacles: [] };
  const judged = interfaces.map(({ ref, config }) => ({ ref, config, obstacle: obstacleAt(config, open, ref.scope, neighbours) }));
  return {
    reachable: judged
      .filter(({ obstacle }) => obstacle === '')
      .map(({ ref, config }) => {
        const address = valueAt(config, '/association/publicIp');
        return typeof address === 'string' ? `${ref.id} (${address})` : ref.id;
      })
      .sort(),
    obstacles: [...new Set(judged.map(({ obstacle }) => obstacle).filter((obstacle) => obstacle !== ''))],
  };
}
