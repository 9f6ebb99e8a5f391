/** Reads a PostgreSQL server: its settings, roles and rules of access, and of each database what is defined in it; never a row of data. */
import type { Exporter, Probe, ProbeContext } from 'drifttrail';
import { Refused } from '../_sql/connection.ts';
import { placeOf } from '../_sql/options.ts';
import { databaseScopes } from '../_sql/scope.ts';
import { collectPostgres, targetOf } from './collect.ts';
import { type Connect, connect } from './connect.ts';
import { kinds } from './kinds.ts';
import { options, type PostgresOptions } from './options.ts';

export function createPostgresExporter(how: Connect = connect): Exporter<PostgresOptions> {
  return {
    name: 'postgres',
    summary: 'settings, roles, grants and definitions of a PostgreSQL server and its databases',
    options,
    scopes: databaseScopes,
    kinds,
    rules: new URL('./rules/', import.meta.url),
    permissions: [
      'PostgreSQL: CONNECT on each database, membership in pg_read_all_settings',
      'PostgreSQL, for pg_hba.conf and settings not applied: SELECT on pg_hba_file_rules and pg_file_settings, EXECUTE on their functions',
    ],
    probe: (context) => probe(context, how),
    collect: (context) => collectPostgres(context, how),
  };
}

export default createPostgresExporter();

async function probe({ options: own, dir, signal }: ProbeContext<PostgresOptions>, how: Connect): Promise<Probe[]> {
  const target = targetOf(own);
  const system = `${own.name} (${placeOf(target)})`;
  try {
    const connection = await how(target, dir, signal);
    try {
      const [row] = await connection.query(
        'probe',
        `SELECT current_user AS who, rolsuper AS super, pg_has_role(current_user, 'pg_read_all_settings', 'MEMBER') AS settings, current_setting('server_version') AS version FROM pg_roles WHERE rolname = current_user`,
      );
      const who = `${String(row?.who)}${row?.super === true ? ', a superuser: a role with less suffices' : ''}`;
      if (row?.settings === true) return [{ system, ok: true, detail: `PostgreSQL ${String(row.version)} as ${who}` }];
      return [{ system, ok: false, detail: `${who} may not see all settings: GRANT pg_read_all_settings TO ${String(row?.who)}` }];
    } finally {
      await connection.close();
    }
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return [{ system, ok: false, detail: error.message }];
  }
}
