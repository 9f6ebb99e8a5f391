/** Rights, roles and settings go back one by one: what was granted is revoked, what was taken is granted. */
import type { Json, JsonObject } from 'drifttrail';
import { ident, literal, splitLast } from '../../_sql/names.ts';
import { commands, objectOf, said, type Undo, wordsOf } from './psql.ts';

const OPTION = ' WITH GRANT OPTION';

/** The statements that turn the rights `after` into those `before`; `on` words the object. */
export function regrant(before: Json | undefined, after: Json | undefined, statement: (privilege: string) => string): string[] {
  const [old, now] = [objectOf(before), objectOf(after)];
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].sort().flatMap((grantee) => {
    const [was, is] = [wordsOf(old[grantee]), wordsOf(now[grantee])];
    const [gone, come] = [was.filter((right) => !is.includes(right)), is.filter((right) => !was.includes(right))];
    return [
      ...come.map((right) => `REVOKE ${statement(bare(right))} FROM ${grantee};`),
      ...gone.map((right) => `GRANT ${statement(bare(right))} TO ${grantee}${right.endsWith(OPTION) ? OPTION : ''};`),
    ];
  });
}

const bare = (right: string): string => right.replace(OPTION, '');

/** `table public.orders` → `SELECT ON TABLE public.orders`. */
function onObject(key: string): (privilege: string) => string {
  const [, word = '', name = ''] = /^(\w+) (.*)$/s.exec(key) ?? [];
  if (word !== 'column') return (privilege) => `${privilege} ON ${word.toUpperCase()} ${name}`;
  const [table, column] = splitLast(name);
  return (privilege) => `${privilege} (${column}) ON TABLE ${table}`;
}

const HOLDERS: Readonly<Record<string, readonly string[]>> = {
  table: ['postgres.table', 'postgres.view', 'postgres.materialized-view'],
  function: ['postgres.function', 'postgres.aggregate'],
};

export const undoGrants: Undo = (change, context) => {
  if (change.type === 'created') return commands(change, [], ['they go with their schema']);
  const [before, after] = [objectOf(change.before), objectOf(change.after)];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  // What is new brought its rights, and takes them along.
  const isNew = (key: string) => {
    const [, word = '', name = ''] = /^(\w+) (.*)$/s.exec(key) ?? [];
    if (before[key] !== undefined || word === 'column') return false;
    const kinds = HOLDERS[word] ?? [`postgres.${word}`];
    return kinds.every((kind) => context.before({ scope: change.ref.scope, kind, id: name }) === undefined);
  };
  const sql = keys.filter((key) => !isNew(key)).flatMap((key) => regrant(before[key], after[key], onObject(key)));
  const notes = keys.some(isNew) ? ['rights on what is new go with it'] : [];
  const gone = keys.some((key) => after[key] === undefined) ? ['what was dropped has to come back before the rights on it'] : [];
  return commands(change, sql.length === 0 ? [] : [sql.join('\n')], [...notes, ...gone]);
};

export const undoDefaults: Undo = (change) => {
  const [before, after] = [objectOf(change.before), objectOf(change.after)];
  const sql = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().flatMap((key) => {
    const [, what = '', role = '', schema] = /^(\w+) of ((?:"(?:[^"]|"")*"|\S)+)(?: in (.*))?$/.exec(key) ?? [];
    const prefix = `ALTER DEFAULT PRIVILEGES FOR ROLE ${role}${schema === undefined ? '' : ` IN SCHEMA ${schema}`}`;
    return regrant(before[key], after[key], (privilege) => `${privilege} ON ${what.toUpperCase()}`).map(
      (statement) => `${prefix} ${statement}`,
    );
  });
  return commands(change, sql.length === 0 ? [] : [sql.join('\n')]);
};

const ATTRIBUTES: Readonly<Record<string, string>> = {
  superuser: 'SUPERUSER',
  inherit: 'INHERIT',
  createRole: 'CREATEROLE',
  createDatabase: 'CREATEDB',
  login: 'LOGIN',
  replication: 'REPLICATION',
  bypassRowSecurity: 'BYPASSRLS',
};

