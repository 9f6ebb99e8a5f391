/** Children of git that are fed or read chunk by chunk; `Surroundings.spawn` would hold all of it in memory. */
import { type ChildProcess, spawn as start } from 'node:child_process';
import { DrifttrailError } from '../errors.ts';
import { gitFailed, spawnFailed } from './git-errors.ts';
import { killChild, killGroup } from '../process-group.ts';

/** Where a git works, and with what environment. */
export interface Place {
  readonly dir: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface Feed {
  /**
   * Undefined where the caller may go straight on; else it should wait for the promise, which also lets go when the
   * child is gone: `end` tells why.
   */
  readonly write: (chunk: Uint8Array) => Promise<void> | undefined;
  /** After the last chunk: what the child printed. @throws {DrifttrailError} `git-failed` and its kin, `spawn-failed` */
  readonly end: () => Promise<Buffer>;
  /** Ends the child at once; resolves when it is gone. */
  readonly kill: () => Promise<void>;
}

/** Bytes that wait for a child while its feeder works on; with more the feeder waits. */
const AHEAD = 4 * 1024 * 1024;
/**
 * For each object zlib takes 256 KiB and gives them back, which glibc by default asks of the kernel each time: half of
 * fast-import's processor time (1.61 s and 0.79 s for 20,000 files). https://www.gnu.org/software/libc/manual/html_node/Malloc-Tunable-Parameters.html
 */
const MALLOC = { MALLOC_TOP_PAD_: String(16 * 1024 * 1024) };

export function openFeed({ dir, env }: Place, args: readonly string[]): Feed {
  const child = start('git', args, { cwd: dir, env: { ...MALLOC, ...env }, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
  const out = gathered(child.stdout);
  const err = gathered(child.stderr);
  const { stdin } = child;
  let gone = false;
  const waiting: (() => void)[] = [];
  const resume = () => {
    for (const goOn of waiting.splice(0)) goOn();
  };
  const leave = () => {
    gone = true;
    resume();
  };
  stdin.on('error', leave); // It left early; its exit code and words tell why.
  stdin.on('drain', resume);
  const closed = closeOf(child).finally(leave);
  closed.catch(() => undefined); // Told by `end`.
  return {
    write: (chunk) => {
      if (gone || stdin.write(chunk)) return undefined;
      if (stdin.writableLength >= AHEAD) return new Promise((resolve) => waiting.push(resolve));
      // A turn of the event loop hands on what the pipe had no room for: meanwhile the child has eaten some of it.
      return stdin.writableLength === 0 ? undefined : new Promise((resolve) => setImmediate(resolve));
    },
    end: async () => {
      stdin.end();
      const code = await closed;
      if (code !== 0) throw gitFailed(args, code, err().toString('utf8'));
      return out();
    },
    kill: async () => {
      killChild(child);
      await closed.catch(() => undefined);
    },
  };
}

/**
 * What a child prints, as it comes. Leaving the loop ends the child, and so does the signal.
 * @throws {DrifttrailError} `git-failed` and its kin, `spawn-failed`, `aborted`
 */
export async function* readOutput({ dir, env }: Place, args: readonly string[], input = '', signal?: AbortSignal): AsyncIterable<Buffer> {
  throwIfAborted(signal);
  const child = start('git', args, { cwd: dir, env, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
  const err = gathered(child.stderr);
  child.stdin.on('error', () => undefined); // It left early; its exit code tells why.
  const closed = closeOf(child);
  closed.catch(() => undefined); // Awaited below, but maybe only after stdout has ended.
  const stop = () => killChild(child);
  signal?.addEventListener('abort', stop, { once: true });
  child.stdin.end(input);
  try {
    yield* child.stdout as AsyncIterable<Buffer>;
    const code = await closed;
    throwIfAborted(signal);
    if (code !== 0) throw gitFailed(args, code, err().toString('utf8'));
  } finally {
    signal?.removeEventListener('abort', stop);
    if (child.exitCode === null) killChild(child);
  }
}

/** With the signal the whole process group ends, transport helpers included. */
export async function runOverNetwork({ dir, env }: Place, args: readonly string[], signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  const child = start('git', args, {
    cwd: dir,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
    detached: process.platform !== 'win32',
  });
  const out = gathered(child.stdout);
  const err = gathered(child.stderr);
  const stop = () => {
    if (!killGroup(child.pid)) killChild(child);
    // A helper in a group of its own, such as ssh's master of shared connections, may hold the pipes open: nobody waits for it.
    child.stdout.destroy();
    child.stderr.destroy();
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    const code = await closeOf(child);
    const printed = out().toString('utf8');
    // The porcelain format tells on stdout what was rejected.
    if (code !== 0) throw gitFailed(args, code, `${err().toString('utf8')}\n${printed}`);
    return printed;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** The exit code when all that it printed has come; null after a signal. @throws {DrifttrailError} `spawn-failed` */
function closeOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.on('close', resolve);
    child.on('error', (cause) => reject(spawnFailed(cause)));
  });
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new DrifttrailError({ code: 'aborted', message: 'git was stopped', cause: signal.reason });
}

function gathered(stream: NodeJS.ReadableStream): () => Buffer {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks);
}
