/** Reads what is defined in SQLite files: tables, indexes, views, triggers and settings; never a row of data. */
import type { Exporter, Probe, ProbeContext } from 'drifttrail';
import { Refused } from '../_sql/connection.ts';
import { databaseScopes } from '../_sql/scope.ts';
import { collectSqlite } from './collect.ts';
import { kinds } from './kinds.ts';
import { options, type SqliteOptions } from './options.ts';
import { readDatabase } from './read.ts';

const exporter: Exporter<SqliteOptions> = {
  name: 'sqlite',
  summary: 'what is defined in SQLite files',
  options,
  scopes: databaseScopes,
  kinds,
  rules: new URL('./rules/', import.meta.url),
  permissions: ['read the file and what stands beside it (-wal, -shm, -journal)', 'start sqlite3'],
  probe,
  collect: collectSqlite,
};
export default exporter;

async function probe(context: ProbeContext<SqliteOptions>): Promise<Probe[]> {
  const probes: Probe[] = [];
  for (const [database, file] of Object.entries(context.options.files)) {
    const system = `${context.options.name}/${database}`;
    try {
      const { objects } = await readDatabase({ ...context, options: { ...context.options, check: false } }, file);
      probes.push({ system, ok: true, detail: `${file}: ${objects.length} ${objects.length === 1 ? 'definition' : 'definitions'}` });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      probes.push({ system, ok: false, detail: error.message });
    }
  }
  return probes;
}
