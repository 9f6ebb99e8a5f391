/** Reads a MariaDB or MySQL server: variables, accounts and rights, and of each database what is defined in it; never a row of data. */
import type { Exporter, Probe, ProbeContext } from 'drifttrail';
import { Refused } from '../_sql/connection.ts';
import { placeOf } from '../_sql/options.ts';
import { databaseScopes } from '../_sql/scope.ts';
import { collectMysql, targetOf } from './collect.ts';
import { type Connect, connect, isMariaDb } from './connect.ts';
import { kinds } from './kinds.ts';
import { type MysqlOptions, options } from './options.ts';

export function createMysqlExporter(how: Connect = connect): Exporter<MysqlOptions> {
  return {
    name: 'mysql',
    summary: 'variables, accounts, rights and definitions of a MariaDB or MySQL server',
    options,
    scopes: databaseScopes,
    kinds,
    rules: new URL('./rules/', import.meta.url),
    permissions: ['MariaDB: SHOW VIEW, TRIGGER, EVENT, REFERENCES, SLAVE MONITOR on *.*, SELECT on mysql.* and on what views read'],
    probe: (context) => probe(context, how),
    collect: (context) => collectMysql(context, how),
  };
}

export default createMysqlExporter();

async function probe({ options: own, dir, signal }: ProbeContext<MysqlOptions>, how: Connect): Promise<Probe[]> {
  const target = targetOf(own);
  const system = `${own.name} (${placeOf(target)})`;
  try {
    const connection = await how(target, dir, signal);
    try {
      const [row] = await connection.query('probe', 'SELECT CURRENT_USER() AS who, VERSION() AS version');
      return [
        { system, ok: true, detail: `${isMariaDb(connection) ? 'MariaDB' : 'MySQL'} ${String(row?.version)} as ${String(row?.who)}` },
      ];
    } finally {
      await connection.close();
    }
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return [{ system, ok: false, detail: error.message }];
  }
}
