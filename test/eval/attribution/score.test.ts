/** The score counts against the product: whatever it says wrongly, or does not say, lowers a figure. */
import { expect, test } from 'vitest';
import type { AttributedTransient } from '../../../src/attribute/attribute.ts';
import type { Attribution, Effect, Grade } from '../../../src/model.ts';
import { actor } from '../../attribute/events.ts';
import { type History, history, ref, type State } from './history.ts';
import { type Round, scoreRound } from './score.ts';

const table = (routes: Record<string, string>): State => ({ 'rtb-1': { routes } });
const opened = history(table({}), [{ who: 'alice', state: table({ a: '1' }) }]);
const undone = history(table({}), [
  { who: 'alice', state: table({ a: '1' }) },
  { who: 'bob', state: table({}), second: 30 },
]);

function says(ids: readonly string[], grade: Grade = 'exact', name = 'alice'): Attribution {
  return { status: 'attributed', grade, actor: actor(name), events: [], edits: { '/routes/a': { eventIds: ids, grade } }, because: '' };
}
const silence: Attribution = { status: 'unattributed', events: [], edits: {}, because: 'nothing' };

function score({ traces, net }: History, attribution?: Attribution, more: Partial<Round> = {}) {
  return scoreRound({ changes: net, attributions: attribution === undefined ? [] : [attribution], transients: [], net, traces, ...more });
}

function transient(ids: readonly string[], path = '/routes/a', id = 'rtb-1'): AttributedTransient {
  const effects: Effect[] = [{ ref: ref(id), op: 'set', path }];
  const events = ids.map((event) => ({ id: event, name: 'CreateRoute', source: 'ec2.amazonaws.com', time: '' }));
  return {
    transient: { ref: ref(id), path: '', effects },
    attribution: { status: 'attributed', events, edits: {}, because: '' },
    window: { from: '', to: '' },
  };
}

test('the right event: everything is right', () => {
  expect(score(opened, says(['e1']))).toMatchObject({
    edits: 1,
    found: 1,
    phantom: 0,
    caused: 1,
    asserted: 1,
    right: 1,
    exact: 1,
    exactRight: 1,
    actors: 1,
    actorsRight: 1,
    misses: [],
  });
});

test('another event first is wrong, also when the right one follows', () => {
  expect(score(opened, says(['e2', 'e1']))).toMatchObject({
    asserted: 1,
    right: 0,
    exact: 1,
    exactRight: 0,
    misses: [expect.stringContaining('wrong')],
  });
});

test.each([
  ['none', silence],
  ['a candidate', says(['e1'], 'candidate')],
])('%s is no assertion, and is missed', (_what, attribution) => {
  expect(score(opened, attribution)).toMatchObject({
    caused: 1,
    asserted: 0,
    right: 0,
    exact: 0,
    misses: [expect.stringContaining('missed')],
  });
});

test('an event for what nobody did is invented', () => {
  const alone = { net: opened.net, traces: [] };
  expect(score(alone, says(['e9']))).toMatchObject({ caused: 0, invented: 1, exact: 1, exactRight: 0 });
  expect(score(alone, silence)).toMatchObject({ caused: 0, invented: 0, misses: [] });
});

test('a failed call anywhere in an edit’s history is blamed', () => {
  const { net, traces } = history(table({}), [
    { who: 'bob', state: table({}), refused: true },
    { who: 'alice', state: table({ a: '1' }) },
  ]);
  expect(score({ net, traces }, says(['e2', 'e1']))).toMatchObject({ right: 1, failedBlamed: 1 });
  expect(score({ net, traces }, says(['e2']))).toMatchObject({ right: 1, failedBlamed: 0 });
});

test('what a refused call left behind is counted apart, and blaming the call is still blame', () => {
  const half = history(table({}), [{ who: 'bob', state: table({ a: '1' }), refused: true }]);
  expect(score(half, silence)).toMatchObject({ halfDone: 1, caused: 0, misses: [] });
  expect(score(half, says(['e1']))).toMatchObject({ halfDone: 1, failedBlamed: 1 });
});

