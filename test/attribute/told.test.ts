/** A write is told once: as the cause of a change or as one without a diff, by place. */
import { expect, test } from 'vitest';
import { toldAsChange } from '../../src/attribute/told.ts';
import type { Effect, Finding, Grade } from '../../src/model.ts';
import { ref } from './world.ts';

const SG = ref('security-group', 'sg-1');
const common = { id: 'f-1', commit: null, window: { from: '', to: '' }, level: 'low', score: 0, rules: [], reasons: [] } as const;
const change = (path: string, eventIds: string[], grade: Grade = 'exact'): Finding => ({
  ...common,
  change: { type: 'modified', ref: SG, path: '', edits: [] },
  attribution: { status: 'attributed', events: [], edits: { [path]: { eventIds, grade } }, because: '' },
});
const transient = (path: string, eventIds: string[], on = SG): Finding => {
  const effects: Effect[] = [{ ref: on, op: 'set', path }];
  const events = eventIds.map((id) => ({ id, name: '', source: '', time: '' }));
  return { ...common, transient: { ref: on, path: '', effects }, attribution: { status: 'attributed', events, edits: {}, because: '' } };
};

test.each<[string, Finding, Finding, boolean]>([
  ['at the same leaf', change('/rules/a', ['e1']), transient('/rules/a', ['e1']), true],
  ['at a leaf below', change('/rules/a', ['e1']), transient('/rules/a/description', ['e1']), true],
  ['as the making of the whole', change('', ['e1']), transient('/tags/Name', ['e1']), true],
  ['as a member of a list', change('/groups/0', ['e1']), transient('/groups/**', ['e1']), true],
  ['at another leaf, where it was undone', change('/rules/b', ['e1', 'e2']), transient('/rules/a', ['e1', 'e2']), false],
  ['on another resource', change('/rules/a', ['e1']), transient('/rules/a', ['e1'], ref('security-group', 'sg-2')), false],
  ['only in part', change('/rules/a', ['e1']), transient('/rules/a', ['e1', 'e2']), false],
  ['as a mere candidate', change('/rules/a', ['e1'], 'candidate'), transient('/rules/a', ['e1']), false],
])('%s', (_what, one, other, expected) => {
  expect(toldAsChange([one])(other)).toBe(expected);
});

test('changes themselves stay', () => {
  expect(toldAsChange([change('/rules/a', ['e1'])])(change('/rules/a', ['e1']))).toBe(false);
});
