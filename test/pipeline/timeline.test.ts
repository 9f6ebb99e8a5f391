import { expect, test } from 'vitest';
import type { Finding } from '../../src/model.ts';
import { suspects } from '../../src/pipeline/timeline.ts';

const AT = '2026-11-19T09:10:00.000Z';
const FROM = '2026-11-19T03:10:00.000Z';

function finding(id: string, score: number, time: string | undefined, more: Partial<Finding> = {}): Finding {
  return {
    id,
    commit: 'c',
    change: { type: 'modified', ref: { scope: 's', kind: 'k', id }, path: `s/${id}`, edits: [] },
    window: { from: '2026-11-19T08:00:00.000Z', to: '2026-11-19T09:00:00.000Z' },
    attribution: {
      status: time === undefined ? 'unattributed' : 'attributed',
      events: time === undefined ? [] : [{ id: `e-${id}`, name: 'Do', source: 'x', time }],
      edits: {},
      because: '',
    },
    level: 'low',
    score,
    rules: [],
    reasons: [],
    ...more,
  };
}
const ids = (found: ReturnType<typeof suspects>) => found.map((suspect) => suspect.finding.id);

test('what happened after it broke, or long before, is no suspect', () => {
  const found = suspects(
    [
      finding('after', 90, '2026-11-19T09:11:00Z'),
      finding('long-ago', 90, '2026-11-19T03:00:00Z'),
      finding('in', 10, '2026-11-19T04:00:00Z'),
    ],
    AT,
    FROM,
  );
  expect(ids(found)).toEqual(['in']);
});

test('of equal threat the later, of equal time the worse', () => {
  const found = suspects(
    [
      finding('early', 50, '2026-11-19T05:00:00Z'),
      finding('late', 50, '2026-11-19T09:00:00Z'),
      finding('late-and-bad', 90, '2026-11-19T09:00:00Z'),
    ],
    AT,
    FROM,
  );
  expect(ids(found)).toEqual(['late-and-bad', 'late', 'early']);
});

test('what is near outranks what is only worse', () => {
  const both = [finding('here', 40, '2026-11-19T08:50:00Z'), finding('elsewhere', 70, '2026-11-19T08:50:00Z')];
  expect(ids(suspects(both, AT, FROM))).toEqual(['elsewhere', 'here']);
  expect(ids(suspects(both, AT, FROM, ({ id }) => (id === 'here' ? 1 : 0)))).toEqual(['here', 'elsewhere']);
});

test('a change nobody is named for counts at its latest possible moment, also when that is after the trouble', () => {
  const window = { from: '2026-11-19T09:00:00.000Z', to: '2026-11-19T09:30:00.000Z' };
  expect(suspects([finding('open', 50, undefined, { window })], AT, FROM)).toMatchObject([{ time: AT, before: 0 }]);
  const later = { from: '2026-11-19T09:20:00.000Z', to: '2026-11-19T09:30:00.000Z' };
  expect(suspects([finding('later', 50, undefined, { window: later })], AT, FROM)).toEqual([]);
});

test('what was undone before it broke weighs less', () => {
  const transient = { ref: { scope: 's', kind: 'k', id: 'undone' }, path: 's/undone', effects: [], duration: 60_000 };
  const { change: _, ...undone } = finding('undone', 60, '2026-11-19T08:50:00Z', { transient });
  expect(ids(suspects([undone, finding('stands', 60, '2026-11-19T08:50:00Z')], AT, FROM))).toEqual(['stands', 'undone']);
});
