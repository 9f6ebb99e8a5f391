/** Firewall openings that a change adds or a call asks for, in one form whatever their source. */
import type { Json } from '../model.ts';
import { get, items, text } from './access.ts';
import { isPublicCidr, isWidePublic, isWorldTogether } from './cidr.ts';

export interface Opening {
  readonly direction: 'ingress' | 'egress';
  /** `tcp`, `udp`, `icmp`, `icmpv6`, `all`, or a protocol number. */
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  /** `22`, `8000-8100` or `all`. */
  readonly ports: string;
  readonly peer: string;
  readonly world: boolean;
  readonly public: boolean;
  /** A public range of millions of addresses. */
  readonly wide: boolean;
  /** A security group of another account. */
  readonly foreign: boolean;
  /** Names of the administrative and data services behind the opened ports. */
  readonly services: readonly string[];
  /** Nothing but ports that exist to be public: web and ping. */
  readonly ordinary: boolean;
}

/** Ports whose exposure hands over a machine or its data, from the IANA registry and the products' defaults. */
const SENSITIVE: readonly { readonly port: number; readonly name: string }[] = [
  { port: 20, name: 'FTP' },
  { port: 21, name: 'FTP' },
  { port: 22, name: 'SSH' },
  { port: 23, name: 'telnet' },
  { port: 111, name: 'rpcbind' },
  { port: 135, name: 'Windows RPC' },
  { port: 139, name: 'NetBIOS' },
  { port: 161, name: 'SNMP' },
  { port: 389, name: 'LDAP' },
  { port: 445, name: 'SMB' },
  { port: 512, name: 'rexec' },
  { port: 513, name: 'rlogin' },
  { port: 514, name: 'rsh' },
  { port: 873, name: 'rsync' },
  { port: 1433, name: 'SQL Server' },
  { port: 1521, name: 'Oracle' },
  { port: 2049, name: 'NFS' },
  { port: 2375, name: 'Docker' },
  { port: 2376, name: 'Docker' },
  { port: 2379, name: 'etcd' },
  { port: 3306, name: 'MySQL' },
  { port: 3389, name: 'RDP' },
  { port: 4333, name: 'mSQL' },
  { port: 5432, name: 'PostgreSQL' },
  { port: 5439, name: 'Redshift' },
  { port: 5601, name: 'Kibana' },
  { port: 5900, name: 'VNC' },
  { port: 5985, name: 'WinRM' },
  { port: 5986, name: 'WinRM' },
  { port: 6379, name: 'Redis' },
  { port: 6443, name: 'Kubernetes API' },
  { port: 7001, name: 'Cassandra' },
  { port: 8020, name: 'HDFS' },
  { port: 9042, name: 'Cassandra' },
  { port: 9092, name: 'Kafka' },
  { port: 9200, name: 'Elasticsearch' },
  { port: 9300, name: 'Elasticsearch' },
  { port: 10250, name: 'kubelet' },
  { port: 11211, name: 'memcached' },
  { port: 27017, name: 'MongoDB' },
  { port: 50070, name: 'HDFS' },
];

/** The ranges behind a prefix list, where they are known. */
export type ResolveList = (prefixListId: string) => readonly string[];
const UNRESOLVED: ResolveList = () => [];

const PROTOCOLS: Readonly<Record<string, string>> = { '-1': 'all', all: 'all', '1': 'icmp', '6': 'tcp', '17': 'udp', '58': 'icmpv6' };

/** Whether two inclusive port ranges share a port. */
export function portsOverlap(from: number, to: number, otherFrom: number, otherTo: number): boolean {
  return from <= otherTo && otherFrom <= to;
}

function opening(
  direction: 'ingress' | 'egress',
  protocolText: string,
  from: number,
  to: number,
  peer: string,
  resolve: ResolveList = UNRESOLVED,
): Opening {
  const protocol = PROTOCOLS[protocolText.toLowerCase()] ?? protocolText.toLowerCase();
  const ping = protocol.startsWith('icmp');
  const all = !ping && (protocol === 'all' || from < 0 || (from === 0 && to >= 65535));
  const [low, high] = all ? [0, 65535] : [from, to < 0 ? from : to];
  const services = ping ? [] : [...new Set(SENSITIVE.filter(({ port }) => port >= low && port <= high).map(({ name }) => name))];
  const ranges = peer.startsWith('pl-') ? resolve(peer) : [peer];
  return {
    direction,
    protocol,
    from: low,
    to: high,
    ports: all ? 'all' : low === high ? String(low) : `${low}-${high}`,
    peer,
    world: isWorldTogether(ranges),
    public: ranges.some(isPublicCidr),
    wide: ranges.some(isWidePublic),
    foreign: peer.includes('/sg-'),
    services,
    ordinary: ping || (low === high && (low === 80 || low === 443)),
  };
}

