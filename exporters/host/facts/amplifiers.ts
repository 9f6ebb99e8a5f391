/** UDP services that answer much more than they are asked, the usual tools of reflection attacks, and what makes them worse. */
import type { Source } from '../source.ts';
import { dataLines } from './fact.ts';

/** By port. https://www.cisa.gov/news-events/alerts/2014/01/17/udp-based-amplification-attacks lists the protocols. */
export const AMPLIFIERS: Readonly<Record<number, string>> = {
  17: 'qotd',
  19: 'chargen',
  53: 'dns',
  69: 'tftp',
  111: 'portmap',
  123: 'ntp',
  137: 'netbios',
  161: 'snmp',
  389: 'cldap',
  520: 'rip',
  1900: 'ssdp',
  3702: 'ws-discovery',
  5353: 'mdns',
  11211: 'memcached',
};

const NTP = ['etc/ntp.conf', 'etc/ntpsec/ntp.conf'];
const SNMP = ['etc/snmp/snmpd.conf'];
export const WEAKNESS_FILES: readonly string[] = [...NTP, ...SNMP];

/** What in a service's configuration lets everybody use it as an amplifier; undefined where nothing is known to. */
export function weaknessOf(amplifier: string, source: Source): string | undefined {
  const lines = (files: readonly string[]) => files.flatMap((file) => dataLines(source.read(file) ?? ''));
  if (amplifier === 'ntp' && answersMonlist(lines(NTP))) return 'answers monlist';
  if (amplifier === 'snmp' && hasDefaultCommunity(lines(SNMP))) return 'default community';
  return undefined;
}

/** ntp.conf(5): the list of who asked is open unless everybody is told `noquery`, or monitoring is off. */
export function answersMonlist(lines: readonly string[]): boolean {
  if (lines.length === 0 || lines.some((line) => /^disable\s.*\bmonitor\b/.test(line))) return false;
  const defaults = lines.filter((line) => /^restrict\s+(-[46]\s+)?default\b/.test(line));
  return defaults.length === 0 || defaults.some((line) => !/\b(noquery|ignore)\b/.test(line));
}

/** snmpd.conf(5): a community that every scanner tries, for whoever asks. One that names a source is bound to it. */
export function hasDefaultCommunity(lines: readonly string[]): boolean {
  return lines.some((line) =>
    /^(r[ow]community6?\s+(public|private)(\s+(default|0\.0\.0\.0\/0|::\/0)\b.*)?|com2sec6?\s+\S+\s+default\s+(public|private))\s*$/.test(
      line,
    ),
  );
}
