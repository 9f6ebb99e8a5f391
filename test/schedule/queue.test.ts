import { expect, test } from 'vitest';
import { createQueue } from '../../src/schedule/queue.ts';

function gate() {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, passed };
}

test('ticks that come during a run are done once, together, after it', async () => {
  const runs: string[][] = [];
  const first = gate();
  let active = 0;
  let most = 0;
  const queue = createQueue(async (names) => {
    most = Math.max(most, ++active);
    runs.push([...names]);
    if (runs.length === 1) await first.passed;
    active--;
  });
  queue.add('aws');
  await Promise.resolve();
  await Promise.resolve();
  for (let tick = 0; tick < 5; tick++) queue.add('host');
  queue.add('aws');
  first.open();
  await new Promise((resolve) => setImmediate(resolve));
  expect(runs).toEqual([['aws'], ['host', 'aws']]);
  expect(most).toBe(1);
  expect(queue.busy()).toBe(false);
});

test('closing waits for the work in hand and drops what waits', async () => {
  const runs: string[][] = [];
  const first = gate();
  const queue = createQueue(async (names) => {
    runs.push([...names]);
    await first.passed;
  });
  queue.add('aws');
  await Promise.resolve();
  await Promise.resolve();
  queue.add('host');
  let closed = false;
  const closing = queue.close().then(() => {
    closed = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(closed).toBe(false);
  first.open();
  await closing;
  queue.add('late');
  await new Promise((resolve) => setImmediate(resolve));
  expect(runs).toEqual([['aws']]);
});

test('works again after it was idle', async () => {
  const runs: string[][] = [];
  const queue = createQueue(async (names) => {
    runs.push([...names]);
  });
  queue.add('a');
  await new Promise((resolve) => setImmediate(resolve));
  queue.add('b');
  await new Promise((resolve) => setImmediate(resolve));
  expect(runs).toEqual([['a'], ['b']]);
});
