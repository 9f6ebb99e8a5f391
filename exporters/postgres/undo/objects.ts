/** Tables, databases, replication and foreign servers: definitions come back, data does not. */
import type { JsonObject } from 'drifttrail';
import { ident, literal, splitLast } from '../../_sql/names.ts';
import { regrant, settingChanges } from './access.ts';
import { commands, objectOf, said, type Undo, wordsOf } from './psql.ts';

function column(name: string, { type, collation, notNull, default: preset, generated, identity }: JsonObject): string {
  return [
    `${ident(name)} ${String(type)}`,
    ...(collation === undefined ? [] : [`COLLATE ${String(collation)}`]),
    ...(preset === undefined ? [] : [`DEFAULT ${String(preset)}`]),
    ...(generated === undefined ? [] : [`GENERATED ALWAYS AS (${String(generated)}) STORED`]),
    ...(identity === undefined ? [] : [`GENERATED ${String(identity).toUpperCase()} AS IDENTITY`]),
    ...(notNull === true ? ['NOT NULL'] : []),
  ].join(' ');
}

export const undoTable: Undo = (change) => {
  const { id } = change.ref;
  const [before, after] = [objectOf(change.before), objectOf(change.after)];
  if (change.type === 'created')
    return commands(
      change,
      [`ALTER TABLE ${id} RENAME TO ${ident(`${bareName(id)}_undone`)};`],
      ['renamed, not dropped: it may hold data by now; DROP TABLE drops it'],
    );
  if (change.type === 'deleted') {
    return commands(change, [createTable(id, before)], ['its rows, indexes, triggers, policies and grants do not come back by that']);
  }
  const constraints = constraintChanges(id, objectOf(before.constraints), objectOf(after.constraints));
  const sql = [
    // A constraint goes with its column, and cannot come before it.
    ...constraints.dropped,
    ...columnChanges(id, objectOf(before.columns), objectOf(after.columns)),
    ...constraints.added,
    ...(before.rowSecurity !== after.rowSecurity
      ? [`ALTER TABLE ${id} ${before.rowSecurity === true ? 'ENABLE' : 'DISABLE'} ROW LEVEL SECURITY;`]
      : []),
    ...(before.forceRowSecurity !== after.forceRowSecurity
      ? [`ALTER TABLE ${id} ${before.forceRowSecurity === true ? 'FORCE' : 'NO FORCE'} ROW LEVEL SECURITY;`]
      : []),
    ...(before.owner !== after.owner ? [`ALTER TABLE ${id} OWNER TO ${String(before.owner)};`] : []),
    ...(before.comment !== after.comment
      ? [`COMMENT ON TABLE ${id} IS ${before.comment === undefined ? 'NULL' : literal(String(before.comment))};`]
      : []),
  ];
  const known = new Set(['columns', 'constraints', 'rowSecurity', 'forceRowSecurity', 'owner', 'comment']);
  const others = Object.keys({ ...before, ...after }).filter(
    (field) => !known.has(field) && JSON.stringify(before[field]) !== JSON.stringify(after[field]),
  );
  const dropped = Object.keys(objectOf(before.columns)).some((name) => objectOf(after.columns)[name] === undefined);
  return commands(change, sql.length === 0 ? [] : [sql.join('\n')], [
    ...(dropped ? ['a column that was dropped comes back empty'] : []),
    ...(others.length > 0 ? [`${others.join(', ')}: to be put back by hand`] : []),
  ]);
};

const bareName = (id: string): string => splitLast(id)[1].replace(/^"|"$/g, '');

function createTable(id: string, table: JsonObject): string {
  const columns = Object.entries(objectOf(table.columns)).sort(([, a], [, b]) => Number(objectOf(a).number) - Number(objectOf(b).number));
  const parents = wordsOf(table.parents);
  const constraints = Object.entries(objectOf(table.constraints)).map(
    ([name, definition]) => `CONSTRAINT ${ident(name)} ${String(definition)}`,
  );
  const members = [...columns.map(([name, one]) => column(name, objectOf(one))), ...constraints].map((line) => `  ${line}`).join(',\n');
  const bound = said(table.partition);
  if (bound !== undefined && parents[0] !== undefined) return `CREATE TABLE ${id} PARTITION OF ${parents[0]} ${bound};`;
  const rest = [
    ...(parents.length > 0 ? [` INHERITS (${parents.join(', ')})`] : []),
    ...(table.partitionBy === undefined ? [] : [` PARTITION BY ${String(table.partitionBy)}`]),
    ...(table.server === undefined ? [] : [` SERVER ${String(table.server)}${optionsOf(objectOf(table.foreignOptions))}`]),
  ].join('');
  return [
    `CREATE ${table.type === 'foreign table' ? 'FOREIGN ' : ''}${table.unlogged === true ? 'UNLOGGED ' : ''}TABLE ${id} (\n${members}\n)${rest};`,
    `ALTER TABLE ${id} OWNER TO ${String(table.owner)};`,
    ...(table.rowSecurity === true ? [`ALTER TABLE ${id} ENABLE ROW LEVEL SECURITY;`] : []),
    ...(table.forceRowSecurity === true ? [`ALTER TABLE ${id} FORCE ROW LEVEL SECURITY;`] : []),
    ...(table.comment === undefined ? [] : [`COMMENT ON TABLE ${id} IS ${literal(String(table.comment))};`]),
  ].join('\n');
}

