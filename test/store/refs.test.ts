import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createGit, type Git } from '../../src/store/git.ts';
import { refOrNull } from '../../src/store/refs.ts';
import { git, newStore, surroundingsAt } from './repository.ts';

interface Asked {
  readonly git: Git;
  readonly dir: string;
  /** What git was asked to do. */
  readonly commands: string[];
}

async function repository(): Promise<Asked> {
  const { dir } = await newStore();
  const surroundings = surroundingsAt({ time: '2026-01-01T00:00:00.000Z' });
  const commands: string[] = [];
  const spawn: typeof surroundings.spawn = (command, args, options) => {
    commands.push(args[0] ?? '');
    return surroundings.spawn(command, args, options);
  };
  return { git: createGit(dir, { ...surroundings, spawn }), dir, commands };
}

it('reads loose and packed refs, a loose one first, without asking git', async () => {
  const { git: asked, dir, commands } = await repository();
  const first = await git(dir, 'rev-parse', 'main');
  expect(await refOrNull(asked, 'refs/heads/main')).toBe(first);
  await git(dir, 'pack-refs', '--all');
  expect(await refOrNull(asked, 'refs/heads/main')).toBe(first);
  const second = await git(dir, '-c', 'user.name=a', '-c', 'user.email=a@b', 'commit-tree', '-m', 'x', '-p', first, 'main^{tree}');
  await git(dir, 'update-ref', 'refs/heads/main', second);
  expect(await refOrNull(asked, 'refs/heads/main')).toBe(second);
  expect(await refOrNull(asked, 'refs/heads/mai')).toBeNull();
  rmSync(join(dir, '.git', 'packed-refs'));
  expect(await refOrNull(asked, 'refs/notes/drifttrail')).toBeNull();
  expect(commands).toEqual([]);
});

it('leaves to git what its files do not say', async () => {
  const { git: asked, dir, commands } = await repository();
  const tip = await git(dir, 'rev-parse', 'main');
  await git(dir, 'symbolic-ref', 'refs/heads/alias', 'refs/heads/main');
  expect(await refOrNull(asked, 'refs/heads/alias')).toBe(tip);
  expect(await refOrNull(asked, tip)).toBe(tip);
  expect(await refOrNull(asked, '0'.repeat(40)).catch(() => null)).toBeNull();
  expect(await refOrNull(asked, 'refs/heads/main~1')).toBeNull();
  mkdirSync(join(dir, '.git', 'refs', 'heads', 'folder'));
  expect(await refOrNull(asked, 'refs/heads/folder')).toBeNull();
  writeFileSync(join(dir, '.git', 'refs', 'heads', 'empty'), '');
  await expect(refOrNull(asked, 'refs/heads/empty')).resolves.toBeNull();
  expect(new Set(commands)).toEqual(new Set(['rev-parse']));
  expect(commands).toHaveLength(6);
});
