import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Exporter, Kind, Resource } from '../../src/model.ts';
import { permuted, problemsOf } from '../../src/testing/checks.ts';

const good: Exporter = {
  name: 'good',
  summary: 'a good one',
  options: z.unknown(),
  scopes: { root: 'good', depth: 2 },
  kinds: { 'good.thing': { format: 'json', title: 'thing', volatile: [{ path: '/a/*/b', because: 'counts: 7' }], sets: [{ path: '' }] } },
  permissions: ['good:Read'],
  collect: async function* () {
    yield* [];
  },
};
const withKind = (kind: Partial<Kind>): Exporter => ({ ...good, kinds: { 'good.thing': { format: 'json', title: 'thing', ...kind } } });

describe('problemsOf', () => {
  it('finds nothing wrong with a good exporter', () => {
    expect(problemsOf(good)).toEqual([]);
  });

  it.each<[Exporter, RegExp]>([
    [{ ...good, name: 'Not Good' }, /name/],
    [{ ...good, summary: ' ' }, /summary/],
    [{ ...good, scopes: { root: 'a/b', depth: 2 } }, /root/],
    [{ ...good, kinds: {} }, /no kinds/],
    [{ ...good, permissions: [] }, /permissions/],
    [{ ...good, permissions: ['a', 'a'] }, /twice/],
    [withKind({ title: '' }), /title/],
    [withKind({ secret: ['a'] }), /pattern a/],
    [withKind({ secret: ['/**/a'] }), /pattern/],
    [withKind({ secret: ['/a~2'] }), /pattern/],
    [withKind({ volatile: [{ path: '/a', because: '' }] }), /noise/],
    [withKind({ sets: [{ path: '/a', value: 'v' }] }), /no key/],
    [withKind({ format: 'text', secret: ['/a'] }), /text/],
    [withKind({ events: [1, 2].map(() => ({ source: 's', name: 'E', effects: () => [] })) }), /mapped twice/],
  ])('finds what is wrong (%#)', (exporter, problem) => {
    const problems = problemsOf(exporter);
    expect(problems.length).toBe(1);
    expect(problems[0]).toMatch(problem);
  });
});

describe('permuted', () => {
  const resources: Resource[] = [1, 2, 3, 4, 5].map((id) => ({
    ref: { scope: 'good/x', kind: 'good.thing', id: String(id) },
    config: { set: [1, 2, 3, 4, 5, 6], list: [1, 2, 3, 4, 5, 6], z: 1, a: 2 },
  }));
  const kinds: Record<string, Kind> = { 'good.thing': { format: 'json', title: 'thing', sets: [{ path: '/set' }] } };

  it('changes the order of resources, keys and sets, and of nothing else', () => {
    const other = permuted(resources, kinds, 3);
    expect(other.map(({ ref }) => ref.id)).not.toEqual(resources.map(({ ref }) => ref.id));
    expect(other.map(({ ref }) => ref.id).sort()).toEqual(['1', '2', '3', '4', '5']);
    for (const { config } of other) {
      expect(config).toMatchObject({ list: [1, 2, 3, 4, 5, 6], z: 1, a: 2 });
      expect([...(config as { set: number[] }).set].sort()).toEqual([1, 2, 3, 4, 5, 6]);
    }
    expect(other.some(({ config }) => JSON.stringify((config as { set: number[] }).set) !== '[1,2,3,4,5,6]')).toBe(true);
    expect(other.some(({ config }) => Object.keys(config as object).join() !== 'set,list,z,a')).toBe(true);
  });

  it('is the same for the same seed', () => {
    expect(permuted(resources, kinds, 3)).toEqual(permuted(resources, kinds, 3));
  });
});
