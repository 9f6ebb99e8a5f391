/** Goes through a server and its databases: a kind that cannot be read whole is a gap of that kind alone. */
import type { CollectContext, Resource } from 'drifttrail';
import { Refused } from '../_sql/connection.ts';
import { databaseScope, serverScope } from '../_sql/scope.ts';
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
const IN_DATABASE = 'GRANT VIEW ANY DEFINITION TO the login, or GRANT VIEW DEFINITION in the database TO its user';

export async function* collectSqlserver(context: Context): AsyncGenerator<Resource> {
  const { name, databases } = context.options;
  const scope = serverScope(name);
  let names: readonly string[];
  try {
    const [server] = (await ask(context, 'master', PROBE)).rows;
    if (typeof server?.name === 'string') context.identity(scope, server.name);
    names = databases === 'all' ? (await ask(context, 'master', DATABASES)).rows.map(({ id }) => id).sort() : databases;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const named = databases === 'all' ? [] : databases.map((database) => databaseScope(name, database));
    for (const each of [scope, ...named]) context.gap({ scope: each, reason: error.reason, detail: error.message });
    return;
  }
  yield* readKinds(context, scope, 'master', SERVER);
  for (const database of names) yield* readKinds(context, databaseScope(name, database), database, DATABASE);
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
