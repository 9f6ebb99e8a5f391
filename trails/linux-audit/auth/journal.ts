/** The journal in the place of auth.log, which newer distributions no longer write. */
import { basename } from 'node:path';
import { DrifttrailError, type Surroundings } from 'drifttrail';
import { type AuthLine, sessionless } from './line.ts';

/** LOG_AUTH and LOG_AUTHPRIV of syslog(3). */
const FACILITIES = ['SYSLOG_FACILITY=4', '+', 'SYSLOG_FACILITY=10'];
const TIMEOUT = 60_000;

/** Entries after the cursor, or since a time; undefined where there is no journal. Throws `journal-unreadable`. */
export async function readJournal(
  after: { readonly cursor: string } | { readonly since: string },
  { spawn }: Pick<Surroundings, 'spawn'>,
  signal: AbortSignal,
): Promise<{ readonly lines: AuthLine[]; readonly cursor?: string } | undefined> {
  const from = 'cursor' in after ? [`--after-cursor=${after.cursor}`] : [`--since=@${Math.floor(Date.parse(after.since) / 1000)}`];
  let result: Awaited<ReturnType<typeof spawn>>;
  try {
    result = await spawn('journalctl', ['--output=json', '--no-pager', '--quiet', ...from, ...FACILITIES], { signal, timeout: TIMEOUT });
  } catch (error) {
    if ((error as { code?: string }).code === 'spawn-failed') return undefined;
    throw error;
  }
  if (result.code !== 0) {
    throw new DrifttrailError({
      code: 'journal-unreadable',
      message: `journalctl: ${result.stderr.trim().split('\n')[0] || `exit code ${result.code}`}`,
      remedy: 'run as root, or put the user into the group systemd-journal',
    });
  }
  const entries = result.stdout
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const cursor = entries.at(-1)?.__CURSOR;
  return { lines: entries.flatMap((entry) => lineOf(entry) ?? []), ...(typeof cursor === 'string' ? { cursor } : {}) };
}

/** systemd.journal-fields(7). Messages that are no text come as arrays of bytes. */
function lineOf(entry: Record<string, unknown>): AuthLine | undefined {
  const { MESSAGE: message, SYSLOG_IDENTIFIER: identifier, _PID: own, SYSLOG_PID: told, __REALTIME_TIMESTAMP: micros } = entry;
  const text = Array.isArray(message) ? Buffer.from(message as number[]).toString('utf8') : message;
  const pid = typeof told === 'string' ? told : own;
  if (typeof text !== 'string' || typeof identifier !== 'string' || typeof micros !== 'string') return undefined;
  const program = sessionless(identifier);
  if (!isItself(program, entry)) return undefined;
  return {
    time: Math.floor(Number(micros) / 1000),
    program,
    ...(typeof pid === 'string' ? { pid } : {}),
    text,
  };
}

/**
 * Anybody may write to syslog under any name; fields that begin with an underscore are journald's own sight of the sender.
 * Root could write what it likes anyway, and runs scripts such as adduser, whose program is perl.
 */
function isItself(program: string, { _EXE: exe, _UID: uid }: Record<string, unknown>): boolean {
  if (uid === '0') return true;
  return typeof exe === 'string' && sessionless(basename(exe.replace(/ \(deleted\)$/, ''))) === program;
}
