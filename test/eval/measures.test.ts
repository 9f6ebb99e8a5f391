import { expect, test } from 'vitest';
import { ndcg, pairsOrdered, recall, type Scored } from './measures.ts';

const row = (score: number, expected: boolean, group = 'g'): Scored => ({
  label: `${score}`,
  group,
  expected,
  severity: 'medium',
  gain: expected ? 1 : 0,
  score,
  rules: [],
  wrote: true,
});

test('a perfect order measures 1, the reverse less', () => {
  expect(ndcg([row(9, true), row(1, false)], 2)).toBeCloseTo(1);
  expect(ndcg([row(1, true), row(9, false)], 2)).toBeCloseTo(1 / Math.log2(3));
});

test('ties give the mean, whatever the order of the file', () => {
  const tied = [row(5, true), row(5, false)];
  expect(ndcg(tied, 1)).toBeCloseTo(ndcg([...tied].reverse(), 1));
  expect(recall(tied, 1)).toBeCloseTo(0.5);
});

test('a tie is no order, and groups are not compared with each other', () => {
  expect(pairsOrdered([row(5, true), row(5, false), row(4, false), row(1, true, 'other')])).toMatchObject({ right: 1, total: 2 });
});
