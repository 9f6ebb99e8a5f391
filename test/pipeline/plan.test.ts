import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import type { Exporter, Resource } from '../../src/model.ts';
import { createRedactor } from '../../src/normalize/redact.ts';
import { changesOf } from '../../src/pipeline/changes.ts';
import { contentsOf } from '../../src/pipeline/contents.ts';
import { planSnapshot } from '../../src/pipeline/plan.ts';
import { createLayout } from '../../src/store/layout.ts';
import type { PlanInput } from '../../src/store/plan.ts';
import type { Store } from '../../src/store/store.ts';
import { git, newStore } from '../store/repository.ts';

const host: Pick<Exporter, 'name' | 'scopes' | 'kinds'> = {
  name: 'host',
  scopes: { root: 'hosts', depth: 2 },
  kinds: { 'host.file': { format: 'text', title: 'file', location: { type: 'tree', folder: 'files' } } },
};
const layout = createLayout([host]);
const redactor = createRedactor(Buffer.alloc(32, 7));
/** Enough that most of them are handed to git ahead of the commit. */
const COUNT = 1300;
const secretOf = (index: number) => `hunter${index}Zq7Lw`;

function* resources(until = COUNT): Generator<Resource> {
  for (let index = 0; index < until; index += 1) {
    yield {
      ref: { scope: 'hosts/web01', kind: 'host.file', id: `etc/app/${index}.conf` },
      config: Buffer.from(`name = ${index}\npassword = ${secretOf(index)}\n`),
    };
  }
}

const inputOf = (contents: PlanInput['contents']): PlanInput => ({
  tree: new Map(),
  layout,
  contents,
  complete: [{ scope: 'hosts/web01', kind: 'host.file' }],
  gaps: [],
  exporter: 'host',
});

async function everyObject(store: Store): Promise<string> {
  return git(store.dir, 'cat-file', '--batch-all-objects', '--batch');
}

it('stores ahead of the commit nothing that is not redacted (S4), and says what it changes', async () => {
  const store = await newStore();
  const ahead = store.ahead();
  const plan = await planSnapshot(inputOf(contentsOf(resources(), { kinds: host.kinds, redactor })), ahead);
  expect([...plan.writes.values()].filter((content) => typeof content === 'string')).toHaveLength(COUNT - 1000);
  const changes = await changesOf(plan, new Map(), { layout, store });
  const whole = await planSnapshot(inputOf(contentsOf(resources(), { kinds: host.kinds, redactor })));
  expect(changes).toEqual(await changesOf(whole, new Map(), { layout, store }));
  expect(changes).toHaveLength(COUNT);
  const { writes, deletes } = plan;
  await store.commit({ parent: await store.tip(), writes, deletes, message: 'Many\n', date: '2026-01-02T00:00:00.000Z', ahead });
  const objects = await everyObject(store);
  expect(objects.match(/password = «redacted:hmac-sha256:[0-9a-f]{12}»/g)).toHaveLength(COUNT);
  expect(objects).not.toContain('hunter');
});

it('leaves no trace in the history of a plan that fails half-way', async () => {
  const store = await newStore();
  const before = [await git(store.dir, 'for-each-ref'), await everyObject(store)];
  const ahead = store.ahead();
  // The last in the order of paths, in which they are planned.
  const last = 'etc/app/999.conf';
  const contents = [...contentsOf(resources(), { kinds: host.kinds, redactor })].map((content) => ({
    ...content,
    unless: (stored: string | undefined) => {
      if (content.ref.id === last) throw new Error('no such form');
      return content.unless(stored);
    },
  }));
  await expect(planSnapshot(inputOf(contents), ahead)).rejects.toThrow('no such form');
  // Git works at its own pace: it may only now begin with what it was told.
  await vi.waitFor(() => expect(readdirSync(join(store.dir, '.git', 'objects', 'pack')).join()).toContain('tmp_pack_'), 10_000);
  await ahead.abandon();
  expect([await git(store.dir, 'for-each-ref'), await everyObject(store)]).toEqual(before);
});
