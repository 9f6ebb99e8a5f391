/** Machines that share a remote, each with a scope of its own. */
import { join } from 'node:path';
import { expect } from 'vitest';
import { mergeObserved } from '../../src/store/observed.ts';
import { initStore, openStore, type Store } from '../../src/store/store.ts';
import { git, surroundingsAt, temporaryFolder, write } from './repository.ts';

const clock = { time: '2026-01-01T00:00:00.000Z' };
export const DEADLINE = 120_000;
export const scope = (writer: number) => `hosts/web${writer}/`;
const observed = (writer: number, time: string) => ({
  observations: { [`hosts/web${writer}`]: { 'host.file': { tried: time, complete: { from: time, to: time } } } },
  identities: { [`hosts/web${writer}`]: String(writer) },
  held: {},
});

export async function writers(count: number): Promise<{ remote: string; stores: Store[] }> {
  const folder = temporaryFolder();
  const remote = join(folder, 'remote.git');
  await git(folder, 'init', '-q', '--bare', '-b', 'main', remote);
  await git(remote, 'config', 'receive.denyNonFastForwards', 'true');
  await git(remote, 'config', 'receive.denyDeletes', 'true');
  const stores: Store[] = [];
  for (let index = 0; index < count; index += 1) {
    const dir = join(folder, `clone${index}`);
    await initStore(dir, surroundingsAt(clock));
    stores.push(await openStore(dir, surroundingsAt(clock)));
  }
  return { remote, stores };
}

export async function expectAll(remote: string, count: number, each: number): Promise<void> {
  for (let writer = 0; writer < count; writer += 1) {
    const subjects = (await git(remote, 'log', '--reverse', '--format=%s', 'main', '--', scope(writer))).split('\n');
    expect(subjects).toEqual(Array.from({ length: each }, (_, index) => `writer ${writer} commit ${index}`));
  }
  expect(await git(remote, 'rev-list', '--merges', '--count', 'main')).toBe('0');
  const dates = (await git(remote, 'log', '--reverse', '--format=%ct', 'main')).split('\n').map(Number);
  expect(dates).toEqual([...dates].sort((a, b) => a - b));
}

export async function work(store: Store, remote: string, writer: number, each: number): Promise<void> {
  for (let index = 0; index < each; index += 1) {
    const sha = await write(
      store,
      { [`${scope(writer)}facts/packages.json`]: `${index}` },
      { message: `writer ${writer} commit ${index}\n` },
    );
    await store.writeNotes(
      new Map([[sha ?? '', { text: `by writer ${writer} at ${index}`, findings: `{"writer":${writer},"index":${index}}` }]]),
    );
    const now = observed(writer, new Date(Date.parse(clock.time) + index * 1000).toISOString());
    await store.writeObserved(mergeObserved(await store.readObserved(), now));
    const result = await store.push(remote, DEADLINE, [scope(writer), `coverage/host/hosts/web${writer}.json`]);
    expect(result).toMatchObject({ status: 'pushed', backlog: 0, detail: '' });
  }
}
