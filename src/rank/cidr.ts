/** Address ranges as rules speak of them: the whole world, the public internet, private networks. */
import ipaddr from 'ipaddr.js';

type Range = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

function parse(cidr: unknown): Range | undefined {
  if (typeof cidr !== 'string') return undefined;
  const text = cidr.trim();
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  if (!ipaddr.isValid(text)) return undefined;
  const address = ipaddr.parse(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

/**
 * Whether a range is the whole internet, or so much of it that nobody is kept out: halving 0.0.0.0/0 into two /1
 * or writing 2000::/3 (all global unicast addresses, RFC 4291) opens the same door.
 */
export function isWorld(cidr: unknown): boolean {
  const range = parse(cidr);
  if (range === undefined) return false;
  const [address, bits] = range;
  return bits <= 3 && (address.kind() === 'ipv6' || bits <= 1);
}

/** Whether a range reaches addresses of the public internet; a name or id that is no range does not. */
export function isPublicCidr(cidr: unknown): boolean {
  const range = parse(cidr);
  if (range === undefined) return false;
  const [address, bits] = range;
  // A range wider than a private block contains public addresses whatever its first one is.
  if (address.kind() === 'ipv4' && bits < 8) return true;
  if (address.kind() === 'ipv6' && bits < 7) return true;
  return address.range() === 'unicast';
}

/** Whether a public range is so wide that whoever wrote it knew nobody in it: a /8 is no office. */
export function isWidePublic(cidr: unknown): boolean {
  const range = parse(cidr);
  return range !== undefined && range[1] <= (range[0].kind() === 'ipv4' ? 8 : 16) && isPublicCidr(cidr);
}

/** Whether ranges are together the whole internet, or half of it: four quarters are the world too. */
export function isWorldTogether(cidrs: readonly unknown[]): boolean {
  if (cidrs.some(isWorld)) return true;
  const share = [...new Set(cidrs)].map((cidr) => {
    const range = parse(cidr);
    return range?.[0].kind() === 'ipv4' && isPublicCidr(cidr) ? 2 ** -range[1] : 0;
  });
  return share.reduce((sum, one) => sum + one, 0) >= 0.5;
}

/** How many addresses a range has, as the power of two: 0 for one address, 8 for a /24. -1 for no range. */
export function rangeBits(cidr: unknown): number {
  const range = parse(cidr);
  return range === undefined ? -1 : (range[0].kind() === 'ipv4' ? 32 : 128) - range[1];
}

/** Whether an address lies in a private network (RFC 1918, ULA, loopback, link-local, carrier-grade NAT). */
export function isPrivateAddress(address: unknown): boolean {
  return parse(address) !== undefined && !isPublicCidr(address);
}
