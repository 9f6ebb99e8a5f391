import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json, JsonObject } from '../../src/model.ts';
import { isUnwanted } from '../../trails/_cloudtrail/parse.ts';
import { recordsOf } from '../../trails/_cloudtrail/records.ts';
import { siftRecords } from '../../trails/_cloudtrail/sift.ts';
import { skipSpace, skipValue } from '../../trails/_cloudtrail/skip.ts';

const reads = ({ name }: { readonly name: string }) => name === 'GetSecretValue';
const READ = { eventName: 'DescribeVpcs', eventSource: 'ec2.amazonaws.com', eventTime: '2026-07-01T10:00:00Z', readOnly: true };
const sift = (text: string) => siftRecords(Buffer.from(text), reads);

/** What parsing the whole file gives; undefined when that fails. */
function parsed(bytes: Buffer): readonly (Json | undefined)[] | undefined {
  try {
    return recordsOf(JSON.parse(bytes.toString('utf8')) as Json).filter((record) => record === undefined || !isUnwanted(record, reads));
  } catch {
    return undefined;
  }
}

const NAMES = [
  'readOnly',
  'eventName',
  'eventSource',
  'eventTime',
  'recipientAccountId',
  'awsRegion',
  'CloudTrailEvent',
  'detail',
  'Records',
];
const space = fc.constantFrom('', '', '', ' ', '\n', '\t ', '\r\n');
/** A JSON string, some of its characters as escapes though they need none. */
const quoted = (text: fc.Arbitrary<string>) =>
  fc
    .tuple(text, fc.integer({ min: 0, max: 200 }))
    .map(([value, at]) =>
      at < value.length
        ? `${JSON.stringify(value.slice(0, at)).slice(0, -1)}\\u${value.charCodeAt(at).toString(16).padStart(4, '0')}${JSON.stringify(value.slice(at + 1)).slice(1)}`
        : JSON.stringify(value),
    );
const text = fc.constantFrom(
  ...NAMES,
  'DescribeVpcs',
  'GetSecretValue',
  'AssumeRole',
  'ec2.amazonaws.com',
  '2026-07-01T10:00:00Z',
  'né"\\',
  ']}',
  '',
);
const list = (open: string, close: string, inner: fc.Arbitrary<string>) =>
  fc.tuple(fc.array(inner, { maxLength: 8 }), space).map(([items, gap]) => `${open}${gap}${items.join(`${gap},${gap}`)}${gap}${close}`);
const { record, value } = fc.letrec<{ value: string; record: string; member: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    quoted(text),
    fc.constantFrom('true', 'false', 'null', '0', '-1.5e3', '12', '"true"'),
    tie('record'),
    list('[', ']', tie('value')),
  ),
  member: fc
    .tuple(
      fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...NAMES).map((name) => JSON.stringify(name)) }, quoted(text)),
      space,
      tie('value'),
    )
    .map(([name, gap, inner]) => `${name}${gap}:${gap}${inner}`),
  record: list('{', '}', tie('member')),
}));
const some = fc.oneof({ weight: 3, arbitrary: fc.constant('{}') }, record);
/** What CloudTrail writes, with more members before and behind it, which may say the same again. */
const usual = fc
  .tuple(
    fc.constantFrom(READ, { ...READ, readOnly: false }, { ...READ, eventName: 'GetSecretValue' }, { ...READ, eventTime: 1 }),
    some,
    some,
  )
  .map(
    ([given, before, behind]) =>
      `{${[before.trim().slice(1, -1), JSON.stringify(given).slice(1, -1), behind.trim().slice(1, -1)].filter((part) => part.trim() !== '').join(',')}}`,
  );
const file = fc
  .tuple(
    list('[', ']', fc.oneof({ weight: 12, arbitrary: usual }, record, value)),
    space,
    fc.constantFrom('', '', '', ',"Records":[]', ',"eventName":"X"'),
  )
  .map(([records, gap, more]) => `${gap}{${gap}"Records"${gap}:${gap}${records}${gap}${more}}${gap}`);
