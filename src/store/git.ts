/** The one doorway to git: plumbing by spawn, ordinary commands by simple-git, bulk data by streams. */
import { spawn as start } from 'node:child_process';
import { join } from 'node:path';
import type { SimpleGit } from 'simple-git';
import { DrifttrailError } from '../errors.ts';
import type { Spawn, SpawnResult, Surroundings } from '../model.ts';

export interface GitOptions {
  readonly input?: Uint8Array | string;
  /** Exit codes that are answers; 0 by default. */
  readonly codes?: readonly number[];
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds; default ten minutes. */
  readonly timeout?: number;
}

export interface Git {
  readonly dir: string;
  readonly env: Readonly<Record<string, string>>;
  /** @throws {DrifttrailError} `git-failed` for any other exit code, `git-locked` (75) when another git holds a lock */
  readonly run: (args: readonly string[], options?: GitOptions) => Promise<SpawnResult>;
  /** The output without the newline at its end. */
  readonly text: (args: readonly string[], options?: GitOptions) => Promise<string>;
  /** Feeds a child chunk by chunk, with back pressure, and gathers what it prints. */
  readonly feed: (args: readonly string[], chunks: Iterable<Uint8Array | string>) => Promise<Buffer>;
  /** What a child prints, as it comes. Leaving the loop ends the child. */
  readonly read: (args: readonly string[], input?: string) => AsyncIterable<Buffer>;
  /**
   * A command that talks to a remote. With the signal its whole process group ends: a transport helper (ssh, https)
   * that hangs would outlive its git, which is why simple-git's interrupt is not enough.
   */
  readonly network: (args: readonly string[], signal: AbortSignal) => Promise<string>;
  readonly simple: () => Promise<SimpleGit>;
}

const TIMEOUT = 600_000;
/**
 * For each object zlib takes 256 KiB and gives them back, which glibc by default asks of the kernel each time: half of
 * fast-import's processor time (1.61 s and 0.79 s for 20,000 files). https://www.gnu.org/software/libc/manual/html_node/Malloc-Tunable-Parameters.html
 */
const MALLOC = { MALLOC_TOP_PAD_: String(16 * 1024 * 1024) };
/** What a caller inside another git command or an editor session leaves behind and would lead ours astray. */
const DROPPED =
  /^(?:GIT_(?:DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|COMMON_DIR|NAMESPACE|PREFIX|CONFIG|EXTERNAL_DIFF|DIFF_OPTS|(?:ICASE|GLOB|NOGLOB)_PATHSPECS|QUARANTINE_PATH|(?:AUTHOR|COMMITTER)_.*|.*EDITOR|PAGER|TRACE.*)|EDITOR|VISUAL|PAGER|PREFIX)$/;
/** The administrator's own settings, which simple-git would otherwise refuse to hand on. */
const TRUSTED = {
  allowUnsafeAskPass: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeConfigEnvCount: true,
  allowUnsafeExec: true,
  allowUnsafeGitProxy: true,
  allowUnsafeSshCommand: true,
  allowUnsafeTemplateDir: true,
} as const;

export function createGit(dir: string, surroundings: Pick<Surroundings, 'env' | 'spawn'>): Git {
  const env = environment(dir, surroundings.env);
  const run = runner(dir, env, surroundings.spawn);
  return {
    dir,
    env,
    run,
    text: async (args, options) => (await run(args, options)).stdout.toString('utf8').replace(/\n$/, ''),
    feed: (args, chunks) => feed(dir, env, args, chunks),
    read: (args, input) => read(dir, env, args, input),
    network: (args, signal) => network(dir, env, args, signal),
    simple: async () => {
      const { simpleGit } = await import('simple-git');
      const guarded = Object.keys(env).filter((name) => name.startsWith('GIT_') || name === 'SSH_ASKPASS');
      return simpleGit({
        baseDir: dir,
        allowEnvironment: guarded,
        unsafe: TRUSTED,
        maxConcurrentProcesses: 1,
        completion: { onClose: true, onExit: false }, // else each command takes 50 ms longer
      }).env(env);
    },
  };
}

/** The tool's own settings: no prompts, no translations, no discovery of a repository further up. */
function environment(dir: string, given: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept = Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined && !DROPPED.test(entry[0]));
  return {
    ...Object.fromEntries(kept),
    GIT_DIR: join(dir, '.git'),
    GIT_WORK_TREE: dir,
    GIT_TERMINAL_PROMPT: '0',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_ADVICE: '0',
    LC_ALL: 'C',
  };
}

function runner(dir: string, env: Readonly<Record<string, string>>, spawn: Spawn): Git['run'] {
  return async (args, { input, codes = [0], env: more, timeout = TIMEOUT } = {}) => {
    const result = await spawn('git', args, { cwd: dir, env: { ...env, ...more }, timeout, ...(input === undefined ? {} : { input }) });
    if (result.code === null || !codes.includes(result.code)) throw gitFailed(args, result.code, result.stderr);
    return result;
  };
}

