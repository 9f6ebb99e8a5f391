/** One line of the file of MariaDB's server_audit: when, who, from where, what, and how it ended. */
import { zoned } from '../_log/time.ts';

export interface AuditLine {
  /** Milliseconds; the file has whole seconds of local time. */
  readonly time: number;
  readonly host: string;
  readonly user: string;
  readonly address: string;
  readonly connection: string;
  readonly query: string;
  readonly operation: string;
  readonly database: string;
  readonly statement: string;
  /** 0: it succeeded. */
  readonly code: number;
}

const LINE = /^(\d{4})(\d\d)(\d\d) (\d\d):(\d\d):(\d\d),([^,]*),(.*?),([^,]*),(\d+),(\d+),([A-Z_]+),([^']*?),(?:'([\s\S]*)')?,?(-?\d+)$/;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '0': '\0', Z: '\x1a' };

/** Undefined for what is no such line, or has no statement. */
export function parseLine(text: string, zone: string): AuditLine | undefined {
  const [
    whole,
    year,
    month,
    day,
    hour,
    minute,
    second,
    host = '',
    user = '',
    address = '',
    connection = '',
    query = '',
    operation = '',
    database = '',
    statement = '',
    code,
  ] = LINE.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const wall = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
  };
  const plain = statement.replaceAll(/\\([\s\S])/g, (_, letter: string) => ESCAPES[letter] ?? letter);
  return { time: zoned(wall, zone), host, user, address, connection, query, operation, database, statement: plain, code: Number(code) };
}
