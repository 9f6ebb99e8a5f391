/** Statements by their first words. A statement of MariaDB that defines something is committed by itself: what succeeded, is. */
import { type AuditEvent, type Effect, isObject, type Lookup, pointer, type Ref } from 'drifttrail';
import { type Cursor, cursorOf } from '../../_sql/cursor.ts';
import { create, implied, remove, set, unset } from '../../_sql/effects.ts';
import { databaseScope, serverScope } from '../../_sql/scope.ts';
import { MYSQL, tokenize } from '../../_sql/tokens.ts';
import { accountId, DATABASE_KINDS } from '../names.ts';

interface Act {
  readonly event: AuditEvent;
  readonly lookup: Lookup;
  readonly cursor: Cursor;
  readonly server: string;
  readonly database: string;
}

export function actOf(event: AuditEvent, lookup: Lookup): Act {
  const request = isObject(event.request) ? event.request : {};
  const text = (key: string) => (typeof request[key] === 'string' ? request[key] : '');
  return { event, lookup, cursor: cursorOf(tokenize(text('statement'), MYSQL)), server: event.account, database: text('database') };
}

const KINDS: Readonly<Record<string, string>> = {
  TABLE: 'mysql.table',
  SEQUENCE: 'mysql.table',
  VIEW: 'mysql.view',
  PROCEDURE: 'mysql.procedure',
  FUNCTION: 'mysql.function',
  TRIGGER: 'mysql.trigger',
  EVENT: 'mysql.event',
};
const TYPES = [...Object.keys(KINDS), 'DATABASE', 'SCHEMA', 'USER', 'ROLE', 'INDEX', 'PACKAGE'];

const bare = (part: string): string => (part.startsWith('`') ? part.slice(1, -1).replaceAll('``', '`') : part);
const unquoted = (text: string): string => (/^['"`]/.test(text) ? text.slice(1, -1).replaceAll("''", "'") : text);

export function statementEffects(act: Act): Effect[] {
  const { cursor } = act;
  if (cursor.takeOne(['GRANT', 'REVOKE']))
    return accountsNamed(act).flatMap((ref) => [set(ref, '/grants/**'), set(ref, '/grants'), set(ref, '/definition')]);
  if (cursor.take('RENAME', 'TABLE')) return renamedTables(act);
  if (cursor.take('RENAME', 'USER')) return renamedUsers(act);
  if (cursor.take('SET', 'PASSWORD')) return passwordEffects(act);
  if (cursor.take('SET')) return variableEffects(act);
  if (cursor.takeOne(['INSTALL', 'UNINSTALL']))
    return [
      set({ scope: serverScope(act.server), kind: 'mysql.plugin', id: 'plugin' }, '/**'),
      ...implied('a plug-in brings variables', set(variable(act), '/**')),
    ];
  if (
    cursor.takeOne([
      'CHANGE MASTER',
      'CHANGE REPLICATION SOURCE',
      'RESET SLAVE',
      'RESET REPLICA',
      'START SLAVE',
      'STOP SLAVE',
      'START REPLICA',
      'STOP REPLICA',
    ])
  )
    return [set({ scope: serverScope(act.server), kind: 'mysql.replication', id: 'replication' }, '/**')];
  const verb = cursor.takeOne(['CREATE', 'ALTER', 'DROP']);
  return verb === undefined ? [] : defined(act, verb);
}

const variable = ({ server }: Act): Ref => ({ scope: serverScope(server), kind: 'mysql.variable', id: 'variable' });

function defined(act: Act, verb: 'CREATE' | 'ALTER' | 'DROP'): Effect[] {
  const { cursor } = act;
  const replaces = cursor.take('OR', 'REPLACE');
  const type = toType(cursor);
  if (type === undefined) return [];
  if (type === 'TEMPORARY')
    return implied('a temporary table', set({ scope: databaseScope(act.server, act.database), kind: 'mysql.table', id: '' }, '/data'));
  const guarded = cursor.takeOne(['IF NOT EXISTS', 'IF EXISTS']) !== undefined;
  if (type === 'USER' || type === 'ROLE') return accountEffects(act, verb);
  if (type === 'DATABASE' || type === 'SCHEMA') return databaseEffects(act, verb, bare(cursor.name() ?? act.database));
  if (type === 'INDEX') return cursor.skipTo('ON') ? [set(refOf(act, 'mysql.table', cursor.name() ?? ''), '')] : [];
  const kind = KINDS[type];
  if (kind === undefined) return [];
  if (verb === 'DROP') return cursor.names().flatMap((name) => gone(act, refOf(act, kind, name)));
  const ref = refOf(act, kind, cursor.name() ?? '');
  const there = act.lookup.before(ref) !== undefined;
  if (verb === 'CREATE')
    return there && guarded ? implied('it was there already', set(ref, '')) : there && replaces ? [set(ref, '')] : [create(ref)];
  if (cursor.has('RENAME', 'TO') && cursor.skipTo('RENAME', 'TO')) return moved(act, ref, refOf(act, kind, cursor.name() ?? ''));
  return [set(ref, '')];
}

/** Between verb and type may stand who defines it and how: DEFINER = a@b, ALGORITHM = …, UNIQUE. */
function toType(cursor: Cursor): string | undefined {
  for (let token = cursor.peek(); token !== undefined; token = cursor.peek()) {
    const type = cursor.takeOne([...TYPES, 'TEMPORARY']);
    if (type !== undefined) return type;
    cursor.next();
  }
  return undefined;
}

function refOf({ server, database }: Act, kind: string, name: string): Ref {
  const parts = name.match(/`(?:[^`]|``)*`|[^.`]+/g) ?? [];
  const [last = '', own] = [...parts].reverse().map(bare);
  return { scope: databaseScope(server, own ?? database), kind, id: last };
}

