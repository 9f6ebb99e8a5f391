/** Connections to MariaDB and MySQL that only read, with short timeouts. */
import { describeError } from 'drifttrail';
import type { ConnectionOptions } from 'mysql2/promise';
import { type Connection, Refused, type Row } from '../_sql/connection.ts';
import { type Address, placeOf, tlsOf } from '../_sql/options.ts';

export interface Target extends Address {
  readonly database: string;
  /** Seconds that one question may take. */
  readonly timeout: number;
}

export type Connect = (target: Target, dir: string, signal: AbortSignal) => Promise<Connection>;

const CONNECT_TIMEOUT = 10_000;
/** Definitions are printed the same whatever the server's defaults are, and no lock is waited for long. */
const SESSION =
  "SET NAMES utf8mb4, SESSION sql_mode = '', SESSION sql_quote_show_create = 1, SESSION lock_wait_timeout = 2, SESSION time_zone = '+00:00', SESSION TRANSACTION READ ONLY";

export const connect: Connect = async (target, dir, signal) => {
  signal.throwIfAborted();
  const { createConnection } = await import('mysql2/promise');
  const tls = tlsOf(target.ssl, dir);
  const options: ConnectionOptions = {
    connectTimeout: CONNECT_TIMEOUT,
    charset: 'utf8mb4',
    dateStrings: true,
    ...(target.socket === undefined ? { host: target.host ?? 'localhost', port: target.port ?? 3306 } : { socketPath: target.socket }),
    ...(target.user === undefined ? {} : { user: target.user }),
    ...(target.password === undefined ? {} : { password: target.password }),
    ...(tls === undefined ? {} : { ssl: tls }),
  };
  let client: Awaited<ReturnType<typeof createConnection>>;
  try {
    client = await createConnection(options);
  } catch (error) {
    signal.throwIfAborted();
    throw refusal(error, target);
  }
  const abort = () => client.destroy();
  signal.addEventListener('abort', abort, { once: true });
  const close = async () => {
    signal.removeEventListener('abort', abort);
    client.destroy();
  };
  const ask = async (sql: string): Promise<readonly Row[]> => {
    signal.throwIfAborted();
    try {
      const [rows] = await client.query({ sql, timeout: target.timeout * 1000 });
      return Array.isArray(rows) ? (rows as Row[]) : [];
    } catch (error) {
      signal.throwIfAborted();
      throw refusal(error, target);
    }
  };
  try {
    for (const part of SESSION.split(/, (?=SESSION )/)) await ask(part.startsWith('SET') ? part : `SET ${part}`);
    const [row] = await ask('SELECT VERSION() AS version');
    const version = String(row?.version);
    const [, major = '0', minor = '0', patch = '0'] = /^(\d+)\.(\d+)\.(\d+)/.exec(version) ?? [];
    const number = Number(major) * 10_000 + Number(minor) * 100 + Number(patch);
    // MySQL's numbers are smaller than any MariaDB's that is still alive.
    return { version: version.includes('MariaDB') ? number : -number, query: (_, sql) => ask(sql), close };
  } catch (error) {
    await close();
    throw error;
  }
};

export const isMariaDb = ({ version }: Pick<Connection, 'version'>): boolean => version > 0;

/** https://mariadb.com/kb/en/mariadb-error-code-reference/ */
const DENIED = new Set([1044, 1045, 1095, 1142, 1143, 1227, 1370, 1698, 1820, 1130]);
const GONE = new Set([1046, 1049, 1146, 1305, 1360, 1539]);

function refusal(error: unknown, target: Target): Refused {
  const { errno, code = '', fatal = false } = error as { errno?: number; code?: string; fatal?: boolean };
  const message = describeError(error) || code;
  const where = `${placeOf(target)}: ${message}`;
  if (errno !== undefined && DENIED.has(errno)) return new Refused(fatal ? where : message, 'denied', fatal);
  if (errno === 1040 || errno === 1203) return new Refused(where, 'throttled', true);
  if (errno !== undefined && GONE.has(errno)) return new Refused(message, 'invalid');
  const lost = fatal || /^(E[A-Z]+|PROTOCOL_.*|HANDSHAKE_.*)$/.test(code);
  return new Refused(lost ? where : message, lost ? 'unreachable' : 'invalid', lost);
}
