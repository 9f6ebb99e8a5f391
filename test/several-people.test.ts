/** Several people at one thing in one window: who is named, and what of what nobody is known to have done. */
import { expect, test } from 'vitest';
import type { AuditEvent } from '../src/model.ts';
import { filterReport } from '../src/report/filter.ts';
import { renderText } from '../src/report/text.ts';
import { event, WITH_TRAIL, type World, world } from './run/world.ts';

/** Alice does what the plug-in's rule calls critical; bob, later, gives it a label. */
const GRAVE = event('e-1', '2026-03-02T09:01:00.000Z', 'Put', { id: 'one', path: '/critical', value: true }, 'alice');
const LABELLED = event('e-2', '2026-03-02T09:04:00.000Z', 'Put', { id: 'one', path: '/tags/owner', value: 'bob' }, 'bob');

async function changed(events: readonly AuditEvent[]): Promise<World> {
  const it = await world(WITH_TRAIL);
  it.events([]);
  it.things({ one: { critical: false, tags: { owner: 'x' } } });
  await it.run();
  it.pass(5);
  it.events(events);
  it.things({ one: { critical: true, tags: { owner: 'bob' } } });
  await it.run();
  it.pass(20);
  await it.run();
  return it;
}

test('named is who did what matters, and not who was there last; the others are told with what they did', async () => {
  const it = await changed([GRAVE, LABELLED]);
  const report = await it.report(60);
  expect(report.findings).toMatchObject([
    {
      level: 'critical',
      attribution: {
        status: 'attributed',
        actor: { name: 'alice' },
        authors: [
          { actor: { name: 'alice' }, paths: ['/critical'] },
          { actor: { name: 'bob' }, paths: ['/tags/owner'] },
        ],
      },
    },
  ]);
  expect(report.findings[0]?.attribution.events[0]?.id).toBe('e-1');
  expect(renderText(report, { width: 200, colour: false })).toMatch(/alice.*other edits by bob/s);
  for (const actor of ['alice', 'bob']) expect(filterReport(report, { actor }).findings).toHaveLength(1);
  expect(filterReport(report, { actor: 'carol' }).findings).toHaveLength(0);
});

test('who only gave a label is not named for what nobody is known to have done', async () => {
  const it = await changed([LABELLED]);
  const [finding] = (await it.report(60)).findings;
  expect(finding).toMatchObject({ level: 'critical', attribution: { status: 'ambiguous', grade: 'candidate' } });
  expect(finding?.attribution.actor).toBeUndefined();
  expect(finding?.attribution.authors).toMatchObject([{ actor: { name: 'bob' }, paths: ['/tags/owner'] }]);
  expect(finding?.attribution.because).toMatch(/none is known.*1 of 2 edits are explained.*other edits are by bob/);
  expect(renderText(await it.report(60), { width: 200, colour: false })).not.toMatch(/perhaps bob/);
});

test('a label that nobody is known to have given takes nothing from who did what matters', async () => {
  const it = await changed([GRAVE]);
  expect((await it.report(60)).findings[0]).toMatchObject({ attribution: { status: 'attributed', actor: { name: 'alice' } } });
});
