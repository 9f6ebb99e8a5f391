/** Asks the server through sqlcmd: no shell, no variables, the password in the environment of that process alone. */
import { type CollectContext, describeError, DrifttrailError, type GapReason } from 'drifttrail';
import { Refused } from '../_sql/connection.ts';
import type { SqlserverOptions } from './options.ts';
import { type Rows, rowsOf, WIDTH } from './output.ts';

export type Context = Pick<CollectContext<SqlserverOptions>, 'options' | 'spawn' | 'signal' | 'dir' | 'env'>;

const LOGIN_SECONDS = 10;
/** For the program to start and to print, beside the question's own time. */
const MORE_SECONDS = 15;

/** Throws `Refused`. */
export async function ask({ options, spawn, signal, dir, env }: Context, database: string, sql: string): Promise<Rows> {
  const { server, user, password, encrypt, trustCertificate, timeout, program } = options;
  const args = [
    ...['-S', server, '-d', database, ...(user === undefined ? ['-E'] : ['-U', user])],
    ...(encrypt ? ['-N'] : []),
    ...(trustCertificate ? ['-C'] : []),
    ...['-b', '-r1', '-x', '-y', '0', '-w', String(WIDTH), '-l', String(LOGIN_SECONDS), '-t', String(timeout), '-Q', sql],
  ];
  let result: Awaited<ReturnType<typeof spawn>>;
  try {
    result = await spawn(program, args, {
      cwd: dir,
      env: { PATH: env.PATH, HOME: env.HOME, KRB5CCNAME: env.KRB5CCNAME, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', SQLCMDPASSWORD: password },
      signal,
      timeout: (timeout + LOGIN_SECONDS + MORE_SECONDS) * 1000,
      group: true,
    });
  } catch (error) {
    if (signal.aborted || !(error instanceof DrifttrailError)) throw error;
    throw new Refused(describeError(error), 'unreachable', true);
  }
  if (result.code === 0) return rowsOf(result.stdout.toString('utf8'));
  if (result.code === null) throw new Refused(`sqlcmd did not end within ${timeout + LOGIN_SECONDS + MORE_SECONDS} s`, 'unreachable');
  const said = `${result.stderr}\n${result.stdout.toString('utf8')}`.trim().replaceAll(/\s+/g, ' ');
  const clean = password === undefined ? said : said.replaceAll(password, '…');
  const reason = reasonOf(clean);
  throw new Refused(`sqlcmd: ${clean.slice(0, 300) || `exit code ${result.code}`}`, reason, reason === 'unreachable');
}

/** By the number of the message, or by what the driver says. */
function reasonOf(said: string): GapReason {
  if (/\bMsg (?:229|230|262|297|300|916|18456)\b|Login failed|permission was denied|does not have permission/i.test(said)) return 'denied';
  return /timeout|network|TCP Provider|could not open|unable to (?:open|connect)|no such host|connection refused/i.test(said)
    ? 'unreachable'
    : 'invalid';
}
