/** A store in a temporary folder, with a clock that the test moves. */
import { join } from 'node:path';
import type { Surroundings } from '../../src/model.ts';
import { spawn } from '../../src/spawn.ts';
import { type CommitPlan, initStore, openStore, type Store } from '../../src/store/store.ts';
import { realSurroundings } from '../../src/surroundings.ts';
import { folder as temporaryFolder } from '../folder.ts';

export { temporaryFolder };

export interface TestClock {
  time: string;
}

export function surroundingsAt(clock: TestClock): Surroundings {
  return { ...realSurroundings(), now: () => new Date(clock.time) };
}

export async function newStore(clock: TestClock = { time: '2026-01-01T00:00:00.000Z' }): Promise<Store> {
  const dir = join(temporaryFolder(), 'snapshots');
  const surroundings = surroundingsAt(clock);
  await initStore(dir, surroundings);
  return openStore(dir, surroundings);
}

export async function write(
  store: Store,
  files: Readonly<Record<string, string | null>>,
  more: Partial<CommitPlan> = {},
): Promise<string | null> {
  const entries = Object.entries(files);
  return store.commit({
    parent: await store.tip(),
    writes: new Map(entries.flatMap(([path, text]) => (text === null ? [] : [[path, Buffer.from(text)] as const]))),
    deletes: entries.flatMap(([path, text]) => (text === null ? [path] : [])),
    message: 'Test\n',
    date: '2026-01-02T00:00:00.000Z',
    ...more,
  });
}

export async function git(dir: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await spawn('git', args, { cwd: dir, env: process.env, timeout: 60_000 });
  if (code !== 0) throw new Error(`git ${args.join(' ')}: ${code} ${stderr}`);
  return stdout.toString('utf8').trim();
}

/** How much a fault test does: all of it only when asked. */
export function amount(normal: number, full: number): number {
  return process.env['DRIFTTRAIL_FAULTS'] === 'full' ? full : normal;
}
