import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/store.ts';
import { type Compiled, compile } from '../compiled.ts';
import { killGroup } from '../processes.ts';
import { amount, git, newStore, surroundingsAt, write } from './repository.ts';

const FILES = 40;
const ROUNDS = amount(10, 500);
const path = (index: number) => `aws/1/eu/ec2.vpc/vpc-${index}.json`;

/** Cycles without end: every file gets the cycle's number, then notes, observed and the worktree follow. */
const CHILD = `
import { openStore } from './src/store/store.js';
import { realSurroundings } from './src/surroundings.js';
const store = await openStore(process.argv[2], realSurroundings());
process.stdout.write('ready');
for (let cycle = Number(process.argv[3]); ; cycle += 1) {
  const writes = new Map(Array.from({ length: ${FILES} }, (_, index) => ['aws/1/eu/ec2.vpc/vpc-' + index + '.json', Buffer.from(cycle + ' ' + 'x'.repeat(2000))]));
  const sha = await store.commit({ parent: await store.tip(), writes, deletes: [], message: 'Cycle ' + cycle + '\\n', date: new Date().toISOString() });
  await store.writeNotes(new Map([[sha, { text: 'note ' + cycle, findings: '{}' }]]));
  await store.writeObserved({ observations: { s: { k: { tried: new Date().toISOString() } } }, identities: {}, held: {} });
  await store.refreshWorktree();
}
`;

let compiled: Compiled;
beforeAll(async () => {
  compiled = await compile({ 'child.js': CHILD });
});
afterAll(() => compiled.remove());

describe('kill -9 at any moment of the store (R1; of the whole command: test/run/kill.faults.test.ts)', () => {
  it('leaves whole snapshots and needs no help', async () => {
    const store = await newStore();
    // A slow machine gets as many whole cycles between two kills as a fast one.
    const warm = performance.now();
    const files = Object.fromEntries(Array.from({ length: FILES }, (_, index) => [path(index), 'warm']));
    const first = await write(store, files, { date: new Date().toISOString() });
    await store.writeNotes(new Map([[first ?? '', { text: 'warm', findings: '{}' }]]));
    await store.writeObserved({ observations: {}, identities: {}, held: {} });
    await store.refreshWorktree();
    const longest = Math.max(150, 4 * (performance.now() - warm));
    const seed = Number(process.env['DRIFTTRAIL_SEED'] ?? Date.now() % 100_000);
    let state = seed;
    const random = () => {
      state = (state * 1103515245 + 12345) % 2147483648;
      return state / 2147483648;
    };
    for (let round = 0; round < ROUNDS; round += 1) {
      const child = spawn(process.execPath, [join(compiled.folder, 'child.js'), store.dir, String(round * 1000)], {
        detached: true,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await new Promise((resolve) => child.stdout.once('data', resolve));
      await new Promise((resolve) => setTimeout(resolve, random() * longest));
      killGroup(child);
      await new Promise((resolve) => child.on('close', resolve));

      const tip = await store.tip();
      const tree = await store.tree(tip ?? '');
      expect(new Set(Array.from({ length: FILES }, (_, index) => tree.get(path(index)))).size, `seed ${seed} round ${round}`).toBe(1);
    }
    expect(Number(await git(store.dir, 'rev-list', '--count', 'main'))).toBeGreaterThan(ROUNDS / 2);
    const begun = performance.now();
    const after = await openStore(store.dir, surroundingsAt({ time: new Date().toISOString() }));
    const sha = await write(after, { [path(0)]: 'after' }, { date: new Date().toISOString() });
    await after.writeNotes(new Map([[sha ?? '', { text: 'after', findings: '{}' }]]));
    expect(await after.refreshWorktree(), `seed ${seed}`).toEqual([]);
    expect(performance.now() - begun).toBeLessThan(10_000);
    expect(await git(store.dir, 'status', '--porcelain')).toBe('');
    expect(await git(store.dir, 'fsck', '--full', '--no-dangling', '--no-progress')).toBe('');
    expect(
      (await after.inspect()).filter(({ code }) => code !== 'lock-left'),
      `seed ${seed}`,
    ).toEqual([]);
  }, 1_800_000);
});
