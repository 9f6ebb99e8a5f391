import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createLayout } from '../../src/store/layout.ts';
import { git, newStore, temporaryFolder, write } from './repository.ts';

it('lets no captured file steer git, here or in a clone (S2)', async () => {
  const store = await newStore();
  const { pathOf } = createLayout([
    {
      name: 'host',
      scopes: { root: 'hosts', depth: 2 },
      kinds: { 'host.file': { format: 'text', title: 'file', location: { type: 'tree', folder: 'files' } } },
    },
  ]);
  const file = (id: string) => pathOf({ scope: 'hosts/web01', kind: 'host.file', id });
  const attack = {
    'etc/.gitignore': '*\n',
    'etc/.gitattributes': '* -diff\n',
    '.gitmodules': '[submodule "x"]\n',
    'etc/.git/config': '[core]\n',
    'etc/.GIT/hooks/post-checkout': '#!/bin/sh\n',
  };
  await write(store, {
    ...Object.fromEntries(Object.entries(attack).map(([id, text]) => [file(id), text])),
    [file('etc/passwd')]: 'root\n',
  });
  await write(store, { [file('etc/passwd')]: 'root\nmallory\n' });
  expect(await store.refreshWorktree()).toEqual([]);
  const clone = join(temporaryFolder(), 'clone');
  await git(store.dir, 'clone', '-q', store.dir, clone);
  for (const dir of [store.dir, clone]) {
    expect(await git(dir, 'log', '-p', '-1')).toContain('+mallory');
    expect(await git(dir, 'status', '--porcelain', '--ignored')).toBe('');
  }
});
