/** Software RAID: which arrays there are, of what, and whether a disk is missing. Progress is left out: it never stands still. */
import type { JsonObject } from 'drifttrail';
import { type Fact, keyed } from './fact.ts';

export const raid: Fact = {
  name: 'raid',
  kind: 'host.raid',
  title: 'RAID array',
  read: (source) => {
    const text = source.live ? source.read('proc/mdstat') : undefined;
    return text === undefined ? undefined : arraysOf(text);
  },
};

/** md(4): "md0 : active raid1 sdb1[1](F) sda1[0]" and below it "1046528 blocks super 1.2 [2/1] [U_]". */
export function arraysOf(mdstat: string): JsonObject {
  return keyed(
    mdstat.split(/\n(?=md\S* : )/).flatMap((block): [string, JsonObject][] => {
      const [, name, state = '', rest = ''] = /^(md\S*) : (active|inactive)(?: \((?:auto-)?read-only\))?(.*)/.exec(block) ?? [];
      if (name === undefined) return [];
      const words = rest.trim().split(/\s+/);
      const members = words.filter((word) => word.includes('['));
      const [, wanted, present] = /\[(\d+)\/(\d+)\]/.exec(block) ?? [];
      return [
        [
          name,
          {
            state,
            level: words.find((word) => !word.includes('[')) ?? 'none',
            devices: members.map((member) => member.replace(/\[.*/, '')).sort(),
            failed: members
              .filter((member) => member.includes('(F)'))
              .map((member) => member.replace(/\[.*/, ''))
              .sort(),
            degraded: wanted !== undefined && present !== undefined && Number(present) < Number(wanted),
          },
        ],
      ];
    }),
  );
}
