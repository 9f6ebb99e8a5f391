import { spawn } from 'node:child_process';
import { existsSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openStore } from '../../src/store/store.ts';
import { newStore, surroundingsAt, write } from './repository.ts';

const PATH = 'aws/1/eu/ec2.vpc/vpc-1.json';
const OLD = new Date('2020-01-01T00:00:00Z');

describe('git locks (R2)', () => {
  it.each(
    ['index.lock', 'HEAD.lock', 'refs/heads/main.lock', 'packed-refs.lock', 'shallow.lock'].flatMap(
      (name) =>
        [
          [name, 'old'],
          [name, 'fresh'],
        ] as const,
    ),
  )('recovers from %s, %s, within a cycle', async (name, age) => {
    const store = await newStore();
    const file = join(store.dir, '.git', name);
    writeFileSync(file, '');
    if (age === 'old') utimesSync(file, OLD, OLD);
    const sha = await write(store, { [PATH]: 'x' });
    expect(await store.refreshWorktree()).toEqual([]);
    expect(await store.tip()).toBe(sha);
  });

  it('never removes the lock of a living git, and leaves with 75', async () => {
    const store = await newStore();
    const child = spawn('git', ['-c', 'alias.hold=!sleep 60', 'hold'], { cwd: store.dir, detached: true });
    onTestFinished(() => void process.kill(-(child.pid ?? 0), 'SIGKILL'));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const file = join(store.dir, '.git', 'refs', 'heads', 'main.lock');
    writeFileSync(file, '');
    utimesSync(file, OLD, OLD);
    const impatient = await openStore(store.dir, { ...surroundingsAt({ time: '2026-01-01T00:00:00Z' }) });
    await expect(write(impatient, { [PATH]: 'x' })).rejects.toMatchObject({ code: 'git-locked', exitCode: 75 });
    expect(existsSync(file)).toBe(true);
  });
});
