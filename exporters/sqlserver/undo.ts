/** What is kept as a text comes back by running that text; options and rights one by one. Not run against a server by our tests. */
import { isObject, type Json, type JsonObject, type Kind } from 'drifttrail';
import { note, quote } from '../_shell/words.ts';
import { databaseOf, isServerScope, serverOf } from '../_sql/scope.ts';
import { tokenize } from '../_sql/tokens.ts';

type Undo = NonNullable<Kind['undo']>;
type Change = Parameters<Undo>[0];

const ident = (name: string): string => `[${name.replaceAll(']', ']]')}]`;
const literal = (text: string): string => `N'${text.replaceAll("'", "''")}'`;
/** `dbo.close_day`; the name of a schema has no dot in it but for who asks for trouble. */
const qualified = (id: string): string => {
  const dot = id.indexOf('.');
  return dot < 0 ? ident(id) : `${ident(id.slice(0, dot))}.${ident(id.slice(dot + 1))}`;
};

/** One batch. A definition must stand first in its own, so it goes in as a text. `-I`: quotes quote names. `-x`: `$(…)` means nothing. */
function client({ ref: { scope } }: Pick<Change, 'ref'>, statements: readonly string[]): string[] {
  if (statements.length === 0) return [];
  const database = isServerScope(scope) ? 'master' : databaseOf(scope);
  return [
    note(`on the server ${serverOf(scope)}: add -S and -U, and -C for a certificate of its own`),
    `sqlcmd -b -I -x -d ${quote(database)} -Q ${quote(statements.map((statement) => `${statement};`).join(' '))}`,
  ];
}

export const undoModule: Undo = (change) => {
  const word = change.ref.kind.slice('sqlserver.'.length).toUpperCase();
  const before = typeof change.before === 'string' ? change.before : '';
  if (change.type === 'created')
    return client(change, [
      `DROP ${word} ${qualified(change.ref.id)}${word === 'TRIGGER' && !change.ref.id.includes('.') ? ' ON DATABASE' : ''}`,
    ]);
  if (before.startsWith('-- WITH ENCRYPTION')) return [note('its text is encrypted and not known: bring it back from where it was made')];
  if (before.includes('«redacted:')) return [note('it holds secrets that are not kept: put those lines back by hand')];
  const settings = [/^-- SET ANSI_NULLS OFF$/m, /^-- SET QUOTED_IDENTIFIER OFF$/m].flatMap(
    (line) => line.exec(before)?.[0].slice('-- '.length) ?? [],
  );
  const disabled = /^-- disabled$/m.test(before) && word === 'TRIGGER' ? [note('it was disabled: DISABLE TRIGGER does it again')] : [];
  const text = orAlter(before.replace(/^(?:-- (?:SET (?:ANSI_NULLS|QUOTED_IDENTIFIER) OFF|disabled)\n)+/, ''));
  return [...client(change, [...settings, `EXEC (${literal(text.trimEnd())})`]), ...disabled];
};

/** CREATE OR ALTER keeps the rights that others have on it; SQL Server knows it since 2016 SP1. */
function orAlter(text: string): string {
  const first = tokenize(text).find(({ type }) => type === 'word');
  return first?.text.toUpperCase() === 'CREATE' ? `${text.slice(0, first.end)} OR ALTER${text.slice(first.end)}` : text;
}

export const undoConfiguration: Undo = (change) => {
  const [before, after] = [objectOf(change.before), objectOf(change.after)];
  const statements = Object.keys(before)
    .sort()
    .flatMap((name) => {
      const [old, now] = [objectOf(before[name]).configured, objectOf(after[name]).configured];
      return typeof old === 'number' && old !== now ? [`EXEC sp_configure ${literal(name)}, ${old}`] : [];
    });
  if (statements.length === 0) return [];
  // An advanced option can be set only while they are shown; whether they are is an option, too, and set back last.
  const shown = objectOf(before['show advanced options']).configured === 1 ? 1 : 0;
  const rest = statements.filter((statement) => !statement.includes(literal('show advanced options')));
  const show = (value: number) => [`EXEC sp_configure ${literal('show advanced options')}, ${value}`, 'RECONFIGURE'];
  return client(change, [...show(1), ...rest, 'RECONFIGURE', ...show(shown)]);
};