/** Bytes cut off, overwritten, put before or behind. */
const damaged = fc
  .tuple(
    file,
    fc.constantFrom('whole', 'whole', 'whole', 'whole', 'cut', 'byte', 'before', 'behind'),
    fc.nat(),
    fc.integer({ min: 0, max: 255 }),
  )
  .map(([content, how, at, byte]) => {
    const bytes = Buffer.from(content);
    if (how === 'cut') return bytes.subarray(0, at % bytes.length);
    if (how === 'before') return Buffer.concat([byte % 2 === 0 ? Buffer.from('\ufeff') : Buffer.from([byte]), bytes]);
    if (how === 'behind') return Buffer.concat([bytes, Buffer.from([byte])]);
    if (how === 'byte') bytes[at % bytes.length] = byte;
    return bytes;
  });

test('whatever the bytes, what is sifted is what parsing the whole file would have left', () => {
  let sifted = 0;
  let left = 0;
  fc.assert(
    fc.property(damaged, (bytes) => {
      const passed: JsonObject[] = [];
      const found = siftRecords(bytes, reads, (one) => passed.push(one));
      if (found === undefined) return;
      sifted++;
      left += passed.length;
      const whole = parsed(bytes);
      expect(whole).toBeDefined();
      const kept = found.flatMap((one) => recordsOf(one)).filter((one) => one === undefined || !isUnwanted(one, reads));
      expect(kept).toEqual(whole);
      const all = recordsOf(JSON.parse(bytes.toString('utf8')) as Json);
      expect(passed.length + found.flatMap((one) => recordsOf(one)).length).toBe(all.length);
    }),
    { numRuns: 1500 },
  );
  expect(sifted).toBeGreaterThan(150);
  expect(left).toBeGreaterThan(50);
});

test('a value is passed over if, and only if, it is JSON', () => {
  fc.assert(
    fc.property(value, fc.nat(), fc.constantFrom('', '"', '\\', '}', ',', '0', '-', '\u0001', 'e', '.', 'x'), (content, at, put) => {
      const changed = content.slice(0, at % (content.length + 1)) + put + content.slice((at % (content.length + 1)) + put.length);
      const bytes = Buffer.from(changed);
      const end = skipValue(bytes, skipSpace(bytes, 0));
      const accepted = end !== -1 && skipSpace(bytes, end) === bytes.length;
      let valid = true;
      try {
        JSON.parse(changed);
      } catch {
        valid = false;
      }
      expect(accepted).toBe(valid);
    }),
    { numRuns: 2000 },
  );
});

test('a record that somebody put into a request is no record', () => {
  const forged = { ...READ, readOnly: false, eventName: 'DeleteTrail' };
  expect(sift(JSON.stringify({ Records: [{ ...READ, requestParameters: { Records: [forged], text: JSON.stringify(forged) } }] }))).toEqual(
    [],
  );
  const hidden = { ...READ, eventName: 'StopLogging', readOnly: false, requestParameters: { readOnly: true } };
  expect(sift(JSON.stringify({ Records: [hidden, READ] }))).toEqual([hidden]);
});

test.each([
  ['a name in escapes', `{"Records":[{"readOn\\u006cy":false,${JSON.stringify(READ).slice(1)}]}`],
  ['a second list', `{"Records":[${JSON.stringify(READ)}],"Records":[]}`],
  ['more beside the list', `{"Records":[],"eventName":"X"}`],
  ['a plain list', `[${JSON.stringify(READ)}]`],
  ['a byte order mark', `\ufeff{"Records":[]}`],
  ['a space that JSON does not know', `\u00a0{"Records":[]}`],
  ['an end that is missing', `{"Records":[${JSON.stringify(READ)}`],
  ['something behind the end', `{"Records":[]}x`],
  ['a mistake inside a record that nobody wants', `{"Records":[${JSON.stringify(READ).replace('true', 'tru')}]}`],
  ['a nesting that has no end', `{"Records":[{"a":${'['.repeat(100)}${']'.repeat(100)}}]}`],
])('%s: the file has to be parsed as a whole', (_what, content) => {
  expect(sift(content)).toBeUndefined();
});

test('of two members of one name the last counts, as for JSON.parse', () => {
  const twice = (first: string, last: string) =>
    `{"Records":[{"readOnly":${first},${JSON.stringify(READ).slice(1, -1).replace('true', last)}}]}`;
  expect(sift(twice('false', 'true'))).toEqual([]);
  expect(sift(twice('true', 'false'))).toHaveLength(1);
});