/** Reads a security group's rule key, `ingress tcp 8000-8100 10.0.0.0/8`. */
export function openingOfKey(key: string, resolve?: ResolveList): Opening | undefined {
  const [direction, protocol, ports, peer] = key.split(' ');
  if ((direction !== 'ingress' && direction !== 'egress') || protocol === undefined || ports === undefined || peer === undefined)
    return undefined;
  const range = /^(-?\d+)(?:[-/](-?\d+))?$/.exec(ports);
  const from = range === null ? -1 : Number(range[1]);
  return opening(direction, protocol, from, range?.[2] === undefined ? from : Number(range[2]), peer, resolve);
}

/** Openings of the same ports count together: the world may come in halves or quarters. */
export function together(openings: readonly Opening[]): readonly Opening[] {
  if (openings.length < 2) return openings;
  const sameDoor = (a: Opening, b: Opening) =>
    a.direction === b.direction && a.protocol === b.protocol && a.from === b.from && a.to === b.to;
  return openings.map((one) =>
    one.world || !one.wide
      ? one
      : { ...one, world: isWorldTogether(openings.filter((other) => sameDoor(one, other)).map(({ peer }) => peer)) },
  );
}

/**
 * The openings a call asks for. EC2 knows three forms: nested `ipPermissions` (Terraform, console, SDKs), the flat
 * one that the command line sends, and `ModifySecurityGroupRules`; the last two are what name-based rules miss.
 */
export function openingsOfEvent(name: string, request: Json, account = ''): readonly Opening[] {
  const direction = /Egress$/.test(name) ? 'egress' : 'ingress';
  if (/^Authorize.*SecurityGroup(In|E)gress$/.test(name)) {
    return together([...nested(direction, request, account), ...flat(direction, request)]);
  }
  if (name === 'ModifySecurityGroupRules') {
    const rules = items(request, 'ModifySecurityGroupRulesRequest.SecurityGroupRule');
    return together(rules.flatMap((entry) => flat('ingress', get(entry, 'SecurityGroupRule'))));
  }
  return [];
}

function nested(direction: 'ingress' | 'egress', request: Json, account: string): readonly Opening[] {
  return items(request, 'ipPermissions').flatMap((permission) => {
    const peers = [
      ...items(permission, 'ipRanges').map((range) => text(range, 'cidrIp')),
      ...items(permission, 'ipv6Ranges').map((range) => text(range, 'cidrIpv6')),
      ...items(permission, 'groups').map((group) => groupPeer(text(group, 'groupId'), text(group, 'userId'), account)),
      ...items(permission, 'prefixListIds').map((list) => text(list, 'prefixListId')),
    ];
    return peers
      .filter((peer) => peer !== '')
      .map((peer) =>
        opening(direction, text(permission, 'ipProtocol') || '-1', port(permission, 'fromPort'), port(permission, 'toPort'), peer),
      );
  });
}

/** As rule keys have it: a group of another account comes with the account. */
function groupPeer(id: string, owner: string, account: string): string {
  return id === '' || owner === '' || account === '' || owner === account ? id : `${owner}/${id}`;
}

function flat(direction: 'ingress' | 'egress', rule: Json): readonly Opening[] {
  const peers = ['cidrIp', 'cidrIpv4', 'cidrIpv6', 'sourceSecurityGroupId', 'referencedGroupId', 'prefixListId', 'CIDRIP', 'cIDRIP'].map(
    (name) => text(rule, name),
  );
  return peers
    .filter((peer) => peer !== '')
    .map((peer) => opening(direction, text(rule, 'ipProtocol') || '-1', port(rule, 'fromPort'), port(rule, 'toPort'), peer));
}

function port(rule: Json, name: string): number {
  const value = text(rule, name);
  return value === '' ? -1 : Number(value);
}
