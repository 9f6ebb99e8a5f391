import { spawn } from 'node:child_process';
import { existsSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openStore } from '../../src/store/store.ts';
import { newStore, surroundingsAt, write } from './repository.ts';
import { killGroup } from '../processes.ts';

const PATH = 'aws/1/eu/ec2.vpc/vpc-1.json';
const OLD = new Date('2020-01-01T00:00:00Z');

describe('git locks (R2)', () => {
  it('recovers from what a killed git left, old or fresh, within a cycle', async () => {
    const names = ['index.lock', 'HEAD.lock', 'refs/heads/main.lock', 'packed-refs.lock', 'shallow.lock'];
    // All at once: a fresh lock is waited for, so that its git has surely ended.
    const cases = names.flatMap((name) => [
      { name, time: new Date() },
      { name, time: OLD },
    ]);
    const outcomes = await Promise.all(
      cases.map(async ({ name, time }) => {
        const store = await newStore();
        const file = join(store.dir, '.git', name);
        writeFileSync(file, '');
        utimesSync(file, time, time);
        const sha = await write(store, { [PATH]: 'x' });
        return { name, problems: await store.refreshWorktree(), same: (await store.tip()) === sha };
      }),
    );
    for (const outcome of outcomes) expect(outcome).toEqual({ name: outcome.name, problems: [], same: true });
  });

  it('never removes the lock of a living git, waits ten seconds, and leaves with 75', async () => {
    const store = await newStore();
    const child = spawn('git', ['-c', 'alias.hold=!echo held; sleep 60', 'hold'], { cwd: store.dir, detached: true });
    onTestFinished(() => killGroup(child));
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const file = join(store.dir, '.git', 'refs', 'heads', 'main.lock');
    writeFileSync(file, '');
    utimesSync(file, OLD, OLD);
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    let waited = 0;
    const sleep = async (milliseconds: number) => {
      waited += milliseconds;
      vi.setSystemTime(Date.now() + milliseconds);
    };
    const patient = await openStore(store.dir, { ...surroundingsAt({ time: '2026-01-01T00:00:00Z' }), sleep });
    await expect(write(patient, { [PATH]: 'x' })).rejects.toMatchObject({ code: 'git-locked', exitCode: 75 });
    expect(waited).toBeGreaterThanOrEqual(10_000);
    expect(existsSync(file)).toBe(true);
  });
});
