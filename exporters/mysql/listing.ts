/** The databases that the server names, and whether it names all of them to this account. */
import { type Connection, textOf } from '../_sql/connection.ts';
import type { Listing } from '../_sql/databases.ts';
import { isMariaDb } from './connect.ts';
import { OWN_DATABASES } from './names.ts';

const DATABASES = 'SELECT SCHEMA_NAME AS name, @@lower_case_table_names AS caseless FROM information_schema.SCHEMATA ORDER BY SCHEMA_NAME';

/** With one of these for all databases every name is shown: https://dev.mysql.com/doc/refman/8.0/en/show-databases.html */
const SHOWING = new Set([
  ...['ALL PRIVILEGES', 'SHOW DATABASES', 'SELECT', 'INSERT', 'UPDATE', 'DELETE', 'CREATE', 'DROP', 'ALTER', 'INDEX', 'REFERENCES'],
  ...[
    'TRIGGER',
    'EVENT',
    'EXECUTE',
    'CREATE VIEW',
    'SHOW VIEW',
    'CREATE ROUTINE',
    'ALTER ROUTINE',
    'LOCK TABLES',
    'CREATE TEMPORARY TABLES',
  ],
]);

export async function listingOf(connection: Connection): Promise<Listing> {
  const rows = await connection.query('databases', DATABASES);
  return {
    databases: rows.map((row) => ({ name: textOf(row, 'name'), builtIn: OWN_DATABASES.has(textOf(row, 'name').toLowerCase()) })),
    caseless: rows.some(({ caseless }) => Number(caseless ?? 0) !== 0),
    hidden: showsAll(await ownGrants(connection)) ? undefined : 'GRANT SHOW DATABASES ON *.* TO the account',
  };
}

/** MariaDB adds those of the role that is in force; MySQL has to be asked for them. */
async function ownGrants(connection: Connection): Promise<string[]> {
  const grants = 'SHOW GRANTS FOR CURRENT_USER()';
  if (isMariaDb(connection)) return statementsIn(await connection.query('own grants', 'SHOW GRANTS'));
  const [row] = await connection.query('own roles', 'SELECT CURRENT_ROLE() AS roles');
  const roles = row === undefined ? '' : textOf(row, 'roles');
  return statementsIn(await connection.query('own grants', roles === '' || roles === 'NONE' ? grants : `${grants} USING ${roles}`));
}

function statementsIn(rows: Awaited<ReturnType<Connection['query']>>): string[] {
  return rows.map((row) => String(Object.values(row)[0] ?? ''));
}

/** A partial revoke takes a database out of what is granted for all of them. */
export function showsAll(grants: readonly string[]): boolean {
  if (grants.some((grant) => /^REVOKE /i.test(grant))) return false;
  return grants.some((grant) => {
    const [, privileges = ''] = /^GRANT (.+?) ON \*\.\* TO /i.exec(grant) ?? [];
    return privileges.split(',').some((privilege) => SHOWING.has(privilege.trim().toUpperCase()));
  });
}
