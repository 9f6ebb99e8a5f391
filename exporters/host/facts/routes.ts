/** Where packets go: routes of this machine's own interfaces, from procfs. Those of containers come and go with them. */
import type { JsonObject } from 'drifttrail';
import type { Source } from '../source.ts';
import { type Fact, keyed } from './fact.ts';
import { addressOf, compressed } from './socket-address.ts';

export const routes: Fact = {
  name: 'routes',
  kind: 'host.route',
  title: 'route',
  read: (source) => (source.live ? keyed([...routes4(source), ...routes6(source)]) : undefined),
};

const PASSING = /^(lo|veth.*|docker\d*|br-.*|cali.*|cni.*|flannel.*|cilium.*|lxc.*|virbr.*|vnet.*|tap.*|podman.*)$/;
const UP = 1;
/** ipv6_route.h: kept by the kernel itself for addresses, made by a packet, or by a router's advertisement. */
const LOCAL = 0x8000_0000;
const CACHED = 0x0100_0000;
const ADVERTISED = 0x0004_0000;

type Entry = [string, JsonObject];

/** proc_net(5): "Iface Destination Gateway Flags RefCnt Use Metric Mask …", addresses as the machine has them in memory. */
function routes4(source: Source): Entry[] {
  return rows(source, 'proc/net/route', 1).flatMap((words): Entry[] => {
    const [device = '', destination = '', gateway = '', flags = '', , , metric = '0', mask = ''] = words;
    if (PASSING.test(device) || (Number.parseInt(flags, 16) & UP) === 0) return [];
    const length = [...mask].reduce((sum, digit) => sum + bits(Number.parseInt(digit, 16)), 0);
    const to = length === 0 ? 'default' : `${addressOf(destination)}/${length}`;
    return [entry(to, addressOf(gateway), device, Number(metric), 4)];
  });
}

/** "destination length source length next-hop metric refcount use flags device", all in hex. */
function routes6(source: Source): Entry[] {
  return rows(source, 'proc/net/ipv6_route', 0).flatMap((words): Entry[] => {
    const [destination = '', length = '', , , gateway = '', metric = '', , , flags = '', device = ''] = words;
    const set = Number.parseInt(flags, 16);
    const size = Number.parseInt(length, 16);
    if (PASSING.test(device) || (set & UP) === 0 || (set & CACHED) !== 0 || set >= LOCAL) return [];
    if (/^(fe[89ab]|ff)/.test(destination) || ((set & ADVERTISED) !== 0 && size > 0)) return [];
    const to = size === 0 ? 'default' : `${plain(destination)}/${size}`;
    return [entry(to, plain(gateway), device, Number.parseInt(metric, 16), 6)];
  });
}

function entry(to: string, gateway: string, device: string, metric: number, family: 4 | 6): Entry {
  const through = gateway === '0.0.0.0' || gateway === '::' ? {} : { gateway };
  return [`${to}${to === 'default' && family === 6 ? ' (IPv6)' : ''} dev ${device}`, { to, ...through, device, metric, family }];
}

function rows(source: Source, path: string, skip: number): string[][] {
  const lines = (source.read(path) ?? '').split('\n').slice(skip);
  return lines.filter((line) => line.trim() !== '').map((line) => line.trim().split(/\s+/));
}

/** 32 digits in network order. */
function plain(hex: string): string {
  return compressed((hex.match(/.{4}/g) ?? []).map((group) => Number.parseInt(group, 16)));
}

function bits(digit: number): number {
  return [0, 1, 2, 3].filter((bit) => (digit & (1 << bit)) !== 0).length;
}
