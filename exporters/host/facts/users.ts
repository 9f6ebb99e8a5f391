/** User accounts, from etc/passwd alone: everybody may read it. */
import type { JsonObject } from 'drifttrail';
import type { Fact } from './fact.ts';
import { dataLines, keyed } from './fact.ts';

export const users: Fact = {
  name: 'users',
  kind: 'host.user',
  title: 'user',
  read: (source) => {
    const passwd = source.read('etc/passwd');
    return passwd === undefined ? undefined : usersOf(passwd);
  },
};

export function usersOf(passwd: string): JsonObject {
  return keyed(
    dataLines(passwd).flatMap((line): [string, JsonObject][] => {
      const [name = '', password = '', uid = '', gid = '', gecos = '', home = '', shell = ''] = line.split(':');
      if (!/^\d+$/.test(uid)) return []; // NIS lines such as "+::::::"
      const inPasswd = password === '' ? { password: 'none' } : /^[x*!]/.test(password) ? {} : { passwordHashIn: 'etc/passwd' };
      return [[name, { uid: Number(uid), gid: Number(gid), gecos, home, shell, ...inPasswd }]];
    }),
  );
}
