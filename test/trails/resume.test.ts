/** Where reading goes on: never twice what is settled, and never past what was not read. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { resumeFrom, resumeMark } from '../../trails/_cloudtrail/resume.ts';

const at = (minute: number) => new Date(Date.parse('2026-07-01T00:00:00Z') + minute * 60_000).toISOString();
const window = (from: number, to: number) => ({ from: at(from), to: at(to) });
const LATE = 30;

test('a window goes on where the last ended, but for what may come late', () => {
  const mark = resumeMark(window(0, 100), undefined);
  expect(resumeFrom(window(50, 200), mark, LATE * 60_000)).toBe(at(70));
  expect(resumeFrom(window(90, 200), mark, LATE * 60_000)).toBe(at(90));
  expect(resumeFrom(window(50, 60), mark, LATE * 60_000)).toBe(at(50));
});

test('a mark of another version is no mark', () => {
  expect(resumeFrom(window(0, 10), '2026-07-01T00:05:00.000Z', 0)).toBe(at(0));
  expect(resumeFrom(window(0, 10), '{"since":1}', 0)).toBe(at(0));
});

test('whatever windows come in whatever order, every minute of them is read, the last half an hour of each again', () => {
  const windows = fc.array(fc.tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 300 })), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(windows, (list) => {
      const read = new Set<number>();
      let mark: string | undefined;
      for (const [from, length] of list) {
        const next = window(from, from + length);
        const start = (Date.parse(resumeFrom(next, mark, LATE * 60_000)) - Date.parse(at(0))) / 60_000;
        expect(start).toBeGreaterThanOrEqual(from);
        for (let minute = start; minute <= from + length; minute++) read.add(minute);
        mark = resumeMark(next, mark);
        for (let minute = from; minute <= from + length; minute++)
          expect(read.has(minute), `minute ${minute} of ${JSON.stringify(list)}`).toBe(true);
      }
    }),
  );
});