/** What stands on a table goes with it. */
function gone(act: Act, ref: Ref): Effect[] {
  if (ref.kind !== 'mysql.table') return [remove(ref)];
  const triggers = [...act.lookup.list(ref.scope, 'mysql.trigger')].filter(
    ({ ref: own, config }) => act.lookup.after(own) === undefined && String(config).includes(ref.id),
  );
  return [remove(ref), ...implied('it went with its table', ...triggers.map(({ ref: own }) => remove(own)))];
}

const moved = (act: Act, from: Ref, to: Ref): Effect[] => [...gone(act, from), create(to), ...triggersOf(act, to)];

function triggersOf(act: Act, table: Ref): Effect[] {
  const all = table.kind === 'mysql.table' ? [...act.lookup.list(table.scope, 'mysql.trigger')] : [];
  return implied(
    'its table has another name',
    ...all.filter(({ config }) => String(config).includes(table.id)).map(({ ref }) => set(ref, '')),
  );
}

function renamedTables(act: Act): Effect[] {
  const { cursor } = act;
  const effects: Effect[] = [];
  do {
    const from = refOf(act, 'mysql.table', cursor.name() ?? '');
    if (cursor.take('TO')) effects.push(...moved(act, from, refOf(act, 'mysql.table', cursor.name() ?? '')));
  } while (cursor.take(','));
  return effects;
}

function databaseEffects(act: Act, verb: string, name: string): Effect[] {
  const ref = { scope: serverScope(act.server), kind: 'mysql.database', id: name };
  if (verb === 'CREATE') return [create(ref)];
  if (verb === 'ALTER') return [set(ref, '/**')];
  const inside = DATABASE_KINDS.flatMap((kind) => [...act.lookup.list(databaseScope(act.server, name), kind)].map(({ ref: own }) => own));
  const gone = inside.filter((own) => act.lookup.before(own) !== undefined && act.lookup.after(own) === undefined);
  return [remove(ref), ...implied(`the database ${name} was dropped`, ...gone.map(remove))];
}

