import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createGit } from '../../src/store/git.ts';
import { requireGit } from '../../src/store/git-version.ts';
import { newStore, surroundingsAt, temporaryFolder } from './repository.ts';

/** A git that only knows its version, in a folder for PATH. */
function fake(bin: string, version: string): void {
  writeFileSync(join(bin, 'git'), `#!/bin/sh\necho 'git version ${version}'\n`);
  chmodSync(join(bin, 'git'), 0o755);
}

it('asks each git for its version once, and one that was replaced again', async () => {
  const { dir } = await newStore();
  const bin = temporaryFolder();
  const surroundings = surroundingsAt({ time: '2026-01-01T00:00:00.000Z' });
  let asked = 0;
  const git = createGit(dir, {
    env: { PATH: bin },
    spawn: (...call) => {
      asked += 1;
      return surroundings.spawn(...call);
    },
  });
  fake(bin, '2.39.5');
  await requireGit(git);
  await requireGit(git);
  expect(asked).toBe(1);
  fake(bin, '2.35.1 (of another)');
  await expect(requireGit(git)).rejects.toMatchObject({ code: 'git-too-old', message: 'git version 2.35.1 (of another) is too old' });
  await expect(requireGit(git)).rejects.toMatchObject({ code: 'git-too-old' });
  expect(asked).toBe(3);
});

it('passes over a folder of the PATH that may not be entered, as the system does', async () => {
  const [dir, closed, bin] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
  fake(bin, '2.39.5');
  for (const open of [dir, bin]) chmodSync(open, 0o755);
  chmodSync(closed, 0o000);
  const git = createGit(dir, { env: { PATH: `${closed}:${bin}` }, spawn: surroundingsAt({ time: '2026-01-01T00:00:00.000Z' }).spawn });
  // Root may enter everything.
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    await expect(requireGit(git)).resolves.toBeUndefined();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
});
