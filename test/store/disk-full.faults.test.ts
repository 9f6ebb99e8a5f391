/** A disk that is full at any point of a run (R3). */
import { mkdirSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { explained } from '../../src/cli/system-errors.ts';
import { DrifttrailError } from '../../src/errors.ts';
import { spawn } from '../../src/spawn.ts';
import { world } from '../run/world.ts';
import { amount, temporaryFolder } from './repository.ts';

/** KiB left when the run begins: from nothing at all to enough for all but its last steps. */
const LEFT = [0, 4, 8, 16, 24, 32, 48, 64, 96, 128, 192, 256].filter((_, index) => index % amount(4, 1) === 0);

it(`leaves the tip as it was or one whole snapshot, says one line, and needs no help (${LEFT.length} amounts left)`, async () => {
  const disk = join(temporaryFolder(), 'disk');
  mkdirSync(disk);
  const mounted = await spawn('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', disk], { timeout: 10_000 }).catch(() => undefined);
  if (mounted?.code !== 0) return console.warn('R3 skipped: a file system of 3 MiB cannot be mounted here (it takes root and mount)');
  onTestFinished(async () => void (await spawn('umount', ['-l', disk], { timeout: 10_000 })));
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = disk;
  const self = await world(
    'exporters:\n  - use: ./plugins/fake\n    state: state.json\nhooks:\n  - use: ./plugins/recorder\n    file: told.jsonl\n    from: info\n',
  );
  if (before === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = before;

  const filler = join(disk, 'filler');
  const incompressible = (version: number) =>
    Array.from({ length: 60 }, (_, index) => Math.sin(version * 1000 + index).toString(36)).join('');
  const become = (version: number) =>
    self.things(
      Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`t${index}`, { version, text: incompressible(version * 8 + index) }])),
    );
  become(1);
  await self.run();
  let failed = 0;
  for (const [index, left] of LEFT.entries()) {
    self.pass(5);
    become(index + 2);
    const tip = await self.git('rev-parse', 'main');
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - left * 1024)));
    const error = await self.run().then(
      () => undefined,
      (cause: unknown) => explained(cause),
    );
    if (error !== undefined) {
      failed += 1;
      expect(error, `${left} KiB left`).toBeInstanceOf(DrifttrailError);
      expect((error as DrifttrailError).message, `${left} KiB left`).toMatch(/No space left|disk is full/);
      expect((error as DrifttrailError).remedy).toContain('make room');
    }
    const now = await self.git('rev-parse', 'main');
    const versions = (await self.git('grep', '-h', '-o', '-E', '"version": [0-9]+', 'main', '--', 'fake')).split('\n');
    expect(new Set(versions).size, `${left} KiB left`).toBe(1);
    expect(versions).toHaveLength(8);
    if (now !== tip) expect(versions[0]).toBe(`"version": ${index + 2}`);
    rmSync(filler);
    // The same state, with room again: nothing has to be done by hand, and everything is told.
    expect(await self.run(), `${left} KiB left`).toMatchObject({ exitCode: 0, problems: [] });
    expect(await self.git('rev-list', '--count', 'main')).toBe(String(index + 3));
  }
  expect(failed).toBeGreaterThan(0);
  expect(await self.git('fsck', '--full', '--no-dangling', '--no-progress')).toBe('');
  const told = self.told().flatMap(({ findings, more }) => findings.map(({ id }) => id).concat(Array(more).fill('')));
  expect(told).toHaveLength(8 * LEFT.length);
  const litter = readdirSync(join(self.dir, 'snapshots/.git/objects/pack')).filter((name) => name.startsWith('tmp_'));
  console.log(`R3: ${LEFT.length} amounts left, ${failed} runs failed, ${litter.length} temporary packs left`);
}, 300_000);
