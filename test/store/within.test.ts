/** A question that nobody waits for any more keeps no git running. */
import { expect, test } from 'vitest';
import { gitProcesses } from '../../src/store/locks.ts';
import { world } from '../run/world.ts';

test('with the signal the children end, and the questions with them', async () => {
  const it = await world();
  it.things({ one: { size: 1 } });
  await it.run();
  const { store } = await it.load();
  const controller = new AbortController();
  const own = store.within(controller.signal);
  expect(await own.tip()).toBe(await store.tip());
  const log = own.log()[Symbol.asyncIterator]();
  expect((await log.next()).done).toBe(false);
  const tree = own.tree('HEAD');
  controller.abort();
  await expect(tree).rejects.toMatchObject({ code: 'aborted' });
  await expect(
    (async () => {
      for (;;) if ((await log.next()).done === true) return;
    })(),
  ).rejects.toMatchObject({ code: 'aborted' });
  await expect(own.read(['0'.repeat(40)])).rejects.toMatchObject({ code: 'aborted' });
  expect(gitProcesses(store.dir)).toEqual([]);
  // The store itself goes on.
  expect((await store.tree('HEAD')).size).toBeGreaterThan(0);
});
