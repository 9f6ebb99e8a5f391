/** The records of one event put together again: a system call is told in several lines, which others may stand between. */
import type { AuditRecord } from './record.ts';

/** What is still being collected; plain data, so that a later run goes on where this one stopped. */
export type Pending = readonly (readonly AuditRecord[])[];

/** Parts of a system call that we read. Its arguments (EXECVE) are not: what waits for the rest of its event must hold no secret. */
const PARTS = new Set(['SYSCALL', 'CWD', 'PATH', 'PROCTITLE', 'OPENAT2']);
/** auditd's `end_of_event_timeout`. Milliseconds. */
const TIMEOUT = 2_000;
/** No kernel has so many events under way; more would be lines that end nowhere. */
const MAX_PENDING = 256;

/** Takes one record; gives the events that are whole now. Decided by records alone, never by the clock. */
export function group(pending: Pending, record: AuditRecord): { pending: Pending; whole: Pending } {
  if (record.type === 'EOE') return finish(pending, (records) => isSame(records, record));
  const late = finish(pending, (records) => (records[0]?.time ?? 0) + TIMEOUT < record.time);
  if (!PARTS.has(record.type)) return { pending: late.pending, whole: [...late.whole, [record]] };
  const own = late.pending.find((records) => isSame(records, record));
  const grown = own === undefined ? [record] : [...own, record];
  const others = late.pending.filter((records) => records !== own);
  // The kernel tells the process's title last.
  if (record.type === 'PROCTITLE') return { pending: others, whole: [...late.whole, grown] };
  const over = others.length >= MAX_PENDING ? others.slice(0, 1) : [];
  return { pending: [...others.slice(over.length), grown], whole: [...late.whole, ...over] };
}

function finish(pending: Pending, ended: (records: readonly AuditRecord[]) => boolean): { pending: Pending; whole: Pending } {
  const whole = pending.filter(ended);
  return whole.length === 0 ? { pending, whole } : { pending: pending.filter((records) => !ended(records)), whole };
}

function isSame(records: readonly AuditRecord[], record: AuditRecord): boolean {
  const [first] = records;
  return first !== undefined && first.serial === record.serial && first.time === record.time && first.node === record.node;
}
