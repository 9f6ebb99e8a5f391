/** Reads the log of a server from where the last run stopped, and says what it covers. */
import { resolve } from 'node:path';
import type { AuditEvent, TrailContext } from 'drifttrail';
import { SERVER_LOG } from '../../exporters/postgres/events/places.ts';
import { cover, tellFault } from '../_log/coverage.ts';
import type { LogMark } from '../_log/lines.ts';
import { openTold } from '../_log/open.ts';
import { FRESH, type FoldState, openFold } from './fold.ts';
import { parserOf } from './formats.ts';
import { logOptions, type Options } from './options.ts';

interface Mark {
  readonly log?: LogMark;
  readonly fold?: FoldState;
  readonly reached?: string;
}

const MISSING = "set logging_collector, or name the file that the server's output goes to";
export const DENIED = 'set log_file_mode = 0640 and put the user into the group of the server (on Debian: adm)';

/** Events are given on after so many lines. */
const BATCH = 10_000;

export async function* readServerLog(context: TrailContext<Options>): AsyncGenerator<AuditEvent> {
  const { options, dir, signal, window } = context;
  const place = { account: options.server, region: SERVER_LOG };
  const path = resolve(dir, options.log);
  const key = `${options.server} ${path}`;
  const mark = JSON.parse(context.mark(key) ?? '{}') as Mark;
  const log = await openTold({ path, mark: mark.log, missing: MISSING, denied: DENIED }, (gap) => context.gap({ ...place, ...gap }));
  if (log === undefined) return;
  try {
    tellFault(place, log, context);
    const settings = logOptions(options);
    const parser = parserOf(settings);
    const fold = openFold(options.server, log.continues ? mark.fold : FRESH);
    let kept = log.mark();
    let lines = 0;
    let first: number | undefined;
    const take = (records: ReturnType<typeof parser.take>) => {
      for (const record of records) {
        first ??= record.time;
        fold.take(record);
      }
    };
    for await (const { text } of log.lines()) {
      signal.throwIfAborted();
      take(parser.take(text));
      // A record of several lines is read again from its beginning, if the rest of it is still to come.
      if (settings.format === 'stderr' || parser.whole()) kept = log.mark();
      if (++lines % BATCH === 0) yield* fold.events();
    }
    take(parser.flush());
    if (parser.whole()) kept = log.mark();
    yield* fold.events();
    if (parser.strange() > 0 && parser.strange() > lines / 2) {
      const detail = `${parser.strange()} of ${lines} lines of ${path} cannot be read; say format:, and for stderr prefix: as SHOW log_line_prefix says`;
      context.gap({ ...place, reason: 'invalid', detail });
    } else if (options.complete) {
      const to = options.running ? Date.parse(window.to) : fold.last();
      if (to !== undefined) cover({ ...place, log, reached: mark.reached, first, to }, context);
    }
    const reached = options.running ? window.to : fold.last() === undefined ? undefined : new Date(fold.last() ?? 0).toISOString();
    const next: Mark = { ...(kept === undefined ? {} : { log: kept }), fold: fold.state(), ...(reached === undefined ? {} : { reached }) };
    context.setMark(key, JSON.stringify(next));
  } finally {
    await log.close();
  }
}
