/** Connections to PostgreSQL that only read: short timeouts, one view of the catalogues, no lock waited for. */
import { describeError } from 'drifttrail';
import type { ClientConfig } from 'pg';
import { type Connection, Refused } from '../_sql/connection.ts';
import { type Address, placeOf, tlsOf } from '../_sql/options.ts';

export interface Target extends Address {
  readonly database: string;
  /** Seconds that one question may take. */
  readonly timeout: number;
}

export type Connect = (target: Target, dir: string, signal: AbortSignal) => Promise<Connection>;

/** The part of pg's client that is used. */
interface Client {
  readonly query: (sql: string) => Promise<{ rows: Record<string, unknown>[] }>;
}

const CONNECT_TIMEOUT = 10_000;
/** Milliseconds that a lock is waited for: reading catalogues needs hardly any, and nobody shall wait behind us. */
const LOCK_TIMEOUT = 2_000;

export const connect: Connect = async (target, dir, signal) => {
  signal.throwIfAborted();
  const { default: pg } = await import('pg');
  const tls = tlsOf(target.ssl, dir);
  const config: ClientConfig = {
    host: target.socket ?? target.host ?? 'localhost',
    port: target.port ?? 5432,
    database: target.database,
    application_name: 'drifttrail',
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    // The server's own timeout comes first; this one is for a server that says nothing any more.
    query_timeout: target.timeout * 1000 + 5_000,
    ssl: tls ?? false,
    ...(target.user === undefined ? {} : { user: target.user }),
    ...(target.password === undefined ? {} : { password: target.password }),
  };
  const client = new pg.Client(config);
  let broken: Error | undefined;
  client.on('error', (error) => {
    broken = error;
  });
  const end = async () => {
    try {
      await client.end();
    } catch (error) {
      // It was gone already, which the next question is told.
      broken ??= error as Error;
    }
  };
  const abort = () => void end();
  signal.addEventListener('abort', abort, { once: true });
  const close = async () => {
    signal.removeEventListener('abort', abort);
    await end();
  };
  const ask = async (sql: string) => {
    signal.throwIfAborted();
    try {
      return (await (client as Client).query(sql)).rows;
    } catch (error) {
      signal.throwIfAborted();
      throw refusal(error, target, broken !== undefined);
    }
  };
  try {
    await client.connect();
    const [row] = await ask('SHOW server_version_num');
    return { version: Number(row?.server_version_num), query: (_, sql) => ask(sql), close };
  } catch (error) {
    await close();
    signal.throwIfAborted();
    throw error instanceof Refused ? error : refusal(error, target, true);
  }
};

/** What a question about the catalogues is asked under; settings are read before, because this changes some of them. */
export const beginReading = (seconds: number): string =>
  [
    'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
    `SET LOCAL statement_timeout = ${seconds * 1000}`,
    `SET LOCAL lock_timeout = ${LOCK_TIMEOUT}`,
    // Names come out qualified, numbers and times the same for everybody.
    "SET LOCAL search_path = ''",
    "SET LOCAL DateStyle = 'ISO, YMD'",
    "SET LOCAL IntervalStyle = 'postgres'",
    "SET LOCAL TimeZone = 'UTC'",
    "SET LOCAL bytea_output = 'hex'",
    'SET LOCAL extra_float_digits = 1',
    'SET LOCAL quote_all_identifiers = off',
    'SET LOCAL jit = off',
  ].join('; ');

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
function refusal(error: unknown, target: Target, lost: boolean): Refused {
  const code = (error as { code?: string }).code ?? '';
  const message = describeError(error) || code;
  const where = `${placeOf(target)} (${target.database})`;
  if (code === '42501') return new Refused(message, 'denied', lost);
  if (/^(28|3D000|53300)/.test(code))
    return new Refused(`${where}: ${message}`, code === '53300' ? 'throttled' : code === '3D000' ? 'unreachable' : 'denied', true);
  if (code === '57014' || code === '55P03')
    return new Refused(`${message}; raise timeout: or ask when less is going on`, 'unreachable', lost);
  if (/^(08|57P)/.test(code) || /^E[A-Z]+$/.test(code) || /timeout|terminated|not queryable|certificate|SSL/i.test(message))
    return new Refused(`${where}: ${message}`, 'unreachable', true);
  return new Refused(message, 'invalid', lost);
}