function columnChanges(id: string, before: JsonObject, after: JsonObject): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().flatMap((name) => {
    const [old, now] = [objectOf(before[name]), objectOf(after[name])];
    if (before[name] === undefined) return [`ALTER TABLE ${id} DROP COLUMN ${ident(name)};`];
    if (after[name] === undefined) return [`ALTER TABLE ${id} ADD COLUMN ${column(name, old)};`];
    const alter = `ALTER TABLE ${id} ALTER COLUMN ${ident(name)}`;
    const type = String(old.type);
    return [
      ...(old.type === now.type ? [] : [`${alter} TYPE ${type} USING ${ident(name)}::${type};`]),
      ...(old.default === now.default
        ? []
        : [`${alter} ${old.default === undefined ? 'DROP DEFAULT' : `SET DEFAULT ${String(old.default)}`};`]),
      ...(old.notNull === now.notNull ? [] : [`${alter} ${old.notNull === true ? 'SET' : 'DROP'} NOT NULL;`]),
      ...(old.storage === now.storage || old.storage === undefined ? [] : [`${alter} SET STORAGE ${String(old.storage).toUpperCase()};`]),
      ...(old.comment === now.comment
        ? []
        : [`COMMENT ON COLUMN ${id}.${ident(name)} IS ${old.comment === undefined ? 'NULL' : literal(String(old.comment))};`]),
    ];
  });
}

function constraintChanges(id: string, before: JsonObject, after: JsonObject): { readonly dropped: string[]; readonly added: string[] } {
  const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().filter((name) => before[name] !== after[name]);
  return {
    dropped: changed.flatMap((name) => (after[name] === undefined ? [] : [`ALTER TABLE ${id} DROP CONSTRAINT ${ident(name)};`])),
    added: changed.flatMap((name) =>
      before[name] === undefined ? [] : [`ALTER TABLE ${id} ADD CONSTRAINT ${ident(name)} ${String(before[name])};`],
    ),
  };
}

export const undoDatabase: Undo = (change) => {
  const { id } = change.ref;
  const [before, after] = [objectOf(change.before), objectOf(change.after)];
  if (change.type === 'created')
    return commands(change, [`ALTER DATABASE ${id} WITH ALLOW_CONNECTIONS false`], ['closed, not dropped: DROP DATABASE drops it']);
  if (change.type === 'deleted')
    return commands(
      change,
      [
        `CREATE DATABASE ${id} OWNER ${String(before.owner)} TEMPLATE template0 ENCODING ${literal(String(before.encoding))} LC_COLLATE ${literal(String(before.collate))} LC_CTYPE ${literal(String(before.ctype))}`,
      ],
      ['empty: what was in it comes from a backup'],
    );
  const sql = [
    ...(before.owner === after.owner ? [] : [`ALTER DATABASE ${id} OWNER TO ${String(before.owner)};`]),
    ...(before.connectionLimit === after.connectionLimit
      ? []
      : [`ALTER DATABASE ${id} CONNECTION LIMIT ${Number(before.connectionLimit ?? -1)};`]),
    ...(before.allowConnections === after.allowConnections
      ? []
      : [`ALTER DATABASE ${id} ALLOW_CONNECTIONS ${String(before.allowConnections)};`]),
    ...(before.template === after.template ? [] : [`ALTER DATABASE ${id} IS_TEMPLATE ${String(before.template)};`]),
    ...settingChanges(`ALTER DATABASE ${id}`, objectOf(before.settings), objectOf(after.settings)),
    ...regrant(before.grants, after.grants, (privilege) => `${privilege} ON DATABASE ${id}`),
    ...(before.comment === after.comment
      ? []
      : [`COMMENT ON DATABASE ${id} IS ${before.comment === undefined ? 'NULL' : literal(String(before.comment))};`]),
  ];
  return commands(change, sql.length === 0 ? [] : [sql.join('\n')]);
};

export const undoSlot: Undo = (change) => {
  const name = literal(change.ref.id.replace(/^"|"$/g, ''));
  if (change.type === 'created') return commands(change, [`SELECT pg_drop_replication_slot(${name})`]);
  const { type, plugin, database } = objectOf(change.before);
  const sql =
    type === 'logical'
      ? `SELECT pg_create_logical_replication_slot(${name}, ${literal(String(plugin))})`
      : `SELECT pg_create_physical_replication_slot(${name})`;
  const place = type === 'logical' ? [`to be run in the database ${String(database)}`] : [];
  return commands(change, [sql], ['it begins at the present: who reads from it lacks what was written meanwhile', ...place]);
};

