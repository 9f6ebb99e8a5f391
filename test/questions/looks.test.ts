/** An empty answer of a time in which nobody looked says that, and what to do. */
import { expect, test } from 'vitest';
import { unseenIn } from '../../src/questions/looks.ts';
import { renderHtml } from '../../src/report/html.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { renderText } from '../../src/report/text.ts';
import type { Unseen } from '../../src/report/unseen.ts';
import { type World, world } from '../run/world.ts';

const DAY = 24 * 60;
const LAST = '2026-03-02T09:05:00.000Z';

async function asked(it: World, minutes: number, to = it.time): Promise<Unseen | null> {
  return unseenIn(await it.load(), { from: new Date(Date.parse(to) - minutes * 60_000).toISOString(), to });
}

test('never, since the last look, before the first one, and seen', async () => {
  const it = await world();
  expect(await asked(it, DAY)).toEqual({ reason: 'never', at: null });
  it.things({ one: { size: 1 } });
  await it.run();
  it.pass(5);
  await it.run();
  expect(await asked(it, DAY)).toBeNull();
  expect(await asked(it, DAY, '1999-01-01T00:00:00.000Z')).toEqual({ reason: 'before', at: '2026-03-02T09:00:00.000Z' });
  it.pass(10 * DAY);
  expect(await asked(it, DAY)).toEqual({ reason: 'since', at: LAST });
  expect(await asked(it, 30 * DAY)).toEqual({ reason: 'since', at: LAST });
  expect(await unseenIn(await it.load(), { from: '2026-03-02T08:00:00.000Z', to: '2026-03-02T09:06:00.000Z' }, 0)).toEqual({
    reason: 'since',
    at: LAST,
  });

  // Nothing is known of the last day; of the month it is known that nothing changed while somebody looked.
  const forms = async (minutes: number) => {
    const report = { ...(await it.report(minutes)), unseen: await asked(it, minutes) };
    return [renderText(report, { colour: false, width: 200 }), renderMarkdown(report), renderHtml(report)].map((text) =>
      text.replaceAll('\\', ''),
    );
  };
  for (const text of await forms(DAY)) {
    expect(text).toContain('Nothing was looked at since 2026-03-02 09:05 UTC: drifttrail snapshot');
    expect(text).not.toContain('Nothing changed');
  }
  for (const text of await forms(30 * DAY)) expect(text).toMatch(/Nothing changed[\s\S]*Nothing was looked at since 2026-03-02 09:05 UTC/);
});
