import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeAge, momentBefore, parseDuration, parseEnding, parseMoment, parseWindow } from '../../src/questions/time.ts';

const NOW = new Date('2026-11-21T12:00:00.000Z');

describe('durations', () => {
  test.each([
    ['90s', 90_000],
    ['90m', 5_400_000],
    ['24h', 86_400_000],
    ['7d', 604_800_000],
    ['2w', 1_209_600_000],
  ])('%s', (text, milliseconds) => expect(parseDuration(text)).toBe(milliseconds));

  test.each(['', '24', 'h', '-1h', '1.5h', '24 h', '1y', '99999999999999999d'])('refuses %j and says what to write', (text) => {
    expect(() => parseDuration(text)).toThrow(expect.objectContaining({ code: 'time-invalid', remedy: expect.stringContaining('24h') }));
  });
});

describe('moments', () => {
  test.each([
    ['now', '2026-11-21T12:00:00.000Z'],
    ['24h', '2026-11-20T12:00:00.000Z'],
    ['2026-11-18', '2026-11-18T00:00:00.000Z'],
    ['2026-11-18T09:30', '2026-11-18T09:30:00.000Z'],
    ['2026-11-18 09:30:15', '2026-11-18T09:30:15.000Z'],
    ['2026-11-18T09:30Z', '2026-11-18T09:30:00.000Z'],
    ['2026-11-18T09:30:00+02:00', '2026-11-18T07:30:00.000Z'],
  ])('%s', (text, iso) => expect(parseMoment(text, NOW).toISOString()).toBe(iso));

  test.each([
    'yesterday',
    '2026-02-31',
    '2026-02-31T10:00Z',
    '2026-02-29 10:00',
    '2026-04-31T23:30-05:00',
    '0000-01-01',
    '99999999d',
    '14000000w',
    '2026-13-01',
    '18.11.2026',
    '2026-11-18T25:00Z',
    '',
  ])('refuses %j', (text) => {
    expect(() => parseMoment(text, NOW)).toThrow(expect.objectContaining({ code: 'time-invalid' }));
  });

  test.each(['2024-02-29T10:00Z', '2026-03-31T23:30-05:00', '0001-01-01'])('takes %s', (text) => {
    expect(parseMoment(text, NOW).getTime()).toBe(Date.parse(text));
  });

  test('an ISO time is read back as itself', () => {
    const max = new Date('9999-12-31T00:00:00Z');
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0001-01-01T00:00:00Z'), max, noInvalidDate: true }),
        (date) => parseMoment(date.toISOString(), NOW).getTime() === date.getTime(),
      ),
    );
  });
});

test('what ends, and how far to look back, is within the years that can be asked for', () => {
  expect(parseEnding('7d', NOW)).toBe('2026-11-28T12:00:00.000Z');
  expect(momentBefore('2026-11-19T09:10:00.000Z', '24h')).toBe('2026-11-18T09:10:00.000Z');
  for (const refused of [
    () => parseEnding('2027-02-30T10:00Z', NOW),
    () => parseEnding('99999999d', NOW),
    () => momentBefore(NOW.toISOString(), '999999d'),
  ])
    expect(refused).toThrow(expect.objectContaining({ code: 'time-invalid' }));
});

test('a window must not end before it begins', () => {
  expect(parseWindow('24h', undefined, NOW)).toEqual({ from: '2026-11-20T12:00:00.000Z', to: '2026-11-21T12:00:00.000Z' });
  expect(() => parseWindow('1h', '2h', NOW)).toThrow(/--since 1h .* is after --until 2h/);
  expect(() => parseWindow('2026-11-20', '2026-11-20', NOW)).toThrow(
    'nothing lies between --since 2026-11-20 and --until 2026-11-20: both are 2026-11-20T00:00:00.000Z',
  );
});

test.each([
  [5000, '5 s'],
  [180_000, '3 min'],
  [7_200_000, '2 h'],
  [432_000_000, '5 d'],
  [-1, '0 s'],
])('an age of %d ms reads %s', (milliseconds, text) => expect(describeAge(milliseconds)).toBe(text));
