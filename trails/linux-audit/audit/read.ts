/** Reads audit.log from where the last run stopped, and says what it covers. */
import { existsSync } from 'node:fs';
import type { AuditEvent, TrailContext, TrailGap } from 'drifttrail';
import { AUDIT_LOG } from '../../../exporters/host/events/places.ts';
import { cover, tellFault, tellUnreadable } from '../../_log/coverage.ts';
import { type AuditStatus, auditStatus } from '../kernel.ts';
import { type Log, type LogMark, openLog } from '../../_log/lines.ts';
import { readNames } from '../names.ts';
import type { Sources } from '../options.ts';
import { remedyFor, unwatched } from '../rules.ts';
import { BECAUSE, type Blind, type Cause } from './blind.ts';
import { type FoldState, FRESH, openFold } from './fold.ts';
import type { KeyOf } from './sessions.ts';

interface Mark {
  readonly log?: LogMark;
  readonly fold?: FoldState;
  /** Since when the log has been read without a break, and until when it told everything. */
  readonly begin?: string;
  readonly reached?: string;
  readonly lost?: number;
}

/** Since when the audit log tells of people, in milliseconds: what auth.log says after that is the same again. */
export interface AuditSight {
  since?: number;
}

export async function* readAuditLog(sources: Sources, keyOf: KeyOf, context: TrailContext, sight: AuditSight): AsyncGenerator<AuditEvent> {
  const place = { account: sources.host, region: AUDIT_LOG };
  const key = `${sources.host} ${sources.audit}`;
  const mark = JSON.parse(context.mark(key) ?? '{}') as Mark;
  let log: Log | undefined;
  try {
    log = await openLog(sources.audit, mark.log);
  } catch (error) {
    tellUnreadable(place, error, context);
    return;
  }
  if (log === undefined) {
    const detail = `there is no ${sources.audit}: install and start auditd; ${remedyFor(sources.watch)}`;
    // Where auditd never ran, the other logs are all there is, and are read; a log that is gone is another thing.
    const silence = mark.log === undefined && existsSync(sources.logs);
    if (sources.running || !silence) context.gap({ ...place, reason: 'unreachable', detail, ...(silence ? { silence } : {}) });
    return;
  }
  try {
    tellFault(place, log, context);
    const status = sources.running ? await auditStatus(context, context.signal) : undefined;
    const saved = mark.fold ?? FRESH;
    // Lines are missing, but who sits in which session is still worth something.
    const fold = openFold(
      { host: sources.host, node: sources.node, root: sources.root, names: readNames(sources.root), keyOf },
      log.continues ? saved : { ...FRESH, sessions: saved.sessions },
    );
    let first: number | undefined;
    for await (const { text } of log.lines()) {
      context.signal.throwIfAborted();
      const events = fold.take(text);
      first ??= fold.last();
      yield* events;
    }
    const until = sources.running ? Date.parse(context.window.to) : fold.last();
    const begin = log.continues && mark.begin !== undefined ? Date.parse(mark.begin) : first;
    if (begin !== undefined && status?.running !== false) sight.since = begin;
    const blind = [...fold.blind(), ...stillBlind(fold.state(), until)];
    for (const { from, to, because } of blind)
      context.gap({ ...place, reason: 'truncated', detail: `${because} from ${iso(from)} to ${iso(to)}` });
    const mixed = sources.node === undefined && fold.nodes().size > 1;
    if (mixed) {
      const detail = `${sources.audit} has records of ${[...fold.nodes()].sort().join(', ')}: say which is meant with node:`;
      context.gap({ ...place, reason: 'invalid', detail });
    }
    const sees = !mixed && tellsAll(sources, status, mark.lost ?? 0, (gap) => context.gap({ ...place, ...gap }));
    if (sees && until !== undefined) cover({ ...place, log, reached: mark.reached, first, to: until, blind }, context);
    const end = log.mark();
    const next: Mark = {
      ...(end === undefined ? {} : { log: end }),
      fold: fold.state(),
      ...(begin === undefined ? {} : { begin: iso(begin) }),
      // Where nothing is covered now, the next run cannot join to it.
      ...(sees && until !== undefined ? { reached: iso(until) } : {}),
      ...(status?.lost === undefined ? {} : { lost: status.lost }),
    };
    context.setMark(key, JSON.stringify(next));
  } finally {
    await log.close();
  }
}

/** Whether a write without a record is known not to have happened; else says what is missing for that. */
function tellsAll(
  { complete, running, watch }: Sources,
  status: AuditStatus | undefined,
  lostBefore: number,
  gap: (gap: Pick<TrailGap, 'reason' | 'detail' | 'silence'>) => void,
): boolean {
  if (status?.running === false) {
    gap({ reason: 'unreachable', detail: 'auditd does not run or auditing is switched off: systemctl enable --now auditd' });
    return false;
  }
  // The counter starts anew at each boot.
  const lost = status?.lost === undefined || status.lost <= lostBefore ? 0 : status.lost - lostBefore;
  if (lost > 0) {
    const detail = `the kernel lost ${lost} audit records since the last run: raise its backlog (auditctl -b) or its rate (auditctl -r)`;
    gap({ reason: 'truncated', detail });
    return false;
  }
  if (complete !== undefined || !running) return complete === true;
  if (status?.rules === undefined) {
    const detail = 'which audit rules are loaded is told to root only: run as root, or say complete: true';
    gap({ reason: 'denied', detail, silence: true });
    return false;
  }
  const missing = unwatched(status.rules, watch);
  if (missing.length > 0)
    gap({ reason: 'invalid', detail: `no audit rule watches ${missing.join(', ')}; ${remedyFor(missing)}`, silence: true });
  return missing.length === 0;
}

function stillBlind({ since }: FoldState, until: number | undefined): Blind[] {
  return Object.entries(since).flatMap(([cause, from]) =>
    until === undefined || from >= until ? [] : [{ from, to: until, because: BECAUSE[cause as Cause] }],
  );
}

const iso = (time: number): string => new Date(time).toISOString();
