/** The one doorway to child processes: argv only, never a shell, always bounded. */
import { spawn as start } from 'node:child_process';
import { DrifttrailError } from './errors.ts';
import { killChild, killGroup } from './process-group.ts';
import type { SpawnOptions, SpawnResult } from './model.ts';

const DEFAULT_MAX_BYTES = 256 * 1024 * 1024;

/** Runs a program and gathers what it prints; see `Spawn` in model.ts. */
export function spawn(command: string, args: readonly string[], options: SpawnOptions = {}): Promise<SpawnResult> {
  return new Promise((resolve, reject) => {
    const child = start(command, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      shell: false,
      windowsHide: true,
      // A group (and session) of its own: no terminal to ask on, and one signal ends all that it starts.
      detached: options.group === true,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.env === undefined ? {} : { env: definedOnly(options.env) }),
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let bytes = 0;
    let aborted = false;
    const kill = () => {
      if (options.group !== true || !killGroup(child.pid)) killChild(child);
      // Its own children may live on and hold the pipes open: nobody waits for them.
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const abort = () => {
      aborted = true;
      kill();
    };
    const timer = options.timeout === undefined ? undefined : setTimeout(kill, options.timeout);
    options.signal?.addEventListener('abort', abort, { once: true });
    if (options.signal?.aborted) abort();
    const finish = () => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', abort);
    };
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > (options.maxBytes ?? DEFAULT_MAX_BYTES)) kill();
      else stdout.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (stderr.length < 1024) stderr.push(chunk);
    });
    // A child that leaves without reading its input is judged by its exit code.
    child.stdin.on('error', () => undefined);
    child.on('error', (cause: NodeJS.ErrnoException) => {
      finish();
      reject(
        new DrifttrailError({
          code: 'spawn-failed',
          message: `cannot start ${command}: ${cause.code ?? cause.message}`,
          remedy: remedyOf(command, cause.code, options.cwd),
          cause,
        }),
      );
    });
    child.on('close', (code) => {
      finish();
      if (aborted) reject(new DrifttrailError({ code: 'aborted', message: `${command} was stopped`, cause: options.signal?.reason }));
      else resolve({ code, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString('utf8') });
    });
    child.stdin.end(options.input ?? '');
  });
}

function remedyOf(command: string, code: string | undefined, cwd: string | undefined): string {
  if (code === 'EACCES') return `let the user who runs drifttrail execute it: chmod +x ${command}`;
  // The folder to start it in may be what is missing, too.
  if (command.includes('/')) return `correct the path; it is taken from ${cwd ?? process.cwd()}`;
  return `install ${command} or put it on the PATH`;
}

function definedOnly(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
