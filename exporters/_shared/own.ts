/** What of addresses and hosts files is a machine's own, whatever system it runs. */
import type { OwnToken } from 'drifttrail';

/** Everybody has the loopback and link-local addresses, and a network is shared by those in it. */
export function isOwnAddress(token: string): boolean {
  return !/^(127\.|0\.0\.0\.0|169\.254\.|::1?$|fe80:)|\.0$/i.test(token);
}

/** Of a hosts file the lines about the host itself: its addresses and its other names. */
export function hostsTokens(text: string, name: string): OwnToken[] {
  return text.split('\n').flatMap((line) => {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (!names.some((other) => other === name || other.startsWith(`${name}.`))) return [];
    const own = isOwnAddress(address) ? [{ token: address, what: 'address', numbered: true }] : [];
    return [
      ...own,
      ...names
        .filter((other) => other !== 'localhost')
        .map((token) => ({ token, what: token === name ? 'host name' : 'full name', numbered: token !== name })),
    ];
  });
}
