/** Groups and their members. */
import type { JsonObject } from 'drifttrail';
import type { Fact } from './fact.ts';
import { dataLines, keyed } from './fact.ts';

export const groups: Fact = {
  name: 'groups',
  kind: 'host.group',
  title: 'group',
  read: (source) => {
    const group = source.read('etc/group');
    return group === undefined ? undefined : groupsOf(group);
  },
};

export function groupsOf(group: string): JsonObject {
  return keyed(
    dataLines(group).flatMap((line): [string, JsonObject][] => {
      const [name = '', , gid = '', members = ''] = line.split(':');
      if (!/^\d+$/.test(gid)) return [];
      return [
        [
          name,
          {
            gid: Number(gid),
            members: members
              .split(',')
              .filter((member) => member !== '')
              .sort(),
          },
        ],
      ];
    }),
  );
}