export const undoLogin: Undo = (change) => {
  const name = ident(change.ref.id);
  const before = objectOf(change.before);
  if (change.type === 'created')
    return [...client(change, [`ALTER LOGIN ${name} DISABLE`]), note('disabled, not dropped: DROP LOGIN drops it')];
  if (change.type === 'deleted')
    return [
      note(
        `the login is gone with its password and its id: make it anew, then git -C snapshots log -p -- ${change.path} has its roles and rights`,
      ),
    ];
  const after = objectOf(change.after);
  const state = before.disabled === after.disabled ? [] : [`ALTER LOGIN ${name} ${before.disabled === true ? 'DISABLE' : 'ENABLE'}`];
  const password = before.passwordSet === after.passwordSet ? [] : [note('the old password is not kept')];
  return [...client(change, [...state, ...rightsBack('SERVER ROLE', name, before, after)]), ...password];
};

export const undoUser: Undo = (change) => {
  const name = ident(change.ref.id);
  const [before, after] = [objectOf(change.before), objectOf(change.after)];
  if (change.type === 'created') return client(change, [`DROP ${String(after.type).endsWith('ROLE') ? 'ROLE' : 'USER'} ${name}`]);
  if (change.type === 'modified') return client(change, rightsBack('ROLE', name, before, after));
  const isRole = String(before.type).endsWith('ROLE');
  const made = isRole
    ? `CREATE ROLE ${name}`
    : `CREATE USER ${name}${typeof before.login === 'string' ? ` FOR LOGIN ${ident(before.login)}` : ' WITHOUT LOGIN'}`;
  return client(change, [made, ...rightsBack('ROLE', name, before, {})]);
};

function rightsBack(role: string, name: string, before: JsonObject, after: JsonObject): string[] {
  const [oldRoles, newRoles] = [objectOf(before.roles), objectOf(after.roles)];
  const [oldGrants, newGrants] = [objectOf(before.grants), objectOf(after.grants)];
  const missing = (from: JsonObject, than: JsonObject) =>
    Object.keys(from)
      .filter((key) => JSON.stringify(from[key]) !== JSON.stringify(than[key]))
      .sort();
  return [
    ...missing(newRoles, oldRoles).map((key) => `ALTER ${role} ${ident(key)} DROP MEMBER ${name}`),
    ...missing(newGrants, oldGrants).flatMap((key) => right(objectOf(newGrants[key]), (what) => `REVOKE ${what} FROM ${name} CASCADE`)),
    ...missing(oldRoles, newRoles).map((key) => `ALTER ${role} ${ident(key)} ADD MEMBER ${name}`),
    ...missing(oldGrants, newGrants).flatMap((key) => {
      const grant = objectOf(oldGrants[key]);
      const option = grant.state === 'GRANT_WITH_GRANT_OPTION' ? ' WITH GRANT OPTION' : '';
      return right(grant, (what) => `${grant.state === 'DENY' ? 'DENY' : 'GRANT'} ${what} TO ${name}${option}`);
    }),
  ];
}

/** Rights on what has no name in the catalogue's row (certificates, endpoints) are left to a person. */
function right({ permission, class: kind, on }: JsonObject, say: (what: string) => string): string[] {
  if (typeof permission !== 'string' || !/^[A-Z ]+$/.test(permission)) return [];
  if (kind === 'SERVER' || kind === 'DATABASE') return [say(permission)];
  if (kind === 'SCHEMA' && typeof on === 'string') return [say(`${permission} ON SCHEMA::${ident(on)}`)];
  return kind === 'OBJECT_OR_COLUMN' && typeof on === 'string' && on.includes('.')
    ? [say(`${permission} ON OBJECT::${qualified(on)}`)]
    : [];
}

function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}
