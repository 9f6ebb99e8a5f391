import { readdirSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
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
