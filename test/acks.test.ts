import { expect, test } from 'vitest';
import { acknowledge as say } from '../src/pipeline/acks.ts';
import { acquireLock } from '../src/store/lock.ts';
import { WITH_ALL, type World, world } from './run/world.ts';

/** A critical change that nobody is named for, seen at 09:05. */
async function alarming(more = ''): Promise<{ it: World; id: string }> {
  const it = await world(`${WITH_ALL}${more}`);
  it.events([]);
  it.things({ one: { critical: false } });
  await it.run();
  it.pass(5);
  it.things({ one: { critical: true } });
  const [finding] = (await it.run()).findings;
  return { it, id: finding?.id ?? '' };
}
const acknowledge = async (it: World, finding: string, until?: string) =>
  (await it.load()).store.writeAck(
    { finding, reason: 'planned', by: 'ann <x>\n', at: it.time, ...(until === undefined ? {} : { until }) },
    'ann <x>\n',
  );

test('an acknowledged finding stays, marked with who and why, until it expires or is taken back', async () => {
  const { it, id } = await alarming();
  expect((await it.report(60)).findings[0]?.ignored).toBeUndefined();
  await acknowledge(it, id, '2026-03-02T10:00:00.000Z');
  expect((await it.report(60)).findings).toMatchObject([{ id, ignored: 'acknowledged by ann <x>\n until 2026-03-02: planned' }]);
  expect(await it.git('log', '-1', '--format=%an <%ae>', 'refs/drifttrail/acks')).toBe('ann x <ann-x@localhost>');
  it.pass(120);
  expect((await it.report(180)).findings[0]?.ignored).toBeUndefined();
  await acknowledge(it, id);
  expect((await it.report(180)).findings[0]?.ignored).toContain('planned');
  const { store } = await it.load();
  expect(await store.writeAck({ finding: id }, 'ann')).toBe(true);
  expect(await store.writeAck({ finding: id }, 'ann')).toBe(false);
  expect((await it.report(180)).findings[0]?.ignored).toBeUndefined();
});

test('what is acknowledged before an outlet was told is not told there', async () => {
  const { it, id } = await alarming('  - use: ./plugins/recorder\n    file: late.jsonl\n    from: info\n');
  await acknowledge(it, id);
  const before = it.told().length;
  it.pass(5);
  await it.run();
  expect(it.told()).toHaveLength(before);
});

test('a snapshot that runs is waited for, and named when it takes long', async () => {
  const { it, id } = await alarming();
  const deployment = await it.load();
  const { surroundings, stateDir } = deployment;
  const lock = await acquireLock(stateDir, surroundings);
  const ack = { finding: id, reason: 'planned', by: 'ann', at: it.time };
  let slept = 0;
  const sleeping = (until: number) => ({
    ...deployment,
    surroundings: {
      ...surroundings,
      sleep: async () => {
        slept += 1;
        if (slept === until) await lock.release();
      },
    },
  });
  await expect(say(sleeping(Number.POSITIVE_INFINITY), ack, 'ann')).rejects.toMatchObject({ code: 'locked', exitCode: 75 });
  slept = 0;
  expect(await say(sleeping(3), ack, 'ann')).toBe(true);
  expect(slept).toBe(3);
});
