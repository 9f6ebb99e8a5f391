/** Log-in sessions: who opened each, from where and by which key; `auid` and `ses` survive sudo and su. */
import type { Via } from 'drifttrail';
import type { AuditRecord } from './record.ts';

export interface Session {
  readonly user: string;
  readonly opener: string;
  readonly via: Via;
  readonly address?: string;
  readonly terminal?: string;
  /** The fingerprint of the SSH key. */
  readonly key?: string;
}

/** What sshd said in auth.log about a log-in, by its process. */
export type KeyOf = (pid: string, time: number) => string | undefined;

export const UNSET = '4294967295';

/** Programs that open a session of their own within one: the session is still that of the one who logged in. */
const WITHIN = new Set(['sudo', 'su', 'runuser', 'pkexec', 'doas', 'polkit-agent-helper-1']);
/** Sessions without a person: the login user is that of the job. */
const JOBS = new Set(['cron', 'crond', 'atd', 'anacron', 'systemd', 'systemd-user']);
const CONSOLES = new Set(['login', 'gdm-session-worker', 'lightdm', 'sddm-helper', 'xrdp-sesman', 'agetty', 'kdm', 'greetd']);

export const programOf = (path: string | undefined): string | undefined => path?.slice(path.lastIndexOf('/') + 1);

export function isJob(session: Session | undefined): boolean {
  return session !== undefined && JOBS.has(session.opener);
}

/** The session that a record opens; undefined for any other record. */
export function sessionOf({ type, time, fields, names }: AuditRecord, keyOf: KeyOf): { id: string; session: Session } | undefined {
  const { ses: id, auid, addr: address, terminal, exe, res } = fields;
  const opener = programOf(exe);
  if (type !== 'USER_START' && type !== 'USER_LOGIN') return undefined;
  if (id === undefined || id === UNSET || opener === undefined || WITHIN.has(opener) || !/^(success|1|yes)$/.test(res ?? ''))
    return undefined;
  const via = opener.startsWith('sshd') ? 'ssh' : CONSOLES.has(opener) ? 'console' : JOBS.has(opener) ? 'service' : 'unknown';
  const key = via === 'ssh' ? keyOf(fields.pid ?? '', time) : undefined;
  const session: Session = {
    user: names.AUID ?? fields.acct ?? `uid ${auid}`,
    opener,
    via,
    ...(address === undefined ? {} : { address }),
    ...(terminal === undefined ? {} : { terminal }),
    ...(key === undefined ? {} : { key }),
  };
  return { id, session };
}
