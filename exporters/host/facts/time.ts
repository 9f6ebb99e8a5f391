/** Whether the clock is kept right: logs, certificates and who did what rest on it. */
import type { JsonObject } from 'drifttrail';
import type { Source } from '../source.ts';
import { asked, type Fact } from './fact.ts';
import { runsSystemd, withSystemd } from './unit-files.ts';

const SHOW = ['show', '--property=CanNTP,NTP,NTPSynchronized,LocalRTC'];

export const time: Fact = {
  name: 'time',
  kind: 'host.time',
  title: 'clock',
  collection: false,
  read,
  ahead: withSystemd(asked('timedatectl', SHOW)),
};

async function read(source: Source): Promise<JsonObject | undefined> {
  if (!runsSystemd(source)) return undefined;
  const printed = await source.run('timedatectl', SHOW);
  return printed === undefined ? undefined : clockOf(printed);
}

/** timedatectl(1) of systemd 239 and newer: `NTP=yes`. `synchronized` is the kernel's word, whichever program keeps it. */
export function clockOf(printed: string): JsonObject {
  const is = (name: string) => new RegExp(`^${name}=yes$`, 'm').test(printed);
  return { service: is('NTP'), synchronized: is('NTPSynchronized'), localTimeInHardwareClock: is('LocalRTC') };
}
