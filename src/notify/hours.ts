/** Quiet hours by the clock on somebody's wall. */
export interface QuietHours {
  /** `22:00`; when it is later than `to`, the hours go over midnight. */
  readonly from: string;
  readonly to: string;
  /** Days that are quiet as a whole. */
  readonly days: readonly Day[];
}
export const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Day = (typeof DAYS)[number];

export const MINUTE = 60_000;

export function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

export function isQuiet(now: Date, { from, to, days }: QuietHours, zone: string): boolean {
  const { hour, minute, weekday } = wallClock(zone)(now.getTime());
  const day = DAYS[weekday];
  if (day !== undefined && days.includes(day)) return true;
  const time = hour * 60 + minute;
  const [begin, end] = [minutesOf(from), minutesOf(to)];
  return begin <= end ? time >= begin && time < end : time >= begin || time < end;
}

function minutesOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return hours * 60 + minutes;
}

interface Wall {
  readonly minute: number;
  readonly hour: number;
  readonly day: number;
  readonly month: number;
  /** 0 is Sunday. */
  readonly weekday: number;
}

/** The offset of a zone changes at whole quarters of an hour, so that it is asked for once a quarter. */
export function wallClock(zone: string): (time: number) => Wall {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  let quarter = Number.NaN;
  let offset = 0;
  return (time) => {
    const now = Math.floor(time / (15 * MINUTE));
    if (now !== quarter) {
      quarter = now;
      const parts = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
      const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts;
      offset = Date.UTC(year, month - 1, day, hour, minute) - Math.floor(time / MINUTE) * MINUTE;
    }
    const wall = new Date(time + offset);
    return {
      minute: wall.getUTCMinutes(),
      hour: wall.getUTCHours(),
      day: wall.getUTCDate(),
      month: wall.getUTCMonth() + 1,
      weekday: wall.getUTCDay(),
    };
  };
}
