import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { initStore, openStore, type Store } from '../../src/store/store.ts';
import { git, newStore, surroundingsAt, write } from './repository.ts';

const PATH = 'aws/1/eu/ec2.vpc/vpc-1.json';
const packs = (dir: string, ending: string) => {
  const folder = join(dir, '.git', 'objects', 'pack');
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));
};
const each = (files: string[], act: (file: string) => void) => {
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) {
    chmodSync(file, 0o600);
    act(file);
  }
};
const inGit = (store: Store, ...parts: string[]) => join(store.dir, '.git', ...parts);

/** Each damage and the word it is found under. */
const damages: readonly (readonly [name: string, code: string, act: (store: Store) => Promise<unknown> | unknown])[] = [
  ['an empty HEAD', 'head-broken', (store) => writeFileSync(inGit(store, 'HEAD'), '')],
  ['a garbled HEAD', 'head-broken', (store) => writeFileSync(inGit(store, 'HEAD'), '\0\0\0\0')],
  ['a detached HEAD', 'head-detached', (store) => git(store.dir, 'checkout', '-q', '--detach')],
  ['another branch', 'head-elsewhere', (store) => git(store.dir, 'checkout', '-q', '-b', 'mine')],
  ['a lost branch', 'branch-missing', (store) => rmSync(inGit(store, 'refs/heads/main'))],
  ['an empty branch file', 'branch-missing', (store) => writeFileSync(inGit(store, 'refs/heads/main'), '')],
  ['a branch to nowhere', 'tip-unreadable', (store) => writeFileSync(inGit(store, 'refs/heads/main'), `${'1'.repeat(40)}\n`)],
  ['garbled packed refs', 'refs-broken', (store) => writeFileSync(inGit(store, 'packed-refs'), 'garbage\n')],
  ['an empty config', 'config-broken', (store) => writeFileSync(inGit(store, 'config'), '')],
  ['a garbled config', 'config-broken', (store) => writeFileSync(inGit(store, 'config'), '[core\n')],
  ['a bare repository', 'config-bare', (store) => git(store.dir, 'config', 'core.bare', 'true')],
  [
    'an empty object',
    'object-empty',
    (store) => {
      mkdirSync(inGit(store, 'objects/aa'), { recursive: true });
      writeFileSync(inGit(store, `objects/aa/${'b'.repeat(38)}`), '');
    },
  ],
  ['cut-off packs', 'pack-broken', (store) => each(packs(store.dir, '.pack'), (file) => truncateSync(file, 40))],
  ['packs without index', 'pack-unindexed', (store) => each(packs(store.dir, '.idx'), (file) => rmSync(file))],
  ['lost packs', 'pack-missing', (store) => each(packs(store.dir, '.pack'), (file) => rmSync(file))],
  ['a garbled index', 'index-broken', (store) => writeFileSync(inGit(store, 'index'), 'garbage')],
  ['an edited file', 'worktree-edited', (store) => writeFileSync(join(store.dir, PATH), 'mine')],
  ['a removed file', 'worktree-edited', (store) => rmSync(join(store.dir, PATH))],
  ['a file put there', 'worktree-edited', (store) => writeFileSync(join(store.dir, 'notes.txt'), 'mine')],
  [
    'a staged edit',
    'worktree-edited',
    async (store) => {
      writeFileSync(join(store.dir, PATH), 'mine');
      await git(store.dir, 'add', '.');
    },
  ],
  ['a begun merge', 'operation-begun', (store) => writeFileSync(inGit(store, 'MERGE_HEAD'), `${'1'.repeat(40)}\n`)],
  ['a lock left behind', 'lock-left', (store) => writeFileSync(inGit(store, 'index.lock'), '')],
  [
    'lost alternates',
    'alternate-missing',
    (store) => {
      mkdirSync(inGit(store, 'objects/info'), { recursive: true });
      writeFileSync(inGit(store, 'objects/info/alternates'), '/nowhere/objects\n');
    },
  ],
  ['a shallow history', 'history-shallow', async (store) => writeFileSync(inGit(store, 'shallow'), `${await store.tip()}\n`)],
  ['a repository open to others', 'repository-exposed', (store) => chmodSync(store.dir, 0o755)],
  ['a lost object folder', 'repository-missing', (store) => renameSync(inGit(store, 'objects'), inGit(store, 'elsewhere'))],
];

describe('inspect (R12)', () => {
  it.each(damages)('finds %s', async (_, code, act) => {
    const store = await newStore();
    await write(store, { [PATH]: 'x' });
    await store.refreshWorktree();
    expect(await store.inspect()).toEqual([]);
    await act(store);
    const problems = await store.inspect();
    expect(problems.map((problem) => problem.code)).toContain(code);
    expect(problems.every(({ repair }) => repair.length > 5)).toBe(true);
    const log = readFileSync(inGit(store, 'logs/refs/heads/main'), 'utf8');
    await initStore(store.dir, surroundingsAt({ time: '2026-03-01T00:00:00Z' })).catch(() => undefined);
    expect(readFileSync(inGit(store, 'logs/refs/heads/main'), 'utf8').startsWith(log)).toBe(true);
  });

  it('names the commit that a lost branch stood on', async () => {
    const store = await newStore();
    const sha = await write(store, { [PATH]: 'x' });
    rmSync(inGit(store, 'refs/heads/main'));
    const found = (await store.inspect()).find(({ code }) => code === 'branch-missing');
    expect(found?.repair).toContain(`update-ref refs/heads/main ${sha}`);
    await expect(initStore(store.dir, surroundingsAt({ time: '2026-03-01T00:00:00Z' }))).rejects.toMatchObject({
      code: 'repository-broken',
    });
    expect(await (await openStore(store.dir, surroundingsAt({ time: '2026-03-01T00:00:00Z' }))).tip()).toBeNull();
  });
});
