/** Goes through a server and its databases: a kind that cannot be read whole is a gap of that kind alone. */
import type { CollectContext, Resource } from 'drifttrail';
import { type Connection, Refused, textOf } from '../_sql/connection.ts';
import { databasesToRead, type Listing } from '../_sql/databases.ts';
import { addressOf } from '../_sql/options.ts';
import { databaseScope, databasesOf, serverScope } from '../_sql/scope.ts';
import { type Connect, isMariaDb, type Target } from './connect.ts';
import { listingOf } from './listing.ts';
import type { MysqlOptions } from './options.ts';
import { events, functions, procedures, tables, triggers, views } from './read-database.ts';
import { accounts, databases, type Item, plugins, replication, variables } from './read-server.ts';

type Context = CollectContext<MysqlOptions>;
type Read = (connection: Connection, database: string) => Promise<Item[]>;

const SERVER: Readonly<Record<string, Read>> = {
  'mysql.variable': variables,
  'mysql.account': accounts,
  'mysql.plugin': plugins,
  'mysql.replication': replication,
  'mysql.database': databases,
};
const DATABASE: Readonly<Record<string, Read>> = {
  'mysql.table': tables,
  'mysql.view': views,
  'mysql.procedure': procedures,
  'mysql.function': functions,
  'mysql.trigger': triggers,
  'mysql.event': events,
};
const REMEDIES: Readonly<Record<string, string>> = {
  'mysql.account': 'GRANT SELECT ON mysql.* TO the account',
  'mysql.replication': 'GRANT SLAVE MONITOR (MySQL: REPLICATION CLIENT) ON *.* TO the account',
  'mysql.view': 'GRANT SHOW VIEW ON *.* TO the account, and SELECT on what the views read',
  'mysql.procedure': 'GRANT SELECT ON mysql.* (MySQL: SHOW_ROUTINE ON *.*) TO the account',
  'mysql.function': 'GRANT SELECT ON mysql.* (MySQL: SHOW_ROUTINE ON *.*) TO the account',
  'mysql.trigger': 'GRANT TRIGGER ON *.* TO the account',
  'mysql.event': 'GRANT EVENT ON *.* TO the account',
  'mysql.table': 'GRANT REFERENCES ON *.* TO the account',
};

export function targetOf(options: MysqlOptions): Target {
  const { database, ...address } = addressOf(options, ['mysql', 'mariadb']);
  return { ...address, database: database ?? '', timeout: options.timeout };
}

export async function* collectMysql(context: Context, connect: Connect): AsyncGenerator<Resource> {
  const { options, dir, signal } = context;
  const above = databasesOf(options.name);
  let connection: Connection;
  try {
    connection = await connect(targetOf(options), dir, signal);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    context.gap({ scope: above, reason: error.reason, detail: error.message });
    return;
  }
  try {
    const identity = await identityOf(connection);
    // Of the server as a whole: if it is another one, what is missing there says nothing of this one.
    if (identity !== undefined) context.identity(above, identity);
    const listing = await listingOf(connection);
    const databases = databasesToRead(context, options, listing);
    let lost = yield* readKinds(context, serverScope(options.name), connection, serverReaders(listing), '');
    for (const database of databases) {
      const own = databaseScope(options.name, database);
      if (lost !== undefined) context.gap({ scope: own, reason: lost.reason, detail: lost.message });
      else lost = yield* readKinds(context, own, connection, DATABASE, database);
    }
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    context.gap({ scope: above, reason: error.reason, detail: error.message });
  } finally {
    await connection.close();
  }
}

function serverReaders({ hidden }: Listing): Readonly<Record<string, Read>> {
  if (hidden === undefined) return SERVER;
  const partly = new Refused(`the server shows us only a part; ${hidden}, or leave it out with without: [database]`, 'denied');
  return { ...SERVER, 'mysql.database': () => Promise.reject(partly) };
}

/** Copied data folders have the same one: then it is the same server to us, as it is to its replicas. */
async function identityOf(connection: Connection): Promise<string | undefined> {
  try {
    const [row] = await connection.query('identity', isMariaDb(connection) ? 'SELECT @@server_uid AS id' : 'SELECT @@server_uuid AS id');
    return row === undefined ? undefined : textOf(row, 'id');
  } catch (error) {
    // MariaDB has it since 10.4.
    if (error instanceof Refused && !error.lost) return undefined;
    throw error;
  }
}

/** Returns why nothing more can be asked, if so. */
async function* readKinds(
  context: Context,
  scope: string,
  connection: Connection,
  readers: Readonly<Record<string, Read>>,
  database: string,
): AsyncGenerator<Resource, Refused | undefined> {
  let lost: Refused | undefined;
  for (const [kind, read] of Object.entries(readers)) {
    if (context.options.without.includes(kind.slice('mysql.'.length))) continue;
    context.signal.throwIfAborted();
    if (lost !== undefined) {
      context.gap({ scope, kind, reason: lost.reason, detail: lost.message });
      continue;
    }
    try {
      for (const { id, config } of await read(connection, database)) yield { ref: { scope, kind, id }, config };
      context.complete(scope, kind);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const remedy = error.reason === 'denied' && REMEDIES[kind] !== undefined ? `; ${REMEDIES[kind]}` : '';
      context.gap({ scope, kind, reason: error.reason, detail: `${error.message}${remedy}` });
      if (error.lost) lost = error;
    }
  }
  return lost;
}
