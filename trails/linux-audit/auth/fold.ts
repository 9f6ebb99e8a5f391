/** The log of authentication line by line as events; with auditd running, what only this log tells: the keys of log-ins. */
import type { Actor, AuditEvent } from 'drifttrail';
import { createHash } from 'node:crypto';
import { AUTH_LOG } from '../../../exporters/host/events/places.ts';
import { programOf } from '../audit/sessions.ts';
import type { AuthLine } from './line.ts';
import { parseSaying, type Saying } from './say.ts';

type Login = Extract<Saying, { type: 'login' }>;

export interface KeyUse {
  readonly pid: string;
  /** Milliseconds. */
  readonly time: number;
  readonly key: string;
}

/** Who ran a tool for accounts, or something that may run one. Of the command itself, which may hold a secret, no word. */
interface AccountCommand {
  readonly time: number;
  readonly user: string;
  readonly as: string;
  readonly tools: readonly string[];
}

/** Plain data, saved between runs. */
export interface AuthState {
  /** By the process of sshd: log-ins that have not ended, and when they began. */
  readonly open: readonly (readonly [pid: string, login: Login & { readonly time: number }])[];
  /** The keys of the latest log-ins, ended or not: the audit log may be read on later than this one. */
  readonly keys: readonly KeyUse[];
  readonly commands: readonly AccountCommand[];
}

export interface AuthFold {
  readonly take: (line: AuthLine) => AuditEvent[];
  readonly state: () => AuthState;
}

export const FRESH_AUTH: AuthState = { open: [], keys: [], commands: [] };
const [MAX_OPEN, MAX_KEYS, MAX_COMMANDS] = [1_000, 500, 20];
/** A tool run by sudo says what it did within this time. Milliseconds. */
const DELAY = 60_000;

export function openAuthFold(host: string, root: string, saved: AuthState = FRESH_AUTH): AuthFold {
  const open = new Map(saved.open);
  let keys = [...saved.keys];
  let commands = [...saved.commands];

  /** Where the user sits, if all open sessions of that name are from one place. */
  const whence = (user: string): Pick<Actor, 'via' | 'sourceIp'> => {
    const own = [...open.values()].filter((login) => login.user === user);
    const [only, ...others] = [...new Set(own.map(({ address }) => address))];
    return only === undefined || others.length > 0
      ? { via: own.length > 0 ? 'ssh' : 'unknown', sourceIp: null }
      : { via: 'ssh', sourceIp: only };
  };
  const person = (name: string, role: string | null): Actor => ({
    name, type: 'User', arn: null, role: role === name ? null : role, userAgent: null, mfa: null, nameFrom: 'user', ...whence(name),
  }); // biome-ignore format: a record

  const eventOf = (line: AuthLine, saying: Saying): AuditEvent | undefined => {
    const base = { id: idOf(host, line), time: new Date(line.time).toISOString(), account: host, region: AUTH_LOG, response: null };
    switch (saying.type) {
      case 'logout':
        return undefined;
      case 'login': {
        const { type: _, key, ...request } = saying;
        const actor: Actor = { ...person(saying.user, null), via: 'ssh', sourceIp: saying.address };
        return {
          ...base,
          source: 'linux-login',
          name: 'login',
          readOnly: true,
          actor,
          issued: `${host} sshd ${line.pid ?? ''} ${base.time}`,
          request: { program: 'sshd', ...request, ...(key === undefined ? {} : { fingerprint: key }) },
        };
      }
      case 'sudo':
      case 'su': {
        const { type, user, as, refused, ...request } = saying;
        const error = refused === undefined ? {} : { error: { code: 'refused', message: refused } };
        return {
          ...base,
          ...error,
          source: 'linux-sudo',
          name: type,
          readOnly: false,
          actor: person(user, as),
          request: { ...request, as, root },
        };
      }
      case 'account': {
        const asked = commands.findLast(
          ({ time, tools }) => time <= line.time && time + DELAY >= line.time && (tools.includes(line.program) || tools.includes(ANY)),
        );
        const actor = asked === undefined ? person('root', null) : person(asked.user, asked.as);
        return {
          ...base,
          source: 'linux-auth',
          name: line.program,
          readOnly: false,
          actor,
          request: saying.request,
        };
      }
    }
  };

  return {
    take: (line) => {
      const saying = parseSaying(line);
      if (saying === undefined) return [];
      if (saying.type === 'login' && line.pid !== undefined) {
        open.set(line.pid, { ...saying, time: line.time });
        if (saying.key !== undefined) keys = [...keys, { pid: line.pid, time: line.time, key: saying.key }].slice(-MAX_KEYS);
        for (const oldest of open.keys()) if (open.size > MAX_OPEN) open.delete(oldest);
      }
      if (saying.type === 'logout' && line.pid !== undefined) open.delete(line.pid);
      const event = eventOf(line, saying);
      if (saying.type === 'sudo' && saying.refused === undefined) {
        const tools = toolsIn(saying.command);
        if (tools.length > 0) commands = [...commands, { time: line.time, user: saying.user, as: saying.as, tools }].slice(-MAX_COMMANDS);
      }
      return event === undefined ? [] : [event];
    },
    state: () => ({ open: [...open], keys, commands }),
  };
}

const ANY = '*';
const TOOLS = /^(useradd|userdel|usermod|groupadd|groupdel|groupmod|gpasswd|passwd|chpasswd|chsh|chfn|chage)$/;
const WRAPPERS = /^(bash|sh|dash|zsh|su|adduser|deluser|addgroup|delgroup|vipw|vigr)$/;

/** `sudo /usr/sbin/useradd …`; a shell and the friendlier tools run others in turn. */
function toolsIn(command: string): string[] {
  const words = command.split(/[\s;&|'"]+/).map((word) => programOf(word) ?? '');
  return [...new Set([...words.filter((word) => TOOLS.test(word)), ...(WRAPPERS.test(words[0] ?? '') ? [ANY] : [])])];
}

/** Lines have no number of their own: equal lines in one second are one event. */
function idOf(host: string, { time, program, pid, text }: AuthLine): string {
  const digest = createHash('sha256')
    .update(`${program}\0${pid ?? ''}\0${text}`)
    .digest('hex')
    .slice(0, 16);
  return `linux-auth:${host}:${new Date(time).toISOString()}:${digest}`;
}
