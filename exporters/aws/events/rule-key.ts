/** Security-group rules as calls tell them, by the key under which the group's document has them. */
import ipaddr from 'ipaddr.js';
import { type Json, type JsonObject, pointer } from 'drifttrail';
import { type Act, at, fields, list, pick, text, those } from './act.ts';

export interface RuleParts {
  readonly direction: 'ingress' | 'egress';
  readonly protocol: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly peer: string;
}

const PROTOCOLS: Readonly<Record<string, string>> = { '-1': 'all', '1': 'icmp', '6': 'tcp', '17': 'udp', '58': 'icmpv6' };
const PEERS = ['ipRanges', 'ipv6Ranges', 'prefixListIds', 'groups'];
const PORTLESS = /^(icmp|icmpv6)$/;
const RANGED = /^(tcp|udp|icmp|icmpv6)$/;

/** `ingress tcp 22 0.0.0.0/0`: direction, protocol, ports, peer. */
export function ruleKey({ direction, protocol, from, to, peer }: RuleParts): string {
  const name = PROTOCOLS[protocol] ?? protocol;
  return `${direction} ${name} ${portsOf(name, from, to)} ${peer}`;
}

function portsOf(protocol: string, from: string | undefined, to: string | undefined): string {
  if (protocol === 'all') return 'all';
  if (PORTLESS.test(protocol)) return `${from ?? '-1'}/${to ?? '-1'}`;
  if (from === undefined || from === '-1') return 'all';
  return from === to || to === undefined ? from : `${from}-${to}`;
}

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;

/** EC2 zeroes the host bits and writes IPv6 compressed. What is no address block (a prefix list's id) stays as written. */
export function canonicalCidr(cidr: string): string {
  const parts = IPV4.exec(cidr);
  // Nearly all blocks are IPv4, for which the library is slow: it tries IPv6 first.
  if (parts !== null) return canonicalIpv4(cidr, parts.slice(1).map(Number));
  if (!cidr.includes(':') || !ipaddr.IPv6.isValidCIDR(cidr)) return cidr;
  return `${ipaddr.IPv6.networkAddressFromCIDR(cidr).toString()}/${cidr.slice(cidr.indexOf('/') + 1)}`;
}

function canonicalIpv4(cidr: string, numbers: readonly number[]): string {
  const [a = 0, b = 0, c = 0, d = 0, bits = 0] = numbers;
  if (Math.max(a, b, c, d) > 255 || bits > 32) return cidr;
  const mask = bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0;
  const network = (((a << 24) | (b << 16) | (c << 8) | d) & mask) >>> 0;
  return `${[24, 16, 8, 0].map((shift) => (network >>> shift) & 255).join('.')}/${bits}`;
}

export interface RuleEffect {
  readonly path: string;
  readonly value: JsonObject;
  readonly id: string | undefined;
}

/** From `securityGroupRuleSet` of a response, which is authoritative, and for what it leaves out from either shape of request. */
export function rulesOf(act: Act, direction: RuleParts['direction']): RuleEffect[] {
  const answered = list(
    act.response.securityGroupRuleSet ?? act.response.revokedSecurityGroupRuleSet ?? act.response.securityGroupRules ?? null,
  );
  const told = answered.map((rule) => responseRule(rule, direction, act.event.account));
  const permissions = list(act.request.ipPermissions);
  if (told.length > 0 && told.length >= permissions.reduce((sum: number, one) => sum + countPeers(one), 0)) return told;
  const nested = rulesIn(permissions, act, direction);
  const all = nested.length > 0 ? nested : flatRule(act.request, direction, act);
  // Revoking what is not there succeeds in a default VPC, and says so.
  const unknown = new Set(rulesIn(list(act.response.unknownIpPermissionSet), act, direction).map(({ path }) => path));
  const asked = all.filter(({ path }) => !unknown.has(path));
  // An answer may leave out some of what was asked for and done.
  const left = told.length < asked.length ? asked.filter(({ path }) => told.every((rule) => rule.path !== path)) : [];
  return [...told, ...left];
}

const rulesIn = (permissions: readonly Json[], act: Act, direction: RuleParts['direction']): RuleEffect[] =>
  permissions.flatMap((permission) => permissionRules(permission, direction, act));

