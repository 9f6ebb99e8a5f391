/** Address ranges as rules speak of them: the whole world, the public internet, private networks. */
import ipaddr from 'ipaddr.js';

interface Range {
  readonly family: 'ipv4' | 'ipv6';
  /** Length of the prefix. */
  readonly bits: number;
  /** Whether it reaches addresses of the public internet. */
  readonly isPublic: boolean;
}

/** Rules ask the same few ranges many questions each. */
const KNOWN = new Map<string, Range | undefined>();
const MOST_KNOWN = 10_000;

function parse(cidr: unknown): Range | undefined {
  // No address is longer than this with its bits and zone.
  if (typeof cidr !== 'string' || cidr.length > 64) return undefined;
  const known = KNOWN.get(cidr);
  if (known !== undefined || KNOWN.has(cidr)) return known;
  if (KNOWN.size >= MOST_KNOWN) KNOWN.clear();
  const range = rangeOf(cidr.trim());
  KNOWN.set(cidr, range);
  return range;
}

/** Nothing else can be an address or a range; most of what is asked is a name, and ipaddr.js says no by throwing. */
const MAYBE = /^[0-9a-fx:.]+(?:%[0-9a-z]+)?(?:\/\d+)?$/i;

function rangeOf(text: string): Range | undefined {
  if (!MAYBE.test(text)) return undefined;
  if (!ipaddr.isValidCIDR(text) && !ipaddr.isValid(text)) return undefined;
  const [address, bits] = ipaddr.isValidCIDR(text) ? ipaddr.parseCIDR(text) : [ipaddr.parse(text), Number.POSITIVE_INFINITY];
  const family = address.kind();
  // A range wider than a private block contains public addresses whatever its first one is.
  const isPublic = bits < (family === 'ipv4' ? 8 : 7) || address.range() === 'unicast';
  return { family, bits: Math.min(bits, family === 'ipv4' ? 32 : 128), isPublic };
}

/**
 * Whether a range is the whole internet, or so much of it that nobody is kept out: halving 0.0.0.0/0 into two /1
 * or writing 2000::/3 (all global unicast addresses, RFC 4291) opens the same door.
 */
export function isWorld(cidr: unknown): boolean {
  const range = parse(cidr);
  return range !== undefined && range.bits <= (range.family === 'ipv6' ? 3 : 1);
}

/** Whether a range reaches addresses of the public internet; a name or id that is no range does not. */
export function isPublicCidr(cidr: unknown): boolean {
  return parse(cidr)?.isPublic ?? false;
}

/** Whether a public range is so wide that whoever wrote it knew nobody in it: a /8 is no office. */
export function isWidePublic(cidr: unknown): boolean {
  const range = parse(cidr);
  return range?.isPublic === true && range.bits <= (range.family === 'ipv4' ? 8 : 16);
}

/** Whether ranges are together the whole internet, or half of it: four quarters are the world too. */
export function isWorldTogether(cidrs: readonly unknown[]): boolean {
  if (cidrs.some(isWorld)) return true;
  const share = [...new Set(cidrs)].map((cidr) => {
    const range = parse(cidr);
    return range?.family === 'ipv4' && range.isPublic ? 2 ** -range.bits : 0;
  });
  return share.reduce((sum, one) => sum + one, 0) >= 0.5;
}

/** How many addresses a range has, as the power of two: 0 for one address, 8 for a /24. -1 for no range. */
export function rangeBits(cidr: unknown): number {
  const range = parse(cidr);
  return range === undefined ? -1 : (range.family === 'ipv4' ? 32 : 128) - range.bits;
}

/** Whether an address lies in a private network (RFC 1918, ULA, loopback, link-local, carrier-grade NAT). */
export function isPrivateAddress(address: unknown): boolean {
  return parse(address)?.isPublic === false;
}
