import { describe, expect, it } from 'vitest';
import { hadTurn, isCron } from '../../src/notify/cron.ts';
import { isQuiet, isZone } from '../../src/notify/hours.ts';

const at = (text: string) => new Date(`${text}Z`);

describe('quiet hours', () => {
  const NIGHT = { from: '22:00', to: '07:00', days: [] };
  it.each([
    ['2026-01-14T21:59', 'UTC', false],
    ['2026-01-14T22:00', 'UTC', true],
    ['2026-01-15T06:59', 'UTC', true],
    ['2026-01-15T07:00', 'UTC', false],
    // Berlin is an hour ahead in winter and two in summer.
    ['2026-01-14T21:00', 'Europe/Berlin', true],
    ['2026-07-14T20:00', 'Europe/Berlin', true],
    ['2026-07-15T05:00', 'Europe/Berlin', false],
    // The night in which the clock is set forward and that in which it is set back.
    ['2026-03-29T04:59', 'Europe/Berlin', true],
    ['2026-03-29T05:00', 'Europe/Berlin', false],
    ['2026-10-25T05:59', 'Europe/Berlin', true],
    ['2026-10-25T06:00', 'Europe/Berlin', false],
    ['2026-01-14T16:29', 'Asia/Kolkata', false],
    ['2026-01-14T16:30', 'Asia/Kolkata', true],
  ])('%s in %s: %s', (time, zone, quiet) => {
    expect(isQuiet(at(time), NIGHT, zone)).toBe(quiet);
  });

  it('knows hours of one day, and days that are quiet as a whole, by the zone', () => {
    const lunch = { from: '12:00', to: '13:00', days: ['sat', 'sun'] as const };
    const quiet = (time: string, zone = 'UTC') => isQuiet(at(time), { ...lunch, days: [...lunch.days] }, zone);
    expect(['2026-01-14T11:59', '2026-01-14T12:00', '2026-01-14T13:00', '2026-01-17T09:00'].map((time) => quiet(time))).toEqual([
      false,
      true,
      false,
      true,
    ]);
    expect(quiet('2026-01-16T23:30', 'Europe/Berlin')).toBe(true); // Saturday there
  });

  it('tells a time zone from what is none', () => {
    expect(['UTC', 'Europe/Berlin', 'America/Argentina/Ushuaia', 'Mars/Base', ''].map(isZone)).toEqual([true, true, true, false, false]);
  });
});

describe('digests', () => {
  it.each([
    ['0 8 * * *', 'UTC', '2026-01-14T08:00', '2026-01-15T07:59', false],
    ['0 8 * * *', 'UTC', '2026-01-14T07:59', '2026-01-14T08:00', true],
    ['0 8 * * *', 'Europe/Berlin', '2026-01-14T06:00', '2026-01-14T07:00', true],
    ['0 8 * * *', 'Europe/Berlin', '2026-07-14T06:30', '2026-07-14T07:00', false],
    ['30 7 * * 1-5', 'UTC', '2026-01-16T08:00', '2026-01-19T07:29', false],
    ['30 7 * * 1-5', 'UTC', '2026-01-16T08:00', '2026-01-19T07:30', true],
    // Either of day and weekday, as cron has it: Monday the 19th, before the 1st.
    ['0 0 1 * 1', 'UTC', '2026-01-16T00:00', '2026-01-19T00:00', true],
    // The hour that the clock leaves out; the next day's comes.
    ['30 2 * * *', 'Europe/Berlin', '2026-03-28T23:30', '2026-03-29T10:00', false],
    ['30 2 * * *', 'Europe/Berlin', '2026-03-28T23:30', '2026-03-30T00:30', true],
    ['0 0 31 2 *', 'UTC', '2026-01-01T00:00', '2026-02-20T00:00', true], // never: what is held goes out all the same
  ])('%s in %s between %s and %s: %s', (expression, zone, since, now, turn) => {
    expect(hadTurn(expression, zone, at(since), at(now))).toBe(turn);
  });

  it('tells a cron expression from what is none', () => {
    expect(['0 8 * * 1-5', '61 * * * *', '0 8 * *', '* * * * * *'].map(isCron)).toEqual([true, false, false, false]);
  });
});