const countPeers = (permission: Json): number => PEERS.reduce((sum, name) => sum + list(at(permission, name)).length, 0);

/** An element of `securityGroupRuleSet`, or of ModifySecurityGroupRules. */
export function responseRule(rule: Json, direction: RuleParts['direction'], account: string): RuleEffect {
  const egress = text(rule, 'isEgress');
  const id = text(rule, 'securityGroupRuleId');
  const cidr = text(rule, 'cidrIpv4', 'cidrIpv6');
  const peer =
    cidr === undefined ? (text(rule, 'prefixListId') ?? groupPeer(at(rule, 'referencedGroupInfo') ?? rule, account)) : canonicalCidr(cidr);
  const parts: RuleParts = {
    direction: egress === undefined ? direction : egress === 'true' ? 'egress' : 'ingress',
    protocol: text(rule, 'ipProtocol') ?? '-1',
    from: text(rule, 'fromPort'),
    to: text(rule, 'toPort'),
    peer,
  };
  return { path: pointer('rules', ruleKey(parts)), value: pick(rule, 'securityGroupRuleId', 'description'), id };
}

function permissionRules(permission: Json, direction: RuleParts['direction'], act: Act): RuleEffect[] {
  const peers = [
    ...list(at(permission, 'ipRanges')).map((range) => ({ peer: canonicalCidr(text(range, 'cidrIp') ?? ''), range })),
    ...list(at(permission, 'ipv6Ranges')).map((range) => ({ peer: canonicalCidr(text(range, 'cidrIpv6') ?? ''), range })),
    ...list(at(permission, 'prefixListIds')).map((range) => ({ peer: text(range, 'prefixListId') ?? '', range })),
    ...list(at(permission, 'groups')).map((range) => ({ peer: groupPeer(withId(range, act), act.event.account), range })),
  ];
  return peers.map(({ peer, range }) => ({
    path: pointer('rules', ruleKey({ direction, ...protocolOf(permission), peer })),
    value: pick(range, 'description'),
    id: undefined,
  }));
}

/** What the command line sends for `--protocol tcp --port 22 --cidr …`. */
function flatRule(request: JsonObject, direction: RuleParts['direction'], act: Act): RuleEffect[] {
  const cidr = text(request, 'cidrIp', 'cidrIpv6');
  const group = pick(
    {
      groupId: request.sourceSecurityGroupId ?? '',
      groupName: request.sourceSecurityGroupName ?? '',
      userId: request.sourceSecurityGroupOwnerId ?? '',
    },
    'groupId',
    'groupName',
    'userId',
  );
  if (cidr === undefined && group.groupId === undefined && group.groupName === undefined) return [];
  const peer = cidr === undefined ? groupPeer(withId(group, act), act.event.account) : canonicalCidr(cidr);
  return [{ path: pointer('rules', ruleKey({ direction, ...protocolOf(request), peer })), value: {}, id: undefined }];
}

/** Protocols that have neither ports nor types are open as a whole, whatever range a call names. */
function protocolOf(value: Json): Pick<RuleParts, 'protocol' | 'from' | 'to'> {
  const protocol = (text(value, 'ipProtocol') ?? '-1').toLowerCase();
  const ranged = RANGED.test(PROTOCOLS[protocol] ?? protocol);
  return { protocol, from: ranged ? text(value, 'fromPort') : undefined, to: ranged ? text(value, 'toPort') : undefined };
}

/** A peer told by its name alone is the one group of that name, if there is just one. */
function withId(peer: Json, act: Act): Json {
  const name = text(peer, 'groupName');
  if (name === undefined || text(peer, 'groupId') !== undefined) return peer;
  const named = those(act, 'aws.ec2.security-group', (config) => at(config, 'groupName') === name);
  const [only] = named;
  return only === undefined || named.length > 1 ? peer : { ...fields(peer), groupId: only.id };
}

function groupPeer(value: Json, account: string): string {
  const group = text(value, 'groupId', 'referencedGroupId') ?? '';
  const owner = text(fields(value), 'userId');
  return owner === undefined || owner === account ? group : `${owner}/${group}`;
}
