/** A line of auth.log or secure: syslog's old form without a year, or the new one with RFC 3339 times. */
import { yearless } from '../../_log/time.ts';

export interface AuthLine {
  /** Milliseconds. */
  readonly time: number;
  readonly program: string;
  readonly pid?: string;
  readonly text: string;
}

const NEW = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) (\S+) (.*)$/s;
const OLD = /^([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d) (\S+) (.*)$/s;
const TAG = /^([^\s:[]+)(?:\[(\d+)\])?: (.*)$/s;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export function parseAuthLine(line: string, zone: string, until: number): AuthLine | undefined {
  const [time, rest] = timed(line, zone, until);
  const [, program, pid, text] = TAG.exec(rest) ?? [];
  if (program === undefined || text === undefined || Number.isNaN(time)) return undefined;
  return { time, program: sessionless(program), ...(pid === undefined ? {} : { pid }), text };
}

/** Newer sshd runs each session, and asking who it is, in programs of their own. */
export function sessionless(program: string): string {
  return program.replace(/^sshd-(?:session|auth)$/, 'sshd');
}

function timed(line: string, zone: string, until: number): [number, string] {
  const fresh = NEW.exec(line);
  if (fresh !== null) return [Date.parse(fresh[1] ?? ''), fresh[3] ?? ''];
  const [, name = '', day, hour, minute, second, , rest = ''] = OLD.exec(line) ?? [];
  const month = MONTHS.indexOf(name) + 1;
  if (month === 0) return [Number.NaN, ''];
  const wall = { month, day: Number(day), hour: Number(hour), minute: Number(minute), second: Number(second) };
  return [yearless(wall, zone, until), rest];
}
