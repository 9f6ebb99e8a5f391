/** Reads auth.log, secure or the journal from where the last run stopped. */
import { join } from 'node:path';
import { type AuditEvent, DrifttrailError, type TrailContext } from 'drifttrail';
import { AUTH_LOG } from '../../../exporters/host/events/places.ts';
import type { KeyOf } from '../audit/sessions.ts';
import { cover, tellFault, tellUnreadable } from '../../_log/coverage.ts';
import { type Log, type LogMark, openLog } from '../../_log/lines.ts';
import type { Sources } from '../options.ts';
import { type AuthState, openAuthFold } from './fold.ts';
import { readJournal } from './journal.ts';
import { type AuthLine, parseAuthLine } from './line.ts';

interface Mark {
  readonly log?: LogMark;
  readonly cursor?: string;
  readonly fold?: AuthState;
  readonly reached?: string;
}

export interface AuthReading {
  readonly events: readonly AuditEvent[];
  readonly keyOf: KeyOf;
  /** Keeps the place: to be called when the events have been given on. */
  readonly done: () => void;
}

const NOTHING: AuthReading = { events: [], keyOf: () => undefined, done: () => undefined };
/** Debian and its kin, then Fedora and its kin. */
const FILES = ['auth.log', 'secure'];
/** The audit log's record of a log-in follows sshd's own line within this time. Milliseconds. */
const DELAY = 120_000;

export async function readAuth(sources: Sources, context: TrailContext): Promise<AuthReading> {
  const place = { account: sources.host, region: AUTH_LOG };
  const key = `${sources.host} ${sources.logs} auth`;
  const mark = JSON.parse(context.mark(key) ?? '{}') as Mark;
  const events: AuditEvent[] = [];
  const fold = openAuthFold(sources.host, sources.root, mark.fold);
  let first: number | undefined;
  const take = (line: AuthLine | undefined) => {
    if (line === undefined) return;
    first ??= line.time;
    events.push(...fold.take(line));
  };
  const finish = (next: Pick<Mark, 'log' | 'cursor'>, log: Pick<Log, 'continues' | 'fault'>): AuthReading => {
    const last = events.at(-1)?.time;
    const to = sources.running ? Date.parse(context.window.to) : last === undefined ? undefined : Date.parse(last);
    if (to !== undefined) cover({ ...place, log, reached: mark.reached, first, to }, context);
    const reached = to === undefined ? {} : { reached: new Date(to).toISOString() };
    const done = () => context.setMark(key, JSON.stringify({ ...next, fold: fold.state(), ...reached } satisfies Mark));
    return { events, keyOf: keysOf(fold.state()), done };
  };
  try {
    for (const file of FILES) {
      const log = await openLog(join(sources.logs, file), mark.log);
      if (log === undefined) continue;
      try {
        tellFault(place, log, context);
        for await (const { text, until } of log.lines()) {
          context.signal.throwIfAborted();
          take(parseAuthLine(text, sources.zone, until));
        }
        const end = log.mark();
        return finish(end === undefined ? {} : { log: end }, log);
      } finally {
        await log.close();
      }
    }
    if (!sources.running) return NOTHING;
    const after = mark.cursor === undefined ? { since: context.window.from } : { cursor: mark.cursor };
    const journal = await readJournal(after, context, context.signal);
    if (journal === undefined) return NOTHING;
    for (const line of journal.lines) take(line);
    const cursor = journal.cursor ?? mark.cursor;
    return finish(cursor === undefined ? {} : { cursor }, { continues: mark.cursor !== undefined });
  } catch (error) {
    if (error instanceof DrifttrailError) context.gap({ ...place, reason: 'denied', detail: `${error.message}; ${error.remedy}` });
    else tellUnreadable(place, error, context);
    return NOTHING;
  }
}

/** Log-ins by sshd's process. */
function keysOf({ keys }: AuthState): KeyOf {
  return (pid, time) => keys.findLast((use) => use.pid === pid && Math.abs(use.time - time) <= DELAY)?.key;
}