/** The account that comes next: `user@host` in any quotes, a role without a host. */
function takeAccount({ cursor, event, lookup, server }: Act): Ref | undefined {
  const first = cursor.next();
  if (first === undefined) return undefined;
  const at = (id: string): Ref => ({ scope: serverScope(server), kind: 'mysql.account', id });
  const user = unquoted(first.text);
  if (/^current_user$/i.test(user) && first.type === 'word') return at(accountId(event.actor.name, '%'));
  if (cursor.peek()?.text === '@') {
    cursor.next();
    return at(accountId(user, unquoted(cursor.next()?.text ?? '%')));
  }
  const role = at(accountId(user, undefined));
  const known = lookup.before(role) !== undefined || lookup.after(role) !== undefined;
  return known ? role : at(accountId(user, '%'));
}

function accountsNamed(act: Act): Ref[] {
  return act.cursor.skipTo('TO') || act.cursor.skipTo('FROM') ? takeAccounts(act) : [];
}

/** Accounts parted by commas, each with how it proves itself behind it. */
function takeAccounts(act: Act): Ref[] {
  const { cursor } = act;
  const found: Ref[] = [];
  do {
    const ref = takeAccount(act);
    if (ref !== undefined) found.push(ref);
    while (cursor.peek() !== undefined && cursor.peek()?.text !== ',') cursor.next();
  } while (cursor.take(','));
  return found;
}

function accountEffects(act: Act, verb: string): Effect[] {
  const found = takeAccounts(act);
  if (verb === 'CREATE') return found.map((ref) => create(ref));
  return found.flatMap((ref) => (verb === 'DROP' ? [remove(ref)] : [set(ref, '/**')]));
}

function renamedUsers(act: Act): Effect[] {
  const effects: Effect[] = [];
  do {
    const from = takeAccount(act);
    const to = act.cursor.take('TO') ? takeAccount(act) : undefined;
    if (from !== undefined && to !== undefined) effects.push(remove(from), create(to));
  } while (act.cursor.take(','));
  return effects;
}

function passwordEffects(act: Act): Effect[] {
  const own = { scope: serverScope(act.server), kind: 'mysql.account', id: accountId(act.event.actor.name, '%') };
  const ref = act.cursor.take('FOR') ? takeAccount(act) : own;
  return ref === undefined ? [] : [set(ref, '/verifier'), set(ref, '/definition'), set(ref, '/grants/**'), set(ref, '/grants')];
}

/** `SET GLOBAL a = 1, @@global.b = 2, PERSIST c = 3`; what a session sets for itself changes nothing here. */
function variableEffects(act: Act): Effect[] {
  const { cursor } = act;
  const effects: Effect[] = [];
  do {
    let isGlobal = cursor.takeOne(['GLOBAL', 'PERSIST']) !== undefined;
    while (cursor.peek()?.text === '@') cursor.next();
    const parts = (cursor.name() ?? '').split('.');
    if (parts.length > 1 && /^(global|persist)$/i.test(parts[0] ?? '')) isGlobal = true;
    if (isGlobal && (cursor.take('=') || cursor.take(':=')))
      effects.push(...written(act, bare(parts.at(-1) ?? '').toLowerCase(), unquoted(cursor.next()?.text ?? '')));
  } while (cursor.skipTo(','));
  return effects.length > 0 ? effects : implied('it is of the session alone', set(variable(act), '/session'));
}

function written(act: Act, name: string, value: string): Effect[] {
  const ref = variable(act);
  const path = pointer(name);
  const word = /^(on|off)$/i.test(value)
    ? value.toUpperCase()
    : /^(true|1)$/i.test(value)
      ? 'ON'
      : /^(false|0)$/i.test(value)
        ? 'OFF'
        : undefined;
  return [
    set(ref, `${path}/value`, value),
    ...(word === undefined || word === value ? [] : [set(ref, `${path}/value`, word)]),
    set(ref, `${path}/**`),
    unset(ref, `${path}/file`),
  ];
}
