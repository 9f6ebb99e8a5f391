/** What is defined in a database, each as the statement that makes it. */
import { type Connection, Refused, type Row, textOf } from '../_sql/connection.ts';
import { isMariaDb } from './connect.ts';
import { ident, literal } from './names.ts';
import type { Item } from './read-server.ts';

/** The next value of a counter is data; it stands in the options of the table, behind the last line of its columns. */
export function withoutCounter(statement: string): string {
  return statement.replace(/(\n\) ENGINE=\S+) AUTO_INCREMENT=\d+/, '$1');
}

type List = (database: string) => string;

const TABLES: List = (database) =>
  `SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = ${literal(database)} AND TABLE_TYPE IN ('BASE TABLE', 'SEQUENCE', 'SYSTEM VERSIONED')`;
const ROUTINES =
  (type: string): List =>
  (database) =>
    `SELECT ROUTINE_NAME AS name FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ${literal(database)} AND ROUTINE_TYPE = '${type}'`;

/** Hidden from who may not see it. */
function shown(statement: string, what: string): string {
  if (statement !== '') return statement;
  throw new Refused(`the definition of ${what} is not shown to this account`, 'denied');
}

async function each(connection: Connection, kind: string, list: string, definition: (name: string) => Promise<string>): Promise<Item[]> {
  const items: Item[] = [];
  for (const row of await connection.query(kind, list)) {
    const name = textOf(row, 'name');
    items.push({ id: name, config: `${shown(await definition(name), name)}\n` });
  }
  return items;
}

export const tables = (connection: Connection, database: string): Promise<Item[]> =>
  each(connection, 'mysql.table', TABLES(database), async (name) => {
    const [row] = await connection.query(`table ${name}`, `SHOW CREATE TABLE ${ident(database)}.${ident(name)}`);
    return statementIn(row, /^Create /) === '' ? '' : `${withoutCounter(statementIn(row, /^Create /))};`;
  });

export async function views(connection: Connection, database: string): Promise<Item[]> {
  const algorithm = isMariaDb(connection) ? ', ALGORITHM AS algorithm' : '';
  const rows = await connection.query(
    'mysql.view',
    `SELECT TABLE_NAME AS name, VIEW_DEFINITION AS definition, CHECK_OPTION AS checked, DEFINER AS definer, SECURITY_TYPE AS security${algorithm} FROM information_schema.VIEWS WHERE TABLE_SCHEMA = ${literal(database)}`,
  );
  return rows.map((row) => {
    const name = textOf(row, 'name');
    const definer = textOf(row, 'definer');
    const at = definer.lastIndexOf('@');
    const how = textOf(row, 'algorithm') === '' ? '' : ` ALGORITHM = ${textOf(row, 'algorithm')}`;
    const check = textOf(row, 'checked') === 'NONE' ? '' : `\nWITH ${textOf(row, 'checked')} CHECK OPTION`;
    const head = `CREATE OR REPLACE${how} DEFINER = ${ident(definer.slice(0, at))}@${ident(definer.slice(at + 1))} SQL SECURITY ${textOf(row, 'security')} VIEW ${ident(name)} AS`;
    return { id: name, config: `${head}\n${shown(textOf(row, 'definition'), name)}${check};\n` };
  });
}

/** With the mode it was made in: it decides what the body means. */
function inMode(row: Row | undefined, statement: string): string {
  return statement === '' ? '' : `-- sql_mode: ${row === undefined ? '' : textOf(row, 'sql_mode')}\n${statement}`;
}

function statementIn(row: Row | undefined, column: RegExp): string {
  const [, value] = Object.entries(row ?? {}).find(([name]) => column.test(name) && name !== 'Created') ?? [];
  return value === null || value === undefined ? '' : String(value);
}

const routine = (kind: string, word: string) => (connection: Connection, database: string) =>
  each(connection, kind, ROUTINES(word)(database), async (name) => {
    const [row] = await connection.query(`${word.toLowerCase()} ${name}`, `SHOW CREATE ${word} ${ident(database)}.${ident(name)}`);
    return inMode(row, statementIn(row, /^Create (Procedure|Function)$/));
  });

export const procedures = routine('mysql.procedure', 'PROCEDURE');
export const functions = routine('mysql.function', 'FUNCTION');

export const triggers = (connection: Connection, database: string): Promise<Item[]> =>
  each(
    connection,
    'mysql.trigger',
    `SELECT TRIGGER_NAME AS name FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = ${literal(database)}`,
    async (name) => {
      const [row] = await connection.query(`trigger ${name}`, `SHOW CREATE TRIGGER ${ident(database)}.${ident(name)}`);
      return inMode(row, statementIn(row, /^SQL Original Statement$/));
    },
  );

export const events = (connection: Connection, database: string): Promise<Item[]> =>
  each(
    connection,
    'mysql.event',
    `SELECT EVENT_NAME AS name FROM information_schema.EVENTS WHERE EVENT_SCHEMA = ${literal(database)}`,
    async (name) => {
      const [row] = await connection.query(`event ${name}`, `SHOW CREATE EVENT ${ident(database)}.${ident(name)}`);
      return inMode(row, statementIn(row, /^Create Event$/));
    },
  );
