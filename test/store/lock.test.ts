import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DrifttrailError } from '../../src/errors.ts';
import { acquireLock } from '../../src/store/lock.ts';
import { temporaryFolder } from './repository.ts';

const clock = { now: () => new Date('2026-01-01T00:00:00Z') };
const started = (child: ChildProcess) => {
  onTestFinished(() => void child.kill('SIGKILL'));
  return child.pid ?? 0;
};
/** A lock as a process that is not this one would have left it. */
function plant(dir: string, holder: object): void {
  mkdirSync(join(dir, 'lock'), { recursive: true });
  writeFileSync(
    join(dir, 'lock', '1'),
    JSON.stringify({
      pid: process.pid,
      host: hostname(),
      boot: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
      started: '',
      since: 'then',
      ...holder,
    }),
  );
}

describe('acquireLock (R4)', () => {
  it('turns the second away within a second, naming pid and host', async () => {
    const dir = temporaryFolder();
    const lock = await acquireLock(dir, clock);
    const begun = performance.now();
    const refused = await acquireLock(dir, clock).catch((error: unknown) => error);
    expect(performance.now() - begun).toBeLessThan(1000);
    expect(refused).toBeInstanceOf(DrifttrailError);
    expect(refused).toMatchObject({ code: 'locked', exitCode: 75 });
    expect(String(refused)).toContain(`process ${process.pid} on ${hostname()}`);
    await lock.release();
    await (await acquireLock(dir, clock)).release();
    expect(readdirSync(join(dir, 'lock'))).toHaveLength(1);
  });

  it('honours a living process and takes over from a dead one', async () => {
    const dir = temporaryFolder();
    const child = spawn('sleep', ['60']);
    plant(dir, { pid: started(child) });
    await expect(acquireLock(dir, clock)).rejects.toMatchObject({ code: 'locked' });
    child.kill('SIGKILL');
    await new Promise((resolve) => child.on('close', resolve));
    await (await acquireLock(dir, clock)).release();
  });

  it.each([
    ['an earlier boot', { boot: 'another' }],
    ['a process id used again', { started: '1' }],
  ])('takes over from %s', async (_, holder) => {
    const dir = temporaryFolder();
    plant(dir, holder);
    await (await acquireLock(dir, clock)).release();
  });

  it('honours another machine, whose processes it cannot see', async () => {
    const dir = temporaryFolder();
    plant(dir, { host: 'elsewhere', pid: 1, boot: 'x' });
    await expect(acquireLock(dir, clock)).rejects.toThrow(/process 1 on elsewhere/);
  });

  it('takes over what a crash of the machine left empty', async () => {
    const dir = temporaryFolder();
    mkdirSync(join(dir, 'lock'));
    writeFileSync(join(dir, 'lock', '7'), '');
    await (await acquireLock(dir, clock)).release();
  });

  it('lets one of many win a takeover', async () => {
    const dir = temporaryFolder();
    plant(dir, { boot: 'another' });
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => acquireLock(dir, clock)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});
