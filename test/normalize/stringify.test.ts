import stable from 'fast-json-stable-stringify';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from '../../src/normalize/stringify.ts';

describe('stringify', () => {
  it('says what fast-json-stable-stringify says, indented', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        expect(stringify(value).replaceAll(/("(?:[^"\\]|\\.)*")|\s+/g, '$1')).toBe(stable(value));
        expect(stringify(value)).toMatch(/[^\n]\n$/);
      }),
      { numRuns: 2000 },
    );
  });

  it('orders keys by code unit, as that package does, integer-like ones too', () => {
    const value = { b: 1, a: 1, '10': 1, '9': 1, Z: 1, é: 1, '\u{1f600}': 1, '\uffff': 1 };
    const keys = [...stringify(value).matchAll(/^ {2}("(?:[^"\\]|\\.)*"):/gm)].map((match) => JSON.parse(match[1] as string));
    expect(keys).toEqual(Object.keys(value).sort());
    expect(`{${keys.map((key) => `${JSON.stringify(key)}:1`).join(',')}}`).toBe(stable(value));
  });

  it('is two spaces, one member a line, a last newline', () => {
    expect(stringify({ b: [], a: { c: [1, 'x', null] }, d: {} })).toBe(
      '{\n  "a": {\n    "c": [\n      1,\n      "x",\n      null\n    ]\n  },\n  "b": [],\n  "d": {}\n}\n',
    );
  });

  it('leaves out what JSON cannot hold, as JSON.stringify does', () => {
    expect(stringify({ a: undefined, b: [undefined], c: Number.NaN, d: new Date(0) })).toBe(
      '{\n  "b": [\n    null\n  ],\n  "c": null,\n  "d": "1970-01-01T00:00:00.000Z"\n}\n',
    );
    expect(stringify('\ud800"\n\u2028')).toBe(`${JSON.stringify('\ud800"\n\u2028')}\n`);
  });
});