export const undoRole: Undo = (change) => {
  const { id } = change.ref;
  if (change.type === 'created')
    return commands(change, [`ALTER ROLE ${id} NOLOGIN;`], ['locked, not dropped: what it owns stays to be looked at; DROP ROLE drops it']);
  const [before, after] = [objectOf(change.before), objectOf(change.after)];
  const differs = (field: string) => JSON.stringify(before[field]) !== JSON.stringify(after[field]);
  const attributes = Object.entries(ATTRIBUTES).flatMap(([field, word]) =>
    differs(field) ? [before[field] === true ? word : `NO${word}`] : [],
  );
  if (differs('connectionLimit')) attributes.push(`CONNECTION LIMIT ${Number(before.connectionLimit ?? -1)}`);
  if (differs('validUntil')) attributes.push(`VALID UNTIL ${literal(said(before.validUntil) ?? 'infinity')}`);
  const gone = change.type === 'deleted';
  const sql = [
    ...(gone ? [`CREATE ROLE ${id} ${attributes.join(' ')};`] : attributes.length > 0 ? [`ALTER ROLE ${id} ${attributes.join(' ')};`] : []),
    ...memberships(id, objectOf(before.memberOf), objectOf(after.memberOf)),
    ...roleSettings(id, objectOf(before.settings), objectOf(after.settings)),
    ...(differs('comment') ? [`COMMENT ON ROLE ${id} IS ${before.comment === undefined ? 'NULL' : literal(String(before.comment))};`] : []),
  ];
  return commands(
    change,
    sql.length === 0 ? [] : [sql.join('\n')],
    gone ? ['its password and what it was granted do not come back by that'] : [],
  );
};

function memberships(role: string, before: JsonObject, after: JsonObject): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().flatMap((group) => {
    const [old, now] = [before[group], after[group]];
    if (old === undefined) return [`REVOKE ${group} FROM ${role};`];
    if (JSON.stringify(old) === JSON.stringify(now)) return [];
    const admin = objectOf(old).admin === true;
    if (now !== undefined && !admin) return [`REVOKE ADMIN OPTION FOR ${group} FROM ${role};`];
    return [`GRANT ${group} TO ${role}${admin ? ' WITH ADMIN OPTION' : ''};`];
  });
}

function roleSettings(role: string, before: JsonObject, after: JsonObject): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().flatMap((place) => {
    const where = place === 'everywhere' ? '' : ` IN DATABASE ${place.slice('in '.length)}`;
    return settingChanges(`ALTER ROLE ${role}${where}`, objectOf(before[place]), objectOf(after[place]));
  });
}

/** `prefix SET name = value` or `prefix RESET name` for each that differs. */
export function settingChanges(prefix: string, before: JsonObject, after: JsonObject): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().flatMap((name) => {
    if (before[name] === after[name]) return [];
    const word = parameter(name);
    return [
      before[name] === undefined ? `${prefix} RESET ${word};` : `${prefix} SET ${word} = ${settingValue(name, String(before[name]))};`,
    ];
  });
}

/** Extensions name theirs `extension.parameter`. */
const parameter = (name: string): string => name.split('.').map(ident).join('.');

/** Of these every member of the list is a word of its own. */
const LISTS = new Set(
  `local_preload_libraries session_preload_libraries shared_preload_libraries search_path temp_tablespaces unix_socket_directories
   restrict_nonsystem_relation_kind`.split(/\s+/),
);

function settingValue(name: string, value: string): string {
  if (!LISTS.has(name) || value.trim() === '') return literal(value);
  return value
    .split(',')
    .map((part) => literal(part.trim().replace(/^"(.*)"$/, '$1')))
    .join(', ');
}

export const undoSettings: Undo = (change) => {
  const [before, after] = [objectOf(change.before), objectOf(change.after)];
  const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const sql: string[] = [];
  const notes: string[] = [];
  for (const name of changed) {
    const [old, now] = [objectOf(before[name]), objectOf(after[name])];
    if (old.value === now.value && old.file === now.file) continue;
    const bySystem = (side: JsonObject) => said(side.file)?.endsWith('postgresql.auto.conf') === true;
    if (bySystem(old)) sql.push(`ALTER SYSTEM SET ${parameter(name)} = ${settingValue(name, String(old.value))}`);
    else if (bySystem(now)) sql.push(`ALTER SYSTEM RESET ${parameter(name)}`);
    else
      notes.push(
        `${name} was ${String(old.value)}, by ${said(old.file) ?? said(old.source) ?? 'default'}: put it back in ${said(now.file) ?? said(old.file) ?? 'the configuration'}`,
      );
    if (old.restart === true || now.restart === true) notes.push(`${name} takes effect when the server is started again`);
  }
  return commands(change, sql.length === 0 ? [] : [...sql, 'SELECT pg_reload_conf()'], notes);
};
