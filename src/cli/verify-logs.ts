/** Whether what this machine logged stands in the central copy: lines that never came there can be wiped here unseen. */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { DrifttrailError, describeError } from '../errors.ts';
import { requirePlain } from '../plain-file.ts';
import { clean, cut } from '../report/clean.ts';
import { type LogLine, newestBefore, parseLogLine } from './log-lines.ts';
import type { Session } from './session.ts';
import type { Problem, Verdict } from './verify-verdict.ts';

export interface LogsQuery {
  /** The central copy: a file, or a folder with all below it. */
  readonly central: string;
  /** Logs of this machine; default: the usual one. */
  readonly logs?: readonly string[];
  /** How many lines of each to look for. */
  readonly lines: number;
  /** Milliseconds that a line may take to get there. */
  readonly delay: number;
}

const USUAL = ['/var/log/syslog', '/var/log/messages'];
/** Lines that are shown of those that are missing. */
const SHOWN = 5;
const WIDTH = 160;

/** Throws `log-unknown` and `central-log-unknown`. */
export async function logsVerdict(
  query: LogsQuery,
  { signal, progress, surroundings }: Pick<Session, 'signal' | 'progress' | 'surroundings'>,
): Promise<Verdict> {
  const until = surroundings.now().getTime() - query.delay;
  const gaps: string[] = [];
  const wanted = new Map<string, LogLine[]>();
  let count = 0;
  for (const log of logsOf(query)) {
    const found = await attempt(log, gaps, async () =>
      newestBefore(linesOf(log, signal), { count: query.lines, until, now: surroundings.now() }),
    );
    if (found?.length === 0) gaps.push(`${log} has no line that is old enough and begins with a time`);
    for (const line of found ?? []) {
      wanted.set(line.text, [...(wanted.get(line.text) ?? []), line]);
      count++;
    }
  }
  const files = count === 0 ? [] : await centralFiles(query.central);
  for (const file of files) {
    progress(`looking for ${count} lines in ${file}`);
    await attempt(file, gaps, async () => {
      for await (const line of linesOf(file, signal)) {
        const text = parseLogLine(line, surroundings.now())?.text;
        // One of its kind there stands for one here.
        if (text !== undefined) wanted.get(text)?.shift();
      }
    });
  }
  const missing = [...wanted.values()].flat().sort((a, b) => a.time - b.time);
  return {
    problems: missing.length === 0 ? [] : [problemOf(missing, count, query.central)],
    gaps,
    notes: [],
    checked: { 'log lines': count, 'central files': files.length },
  };
}

function logsOf({ logs }: LogsQuery): readonly string[] {
  const found = logs ?? USUAL.filter((path) => existsSync(path)).slice(0, 1);
  const missing = found.find((path) => !existsSync(path));
  if (missing !== undefined)
    throw new DrifttrailError({ code: 'log-unknown', message: `there is no ${missing}`, remedy: 'name a log of this machine with --log' });
  for (const path of found) requirePlain(path);
  if (found.length > 0) return found;
  throw new DrifttrailError({
    code: 'log-unknown',
    message: `this machine has neither ${USUAL.join(' nor ')}`,
    remedy: 'name its log with --log',
  });
}

async function centralFiles(central: string): Promise<string[]> {
  if (!existsSync(central)) {
    throw new DrifttrailError({
      code: 'central-log-unknown',
      message: `there is no ${central}`,
      remedy: 'name the file, or the folder, in which the central copy stands; is it mounted?',
    });
  }
  requirePlain(central);
  if (!statSync(central).isDirectory()) return [central];
  const entries = await readdir(central, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

async function* linesOf(path: string, signal: AbortSignal): AsyncGenerator<string> {
  const bytes = createReadStream(path, { signal });
  const unpacked = path.endsWith('.gz') ? bytes.on('error', (error) => unpacked.destroy(error)).pipe(createGunzip()) : bytes;
  yield* createInterface({ input: unpacked, crlfDelay: Number.POSITIVE_INFINITY });
}

/** What cannot be read is a gap, not a missing line. */
async function attempt<Value>(path: string, gaps: string[], action: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await action();
  } catch (error) {
    if ((error as { name?: string }).name === 'AbortError') throw error;
    gaps.push(`${path}: ${describeError(error)}`);
    return undefined;
  }
}

function problemOf(missing: readonly LogLine[], count: number, central: string): Problem {
  const iso = (line: LogLine | undefined) => new Date(line?.time ?? 0).toISOString();
  const shown = missing.slice(-SHOWN).map(({ text }) => cut(clean(text), WIDTH));
  const rest = missing.length > shown.length ? `the last ${shown.length}: ` : '';
  return {
    what: 'log-missing',
    detail: `${missing.length} of the newest ${count} lines of this machine are not in ${central}; ${rest}${shown.join(' | ')}`,
    from: iso(missing[0]),
    to: iso(missing.at(-1)),
  };
}