test('a difference that the product does not see, and one that is none', () => {
  expect(score(opened, undefined, { changes: [] })).toMatchObject({
    edits: 1,
    found: 0,
    phantom: 0,
    misses: [expect.stringContaining('not seen')],
  });
  expect(score(opened, silence, { net: [] })).toMatchObject({ edits: 0, found: 0, phantom: 1 });
  const other = history(table({}), [{ who: 'alice', state: table({ a: '2' }) }]);
  expect(score(opened, silence, { net: other.net })).toMatchObject({ edits: 1, found: 0, phantom: 1 });
});

test('the actor is whoever made the last edit; within one second either will do', () => {
  const two = (second: number) =>
    history(table({}), [
      { who: 'alice', state: table({ a: '1' }) },
      { who: 'bob', state: table({ a: '1', b: '1' }), second },
    ]);
  expect(score(two(10), says(['e1'], 'exact', 'alice'))).toMatchObject({ actors: 1, actorsRight: 0 });
  expect(score(two(10), says(['e1'], 'exact', 'bob'))).toMatchObject({ actors: 1, actorsRight: 1 });
  expect(score(two(0), says(['e1'], 'exact', 'alice'))).toMatchObject({ actors: 1, actorsRight: 1 });
  expect(score(two(0), says(['e1'], 'exact', 'carol'))).toMatchObject({ actors: 1, actorsRight: 0 });
});

test('a silent write is found when its place is told with all that had a part in it', () => {
  const found = (told: AttributedTransient[]) => {
    const { silent, silentFound, toldFalse } = score(undone, undefined, { transients: told });
    return [silent, silentFound, toldFalse];
  };
  expect(found([transient(['e1', 'e2'])])).toEqual([1, 1, 0]);
  expect(found([transient(['e1', 'e2'], '/routes/**')])).toEqual([1, 1, 0]);
  expect(found([transient(['e1'])])).toEqual([1, 0, 0]);
  expect(found([transient(['e1', 'e2', 'e9'])])).toEqual([1, 1, 1]);
  expect(found([transient(['e1', 'e2'], '/tags/x')])).toEqual([1, 0, 1]);
  expect(found([transient(['e1', 'e2'], '/routes/a', 'rtb-2')])).toEqual([1, 0, 1]);
  expect(found([])).toEqual([1, 0, 0]);
});

test('telling of a call that wrote what was there already is no falsehood, telling of one that made a change is', () => {
  const idle = history(table({ a: '1' }), [{ who: 'alice', state: table({ a: '1' }) }]);
  expect(score(idle, undefined, { transients: [transient(['e1'])] })).toMatchObject({ told: 1, toldIdle: 1, toldFalse: 0 });
  expect(score(opened, says(['e1']), { transients: [transient(['e1'])] })).toMatchObject({ told: 1, toldIdle: 0, toldFalse: 1 });
});

test('of two like calls in one second either may have been the one that wrote; of other calls not', () => {
  const told = (second: number, name: string) => {
    const played = history(table({}), [
      { who: 'alice', state: table({ a: '1' }) },
      { who: 'bob', state: table({}), second: 10, name: 'Delete' },
      { who: 'carol', state: { ...table({}), 'rtb-2': {} }, second, name },
    ]);
    return score(played, undefined, { transients: [transient(['e1', 'e2', 'e3'])] });
  };
  expect(told(10, 'Delete')).toMatchObject({ toldFalse: 0 });
  expect(told(11, 'Delete')).toMatchObject({ toldFalse: 1 });
  expect(told(10, 'Other')).toMatchObject({ toldFalse: 1 });
});

test('a part of what was removed later was a transient of its own, but need not be told', () => {
  const { traces, net } = history(table({ a: '1' }), [
    { who: 'alice', state: { 'rtb-1': { routes: { a: '1', 'b/description': 'x' } } } },
    { who: 'bob', state: { 'rtb-1': {} } },
  ]);
  expect(score({ traces, net }, silence)).toMatchObject({ silent: 0 });
  expect(score({ traces, net }, silence, { transients: [transient(['e1'], '/routes/b~1description')] })).toMatchObject({ toldFalse: 0 });
});
