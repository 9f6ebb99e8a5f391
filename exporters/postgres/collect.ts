/** Goes through a server and its databases: each kind is one question, and one that fails is a gap of that kind alone. */
import type { CollectContext, Json, Resource } from 'drifttrail';
import { type Connection, Refused, type Row, textOf } from '../_sql/connection.ts';
import { databasesToRead, type Listing } from '../_sql/databases.ts';
import { addressOf } from '../_sql/options.ts';
import { databaseScope, databasesOf, serverScope } from '../_sql/scope.ts';
import { beginReading, type Connect, type Target } from './connect.ts';
import type { PostgresOptions } from './options.ts';
import { READERS } from './queries/index.ts';
import type { Reader } from './queries/parts.ts';

type Context = CollectContext<PostgresOptions>;

/** Everybody is shown all of them. */
const DATABASES = `SELECT datname AS name, datallowconn AS open, datistemplate AS template FROM pg_database ORDER BY datname COLLATE "C"`;
const IDENTITY = 'SELECT system_identifier::text AS id FROM pg_control_system()';
/** 12; older servers lack columns that are asked for. */
const OLDEST = 120000;

export function targetOf(options: PostgresOptions): Target {
  const address = addressOf(options, ['postgres', 'postgresql']);
  return { ...address, database: options.database ?? address.database ?? 'postgres', timeout: options.timeout };
}

export async function* collectPostgres(context: Context, connect: Connect): AsyncGenerator<Resource> {
  const { options, dir, signal } = context;
  const target = targetOf(options);
  const above = databasesOf(options.name);
  const opened = await open(context, above, connect, target);
  if (opened === undefined) return;
  let databases: string[];
  try {
    const identity = await identityOf(opened);
    // Of the server as a whole: if it is another one, what is missing there says nothing of this one.
    if (identity !== undefined) context.identity(above, identity);
    databases = databasesToRead(context, options, { databases: (await opened.query('databases', DATABASES)).map(listed) });
    yield* readScope(context, serverScope(options.name), opened, 'server');
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    context.gap({ scope: above, reason: error.reason, detail: error.message });
    return;
  } finally {
    await opened.close();
  }
  for (const database of databases) {
    signal.throwIfAborted();
    const own = databaseScope(options.name, database);
    const connection = await open(context, own, connect, { ...target, database });
    if (connection === undefined) continue;
    try {
      yield* readScope(context, own, connection, 'database');
    } finally {
      await connection.close();
    }
  }

  async function open(at: Context, gapScope: string, how: Connect, to: Target): Promise<Connection | undefined> {
    try {
      const connection = await how(to, dir, signal);
      if (connection.version >= OLDEST) return connection;
      await connection.close();
      at.gap({
        scope: gapScope,
        reason: 'invalid',
        detail: `the server's version is ${connection.version}; PostgreSQL 12 or newer can be read`,
      });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      at.gap({ scope: gapScope, reason: error.reason, detail: error.message });
    }
    return undefined;
  }
}

function listed(row: Row): Listing['databases'][number] {
  return {
    name: textOf(row, 'name'),
    builtIn: row.template === true,
    ...(row.open === false ? { closed: 'accepts no connections' } : {}),
  };
}

/** Some providers let nobody see it; then nothing tells one server from another. */
async function identityOf(connection: Connection): Promise<string | undefined> {
  try {
    const [row] = await connection.query('identity', IDENTITY);
    return row === undefined ? undefined : textOf(row, 'id');
  } catch (error) {
    if (error instanceof Refused && !error.lost) return undefined;
    throw error;
  }
}

async function* readScope(context: Context, scope: string, connection: Connection, level: Reader['scope']): AsyncGenerator<Resource> {
  const wanted = READERS.filter(
    (reader) => reader.scope === level && !context.options.without.includes(reader.kind.slice('postgres.'.length)),
  );
  // What our own transaction sets would be taken for the server's.
  const settings = wanted.filter(({ kind }) => kind === 'postgres.setting');
  for (const reader of settings) yield* readKind(context, scope, connection, reader);
  let failure: Refused | undefined;
  try {
    await connection.query('begin', beginReading(context.options.timeout));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    failure = error;
  }
  for (const reader of wanted) {
    if (settings.includes(reader)) continue;
    context.signal.throwIfAborted();
    if (failure !== undefined) {
      context.gap({ scope, kind: reader.kind, reason: failure.reason, detail: failure.message });
      continue;
    }
    failure = yield* readKind(context, scope, connection, reader, true);
  }
}

/** Returns why nothing more can be asked, if so. A savepoint each: in a transaction that failed nothing else is answered. */
async function* readKind(
  context: Context,
  scope: string,
  connection: Connection,
  reader: Reader,
  inside = false,
): AsyncGenerator<Resource, Refused | undefined> {
  const { kind } = reader;
  const sql = reader.sql(connection.version);
  if (sql === undefined) return undefined;
  try {
    if (inside) await connection.query('savepoint', 'SAVEPOINT kind');
    const rows = await connection.query(kind, sql);
    yield* resourcesOf(context, scope, reader, rows);
    return undefined;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (error.lost) {
      context.gap({ scope, kind, reason: error.reason, detail: error.message });
      return error;
    }
    if (inside) await connection.query('rollback', 'ROLLBACK TO SAVEPOINT kind');
    if (error.reason === 'denied' && reader.empty !== undefined && (await connection.query(`${kind} empty`, reader.empty)).length === 0) {
      context.complete(scope, kind);
      return undefined;
    }
    context.gap({ scope, kind, reason: error.reason, detail: `${error.message}${error.reason === 'denied' ? remedyOf(reader) : ''}` });
    return undefined;
  }
}

/** What to grant, and the way out for who will not. */
function remedyOf({ kind, remedy }: Reader): string {
  return `${remedy === undefined ? '' : `; ${remedy}`}; or leave it out with without: [${kind.slice('postgres.'.length)}]`;
}

function* resourcesOf(context: Context, scope: string, reader: Reader, rows: readonly Row[]): Generator<Resource> {
  const { kind } = reader;
  const { include, exclude } = context.options.schemas;
  const isWanted = ({ schema }: Row) => typeof schema !== 'string' || ((include?.includes(schema) ?? true) && !exclude.includes(schema));
  if (rows.some(({ allowed }) => allowed === false)) {
    context.gap({
      scope,
      kind,
      reason: 'denied',
      detail: `not everything of it is shown to this role${remedyOf(reader)}`,
    });
    return;
  }
  let whole = true;
  for (const row of rows.filter(isWanted)) {
    const { config } = row;
    // A definition is null when the thing was dropped while it was read.
    if (config === null || config === undefined) {
      whole = false;
      context.gap({ scope, kind, reason: 'invalid', detail: `${textOf(row, 'id')} was dropped while it was read`, partial: true });
    } else yield { ref: { scope, kind, id: textOf(row, 'id') }, config: config as Json };
  }
  if (whole) context.complete(scope, kind);
}
