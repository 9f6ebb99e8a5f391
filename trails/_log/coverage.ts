/** From when to when a log tells everything, and the gaps that say why not. */
import { DrifttrailError, describeError, type TrailContext, type TrailGap } from 'drifttrail';
import type { Log } from './lines.ts';

/** Where a log's events are filed, and why it may be wanting. */
export interface Place {
  readonly account: string;
  readonly region: string;
  readonly reason: TrailGap['reason'];
}

interface Reach extends Omit<Place, 'reason'> {
  readonly log: Pick<Log, 'continues' | 'fault'>;
  /** The end of what the last run covered. */
  readonly reached: string | undefined;
  /** Milliseconds: the first line that was read now. */
  readonly first: number | undefined;
  /** Milliseconds: until when the log would have told. */
  readonly to: number;
  /** Spans without sight inside, in milliseconds. */
  readonly blind?: readonly { readonly from: number; readonly to: number }[];
}

type Context = Pick<TrailContext, 'gap' | 'covered'>;

/** A log that begins later than asked for covers from its first line on; one that lost lines, from the first that is left. */
export function cover({ account, region, log, reached, first, to, blind = [] }: Reach, context: Context): void {
  const from = log.continues && reached !== undefined ? Date.parse(reached) : first;
  if (from === undefined) return;
  let at = from;
  for (const hole of [...blind].sort((a, b) => a.from - b.from)) {
    if (hole.from > at) span(at, Math.min(hole.from, to));
    at = Math.max(at, hole.to);
  }
  if (at < to) span(at, to);

  function span(start: number, end: number): void {
    if (start < end) context.covered({ account, region, from: new Date(start).toISOString(), to: new Date(end).toISOString() });
  }
}

/** Lines that were there once and were not read. */
export function tellFault({ account, region }: Omit<Place, 'reason'>, log: Pick<Log, 'fault'>, context: Context): void {
  if (log.fault === undefined) return;
  const what =
    log.fault === 'truncated'
      ? `${region} was cut off below what had been read`
      : `${region} was rotated away before it was read to its end`;
  context.gap({ account, region, reason: 'truncated', detail: `${what}; keep more rotated files, or take snapshots more often` });
}

/** A log that may not be opened. */
export function tellUnreadable({ account, region }: Omit<Place, 'reason'>, error: unknown, context: Context): void {
  if (error instanceof DrifttrailError) {
    context.gap({ account, region, reason: 'invalid', detail: describeError(error) });
    return;
  }
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  const denied = code === 'EACCES' || code === 'EPERM';
  const remedy = denied ? '; run as root, or put the user into the group adm (auditd.conf: log_group = adm)' : '';
  context.gap({
    account,
    region,
    reason: denied ? 'denied' : 'invalid',
    detail: `${path ?? region}: ${denied ? 'permission denied' : code}${remedy}`,
  });
}