/** Turns what git said into an error for people. */
export function gitFailed(args: readonly string[], code: number | null, stderr: string): DrifttrailError {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('hint:'));
  const said = lines.slice(0, 12).join(' ');
  const lock = /Unable to create '(.+\.lock)': File exists/.exec(stderr)?.[1];
  if (lock !== undefined) {
    return new DrifttrailError({
      code: 'git-locked',
      message: `another git holds ${lock}`,
      remedy: 'try again when it has ended',
      exitCode: 75,
    });
  }
  const full = /No space left on device|Disk quota exceeded|File too large/.test(stderr);
  // Of a ref git does not say what the system said.
  if (full || /couldn't write '/.test(stderr)) {
    return new DrifttrailError({
      code: 'disk-full',
      message: `git cannot write${full ? '' : ', as when the disk is full'}: ${said}`,
      remedy: 'make room and run it again; what was committed is whole',
    });
  }
  const command = args.find((arg) => !arg.startsWith('-') && !arg.includes('=')) ?? '';
  return new DrifttrailError({
    code: 'git-failed',
    message: `git ${command} ${code === null ? 'was killed' : `exited with ${code}`}: ${said === '' ? 'it said nothing' : said}`,
    remedy: 'run `drifttrail doctor`',
  });
}

// Only here are children started other than through Surroundings.spawn, which holds all input and output in memory.
function feed(
  dir: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[],
  chunks: Iterable<Uint8Array | string>,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = start('git', args, { cwd: dir, env: { ...MALLOC, ...env }, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let gone = false;
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.stdin.on('error', () => {
      gone = true; // It left early; its exit code and words tell why.
    });
    child.on('error', (cause) =>
      reject(
        new DrifttrailError({
          code: 'spawn-failed',
          message: `cannot start git: ${cause.message}`,
          remedy: 'install git or put it on the PATH',
          cause,
        }),
      ),
    );
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(out));
      else reject(gitFailed(args, code, Buffer.concat(err).toString('utf8')));
    });
    const iterator = chunks[Symbol.iterator]();
    const pump = (): void => {
      for (;;) {
        let next: IteratorResult<Uint8Array | string>;
        try {
          next = gone ? { done: true, value: undefined } : iterator.next();
        } catch (error) {
          child.kill('SIGKILL');
          reject(error);
          return;
        }
        if (next.done === true) {
          child.stdin.end();
          return;
        }
        if (!child.stdin.write(next.value)) {
          child.stdin.once('drain', pump);
          return;
        }
      }
    };
    pump();
  });
}

async function* read(dir: string, env: Readonly<Record<string, string>>, args: readonly string[], input = ''): AsyncIterable<Buffer> {
  const child = start('git', args, { cwd: dir, env, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
  const err: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  child.stdin.on('error', () => undefined); // As above: the exit code tells.
  const closed = new Promise<number | null>((resolve, reject) => {
    child.on('close', resolve);
    child.on('error', (cause) =>
      reject(
        new DrifttrailError({
          code: 'spawn-failed',
          message: `cannot start git: ${cause.message}`,
          remedy: 'install git or put it on the PATH',
          cause,
        }),
      ),
    );
  });
  closed.catch(() => undefined); // Awaited below, but maybe only after stdout has ended.
  child.stdin.end(input);
  try {
    yield* child.stdout as AsyncIterable<Buffer>;
    const code = await closed;
    if (code !== 0) throw gitFailed(args, code, Buffer.concat(err).toString('utf8'));
  } finally {
    if (child.exitCode === null) child.kill('SIGKILL');
  }
}

function network(dir: string, env: Readonly<Record<string, string>>, args: readonly string[], signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const child = start('git', args, {
      cwd: dir,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      detached: process.platform !== 'win32',
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    const stop = () => {
      if (child.pid === undefined || process.platform === 'win32') child.kill('SIGKILL');
      else process.kill(-child.pid, 'SIGKILL');
    };
    signal.addEventListener('abort', stop, { once: true });
    child.on('error', (cause) =>
      reject(
        new DrifttrailError({
          code: 'spawn-failed',
          message: `cannot start git: ${cause.message}`,
          remedy: 'install git or put it on the PATH',
          cause,
        }),
      ),
    );
    child.on('close', (code) => {
      signal.removeEventListener('abort', stop);
      const printed = Buffer.concat(out).toString('utf8');
      // The porcelain format tells on stdout what was rejected.
      if (code === 0) resolve(printed);
      else reject(gitFailed(args, code, `${Buffer.concat(err).toString('utf8')}\n${printed}`));
    });
  });
}

/** `git hook run` came with 2.36. https://github.com/git/git/blob/master/Documentation/RelNotes/2.36.0.txt */
export async function requireGit(git: Git): Promise<void> {
  const version = await git.text(['version']);
  const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/.exec(version) ?? [];
  if (Number(major) > 2 || (Number(major) === 2 && Number(minor) >= 36)) return;
  throw new DrifttrailError({
    code: 'git-too-old',
    message: `${version} is too old`,
    remedy: 'install git 2.36 or newer and put it on the PATH',
  });
}
