/** The table says pass only when every measure and every seed reaches its target. */
import { expect, test } from 'vitest';
import type { Census } from './census.ts';
import { MINIMA, shortfalls } from './census.ts';
import { addScores, type Score } from './score.ts';
import { seedsOf } from './seeds.ts';
import { renderOutcomes } from './table.ts';

const many = (count: number) => Array.from({ length: count }, (_, index) => `n${index}`);
const census: Census = { ...MINIMA, calls: 300, accounts: many(2), regions: many(3), people: many(7), channels: many(4), events: many(5) };
const perfect: Score = {
  ...addScores([]),
  edits: 200,
  found: 200,
  caused: 200,
  asserted: 200,
  right: 200,
  exact: 100,
  exactRight: 100,
  actors: 100,
  actorsRight: 100,
  silent: 20,
  silentFound: 20,
};
const verdict = (more: Partial<Score>, other: Partial<Census> = {}) =>
  renderOutcomes([
    { seed: 1, score: perfect, census },
    { seed: 2, score: { ...perfect, ...more }, census: { ...census, ...other } },
  ]);

test('all reached: every line passes', () => {
  const { text, passed } = verdict({});
  expect(passed).toBe(true);
  expect(text).not.toContain('FAIL');
  expect(
    text
      .split('\n')
      .slice(1, 4)
      .map((line) => line.split(/\s+/)[0]),
  ).toEqual(['1', '2', 'all']);
});

test.each<[string, Partial<Score>]>([
  ['one change not seen', { found: 199 }],
  ['one that was none', { phantom: 1 }],
  ['one invented', { invented: 1 }],
  ['exact below 99 %', { exactRight: 98 }],
  ['coverage below 95 %', { right: 189 }],
  ['a failed call blamed', { failedBlamed: 1 }],
  ['transients below 95 %', { silentFound: 18 }],
  ['a transient that was none', { toldFalse: 1 }],
  ['actors below 99 %', { actorsRight: 98 }],
])('%s fails', (_what, more) => {
  const { text, passed } = verdict(more);
  expect(passed).toBe(false);
  expect(text.split('\n')[2]).toMatch(/FAIL$/);
});

test.each<Partial<Score>>([{ exactRight: 99 }, { right: 190 }, { silentFound: 19 }, { actorsRight: 99 }])('%o is just enough', (more) => {
  expect(verdict(more).passed).toBe(true);
});

test('a share is cut, not rounded up to its target', () => {
  expect(verdict({ found: 199_999, edits: 200_000 }).text.split('\n')[2]).toContain('99.9 %');
});

test('a scenario that tries less than it promises fails, whatever the score', () => {
  const { text, passed } = verdict({}, { people: many(5) });
  expect(passed).toBe(false);
  expect(text).toContain('seed 2 has too few people: 5, wanted at least 6');
  expect(shortfalls({ ...census, contended: 0, resources: 299 })).toHaveLength(2);
});

test('a seed that could not be played is a failure with its reason, and hides no other', () => {
  const one = { seed: 1, score: perfect, census };
  expect(renderOutcomes([one], ['seed 2 could not be played']).text).toContain('seed 2 could not be played');
  expect(renderOutcomes([one], ['seed 2 could not be played']).passed).toBe(false);
  expect(renderOutcomes([], ['x'])).toEqual({ text: 'x\n', passed: false });
});

test.each([
  ['7', [7]],
  ['1-3,8', [1, 2, 3, 8]],
])('%s', (text, expected) => {
  expect(seedsOf(text)).toEqual(expected);
});

test.each(['', 'x', '3-1', '1-'])('%j names no seeds', (text) => {
  expect(() => seedsOf(text)).toThrow('names no seeds');
});
