/** Times of the log: local ones of log_timezone, with an abbreviation that means this zone or that, or a number. */
import { zoned } from '../_log/time.ts';

const TIME = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))? ?([A-Za-z]+|[+-]\d\d(?::?\d\d)?)?$/;

/** Milliseconds; undefined for what is no time. `zone` is used where an abbreviation does not tell. */
export function timeOf(text: string, zone: string): number | undefined {
  const [whole, year, month, day, hour, minute, second, fraction = '', offset = ''] = TIME.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const number = (part: string | undefined) => Number(part);
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const wall = {
    year: number(year),
    month: number(month),
    day: number(day),
    hour: number(hour),
    minute: number(minute),
    second: number(second),
  };
  const asUtc = Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second) + milliseconds;
  if (/^(UTC|GMT|Z|UCT)$/.test(offset)) return asUtc;
  const [, sign, hours = '', minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(offset) ?? [];
  if (sign !== undefined) return asUtc - (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  return zoned(wall, zone) + milliseconds;
}
