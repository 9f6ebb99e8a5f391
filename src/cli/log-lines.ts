/** Lines of syslog: when, and what a copy of them elsewhere says in the same words. */

export interface LogLine {
  /** Milliseconds. */
  readonly time: number;
  /** Program and message. Time and host are left out: a collector writes them in its own form. */
  readonly text: string;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAY = 24 * 3_600_000;

/**
 * `Nov 22 01:20:00 host program[1]: message` (RFC 3164, in this machine's zone) or `2026-11-22T01:20:00.123456+00:00 host …`,
 * either after `<13>`, RFC 5424 with its version after that. Undefined for what begins with no time.
 */
export function parseLogLine(line: string, now: Date): LogLine | undefined {
  const [, stamp = '', rest = ''] =
    /^(?:<\d{1,3}>(?:\d )?)?([A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?) \S+ +(.*\S)/.exec(
      line,
    ) ?? [];
  const time = stamp === '' ? Number.NaN : timeOf(stamp, now);
  return Number.isNaN(time) ? undefined : { time, text: rest.replaceAll(/\s+/g, ' ') };
}

/** RFC 3164 tells no year: the latest in which the line is not from tomorrow. */
function timeOf(stamp: string, now: Date): number {
  const [, month = '', day = '', hour = '', minute = '', second = ''] =
    /^([A-Z][a-z]{2}) ([ \d]\d) (\d\d):(\d\d):(\d\d)$/.exec(stamp) ?? [];
  if (month === '') return Date.parse(stamp.replace(' ', 'T').replace(',', '.'));
  const at = (year: number) => new Date(year, MONTHS.indexOf(month), Number(day), Number(hour), Number(minute), Number(second)).getTime();
  const time = at(now.getFullYear());
  return time > now.getTime() + DAY ? at(now.getFullYear() - 1) : time;
}

/** The newest lines that are not younger than `until` (milliseconds), in their order. */
export async function newestBefore(
  lines: AsyncIterable<string>,
  { count, until, now }: { readonly count: number; readonly until: number; readonly now: Date },
): Promise<LogLine[]> {
  const kept: LogLine[] = [];
  for await (const line of lines) {
    const parsed = parseLogLine(line, now);
    if (parsed === undefined || parsed.time > until) continue;
    kept.push(parsed);
    if (kept.length > 2 * count) kept.splice(0, kept.length - count);
  }
  return kept.slice(-count);
}
