/** Reads one database file through the sqlite3 command, without leaving anything beside it. */
import { resolve } from 'node:path';
import { type CollectContext, describeError, DrifttrailError, type GapReason } from 'drifttrail';
import { Refused } from '../_sql/connection.ts';
import { type DatabaseFile, look } from './file.ts';
import type { SqliteOptions } from './options.ts';
import { type Answer, answerOf, ARGUMENTS, question } from './question.ts';

type Context = Pick<CollectContext<SqliteOptions>, 'options' | 'spawn' | 'signal' | 'dir' | 'env'>;

/** A schema is text: what is larger is none. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Throws `Refused`. */
export async function readDatabase(context: Context, file: string): Promise<Answer & { readonly journal: DatabaseFile['journal'] }> {
  const path = resolve(context.dir, file);
  const before = await look(path);
  if (before.journal === 'wal' && before.still) {
    // Who opens such a file in the usual way leaves a log and an index beside it, even to read.
    const answer = await ask(context, `${uriOf(path)}?immutable=1`);
    const after = await look(path);
    if (after.still && after.mark === before.mark) return { ...answer, journal: before.journal };
  }
  return { ...(await ask(context, path)), journal: before.journal };
}

function uriOf(path: string): string {
  return `file:${path.split('/').map(encodeURIComponent).join('/')}`;
}

async function ask({ options, spawn, signal, dir, env }: Context, database: string): Promise<Answer> {
  let result: Awaited<ReturnType<typeof spawn>>;
  try {
    result = await spawn(options.program, [...ARGUMENTS, database, question(options.check)], {
      cwd: dir,
      env: { PATH: env.PATH },
      signal,
      timeout: options.timeout * 1000,
      maxBytes: MAX_BYTES,
    });
  } catch (error) {
    if (signal.aborted || !(error instanceof DrifttrailError)) throw error;
    throw new Refused(describeError(error), 'unreachable');
  }
  const said = result.stderr.trim().split('\n')[0] ?? '';
  if (result.code === null) throw new Refused(`sqlite3 did not end within ${options.timeout} s`, 'unreachable');
  if (result.code !== 0 || said !== '')
    throw new Refused(`sqlite3: ${said === '' ? `exit code ${result.code}` : said}${remedyOf(said)}`, reasonOf(said));
  const answer = answerOf(result.stdout.toString('utf8'));
  if (answer === undefined) throw new Refused('sqlite3 gave an answer that is none to the question', 'invalid');
  return answer;
}

function reasonOf(said: string): GapReason {
  if (/permission|readonly|read-only/i.test(said)) return 'denied';
  return /locked|busy|unable to open/i.test(said) ? 'unreachable' : 'invalid';
}

function remedyOf(said: string): string {
  if (/unknown option|no such function: json/i.test(said)) return '; sqlite3 3.37 or newer, with JSON, is needed: program: names another';
  if (/unable to open|readonly|read-only/i.test(said))
    return '; a database with a write-ahead log asks for the right to write to its folder while others have it open';
  return '';
}
