/** What sshd, sudo, su and the account tools say in the log of authentication, as data. */
import type { JsonObject } from 'drifttrail';
import type { AuthLine } from './line.ts';

export type Saying =
  | { readonly type: 'login'; readonly user: string; readonly address: string; readonly method: string; readonly key?: string }
  | { readonly type: 'logout' }
  | {
      readonly type: 'sudo';
      readonly user: string;
      readonly as: string;
      readonly cwd: string;
      readonly tty?: string;
      readonly command: string;
      readonly refused?: string;
    }
  | { readonly type: 'su'; readonly user: string; readonly as: string; readonly tty?: string; readonly refused?: string }
  | { readonly type: 'account'; readonly request: JsonObject };

const word = (pattern: RegExp, text: string): string[] | undefined =>
  pattern
    .exec(text)
    ?.slice(1)
    .map((each) => each ?? '');

export function parseSaying(line: AuthLine): Saying | undefined {
  const parse = PROGRAMS[line.program];
  return parse?.(line.text) ?? accountOf(line);
}

const PROGRAMS: Readonly<Record<string, (text: string) => Saying | undefined>> = {
  sshd: (text) => {
    const [method = '', user = '', address = '', key = ''] =
      word(/^Accepted (\S+) for (\S+) from (\S+) port \d+(?: ssh2)?(?:: \S+ (?:ID \S+ \(serial \d+\) CA \S+ )?(\S+))?/, text) ?? [];
    if (method !== '') return { type: 'login', user, address, method, ...(key === '' ? {} : { key }) };
    return /^pam_unix\(sshd:session\): session closed for user /.test(text) ? { type: 'logout' } : undefined;
  },
  sudo: (text) => {
    const found =
      /^\s*(\S+) : (?:((?![A-Z]+=).*?) ; )?(?:HOST=\S+ ; )?(?:TTY=(\S+) ; )?(?:CHROOT=.*? ; )?PWD=(.*?) ; USER=(\S+) ; (?:[A-Z]+=.*? ; )*COMMAND=(.*)$/s.exec(
        text,
      );
    if (found === null) return undefined;
    const [, user = '', refused, tty, cwd = '', as = '', command = ''] = found;
    return {
      type: 'sudo',
      user,
      as,
      cwd,
      ...(tty === undefined || tty === 'unknown' ? {} : { tty }),
      command: unescaped(command),
      ...(refused === undefined ? {} : { refused }),
    };
  },
  su: (text) => {
    const [failed = '', as = '', user = '', tty = ''] = word(/^(FAILED SU )?\(to (\S+)\) (\S+) on (\S+)$/, text) ?? [];
    if (as === '') return undefined;
    return { type: 'su', user, as, ...(tty === 'none' ? {} : { tty }), ...(failed === '' ? {} : { refused: 'wrong password' }) };
  },
};

/** sudo writes control characters as `#` and three octal digits. */
function unescaped(command: string): string {
  return command.replaceAll(/#(0[0-7]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}

/** Program, what it says, and what the places in it mean. All of shadow-utils, as Debian and Fedora ship it. */
const ACCOUNTS: readonly (readonly [program: RegExp, says: RegExp, op: string, fields: readonly string[]])[] = [
  [/^(useradd|adduser)$/, /^new user: name=([^,]+), UID=(\d+), GID=(\d+), home=([^,]+), shell=([^,]+)/, 'add-user', ['user', 'id', 'gid', 'home', 'shell']],
  [/^(useradd|groupadd)$/, /^new group: name=([^,]+), GID=(\d+)/, 'add-group', ['group', 'id']],
  [/^userdel$/, /^delete user '([^']+)'/, 'delete-user', ['user']],
  [/^(userdel|groupdel)$/, /^(?:removed group '([^']+)' owned by|group '([^']+)' removed$)/, 'delete-group', ['group', 'group']],
  [/^(usermod|useradd)$/, /^add '([^']+)' to group '([^']+)'/, 'add-member', ['user', 'group']],
  [/^(usermod|userdel)$/, /^delete '([^']+)' from group '([^']+)'/, 'remove-member', ['user', 'group']],
  [/^gpasswd$/, /^user (\S+) added by \S+ to group (\S+)/, 'add-member', ['user', 'group']],
  [/^gpasswd$/, /^user (\S+) removed by \S+ from group (\S+)/, 'remove-member', ['user', 'group']],
  [/^(usermod|chsh|chfn|chage)$/, /^(?:change(?:d)? user '([^']+)' (?!password)|changed user '([^']+)' (?:shell|information)|changed password expiry for (\S+))/, 'change-user', ['user', 'user', 'user']],
  [/^usermod$/, /^change user '([^']+)' password/, 'change-password', ['user']],
  [/^usermod$/, /^(?:un)?lock user '([^']+)' password/, 'change-password', ['user']],
  [/^passwd$/, /^password for '([^']+)' changed by/, 'change-password', ['user']],
  [/^(passwd|chpasswd|sshd|login)$/, /^pam_unix\(\w+:chauthtok\): password changed for (\S+)/, 'change-password', ['user']],
  [/^groupmod$/, /^group changed in \/etc\/group \(group ([^/)]+)/, 'change-group', ['group']],
]; // biome-ignore format: a table

function accountOf({ program, text }: AuthLine): Saying | undefined {
  for (const [programs, says, op, fields] of ACCOUNTS) {
    const found = programs.test(program) ? says.exec(text) : null;
    if (found === null) continue;
    const told = fields.flatMap((field, index): [string, string | number][] => {
      const value = found[index + 1];
      return value === undefined ? [] : [[field, field === 'id' || field === 'gid' ? Number(value) : value]];
    });
    return { type: 'account', request: { op, ...Object.fromEntries(told) } };
  }
  return undefined;
}
