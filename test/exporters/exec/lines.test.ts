import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLines } from '../../../exporters/exec/lines.ts';

const END = '{"end":true}';
const resource = (id: string) => JSON.stringify({ kind: 'pool', id, config: { secret: 'hunter2' } });

describe('readLines', () => {
  it('takes blank lines, any order, and Windows line ends', () => {
    expect(readLines(`\r\n${resource('a')}\r\n\n{"complete":["pool"]}\r\n${END}\r\n\n`, [])).toEqual({
      resources: [{ kind: 'pool', id: 'a', config: { secret: 'hunter2' } }],
      gaps: [],
      complete: ['pool'],
    });
  });

  it.each<[string, string, RegExp]>([
    ['nothing at all', '', /^line 1 of its output is the last, and none before it is \{"end":true\}/],
    ['no end', `${resource('a')}\n`, /^line 2 .*may be cut off/],
    ['half a line', `${resource('a')}\n{"kind":"po`, /^line 2 of its output is no JSON$/],
    ['something that is no object', `[1]\n${END}`, /^line 1 of its output is no JSON object$/],
    ['words after the end', `${END}\n${END}`, /^line 2 of its output comes after the end$/],
    ['a resource without config', `{"kind":"pool","id":"a"}\n${END}`, /^line 1 .*config: is missing$/],
    ['a member that nobody knows', `{"complete":"pool","pool":1}\n${END}`, /^line 1 .*Unrecognized key/],
    ['a kind in capitals', `{"complete":"Pool"}\n${END}`, /^line 1 .*lower-case/],
    ['an empty id', `{"kind":"pool","id":"","config":1}\n${END}`, /^line 1 /],
    ['a reason that is none', `{"gap":{"reason":"tired","detail":"x"}}\n${END}`, /^line 1 .*gap\.reason/],
    ['an end that is not true', '{"end":false}', /^line 1 .*end/],
    ['a resource twice', `${resource('a')}\n${resource('a')}\n${END}`, /^line 2 of its output tells of pool a a second time$/],
    ['a line of none of these', `{"kind":"pool"}\n${END}`, /^line 1 of its output has none of id, complete, gap, identity and end$/],
  ])('refuses %s, by its number, without a word of what it holds', (_what, output, message) => {
    const refusal = () => readLines(output, []);
    expect(refusal).toThrow(message);
    expect(refusal).not.toThrow(/hunter2/);
  });

  it('refuses kinds that are not described, where some are', () => {
    expect(() => readLines(`${resource('a')}\n${END}`, ['node', 'rule'])).toThrow(
      'line 1 of its output is about the kind pool, which kinds: does not describe (node, rule)',
    );
    expect(() => readLines(`{"complete":"pol"}\n${END}`, ['pool'])).toThrow('the kind pol');
  });

  it('trusts no output that was cut anywhere', () => {
    const whole = `${resource('a')}\n${resource('b')}\n{"complete":"pool"}\n${END}`;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: whole.length - 1 }), (length) => {
        expect(() => readLines(whole.slice(0, length), [])).toThrow(/^line \d+ /);
      }),
    );
  });
});
