import { readdirSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openFeed } from '../../src/store/streams.ts';
import { git, newStore, write } from './repository.ts';

it('clears what a killed git was writing, once it is surely nobody’s', async () => {
  const store = await newStore();
  await write(store, { 'aws/1/eu/ec2.vpc/vpc-1.json': '{}\n' });
  const gitDir = join(store.dir, '.git');
  const packs = join(gitDir, 'objects', 'pack');
  const before = readdirSync(packs);
  const left = [join(packs, 'tmp_pack_Ab12Cd'), join(packs, 'tmp_idx_Ab12Cd'), join(gitDir, 'fast_import_crash_4711')];
  for (const file of left) writeFileSync(file, 'half');
  await store.recover();
  expect(readdirSync(packs)).toHaveLength(before.length + 2);
  const old = new Date(Date.now() - 120_000);
  for (const file of left) utimesSync(file, old, old);
  await store.recover();
  expect(readdirSync(packs)).toEqual(before);
  expect(readdirSync(gitDir).filter((name) => name.startsWith('fast_import'))).toEqual([]);
  expect(await git(store.dir, 'fsck', '--full', '--no-progress')).toBe('');
  renameSync(join(gitDir, 'objects'), join(gitDir, 'elsewhere'));
  await expect(store.recover(), 'what is missing is for the inspection to say').resolves.toBeUndefined();
});

it('clears the account of a crash that git leaves when we are killed while we feed it', async () => {
  const store = await newStore();
  const gitDir = join(store.dir, '.git');
  const before = await git(store.dir, 'for-each-ref');
  const feed = openFeed({ dir: store.dir, env: { PATH: process.env['PATH'] ?? '', GIT_DIR: gitDir } }, [
    'fast-import',
    '--quiet',
    '--done',
  ]);
  await feed.write(Buffer.from('blob\ndata 5\nhalf\n\n'));
  await expect(feed.end()).rejects.toMatchObject({ code: 'git-failed' });
  const crashes = () => readdirSync(gitDir).filter((name) => name.startsWith('fast_import_crash_'));
  expect(crashes()).toHaveLength(1);
  const old = new Date(Date.now() - 120_000);
  for (const name of crashes()) utimesSync(join(gitDir, name), old, old);
  await store.recover();
  expect(crashes()).toEqual([]);
  expect(await git(store.dir, 'for-each-ref')).toBe(before);
  expect(await git(store.dir, 'fsck', '--full', '--no-dangling', '--no-progress')).toBe('');
});
