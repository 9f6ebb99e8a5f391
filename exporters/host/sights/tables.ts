/** Machines that a network has seen: neighbours, and those that were given an address. */
import type { Sight } from 'drifttrail';
import { isOneMachine } from './names.ts';

/** /proc/net/arp; an entry of zeros was asked for and never answered. */
export function neighbours(text: string): Sight[] {
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [address = '', , , mac = ''] = line.trim().split(/\s+/);
      return mac === '' || mac === '00:00:00:00:00:00' || !isOneMachine(address) ? [] : [server(address, [mac])];
    });
}

/** dnsmasq: `<end> <mac> <address> <name or *> <client id>`. */
export function dnsmasqLeases(text: string): Sight[] {
  return text.split('\n').flatMap((line) => {
    const [end = '', mac = '', address = '', name = '*'] = line.trim().split(/\s+/);
    if (!/^\d+$/.test(end) || !isOneMachine(address)) return [];
    return [name === '*' ? server(address, [mac]) : server(name, [address, mac])];
  });
}

/** ISC dhcpd appends: of an address the last entry holds, and one that was given back is nobody's. */
export function dhcpdLeases(text: string): Sight[] {
  const last = new Map<string, Sight | undefined>();
  for (const [, address = '', body = ''] of text.matchAll(/^lease\s+(\S+)\s*\{([^}]*)\}/gm)) {
    const name = /^\s*client-hostname\s+"([^"]+)"/m.exec(body)?.[1];
    const mac = /^\s*hardware\s+ethernet\s+([0-9a-f:]+)/im.exec(body)?.[1];
    const aliases = mac === undefined ? [] : [mac];
    const isActive = /^\s*binding\s+state\s+active/m.test(body);
    last.set(address, isActive ? (name === undefined ? server(address, aliases) : server(name, [address, ...aliases])) : undefined);
  }
  return [...last.values()].filter((sight) => sight !== undefined);
}

/** /etc/hosts: whoever has a name there, by all of its names. */
export function hostsFile(text: string): Sight[] {
  return text.split('\n').flatMap((line) => {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    const [id, ...others] = names.filter(isOneMachine);
    return id === undefined || !isOneMachine(address) ? [] : [server(id, [...others, address])];
  });
}

function server(id: string, aliases: readonly string[]): Sight {
  return { title: 'server', id, aliases };
}
