/** Starts the program: no shell, an environment of its own, an end in time. */
import { resolve } from 'node:path';
import { type CollectContext, describeError, DrifttrailError, type GapReason } from 'drifttrail';
import type { ExecOptions } from './options.ts';

/** A reading that cannot be used, in words for people. */
export class Failed extends Error {
  readonly reason: GapReason;

  constructor(message: string, reason: GapReason) {
    super(message);
    this.name = 'Failed';
    this.reason = reason;
  }
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** Of what a program complains, the end says most. */
const LONGEST = 300;

export function programOf({ command }: Pick<ExecOptions, 'command'>, dir: string): string {
  const [program = ''] = command;
  return program.startsWith('./') || program.startsWith('../') ? resolve(dir, program) : program;
}

/** What it printed; throws `Failed` unless it ended by itself with exit code 0. `out` is the folder for its files. */
export async function run({ options, dir, env, spawn, signal, now }: CollectContext<ExecOptions>, out?: string): Promise<string> {
  const started = now().getTime();
  const own: Record<string, string> = { PATH: env.PATH ?? PATH, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' };
  for (const name of options.pass) {
    const value = env[name];
    if (value !== undefined) own[name] = value;
  }
  Object.assign(own, options.env, out === undefined ? {} : { DRIFTTRAIL_OUT: out });
  let result: Awaited<ReturnType<typeof spawn>>;
  try {
    result = await spawn(programOf(options, dir), options.command.slice(1), {
      cwd: dir,
      env: own,
      signal,
      timeout: options.timeout * 1000,
      maxBytes: options.maxBytes,
      group: true,
    });
  } catch (error) {
    if (signal.aborted || !(error instanceof DrifttrailError)) throw error;
    throw new Failed(describeError(error), 'unreachable');
  }
  if (result.code === 0) return result.stdout.toString('utf8');
  const complaint = lastWords(result.stderr, [...options.pass.map((name) => env[name]), ...Object.values(options.env)]);
  if (result.code !== null) throw new Failed(`exit code ${result.code}${complaint}`, 'invalid');
  const late = now().getTime() - started >= options.timeout * 1000;
  throw late
    ? new Failed(`it did not end within ${options.timeout} s (timeout)${complaint}`, 'unreachable')
    : new Failed(`it was killed, or printed more than ${options.maxBytes} bytes (maxBytes)${complaint}`, 'truncated');
}

/** What it was given as a variable may be a secret, and programs like to repeat it. */
function lastWords(stderr: string, given: readonly (string | undefined)[]): string {
  let text = stderr.trim().split('\n').at(-1)?.trim() ?? '';
  for (const value of given) if (value !== undefined && value.length >= 4) text = text.replaceAll(value, '…');
  if (text === '') return '';
  return `; it said: ${text.length > LONGEST ? `…${text.slice(-LONGEST)}` : text}`;
}
