import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openEventStore } from '../../src/trail/events.ts';
import { event, WITH_TRAIL, world } from './world.ts';

test.each([
  ['', ['old', 'late']],
  ['keepEvents: 2d\n', ['late']],
])('events are kept for ninety days, or as long as is wanted (%j)', async (config, kept) => {
  const it = await world(`${WITH_TRAIL}${config}`);
  it.events([]);
  it.things({ one: { size: 1 } });
  await it.run();
  it.events([event('old', it.time, 'Put', { id: 'one', path: '/size', value: 2 })]);
  it.pass(5);
  it.things({ one: { size: 2 } });
  await it.run();
  it.pass(3 * 24 * 60);
  it.events([event('late', it.time, 'Put', { id: 'one', path: '/size', value: 3 })]);
  it.pass(5);
  it.things({ one: { size: 3 } });
  await it.run();
  const store = await openEventStore(join(it.dir, 'state'));
  const found = await store.query({ from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z' });
  store.close();
  expect(found.map(({ id }) => id)).toEqual(kept);
});
