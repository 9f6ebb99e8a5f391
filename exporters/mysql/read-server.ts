/** What a whole server shares: variables, accounts with their rights, plug-ins, replication, databases. */
import type { JsonObject } from 'drifttrail';
import { type Connection, type Row, textOf } from '../_sql/connection.ts';
import { MYSQL, tokenize } from '../_sql/tokens.ts';
import { isMariaDb } from './connect.ts';
import { accountId, ident, literal } from './names.ts';

export interface Item {
  readonly id: string;
  readonly config: JsonObject | string;
}

const compact = (fields: Readonly<Record<string, unknown>>): JsonObject =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined && value !== '')) as JsonObject;

/** Of MySQL by its manual: performance_schema has the values of 8.0, and where each came from. */
const VARIABLES = `SELECT VARIABLE_NAME AS name, GLOBAL_VALUE AS value, GLOBAL_VALUE_ORIGIN AS origin, GLOBAL_VALUE_PATH AS file FROM information_schema.SYSTEM_VARIABLES WHERE GLOBAL_VALUE IS NOT NULL`;
const MYSQL_VARIABLES = `SELECT v.VARIABLE_NAME AS name, g.VARIABLE_VALUE AS value, v.VARIABLE_SOURCE AS origin, v.VARIABLE_PATH AS file FROM performance_schema.variables_info v JOIN performance_schema.global_variables g ON g.VARIABLE_NAME = v.VARIABLE_NAME`;
/** They move with every write, or name this very connection. */
const MOVING =
  /^(gtid_(binlog_pos|binlog_state|current_pos|slave_pos|executed|purged|owned)|timestamp|.*_last_.*|innodb_.*_(now|pct_hit)|wsrep_(last_.*|gtid_.*)|rand_seed\d|pseudo_.*|error_count|warning_count|last_insert_id|identity|insert_id)$/;

export async function variables(connection: Connection): Promise<Item[]> {
  const rows = await connection.query('mysql.variable', isMariaDb(connection) ? VARIABLES : MYSQL_VARIABLES);
  const entries = rows
    .map(
      (row) =>
        [
          textOf(row, 'name').toLowerCase(),
          compact({ value: textOf(row, 'value'), origin: textOf(row, 'origin').toLowerCase(), file: textOf(row, 'file') }),
        ] as const,
    )
    .filter(([name]) => !MOVING.test(name));
  return [{ id: 'variable', config: Object.fromEntries(entries) }];
}

export async function accounts(connection: Connection): Promise<Item[]> {
  const maria = isMariaDb(connection);
  const rows = await connection.query(
    'mysql.account',
    maria
      ? 'SELECT User AS user, Host AS host, is_role AS role FROM mysql.user'
      : "SELECT User AS user, Host AS host, 'N' AS role FROM mysql.user",
  );
  const items: Item[] = [];
  for (const row of rows) {
    const [user, host, role] = [textOf(row, 'user'), textOf(row, 'host'), textOf(row, 'role') === 'Y'];
    const name = role ? ident(user) : `${literal(user)}@${literal(host)}`;
    const id = accountId(user, role ? undefined : host);
    const grants = (await connection.query(`grants ${id}`, `SHOW GRANTS FOR ${name}`)).map(firstColumn);
    const made = role ? [] : (await connection.query(`create ${id}`, `SHOW CREATE USER ${name}`)).map(firstColumn);
    const hidden = made.map(hideSecrets);
    items.push({
      id,
      config: compact({
        role: role ? true : undefined,
        definition: hidden[0]?.text,
        verifier: hidden.flatMap(({ secrets }) => secrets).join(' '),
        grants: grants.map((grant) => hideSecrets(grant).text.replace(/ IDENTIFIED (?:BY|VIA|WITH) .*?(?= REQUIRE | WITH |$)/s, '')).sort(),
      }),
    });
  }
  return items;
}

const firstColumn = (row: Row): string => String(Object.values(row)[0] ?? '');

/** A statement about an account without the verifiers of its password, and these. */
function hideSecrets(statement: string): { text: string; secrets: string[] } {
  const from = statement.search(/ IDENTIFIED /);
  if (from < 0) return { text: statement, secrets: [] };
  const end = statement.slice(from).search(/ REQUIRE | PASSWORD EXPIRE| ACCOUNT /);
  const [start, part, rest] = [
    statement.slice(0, from),
    statement.slice(from, end < 0 ? undefined : from + end),
    end < 0 ? '' : statement.slice(from + end),
  ];
  const strings = tokenize(part, MYSQL).filter(({ type }) => type === 'string');
  let text = part;
  for (const { start: at, end: until } of [...strings].reverse()) text = `${text.slice(0, at)}'…'${text.slice(until)}`;
  return { text: start + text + rest, secrets: strings.map(({ text: secret }) => secret) };
}

/** Of one name there may be two, each of another type. */
export async function plugins(connection: Connection): Promise<Item[]> {
  const rows = await connection.query(
    'mysql.plugin',
    'SELECT PLUGIN_NAME AS name, PLUGIN_STATUS AS status, PLUGIN_TYPE AS type, PLUGIN_VERSION AS version, PLUGIN_LIBRARY AS library FROM information_schema.PLUGINS',
  );
  return [
    {
      id: 'plugin',
      config: Object.fromEntries(
        rows.map(({ name, ...fields }) => [`${String(name)} (${String(fields.type).toLowerCase()})`, compact(fields)]),
      ),
    },
  ];
}

/** What was configured of replication; positions and states move by themselves. */
const DURABLE: Readonly<Record<string, RegExp>> = {
  host: /^(master|source)_host$/i,
  port: /^(master|source)_port$/i,
  user: /^(master|source)_user$/i,
  ssl: /^(master|source)_ssl_allowed$/i,
  gtid: /^(using_gtid|auto_position)$/i,
  delay: /^sql_delay$/i,
  doDatabases: /^replicate_do_db$/i,
  ignoreDatabases: /^replicate_ignore_db$/i,
  doTables: /^replicate_(wild_)?do_table$/i,
  ignoreTables: /^replicate_(wild_)?ignore_table$/i,
  channel: /^(channel_name|connection_name)$/i,
};

export async function replication(connection: Connection): Promise<Item[]> {
  const rows = await connection.query('mysql.replication', isMariaDb(connection) ? 'SHOW ALL SLAVES STATUS' : 'SHOW REPLICA STATUS');
  const entries = rows.map((row) => {
    const fields = Object.entries(DURABLE).map(
      ([name, column]) => [name, Object.entries(row).find(([key]) => column.test(key))?.[1]] as const,
    );
    const config = compact(Object.fromEntries(fields));
    return [String(config.channel ?? 'default'), config] as const;
  });
  return [{ id: 'replication', config: Object.fromEntries(entries) }];
}

export async function databases(connection: Connection): Promise<Item[]> {
  const comment = isMariaDb(connection) ? ', SCHEMA_COMMENT AS comment' : '';
  const rows = await connection.query(
    'mysql.database',
    `SELECT SCHEMA_NAME AS name, DEFAULT_CHARACTER_SET_NAME AS characters, DEFAULT_COLLATION_NAME AS collation${comment} FROM information_schema.SCHEMATA`,
  );
  return rows.map(({ name, ...fields }) => ({ id: String(name), config: compact(fields) }));
}