const optionsOf = (options: JsonObject): string => {
  const words = Object.entries(options).map(([name, value]) => `${ident(name)} ${literal(String(value))}`);
  return words.length === 0 ? '' : ` OPTIONS (${words.join(', ')})`;
};

export const undoForeignServer: Undo = (change) => {
  const { id } = change.ref;
  const [before, after] = [objectOf(change.before), objectOf(change.after)];
  if (change.type === 'created') return commands(change, [`DROP SERVER ${id};`], ['user mappings and foreign tables of it must go first']);
  if (change.type === 'deleted')
    return commands(change, [
      `CREATE SERVER ${id} FOREIGN DATA WRAPPER ${String(before.wrapper)}${optionsOf(objectOf(before.options))};\nALTER SERVER ${id} OWNER TO ${String(before.owner)};`,
    ]);
  const [old, now] = [objectOf(before.options), objectOf(after.options)];
  const changed = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort().flatMap((name) => {
    if (old[name] === now[name]) return [];
    if (old[name] === undefined) return [`DROP ${ident(name)}`];
    return [`${now[name] === undefined ? 'ADD' : 'SET'} ${ident(name)} ${literal(String(old[name]))}`];
  });
  const sql = [
    ...(changed.length === 0 ? [] : [`ALTER SERVER ${id} OPTIONS (${changed.join(', ')});`]),
    ...(before.owner === after.owner ? [] : [`ALTER SERVER ${id} OWNER TO ${String(before.owner)};`]),
    ...regrant(before.grants, after.grants, (privilege) => `${privilege} ON FOREIGN SERVER ${id}`),
  ];
  return commands(change, sql.length === 0 ? [] : [sql.join('\n')]);
};

export const undoPublication: Undo = (change) => {
  const { id } = change.ref;
  if (change.type === 'created') return commands(change, [`DROP PUBLICATION ${id};`]);
  const before = objectOf(change.before);
  const publish = ['insert', 'update', 'delete', 'truncate'].filter((act) => before[act] === true).join(', ');
  const tables = Object.entries(objectOf(before.tables)).map(([name, one]) => {
    const { columns, where } = objectOf(one);
    return `TABLE ${name}${columns === undefined ? '' : ` (${wordsOf(columns).map(ident).join(', ')})`}${where === undefined ? '' : ` WHERE (${String(where)})`}`;
  });
  const schemas = wordsOf(before.schemas).map((name) => `TABLES IN SCHEMA ${name}`);
  const what =
    before.allTables === true ? ' FOR ALL TABLES' : tables.length + schemas.length > 0 ? ` FOR ${[...tables, ...schemas].join(', ')}` : '';
  const made = `CREATE PUBLICATION ${id}${what} WITH (publish = ${literal(publish)});\nALTER PUBLICATION ${id} OWNER TO ${String(before.owner)};`;
  return commands(change, [change.type === 'deleted' ? made : `DROP PUBLICATION ${id};\n${made}`]);
};

export const undoSubscription: Undo = (change) => {
  const { id } = change.ref;
  if (change.type === 'created')
    return commands(
      change,
      [`ALTER SUBSCRIPTION ${id} DISABLE;`],
      ['stopped, not dropped: DROP SUBSCRIPTION drops its slot on the other server too'],
    );
  if (change.type === 'deleted') return commands(change, [], ['its connection is a secret and not kept: CREATE SUBSCRIPTION by hand']);
  const [before, after] = [objectOf(change.before), objectOf(change.after)];
  const sql = [
    ...(before.enabled === after.enabled ? [] : [`ALTER SUBSCRIPTION ${id} ${before.enabled === true ? 'ENABLE' : 'DISABLE'};`]),
    ...(before.owner === after.owner ? [] : [`ALTER SUBSCRIPTION ${id} OWNER TO ${String(before.owner)};`]),
    ...(JSON.stringify(before.publications) === JSON.stringify(after.publications)
      ? []
      : [`ALTER SUBSCRIPTION ${id} SET PUBLICATION ${wordsOf(before.publications).map(ident).join(', ')} WITH (refresh = false);`]),
  ];
  return commands(change, sql);
};

export const undoMapping: Undo = (change) => {
  const { user, server } = objectOf(change.after ?? change.before);
  if (change.type === 'created') return commands(change, [`DROP USER MAPPING FOR ${String(user)} SERVER ${String(server)};`]);
  return commands(change, [], ['its password is not kept: CREATE or ALTER USER MAPPING by hand']);
};

/** The file on the server's own disk decides; no statement writes it. */
export const undoRules: Undo = (change) => {
  const lines = (text: unknown) => (said(text) ?? '').split('\n').filter((line) => line !== '');
  const [before, after] = [lines(change.before), lines(change.after)];
  return commands(
    change,
    [],
    [
      `in the file of the server (psql -Atc SHOW hba_file names it), then psql -c SELECT pg_reload_conf:`,
      ...after.filter((line) => !before.includes(line)).map((line) => `take out: ${line}`),
      ...before.filter((line) => !after.includes(line)).map((line) => `put back: ${line}`),
    ],
  );
};
