/** Goes through a server and its databases: a kind that cannot be read whole is a gap of that kind alone. */
import type { CollectContext, Resource } from 'drifttrail';
import { Refused } from '../_sql/connection.ts';
import { databasesToRead, type Listing } from '../_sql/databases.ts';
import { databaseScope, databasesOf, serverScope } from '../_sql/scope.ts';
import { collection, type Item, modules, objects } from './documents.ts';
import type { SqlserverOptions } from './options.ts';
import type { Rows } from './output.ts';
import { batch, DATABASE, DATABASES, PROBE, SERVER } from './queries.ts';
import { ask } from './sqlcmd.ts';

type Context = CollectContext<SqlserverOptions>;

const MODULES: ReadonlySet<string> = new Set(['view', 'procedure', 'function', 'trigger']);
const REMEDIES: Readonly<Record<string, string>> = {
  login: 'GRANT VIEW ANY DEFINITION TO the login',
  database: 'GRANT VIEW ANY DATABASE TO the login',
  'linked-server': 'GRANT VIEW ANY DEFINITION TO the login',
  job: 'in msdb, GRANT SELECT ON sysjobs, sysjobsteps, sysjobschedules and sysschedules TO its user, or leave it out with without: [job]',
};
const ACCESS = 'GRANT CONNECT ANY DATABASE TO the login, or CREATE USER for it there';
const IN_DATABASE = 'GRANT VIEW ANY DEFINITION TO the login, or GRANT VIEW DEFINITION in the database TO its user';

export async function* collectSqlserver(context: Context): AsyncGenerator<Resource> {
  const { name } = context.options;
  const above = databasesOf(name);
  let databases: readonly string[];
  try {
    const [server] = (await ask(context, 'master', PROBE)).rows;
    // Of the server as a whole: if it is another one, what is missing there says nothing of this one.
    if (typeof server?.name === 'string') context.identity(above, server.name);
    databases = databasesToRead(context, context.options, listingOf(await ask(context, 'master', DATABASES))).sort();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    context.gap({ scope: above, reason: error.reason, detail: error.message });
    return;
  }
  yield* readKinds(context, serverScope(name), 'master', SERVER);
  for (const database of databases) yield* readKinds(context, databaseScope(name, database), database, DATABASE);
}

const BUILT_IN: ReadonlySet<string> = new Set(['master', 'model', 'msdb', 'tempdb']);

function listingOf({ rows, sees }: Rows): Listing {
  return {
    caseless: true,
    hidden: sees ? undefined : REMEDIES.database,
    databases: rows.map(({ id, state, access }) => ({
      name: id,
      builtIn: BUILT_IN.has(id),
      closed: state !== 'ONLINE' ? `is ${String(state)}` : access === 1 ? undefined : `does not let us in; ${ACCESS}`,
    })),
  };
}

/** Once the way to the server is gone, nothing more is asked there. */
async function* readKinds(context: Context, scope: string, database: string, queries: typeof SERVER): AsyncGenerator<Resource> {
  let lost: Refused | undefined;
  for (const [word, query] of Object.entries(queries)) {
    if (context.options.without.includes(word)) continue;
    context.signal.throwIfAborted();
    const kind = `sqlserver.${word}`;
    try {
      if (lost !== undefined) throw lost;
      const answer = await ask(context, database, batch(kind, query));
      for (const { id, config } of itemsOf(word, answer)) yield { ref: { scope, kind, id }, config };
      context.complete(scope, kind);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.lost) lost = error;
      const remedy = error.reason === 'denied' ? `; ${REMEDIES[word] ?? IN_DATABASE}` : '';
      context.gap({ scope, kind, reason: error.reason, detail: `${error.message}${remedy}` });
    }
  }
}

/** The server hides rows without a word from who may not see them: half an answer is none. */
function itemsOf(word: string, { rows, sees }: Rows): Item[] {
  if (!sees) throw new Refused('the server shows us only a part', 'denied');
  if (MODULES.has(word)) return modules(rows);
  return word === 'configuration' ? collection(word, rows) : objects(rows);
}
