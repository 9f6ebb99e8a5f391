/** The API answers as `report --json` does, whatever the span, from memory instead of from the notes. */
import { expect, test } from 'vitest';
import { toContract } from '../../src/report/contract.ts';
import { readReport } from '../../src/pipeline/report.ts';
import { event, WITH_TRAIL, type World, world } from '../run/world.ts';
import { site } from './site.ts';

/** Changes that are put back, that nobody did, that left no diff, and one thing that comes and goes. */
async function history(): Promise<World> {
  const it = await world(WITH_TRAIL);
  const at = (minutes: number) => new Date(Date.parse('2026-03-02T09:00:00Z') + minutes * 60_000).toISOString().replace('.000', '');
  it.events([
    event('e1', at(7), 'Put', { id: 'one', path: '/size', value: 2 }),
    event('e2', at(17), 'Put', { id: 'one', path: '/size', value: 1 }, 'bob'),
    event('e3', at(12), 'Put', { id: 'two', path: '/size', value: 9 }),
    event('e4', at(13), 'Put', { id: 'two', path: '/size', value: 1 }),
    event('e5', at(19), 'Other', { id: 'two' }),
  ]);
  const sizes: Record<string, Record<string, { size: number }>> = {
    0: { one: { size: 1 }, two: { size: 1 } },
    10: { one: { size: 2 }, two: { size: 1 } },
    20: { one: { size: 1 }, two: { size: 1 } },
  };
  let passed = 0;
  for (const [minute, things] of Object.entries(sizes)) {
    it.pass(Number(minute) - passed);
    passed = Number(minute);
    it.things(things);
    await it.run();
  }
  it.pass(20);
  await it.correlate();
  return it;
}

test('every span ends with now, as report has it: the same findings in the same order, with the same marks', async () => {
  const it = await history();
  const asked = await site(it);
  const deployment = await it.load();
  const spans = ['2026-03-02T08:00:00.000Z', '2026-03-02T09:11:00.000Z', '2026-03-02T09:15:00.000Z', '2026-03-02T09:40:00.000Z'];
  const counts: number[] = [];
  for (const since of spans) {
    const expected = toContract(await readReport(deployment, { since, until: it.time }));
    const found = await asked.json(`/api/report?from=${since}`);
    expect({ ...found }).toMatchObject({
      findings: expected['findings'],
      gaps: expected['gaps'],
      unmappedEvents: expected['unmappedEvents'],
    });
    counts.push((found['findings'] as unknown[]).length);
  }
  // Not equal for want of anything to tell.
  expect(counts).toEqual([3, 2, 1, 0]);
  expect(JSON.stringify(await asked.json('/api/report'))).toContain('"undone":{');
});

test('what a run adds, and what attribution says later, is there with the next question', async () => {
  const it = await world(WITH_TRAIL);
  it.events([]);
  it.things({ one: { size: 1 } });
  await it.run();
  const asked = await site(it);
  expect(await asked.text('/')).toContain('No change was recorded yet');
  const news: string[][] = [];
  asked.dashboard.index.listen(({ rows }) => news.push(rows.map(({ id }) => id)));
  it.pass(5);
  it.things({ one: { size: 2 } });
  const [finding] = (await it.run()).findings;
  const id = finding?.id ?? '';
  expect(await asked.text('/')).toContain(id);
  expect(await asked.text(`/findings/${id}`)).toContain('not known yet');
  expect(news).toEqual([[id]]);
  it.events([event('late', '2026-03-02T09:03:00Z', 'Put', { id: 'one', path: '/size', value: 2 })]);
  it.pass(5);
  await it.correlate();
  expect(await asked.text(`/findings/${id}`)).toContain('alice, console session');
  expect(await asked.text('/actor?name=ALICE')).toContain(id);
  // It is the same finding: nobody is told of it twice.
  expect(news).toEqual([[id]]);
});

test('where nobody looked the first page says so, and not that nothing changed', async () => {
  const it = await world(WITH_TRAIL);
  it.events([]);
  it.things({ one: { size: 1 } });
  await it.run();
  for (const size of [2, 3]) {
    it.pass(5);
    it.things({ one: { size } });
    await it.run();
  }
  it.pass(3 * 24 * 60);
  const asked = await site(it);
  const page = await asked.text('/');
  expect(page).toContain('Nothing was looked at since 2026-03-02 09:10 UTC');
  expect(page).not.toContain('Nothing changed');
  expect(await asked.json('/api/report')).toMatchObject({ unseen: { reason: 'since', at: '2026-03-02T09:10:00.000Z' } });
  it.things({ one: { size: 3 } });
  await it.run();
  expect(await asked.text('/')).toContain('Nothing changed');
});
