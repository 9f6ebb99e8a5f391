/** Security-group rules under keys that people read: `ingress tcp 22 0.0.0.0/0`. */
import { isObject, type Json, type JsonObject } from 'drifttrail';
import { defined, fieldOf, omit, textOf } from '../document.ts';

/** What the key tells, what follows from the rule's id, and what is written otherwise. */
const IN_KEY = ['isEgress', 'ipProtocol', 'fromPort', 'toPort', 'cidrIpv4', 'cidrIpv6', 'prefixListId', 'referencedGroupInfo'];
const TOLD = ['groupId', 'groupOwnerId', 'securityGroupRuleArn', 'description', 'tags'];

export interface RuleKey {
  readonly direction: 'ingress' | 'egress';
  readonly protocol: string;
  readonly ports: string;
  readonly peer: string;
}

/** The key and value of one answer of DescribeSecurityGroupRules (lowered names). `owner` is the group's account. */
export function ruleEntry(rule: JsonObject, owner: string | undefined): readonly [string, JsonObject] {
  const direction = rule.isEgress === true ? 'egress' : 'ingress';
  const protocol = textOf(rule, 'ipProtocol') ?? '-1';
  const tags = Array.isArray(rule.tags) && rule.tags.length > 0 ? rule.tags : undefined;
  const group = fieldOf(rule, 'referencedGroupInfo');
  const beside = isObject(group) ? omit(group, 'groupId', 'userId') : {};
  const value = defined({
    ...omit(rule, ...IN_KEY, ...TOLD),
    // A group of a peered VPC: through which connection, and whether that still stands.
    referencedGroupInfo: Object.keys(beside).length === 0 ? undefined : beside,
    description: rule.description === '' ? undefined : rule.description,
    tags: tags && Object.fromEntries(tags.map((tag) => [textOf(tag, 'key') ?? '', textOf(tag, 'value') ?? ''])),
  });
  return [`${direction} ${protocol === '-1' ? 'all' : protocol} ${ports(protocol, rule)} ${peer(rule, owner)}`, value];
}

/** `22`, `8000-8100`; `all` where the protocol has no ports; ICMP's are `<type>/<code>`. */
function ports(protocol: string, rule: JsonObject): string {
  const { fromPort: from, toPort: to } = rule;
  if (protocol === '-1' || typeof from !== 'number' || typeof to !== 'number') return 'all';
  if (protocol === 'icmp' || protocol === 'icmpv6') return `${from}/${to}`;
  if (from === -1 && to === -1) return 'all';
  return from === to ? String(from) : `${from}-${to}`;
}

function peer(rule: JsonObject, owner: string | undefined): string {
  const group = textOf(rule, 'referencedGroupInfo', 'groupId');
  const account = textOf(rule, 'referencedGroupInfo', 'userId');
  const foreign = account !== undefined && account !== '' && account !== owner;
  return (
    textOf(rule, 'cidrIpv4') ??
    textOf(rule, 'cidrIpv6') ??
    textOf(rule, 'prefixListId') ??
    // A peer of a kind that is not known here: two of them must not share a key.
    (group === undefined ? `unknown ${textOf(rule, 'securityGroupRuleId') ?? ''}`.trim() : foreign ? `${account}/${group}` : group)
  );
}

export function parseRuleKey(key: string): RuleKey {
  const [direction, protocol = 'all', ports = 'all', peer = ''] = key.split(' ');
  return { direction: direction === 'egress' ? 'egress' : 'ingress', protocol, ports, peer };
}

/** A rule as the `--ip-permissions` of the command line wants it. */
export function ipPermission(key: string, value: Json): JsonObject {
  const { protocol, ports, peer } = parseRuleKey(key);
  const description = textOf(value, 'description');
  const told = description === undefined ? {} : { Description: description };
  return { IpProtocol: protocol === 'all' ? '-1' : protocol, ...portRange(ports), ...permissionPeer(peer, told) };
}

function portRange(ports: string): JsonObject {
  const range = /^(-?\d+)(?:[-/](-?\d+))?$/.exec(ports);
  if (!range) return {};
  return { FromPort: Number(range[1]), ToPort: Number(range[2] ?? range[1]) };
}

function permissionPeer(peer: string, told: JsonObject): JsonObject {
  if (peer.startsWith('pl-')) return { PrefixListIds: [{ PrefixListId: peer, ...told }] };
  const group = /^(?:(\d{12})\/)?(sg-.+)$/.exec(peer);
  if (group) return { UserIdGroupPairs: [{ ...(group[1] ? { UserId: group[1] } : {}), GroupId: group[2] ?? '', ...told }] };
  return peer.includes(':') ? { Ipv6Ranges: [{ CidrIpv6: peer, ...told }] } : { IpRanges: [{ CidrIp: peer, ...told }] };
}

export function descriptionOf(value: Json): string {
  return isObject(value) && typeof value.description === 'string' ? value.description : '';
}
