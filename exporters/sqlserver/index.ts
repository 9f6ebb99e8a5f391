/** Reads a SQL Server: options, logins, rights, jobs, and of each database what is defined in it; never a row of data. */
import type { Exporter, Probe, ProbeContext } from 'drifttrail';
import { Refused } from '../_sql/connection.ts';
import { databaseScopes } from '../_sql/scope.ts';
import { collectSqlserver } from './collect.ts';
import { kinds } from './kinds.ts';
import { options, type SqlserverOptions } from './options.ts';
import { PROBE } from './queries.ts';
import { ask } from './sqlcmd.ts';

const exporter: Exporter<SqlserverOptions> = {
  name: 'sqlserver',
  summary: 'options, logins, rights, jobs and definitions of a SQL Server, through sqlcmd',
  options,
  scopes: databaseScopes,
  kinds,
  rules: new URL('./rules/', import.meta.url),
  permissions: [
    'CONNECT SQL, CONNECT ANY DATABASE, VIEW ANY DEFINITION, VIEW ANY DATABASE',
    'in msdb SELECT on sysjobs, sysjobsteps, sysjobschedules, sysschedules',
    'start sqlcmd',
  ],
  probe,
  collect: collectSqlserver,
};
export default exporter;

async function probe(context: ProbeContext<SqlserverOptions>): Promise<Probe[]> {
  const system = `${context.options.name} (${context.options.server})`;
  try {
    const { rows, sees } = await ask(context, 'master', PROBE);
    const [row] = rows;
    const missing = sees ? '' : '; VIEW ANY DEFINITION is missing: logins and definitions will be gaps';
    return [{ system, ok: sees, detail: `SQL Server ${String(row?.version)} as ${String(row?.who)}${missing}` }];
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return [{ system, ok: false, detail: error.message }];
  }
}
