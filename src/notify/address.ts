/** Which addresses an outlet may be sent to: never the machine's own metadata, private networks only when told so. */
import ipaddr from 'ipaddr.js';

/** Azure's host service answers from a public-looking address. */
const METADATA = new Set(['168.63.129.16', '100.100.100.200', '169.254.169.254']);
/** AWS's local services (instance metadata ::254, pod identity ::23) and Google's metadata server, all unique-local. */
const METADATA_RANGES = ['fd00:ec2::/32', 'fd20:ce::/32'].map((range) => ipaddr.IPv6.parseCIDR(range));
const PRIVATE = new Set(['loopback', 'private', 'uniqueLocal', 'carrierGradeNat']);

/** Why not, in a word; undefined when the address is fine. */
export function refusal(address: string, allowPrivate: boolean): string | undefined {
  if (!ipaddr.isValid(address)) return 'invalid';
  const parsed = ipaddr.process(address); // an IPv4 address in IPv6 clothes is judged as IPv4
  if (METADATA.has(parsed.toString())) return 'metadata';
  if (parsed instanceof ipaddr.IPv6 && METADATA_RANGES.some((range) => parsed.match(range))) return 'metadata';
  const range = parsed.range();
  if (range === 'unicast') return undefined;
  if (PRIVATE.has(range)) return allowPrivate ? undefined : range;
  return range;
}
