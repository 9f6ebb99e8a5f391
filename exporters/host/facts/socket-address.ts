/** Addresses as the kernel prints them in /proc/net, and how far they can be reached. */

/** `0100007F` is 127.0.0.1: each 32-bit word in the byte order of the machine, which is little-endian on all we run on. */
export function addressOf(hex: string): string {
  const bytes = Buffer.from(hex, 'hex');
  for (let index = 0; index + 4 <= bytes.length; index += 4) bytes.subarray(index, index + 4).reverse();
  if (bytes.length === 4) return [...bytes].join('.');
  if (bytes.subarray(0, 12).equals(MAPPED)) return [...bytes.subarray(12)].join('.');
  return compressed(Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2)));
}

const MAPPED = Buffer.from('00000000000000000000ffff', 'hex');

/** RFC 5952: the first longest run of two or more zero groups becomes `::`. */
export function compressed(groups: readonly number[]): string {
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  const text = (part: readonly number[]) => part.map((group) => group.toString(16)).join(':');
  return best.start < 0 ? text(groups) : `${text(groups.slice(0, best.start))}::${text(groups.slice(best.start + best.length))}`;
}

/** `all`: any interface. `loopback`: this machine only. `address`: one interface. */
export function exposureOf(address: string): 'all' | 'loopback' | 'address' {
  if (address === '0.0.0.0' || address === '::') return 'all';
  return address.startsWith('127.') || address === '::1' ? 'loopback' : 'address';
}

export function shown(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}
