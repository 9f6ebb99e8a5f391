import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { blobId } from '../../src/store/objects.ts';
import type { Ahead, Store } from '../../src/store/store.ts';
import { git, newStore } from './repository.ts';

/** A thousand stay for the commit; the others are handed over. */
const FILES = Array.from(
  { length: 1200 },
  (_, index) => [`aws/1/eu/ec2.vpc/vpc-${index + 1000}.json`, Buffer.from(`{"n":${index}}\n`)] as const,
);

async function planned(ahead: Ahead): Promise<Map<string, Uint8Array | string>> {
  const writes = new Map<string, Uint8Array | string>();
  for (const [path, bytes] of FILES) writes.set(path, (await ahead.take(bytes)) ? blobId(bytes) : bytes);
  return writes;
}

async function commit(store: Store, writes: ReadonlyMap<string, Uint8Array | string>, ahead?: Ahead): Promise<string | null> {
  const date = '2026-01-02T00:00:00.000Z';
  return store.commit({ parent: await store.tip(), writes, deletes: [], message: 'Many\n', date, ...(ahead ? { ahead } : {}) });
}

it('makes the same commit ahead as at once, and shows nothing of it before', async () => {
  const [store, other] = await Promise.all([newStore(), newStore()]);
  const before = await git(store.dir, 'for-each-ref');
  const ahead = store.ahead();
  const writes = await planned(ahead);
  expect([...writes.values()].filter((content) => typeof content === 'string')).toHaveLength(200);
  expect(await git(store.dir, 'for-each-ref')).toBe(before);
  const sha = await commit(store, writes, ahead);
  await ahead.abandon();
  expect(sha).toBe(await commit(other, new Map(FILES)));
  expect(await git(store.dir, 'fsck', '--full', '--strict', '--no-progress')).toBe('');
  expect(readdirSync(join(store.dir, '.git', 'objects', 'pack')).filter((name) => name.endsWith('.pack'))).toHaveLength(2);
});

it('leaves the tip and every ref as they were when it is abandoned', async () => {
  const store = await newStore();
  const before = await git(store.dir, 'for-each-ref');
  const ahead = store.ahead();
  await planned(ahead);
  await ahead.abandon();
  await ahead.abandon();
  expect(await git(store.dir, 'for-each-ref')).toBe(before);
  expect(await git(store.dir, 'count-objects', '-v')).toMatch(/^packs: 1$/m);
  expect(await git(store.dir, 'fsck', '--full', '--no-progress')).toBe('');
  const again = store.ahead();
  expect(await commit(store, await planned(again), again)).toBe(await store.tip());
});

it('has what was taken when the branch was locked and the commit is made a second time', async () => {
  const store = await newStore();
  const ahead = store.ahead();
  const writes = await planned(ahead);
  // As after a lock: the first import is spent, what it stored is not.
  await ahead.finish().commit([]);
  const sha = await commit(store, writes, ahead);
  expect((await store.tree(sha ?? '')).size).toBeGreaterThanOrEqual(FILES.length);
});

it('commits nothing that names a file which nobody stored', async () => {
  const store = await newStore();
  const tip = await store.tip();
  const writes = new Map([['aws/1/eu/ec2.vpc/vpc-1.json', 'f'.repeat(40)]]);
  await expect(commit(store, writes)).rejects.toMatchObject({ code: 'git-failed' });
  expect(await store.tip()).toBe(tip);
});
