/** Many machines push to one remote at once (R5). */
import { describe, expect, it } from 'vitest';
import { amount, git, write } from './repository.ts';
import { DEADLINE, expectAll, scope, work, writers } from './writers.ts';

describe('push (R5)', () => {
  it('brings everything of two machines at once, in own order, without force or merge', async () => {
    const each = amount(8, 40);
    const { remote, stores } = await writers(2);
    await Promise.all(stores.map((store, writer) => work(store, remote, writer, each)));
    await expectAll(remote, 2, each);
    for (const [writer, store] of stores.entries()) await store.push(remote, DEADLINE, [scope(writer)]);
    // Each note speaks of the commit that carries its change, wherever that stands by now.
    const shas = (await git(remote, 'log', '--format=%H %s', 'main')).split('\n').filter((line) => line.includes(' writer '));
    for (const line of shas) {
      const [, writer, index] = /writer (\d+) commit (\d+)/.exec(line) ?? [];
      expect(await git(remote, 'notes', '--ref=drifttrail', 'show', line.slice(0, 40))).toBe(`by writer ${writer} at ${index}`);
    }
    const seen = JSON.parse(await git(remote, 'show', 'refs/drifttrail/observed:observed.json')) as { identities: object };
    expect(seen.identities).toEqual({ 'hosts/web0': '0', 'hosts/web1': '1' });
  }, 240_000);

  it('brings a backlog of many writers', async () => {
    const count = amount(4, 20);
    const { remote, stores } = await writers(count);
    for (const [writer, store] of stores.entries()) {
      for (let index = 0; index < 5; index += 1)
        await write(store, { [`${scope(writer)}facts/packages.json`]: `${index}` }, { message: `writer ${writer} commit ${index}\n` });
    }
    const results = await Promise.all(stores.map((store, writer) => store.push(remote, DEADLINE, [scope(writer)])));
    expect(results.map(({ status }) => status)).toEqual(stores.map(() => 'pushed'));
    await expectAll(remote, count, 5);
  }, 240_000);
});
