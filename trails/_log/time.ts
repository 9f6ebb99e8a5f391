/** Times of logs that name no zone, and some no year either: local times of the machine that wrote them. */

const formats = new Map<string, Intl.DateTimeFormat>();

export interface WallTime {
  readonly year: number;
  /** 1–12 */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** Milliseconds since 1970. A time that the clocks show twice is the first of the two; one that they skip is that much later. */
export function zoned(wall: WallTime, zone: string): number {
  const asUtc = Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second);
  const candidates = [-HALF_DAY, HALF_DAY].map((near) => asUtc - offsetAt(asUtc + near, zone)).sort((a, b) => a - b);
  return candidates.find((time) => time + offsetAt(time, zone) === asUtc) ?? Math.max(...candidates);
}

/** A date without its year, in a file last written at `until`: the latest year in which it is not later than that. */
export function yearless(wall: Omit<WallTime, 'year'>, zone: string, until: number): number {
  const year = new Date(until).getUTCFullYear() + 1;
  const candidates = [year, year - 1, year - 2].map((each) => zoned({ ...wall, year: each }, zone));
  return candidates.find((time) => time <= until + TOLERANCE) ?? candidates[2] ?? until;
}

/** Clocks are set back now and then. Milliseconds. */
const TOLERANCE = 3_600_000;

export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** No zone changes its offset twice within a day. */
const HALF_DAY = 43_200_000;

/** Zones change their offset at full quarters of an hour, and logs stay within one for long. */
const QUARTER = 900_000;
const MAX_KNOWN = 10_000;
const known = new Map<string, number>();

function offsetAt(time: number, zone: string): number {
  const quarter = Math.floor(time / QUARTER) * QUARTER;
  const key = `${zone} ${quarter}`;
  const offset = known.get(key) ?? computeOffset(quarter, zone);
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(key, offset);
  return offset;
}

function computeOffset(time: number, zone: string): number {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  formats.set(zone, format);
  const parts = new Map(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  const shown = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  return shown - time;
}
