/** Goes through the database files: one that cannot be read is a gap of its own and holds up none of the others. */
import type { CollectContext, Resource } from 'drifttrail';
import { Refused } from '../_sql/connection.ts';
import { databaseScope } from '../_sql/scope.ts';
import { OBJECTS, SETTINGS } from './kinds.ts';
import type { SqliteOptions } from './options.ts';
import { readDatabase } from './read.ts';

export async function* collectSqlite(context: CollectContext<SqliteOptions>): AsyncGenerator<Resource> {
  const { name, files } = context.options;
  for (const [database, file] of Object.entries(files)) {
    context.signal.throwIfAborted();
    const scope = databaseScope(name, database);
    try {
      const { settings, objects, journal } = await readDatabase(context, file);
      yield { ref: { scope, kind: SETTINGS, id: 'settings' }, config: { ...settings, journal, file } };
      const strange = objects.find(({ type }) => !Object.hasOwn(OBJECTS, type));
      if (strange !== undefined) throw new Refused(`an object of the type ${strange.type} is not known`, 'invalid');
      // As it is kept, and with the line end that a file has.
      for (const { type, name: id, sql } of objects) yield { ref: { scope, kind: `sqlite.${type}`, id }, config: `${sql}\n` };
      for (const kind of [SETTINGS, ...Object.keys(OBJECTS).map((type) => `sqlite.${type}`)]) context.complete(scope, kind);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      context.gap({ scope, reason: error.reason, detail: error.message });
    }
  }
}
