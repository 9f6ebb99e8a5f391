/** Times in which the log could not tell: the daemon did not run, auditing was switched off, its rules were taken away. */
import type { AuditRecord } from './record.ts';

export interface Blind {
  /** Milliseconds. */
  readonly from: number;
  readonly to: number;
  readonly because: string;
}

export type Cause = 'daemon' | 'disabled' | 'rules';
export type Since = Readonly<Partial<Record<Cause, number>>>;

export const BECAUSE: Readonly<Record<Cause, string>> = {
  daemon: 'auditd did not run',
  disabled: 'auditing was switched off',
  rules: 'audit rules had been removed',
};
/** `augenrules --load` takes all rules away before it puts them back. Milliseconds. */
const RELOAD = 5_000;

/** `last` is the time of the record before: a daemon that starts without having ended was killed some time after it. */
export function blindness(since: Since, record: AuditRecord, last: number | undefined): { since: Since; ended?: Blind } {
  const { type, time, fields } = record;
  if (type === 'DAEMON_END' || type === 'DAEMON_ABORT') return { since: { ...since, daemon: since.daemon ?? time } };
  if (type === 'DAEMON_START')
    return over({ ...since, ...(last === undefined ? {} : { daemon: since.daemon ?? last }) }, 'daemon', time, 0);
  if (type !== 'CONFIG_CHANGE') return { since };
  if (fields.audit_enabled === '0') return { since: { ...since, disabled: since.disabled ?? time } };
  if (fields.audit_enabled !== undefined) return over(since, 'disabled', time, 0);
  if (fields.op === 'remove_rule') return { since: { ...since, rules: since.rules ?? time } };
  return fields.op === 'add_rule' ? over(since, 'rules', time, RELOAD) : { since };
}

function over(since: Since, cause: Cause, to: number, atLeast: number): { since: Since; ended?: Blind } {
  const { [cause]: from, ...others } = since;
  return from === undefined || to - from <= atLeast ? { since: others } : { since: others, ended: { from, to, because: BECAUSE[cause] } };
}
