/** Local times: zones, clock changes, and years that a log does not tell. */
import { expect, test } from 'vitest';
import { yearless, zoned } from '../../../trails/_log/time.ts';

const wall = (month: number, day: number, hour: number, minute = 0) => ({ year: 2026, month, day, hour, minute, second: 5 });
const iso = (time: number) => new Date(time).toISOString().slice(0, 19);

test.each([
  ['UTC', wall(7, 1, 12), '2026-07-01T12:00:05'],
  ['Europe/Berlin', wall(7, 1, 12), '2026-07-01T10:00:05'],
  ['Europe/Berlin', wall(1, 1, 0), '2025-12-31T23:00:05'],
  ['Asia/Kolkata', wall(7, 1, 12), '2026-07-01T06:30:05'],
  ['America/New_York', wall(11, 21, 22), '2026-11-22T03:00:05'],
  // Clocks go forward at 02:00: 02:30 is not there; back at 03:00: 02:30 is there twice.
  ['Europe/Berlin', wall(3, 29, 1, 59), '2026-03-29T00:59:05'],
  ['Europe/Berlin', wall(3, 29, 3), '2026-03-29T01:00:05'],
  ['Europe/Berlin', wall(10, 25, 2, 30), '2026-10-25T00:30:05'],
  ['Europe/Berlin', wall(10, 25, 3), '2026-10-25T02:00:05'],
])('%s %o', (zone, time, expected) => {
  expect(iso(zoned(time, zone))).toBe(expected);
});

test('a time that the clocks skip is near it', () => {
  expect(iso(zoned(wall(3, 29, 2, 30), 'Europe/Berlin'))).toMatch(/^2026-03-29T0[01]:30:05$/);
});

test.each([
  ['2026-01-02T00:00:00Z', wall(12, 31, 23), '2025-12-31T23:00:05'],
  ['2026-01-02T00:00:00Z', wall(1, 1, 1), '2026-01-01T01:00:05'],
  ['2025-12-31T23:59:59Z', wall(1, 1, 0), '2026-01-01T00:00:05'],
  ['2026-11-21T19:00:00Z', wall(11, 21, 18), '2026-11-21T18:00:05'],
])('in a file last written at %s', (until, { year: _, ...time }, expected) => {
  expect(iso(yearless(time, 'UTC', Date.parse(until)))).toBe(expected);
});
