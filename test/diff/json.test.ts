import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyJson } from './apply.ts';
import { diffJson } from '../../src/diff/json.ts';
import type { Json } from '../../src/model.ts';

/** Members that are null left out: in an object, absent and null are the same. */
function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null)
      .map(([key, inner]) => [key, withoutNulls(inner)]),
  );
}

const json = fc
  .letrec((tie) => ({
    leaf: fc.oneof(fc.constant(null), fc.boolean(), fc.integer({ min: 0, max: 3 }), fc.constantFrom('a', 'b', '', 'a/b~c', '__proto__')),
    array: fc.array(tie('any'), { maxLength: 6 }),
    object: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'a/b', '~', '__proto__', '0', '1'), tie('any'), { maxKeys: 5 }),
    any: fc.oneof({ depthSize: 'small', withCrossShrink: true }, tie('leaf'), tie('array'), tie('object')),
  }))
  .any.map((value) => withoutNulls(value as Json));

describe('diffJson', () => {
  it('gives edits that lead from the one to the other', () => {
    fc.assert(
      fc.property(json, json, (before, after) => {
        expect(applyJson(diffJson(before, after), before)).toEqual(after);
      }),
      { numRuns: 3000 },
    );
  });

  it('says nothing about equal data, whatever the order of keys', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(diffJson(value, structuredClone(value))).toEqual([]);
      }),
    );
    expect(diffJson({ a: 1, b: 2 }, { b: 2, a: 1 })).toEqual([]);
  });

  it('names the element of a keyed set', () => {
    const route = { destinationCidrBlock: '0.0.0.0/0', gatewayId: 'igw-1' };
    expect(diffJson({ routes: { '0.0.0.0/0': route, '10.0.0.0/16': {} } }, { routes: { '10.0.0.0/16': {} } })).toEqual([
      { path: '/routes/0.0.0.0~10', before: route, after: null },
    ]);
  });

  it('tells an inserted item from a changed tail', () => {
    expect(diffJson({ list: ['a', 'b', 'c'] }, { list: ['x', 'a', 'b', 'c'] })).toEqual([{ path: '/list/0', before: null, after: 'x' }]);
  });

  it('finds the one changed leaf deep inside', () => {
    expect(diffJson({ a: [{ b: { c: 1 } }] }, { a: [{ b: { c: 2 } }] })).toEqual([{ path: '/a/0/b/c', before: 1, after: 2 }]);
  });

  it('stays linear where nothing can be aligned', () => {
    const before = Array.from({ length: 100_000 }, (_, index) => `a${index}`);
    const after = Array.from({ length: 100_000 }, (_, index) => `b${index}`);
    expect(diffJson(before, after)).toHaveLength(100_000);
  });
});
