import { expect, test } from 'vitest';
import type { DifferentPlace } from '../../src/compare/difference.ts';
import { type Differing, withoutRestated } from '../../src/compare/restated.ts';
import type { Json, Kind } from '../../src/model.ts';

const SIDES = ['web01', 'web02', 'web03'];
const place = (path: string, odd: string): DifferentPlace => {
  const values = new Map<string, Json>(SIDES.map((side) => [side, side === odd ? 'b' : 'a']));
  const standard = { value: 'a', sides: SIDES.filter((side) => side !== odd) };
  return { path, values, standard, groups: [standard, { value: 'b', sides: [odd] }] };
};
const differing = (kind: string, id: string, ...places: DifferentPlace[]): Differing => ({
  kind,
  id,
  places,
  configs: new Map(SIDES.map((side) => [side, { job: { file: 'etc/cron.d/job' } }])),
});
const plain: Kind = { format: 'json', title: 'thing' };
const kinds: Record<string, Kind> = {
  file: plain,
  fact: {
    ...plain,
    restates: ({ edits, after }) =>
      edits[0]?.path === '/job' && JSON.stringify(after).includes('etc/cron.d/job')
        ? [{ scope: 'x', kind: 'file', id: 'etc/cron.d/job' }]
        : [],
  },
};
const left = (...differences: Differing[]) => {
  const { left: kept, restated } = withoutRestated(differences, kinds);
  return [restated, ...kept.flatMap(({ kind, places }) => places.map(({ path }) => `${kind} ${path}`))];
};

test('a fact that differs where its file differs is left out, place by place; one that differs by itself is told', () => {
  const file = differing('file', 'etc/cron.d/job', place('/lines/1', 'web02'));
  expect(left(file, differing('fact', 'cron', place('/job', 'web02'), place('/other', 'web02')))).toEqual([
    1,
    'file /lines/1',
    'fact /other',
  ]);
  expect(left(file, differing('fact', 'cron', place('/job', 'web02')))).toEqual([1, 'file /lines/1']);
  expect(left(file, differing('fact', 'cron', place('/job', 'web03')))).toEqual([0, 'file /lines/1', 'fact /job']);
  expect(left(differing('fact', 'cron', place('/job', 'web02')))).toEqual([0, 'fact /job']);
});
