/** Who a user id is: name and groups, from the root's own files. */
import type { Source } from '../source.ts';
import { dataLines } from './fact.ts';

export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly groups: readonly string[];
  readonly gids: readonly number[];
}

/** By user id; of several names for one id the first, as getpwuid(3) answers. */
export function accountsOf(source: Source): Map<number, Account> {
  const groups = dataLines(source.read('etc/group') ?? '').map((line) => {
    const [name = '', , gid = '', members = ''] = line.split(':');
    return { name, gid: Number(gid), members: members.split(',') };
  });
  const found = new Map<number, Account>();
  for (const line of dataLines(source.read('etc/passwd') ?? '')) {
    const [name = '', , uid = '', gid = ''] = line.split(':');
    if (!/^\d+$/.test(uid) || found.has(Number(uid))) continue;
    const own = groups.filter((group) => group.gid === Number(gid) || group.members.includes(name));
    found.set(Number(uid), { name, uid: Number(uid), groups: own.map((group) => group.name), gids: own.map((group) => group.gid) });
  }
  return found;
}
