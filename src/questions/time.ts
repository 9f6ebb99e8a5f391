/** Moments and durations as people type them: `24h`, `7d`, `90m`, `2026-11-18`, `2026-11-18T09:30Z`. */
import { DrifttrailError } from '../errors.ts';

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const DURATION = /^(\d+)(s|m|h|d|w)$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

/** Milliseconds. Throws `time-invalid`. */
export function parseDuration(text: string): number {
  const [, number, unit] = DURATION.exec(text) ?? [];
  const milliseconds = Number(number) * (UNITS[unit ?? ''] ?? Number.NaN);
  if (Number.isSafeInteger(milliseconds)) return milliseconds;
  throw invalid(text, 'a duration', 'write a number and s, m, h, d or w, such as 90m, 24h or 7d');
}

/** How far to look back from trouble where nobody says it: a change of one afternoon is often met on the next morning. */
export const LOOK_BACK = '24h';

/** So long before a moment: UTC ISO 8601. @throws {DrifttrailError} `time-invalid` */
export function momentBefore(at: string, duration: string): string {
  return checked(new Date(Date.parse(at) - parseDuration(duration)), duration).toISOString();
}

/**
 * The moment that a duration before now, a date (midnight UTC) or an ISO time stands for; a time without a zone is UTC.
 * Throws `time-invalid`.
 */
export function parseMoment(text: string, now: Date): Date {
  if (text === 'now') return now;
  if (DURATION.test(text)) return checked(new Date(now.getTime() - parseDuration(text)), text);
  if (!MOMENT.test(text)) throw invalid(text, 'a time', 'write 24h, 7d, 2026-11-18 or 2026-11-18T09:30Z');
  const iso = text.replace(' ', 'T');
  const zoned = iso.length === 10 || /(?:Z|[+-]\d{2}:?\d{2})$/.test(iso) ? iso : `${iso}Z`;
  return checked(new Date(zoned), text);
}

/** A duration means from now on, a date the moment itself. @throws {DrifttrailError} `time-invalid` */
export function parseEnding(text: string, now: Date): string {
  const until = /^\d+[smhdw]$/.test(text) ? checked(new Date(now.getTime() + parseDuration(text)), text) : parseMoment(text, now);
  if (until > now) return until.toISOString();
  throw new DrifttrailError({ code: 'time-invalid', message: `${text} is not in the future`, remedy: 'write 7d or a later date' });
}

/** The span of a report. Throws `time-invalid` when it ends before it begins, or as it begins. */
export function parseWindow(since: string, until: string | undefined, now: Date): { from: string; to: string } {
  const from = parseMoment(since, now);
  const to = parseMoment(until ?? 'now', now);
  if (from > to) {
    throw new DrifttrailError({
      code: 'time-invalid',
      message: `--since ${since} (${from.toISOString()}) is after ${until === undefined ? 'now' : `--until ${until}`} (${to.toISOString()})`,
      remedy: 'give the earlier moment to --since',
    });
  }
  if (from.getTime() === to.getTime()) {
    throw new DrifttrailError({
      code: 'time-invalid',
      message: `nothing lies between --since ${since} and ${until === undefined ? 'now' : `--until ${until}`}: both are ${from.toISOString()}`,
      remedy: 'a date is its midnight, UTC: for a whole day give the day after it to --until',
    });
  }
  return { from: from.toISOString(), to: to.toISOString() };
}

/** Clocks of monitors differ from ours. Milliseconds. */
const SKEW = 90_000;

/** A moment that has passed, as an option says it. Throws `time-invalid`. */
export function parsePast(option: string, text: string, now: Date): Date {
  const moment = parseMoment(text, now);
  if (moment.getTime() <= now.getTime() + SKEW) return moment;
  throw new DrifttrailError({
    code: 'time-invalid',
    message: `${option} ${text} (${moment.toISOString()}) is after now (${now.toISOString()})`,
    remedy: 'give a moment that has passed',
  });
}

/** `3 min`, `2 h`, `5 d`: for people. */
export function describeAge(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

/** Moments are compared as text, which years of more or fewer than four digits would break. */
const [FIRST_YEAR, LAST_YEAR] = [1, 9999];

function checked(date: Date, text: string): Date {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})/.exec(text) ?? [];
  // Date rolls 31 February over to March; a person who typed it meant something else.
  if (day !== undefined && Number(day) > daysIn(Number(year), Number(month))) throw invalid(text, 'a time', 'the day does not exist');
  if (day !== undefined && Number.isNaN(date.getTime())) throw invalid(text, 'a time', 'the day or the hour does not exist');
  const reached = date.getUTCFullYear();
  if (reached >= FIRST_YEAR && reached <= LAST_YEAR) return date;
  throw invalid(text, 'a time that can be asked for', `name one of the years ${FIRST_YEAR} to ${LAST_YEAR}`);
}

function daysIn(year: number, month: number): number {
  const day = new Date(0);
  // setUTCFullYear, because Date.UTC takes the years before 100 for those of the last century.
  day.setUTCFullYear(year, month, 0);
  return day.getUTCDate();
}

function invalid(text: string, what: string, remedy: string): DrifttrailError {
  return new DrifttrailError({ code: 'time-invalid', message: `"${text}" is not ${what}`, remedy });
}
