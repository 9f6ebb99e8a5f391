/** Programs that the product is held against, and the built command line itself, run as a user would run them. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const CLI = fileURLToPath(new URL('../dist/src/cli/main.js', import.meta.url));
const DEADLINE = 600_000;

/** The user's own git configuration must not decide what is measured. */
const ENV = {
  ...process.env,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_AUTHOR_NAME: 'bench',
  GIT_AUTHOR_EMAIL: 'bench@localhost',
  GIT_COMMITTER_NAME: 'bench',
  GIT_COMMITTER_EMAIL: 'bench@localhost',
  LC_ALL: 'C',
  NO_COLOR: '1',
};

/** Runs to the end and returns stdout. Throws when the exit code is none of `codes`. */
export function sh(
  command: string,
  args: readonly string[],
  options: { cwd?: string; codes?: readonly number[]; input?: Uint8Array; deadline?: number } = {},
): string {
  const { cwd, codes = [0], input, deadline = DEADLINE } = options;
  const result = spawnSync(command, args, {
    env: ENV,
    timeout: deadline,
    maxBuffer: 1 << 30,
    encoding: 'utf8',
    ...(cwd === undefined ? {} : { cwd }),
    ...(input === undefined ? {} : { input }),
  });
  if (result.error !== undefined) throw result.error;
  if (!codes.includes(result.status ?? -1)) {
    throw new Error(`${command} ${args.slice(0, 4).join(' ')} exited with ${result.status}: ${result.stderr.slice(0, 2000)}`);
  }
  return result.stdout;
}

export interface Usage {
  /** Milliseconds, of the program and all that it started. */
  readonly wall: number;
  readonly cpu: number;
}

/** As the shell's `time` counts; its own children's children included, when they were waited for. */
export function usageOf(
  command: string,
  args: readonly string[],
  options: { cwd?: string; codes?: readonly number[]; env?: Readonly<Record<string, string>> } = {},
): Usage {
  const script = 'TIMEFORMAT="%R %U %S"; { time "$@" >/dev/null 2>&4; } 4>&2 2>&3';
  const { cwd, codes = [0], env } = options;
  const result = spawnSync('bash', ['-c', script, 'time', command, ...args], {
    env: { ...ENV, ...env },
    timeout: DEADLINE,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  });
  const [wall = Number.NaN, user = Number.NaN, system = Number.NaN] = (result.output[3] ?? '').trim().split(/\s+/).map(Number);
  if (!codes.includes(result.status ?? -1) || Number.isNaN(wall)) {
    throw new Error(`${command} ${args.join(' ')} exited with ${result.status}: ${result.stderr.slice(0, 2000)}`);
  }
  return { wall: wall * 1000, cpu: (user + system) * 1000 };
}

/** The way of many backup scripts: every file is written anew, git finds out what changed. */
export function createNaive(folder: string) {
  mkdirSync(folder, { recursive: true });
  sh('git', ['init', '--quiet', '--initial-branch=main', folder]);
  sh('git', ['-C', folder, 'config', 'gc.auto', '0']); // in the background it would run into the next measurement
  const known = new Set<string>();
  return (files: Iterable<readonly [path: string, bytes: Uint8Array]>): void => {
    for (const [path, bytes] of files) {
      const full = join(folder, path);
      const parent = dirname(full);
      if (!known.has(parent)) mkdirSync(parent, { recursive: true });
      known.add(parent);
      writeFileSync(full, bytes);
    }
    sh('git', ['-C', folder, 'add', '-A']);
    sh('git', ['-C', folder, 'commit', '--quiet', '-m', 'snapshot'], { codes: [0, 1] }); // 1: nothing changed
  };
}

export function commandExists(name: string): boolean {
  return spawnSync('bash', ['-c', 'command -v "$1"', 'which', name], { stdio: 'ignore' }).status === 0;
}

/** Bytes that a folder takes on the disk, as `du` counts: a small file takes a whole block. */
export function sizeOf(folder: string): number {
  let sum = statSync(folder).blocks * 512;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    sum += entry.isDirectory() ? sizeOf(path) : statSync(path).blocks * 512;
  }
  return sum;
}

/** A deployment made by the built command line. */
export function makeDeployment(folder: string, configuration: string): string {
  sh(process.execPath, [CLI, 'init', folder]);
  writeFileSync(join(folder, 'drifttrail.yaml'), configuration);
  return folder;
}
