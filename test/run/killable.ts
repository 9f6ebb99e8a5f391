/** `drifttrail snapshot` as a process that is loaded and waits, so that a kill falls into its work and not into its loading. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Built } from '../built.ts';
import { type Compiled, compile } from '../compiled.ts';
import { killGroup } from '../processes.ts';

/** The command itself, its modules loaded and its clock set before it is let go. */
const CHILD = `
import { once } from 'node:events';
import { main } from './src/cli/program.js';
await Promise.all(['run', 'deployment', 'correlate', 'outlets', 'trail/events', 'cli/snapshot'].map((name) => import('./src/' + name + '.js')));
await Promise.all([import('@duckdb/node-api'), import('simple-git')]);
process.stdout.write('ready');
const [go] = await once(process.stdin, 'data');
process.stdin.destroy();
const { dir, time } = JSON.parse(go);
const Real = Date;
const ahead = Real.parse(time) - Real.now();
globalThis.Date = class extends Real {
  constructor(...args) { if (args.length === 0) super(Real.now() + ahead); else super(...args); }
  static now() { return Real.now() + ahead; }
};
await main([process.execPath, 'drifttrail', '--dir', dir, 'snapshot', '--json']);
`;
const FILE = 'killed.js';

export const compileSnapshot = (): Promise<Compiled> => compile({ [FILE]: CHILD });

export interface Ended {
  /** Milliseconds since it was let go. */
  readonly took: number;
  /** Null when it was killed. */
  readonly code: number | null;
  readonly stderr: string;
}

interface Warm {
  readonly child: ChildProcess;
  readonly ready: Promise<unknown>;
  readonly ended: Promise<number | null>;
  readonly stderr: () => string;
}

/** Starts snapshots one after the other; the next one is loaded while nothing else runs, so that it takes no time from this one. */
export function snapshots(folder: string, random: () => number) {
  let next = warm(folder);
  return {
    /** Lets the command go. `whenToKill` gets what kills it, and may call that at any moment, also after its end. */
    go: async (
      at: { readonly dir: string; readonly time: string },
      whenToKill: (kill: () => void) => void = () => undefined,
    ): Promise<Ended> => {
      const { child, ready, ended, stderr } = next;
      next = warm(folder);
      await Promise.all([ready, next.ready]);
      child.stdin?.write(JSON.stringify({ dir: at.dir, time: at.time }));
      const begun = performance.now();
      // Half of the time its children live on for a moment, as when a supervisor kills the main process only.
      const whole = random() < 0.5;
      whenToKill(() => (whole ? killGroup(child) : child.kill('SIGKILL')));
      const code = await ended;
      return { took: performance.now() - begun, code, stderr: stderr() };
    },
    /** Ends the one that waits. */
    stop: () => killGroup(next.child),
  };
}

/** Starts the built program at a time of its own; `whole`: what kills it kills what it has started, too. */
export async function started(
  { argv }: Built,
  args: readonly string[],
  { time, env, whole }: { readonly time: string; readonly env: Readonly<Record<string, string>>; readonly whole: boolean },
  whenToKill: (kill: () => void) => void = () => undefined,
): Promise<Ended> {
  const child = spawn(process.execPath, [...argv, ...args], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...env, DRIFTTRAIL_TEST_TIME: time },
  });
  const begun = performance.now();
  const { ended, stderr } = followed(child);
  whenToKill(() => (whole ? killGroup(child) : child.kill('SIGKILL')));
  const code = await ended;
  return { took: performance.now() - begun, code, stderr: stderr() };
}

function warm(folder: string): Warm {
  const child = spawn(process.execPath, [join(folder, FILE)], { detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  return { child, ready: new Promise((resolve) => child.stdout?.once('data', resolve)), ...followed(child) };
}

function followed(child: ChildProcess): Pick<Warm, 'ended' | 'stderr'> {
  let said = '';
  child.stderr?.on('data', (text: Buffer) => {
    said += text.toString();
  });
  return { ended: new Promise((resolve) => child.on('exit', resolve)), stderr: () => said };
}

/** Numbers from 0 to 1 that a seed decides. */
export function randomBy(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
