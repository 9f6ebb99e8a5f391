import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createGit } from '../../src/store/git.ts';
import { editedPaths } from '../../src/store/worktree.ts';
import { git, newStore, surroundingsAt, write } from './repository.ts';

it('names the same edits whether HEAD is what was checked out last or not', async () => {
  const store = await newStore();
  await write(store, { 'a/edited': 'a\n', 'a/gone': 'b\n', 'a/staged': 'c\n', 'a/kept': 'd\n' });
  await store.refreshWorktree();
  const at = (name: string) => join(store.dir, name);
  appendFileSync(at('a/edited'), 'more\n');
  rmSync(at('a/gone'));
  writeFileSync(at('a/staged'), 'other\n');
  await git(store.dir, 'add', 'a/staged');
  writeFileSync(at('a/new ü\n'), '');
  mkdirSync(join(store.dir, '.git', 'info'), { recursive: true });
  writeFileSync(join(store.dir, '.git', 'info', 'exclude'), '*.ignored\n');
  writeFileSync(at('b.ignored'), '');
  const repository = createGit(store.dir, surroundingsAt({ time: '2026-01-01T00:00:00.000Z' }));
  const edited = ['a/edited', 'a/gone', 'a/new ü\n', 'a/staged', 'b.ignored'];
  expect(await editedPaths(repository)).toEqual(edited);
  // A commit that is not checked out yet: HEAD tells nothing about the files.
  await write(store, { 'a/kept': 'e\n' });
  expect(await editedPaths(repository)).toEqual(edited);
});
