/** Every statement that changes what is defined, by its first words. */
import { type Effect, pointer, type Ref } from 'drifttrail';
import { create, implied, remove, set, unset } from '../../_sql/effects.ts';
import { meant } from '../../_sql/names.ts';
import { defaultPrivileges, grantEffects, roleEffects } from './access.ts';
import { settingEffect } from './settings.ts';
import { type Act, came, listed } from './act.ts';
import { about, made, renamed, takeNamed, takeType, taken, type Type } from './objects.ts';
import { canonical, inSchema, plain, seenFirst } from './resolve.ts';
import { alterTable } from './tables.ts';

const SETTINGS = 'postgres.setting';

export function statementEffects(act: Act): Effect[] {
  const { cursor } = act;
  if (cursor.take('GRANT')) return grantEffects(act, 'GRANT');
  if (cursor.take('REVOKE')) return grantEffects(act, 'REVOKE');
  if (cursor.take('ALTER', 'DEFAULT', 'PRIVILEGES')) return defaultPrivileges(act);
  if (cursor.take('ALTER', 'SYSTEM')) return systemEffects(act);
  if (cursor.take('COMMENT', 'ON')) return commentEffects(act);
  if (cursor.take('SELECT')) return slotEffects(act);
  if (cursor.takeOne(QUIET) !== undefined) return nothing(act);
  const verb = cursor.takeOne(['CREATE', 'ALTER', 'DROP']);
  if (verb === undefined) return [];
  const replaces = verb === 'CREATE' && cursor.take('OR', 'REPLACE');
  if (
    verb === 'CREATE' &&
    cursor.takeOne(['TEMPORARY', 'TEMP', 'GLOBAL TEMPORARY', 'LOCAL TEMPORARY', 'GLOBAL TEMP', 'LOCAL TEMP']) !== undefined
  )
    return nothing(act);
  while (cursor.takeOne(BEFORE_TYPE) !== undefined);
  if (cursor.take('USER', 'MAPPING')) return mappingEffects(act, verb);
  if (cursor.takeOne(['ROLE', 'USER', 'GROUP']) !== undefined) return roleEffects(act, verb);
  const type = takeType(act);
  if (type === undefined) return [];
  cursor.take('CONCURRENTLY');
  const guarded = cursor.takeOne(['IF NOT EXISTS', 'IF EXISTS']) !== undefined;
  if (verb === 'CREATE') return createEffects(act, type, replaces, guarded);
  return verb === 'DROP' ? dropEffects(act, type) : alterEffects(act, type);
}

/** They write data, or how it lies; no snapshot shows it. */
const QUIET = [
  'REFRESH',
  'TRUNCATE',
  'REINDEX',
  'CLUSTER',
  'VACUUM',
  'ANALYZE',
  'LOCK',
  'SET',
  'RESET',
  'SECURITY LABEL',
  'CHECKPOINT',
  'DISCARD',
];
const BEFORE_TYPE = ['UNIQUE', 'UNLOGGED', 'RECURSIVE', 'CONSTRAINT', 'TRUSTED', 'PROCEDURAL'];

/** Known, and about nothing that is recorded. */
function nothing(act: Act): Effect[] {
  return implied('it leaves nothing that is recorded', set({ scope: act.scope, kind: 'postgres.schema', id: '' }, '/data'));
}

function createEffects(act: Act, type: Type, replaces: boolean, guarded: boolean): Effect[] {
  const { cursor } = act;
  if (type.words === 'INDEX' && cursor.peek()?.text.toUpperCase() === 'ON') return unnamedIndex(act);
  if (type.words === 'SCHEMA' && cursor.take('AUTHORIZATION'))
    return made(act, plain(act, act.scope, 'postgres.schema', cursor.name() ?? ''), false);
  if (type.words === 'INDEX') return indexEffects(act);
  const found = type.words === 'TABLE' ? takeNamed(act, { ...type, kinds: ['postgres.table'] }) : takeNamed(act, type);
  // Several have the name: this statement made the one that was not there before.
  const fresh = found.filter(({ ref }) => came(act, ref));
  const chosen = !replaces && fresh.length === 1 ? fresh.map(({ ref }) => ({ ref, sure: true })) : found;
  return about(chosen, (ref) => {
    if (guarded && act.lookup.before(ref) !== undefined) return implied('it was there already', set(ref, ''));
    return [...made(act, ref, replaces), ...(type.words === 'SUBSCRIPTION' ? connectionOf(ref, create) : [])];
  });
}

/** An index stands in the schema of its table, whatever its name says. */
function indexEffects(act: Act): Effect[] {
  const name = act.cursor.name() ?? '';
  if (!act.cursor.skipTo('ON')) return [];
  act.cursor.take('ONLY');
  const tables = inSchema(act, ['postgres.table', 'postgres.materialized-view'], act.cursor.name() ?? '');
  return about(tables, ({ id }) => {
    const schema = id.slice(0, id.lastIndexOf('.'));
    const known = listed(act, act.scope, 'postgres.index').find(
      ({ ref }) => ref.id.startsWith(`${schema}.`) && meant(ref.id.slice(schema.length + 1)) === meant(name),
    );
    return [create(known?.ref ?? { scope: act.scope, kind: 'postgres.index', id: `${schema}.${canonical(name)}` })];
  });
}

function unnamedIndex(act: Act): Effect[] {
  act.cursor.take('ON');
  act.cursor.take('ONLY');
  const tables = inSchema(act, ['postgres.table', 'postgres.materialized-view'], act.cursor.name() ?? '');
  const on = (text: unknown) => tables.some(({ ref }) => String(text).includes(` ON ${ref.id} `));
  const fresh = listed(act, act.scope, 'postgres.index').filter(({ ref, config }) => came(act, ref) && on(config));
  return fresh.length === 0 ? nothing(act) : fresh.map(({ ref }) => create(ref));
}

function dropEffects(act: Act, type: Type): Effect[] {
  const { cursor } = act;
  const found = [];
  do found.push(...takeNamed(act, type));
  while (cursor.take(','));
  const cascade = cursor.take('CASCADE');
  return about(seenFirst(act, found), (ref) => [
    ...taken(act, ref, cascade),
    ...(type.words === 'SUBSCRIPTION' ? connectionOf(ref, remove) : []),
  ]);
}

const connectionOf = (ref: Ref, op: (ref: Ref) => Effect): Effect[] =>
  implied('it comes and goes with its subscription', op({ ...ref, kind: 'postgres.subscription-connection' }));

function alterEffects(act: Act, type: Type): Effect[] {
  const { cursor } = act;
  cursor.take('ONLY');
  const name = nameAhead(act, type);
  const found = name.found;
  cursor.take('*');
  return about(found, (ref) => {
    if (ref.kind === 'postgres.table') return alterTable(act, ref, name.text);
    if (ref.kind === 'postgres.database') return databaseEffects(act, ref);
    if (cursor.take('RENAME', 'TO')) return renamed(act, ref, cursor.name() ?? '');
    if (cursor.take('SET', 'SCHEMA')) return renamed(act, ref, '', cursor.name() ?? '');
    if (type.words === 'SUBSCRIPTION' && cursor.take('CONNECTION'))
      return [set({ ...ref, kind: 'postgres.subscription-connection' }, '/connection')];
    return [set(ref, TEXT.has(ref.kind) ? '' : '/**')];
  });
}

/** Kinds that are one document of fields; the others are text. */
const TEXT = { has: (kind: string) => !FIELDS.has(kind) };
const FIELDS = new Set(
  ['table', 'foreign-server', 'foreign-data-wrapper', 'publication', 'subscription', 'tablespace', 'database'].map(
    (word) => `postgres.${word}`,
  ),
);

function nameAhead(act: Act, type: Type): { text: string; found: ReturnType<typeof takeNamed> } {
  const before = act.cursor.peek();
  const found = takeNamed(act, type);
  return { text: found[0]?.ref.id ?? before?.text ?? '', found };
}

function databaseEffects(act: Act, ref: Ref): Effect[] {
  const { cursor } = act;
  if (cursor.take('RENAME', 'TO')) return renamed(act, ref, cursor.name() ?? '');
  if (cursor.take('OWNER', 'TO')) return [set(ref, '/owner', cursor.name() ?? '')];
  if (cursor.take('SET', 'TABLESPACE')) return [set(ref, '/tablespace', cursor.name() ?? '')];
  const verb = cursor.takeOne(['SET', 'RESET']);
  return verb === undefined ? [set(ref, '/**')] : settingEffect(act, ref, ['settings'], verb);
}

function systemEffects(act: Act): Effect[] {
  const { cursor, server } = act;
  const ref = { scope: server, kind: SETTINGS, id: 'setting' };
  const file = { scope: server, kind: 'postgres.file-setting', id: 'file-setting' };
  const reset = cursor.take('RESET');
  if (!reset && !cursor.take('SET')) return [];
  const name = cursor.take('ALL') ? undefined : cursor.name();
  const place = name === undefined ? '' : pointer(meant(name));
  const value = reset || !(cursor.take('=') || cursor.take('TO')) ? undefined : cursor.next();
  // The server rewrites units: then the value differs from what was said, and the leaf is known all the same.
  const exact = value === undefined || name === undefined ? [] : [set(ref, `${place}/value`, bare(value.text))];
  return [...exact, set(ref, `${place}/**`), ...implied('ALTER SYSTEM writes postgresql.auto.conf', set(file, '/**'))];
}

const bare = (text: string): string => (text.startsWith("'") ? text.slice(1, -1).replaceAll("''", "'") : text);

function commentEffects(act: Act): Effect[] {
  const { cursor } = act;
  if (cursor.takeOne(['ROLE', 'USER']) !== undefined)
    return [set(plain(act, act.server, 'postgres.role', cursor.name() ?? ''), '/comment')];
  if (cursor.take('COLUMN')) {
    const parts = (cursor.name() ?? '').split('.');
    const column = parts.pop() ?? '';
    return about(inSchema(act, ['postgres.table', 'postgres.view', 'postgres.materialized-view'], parts.join('.')), (ref) => [
      set(ref, ref.kind === 'postgres.table' ? pointer('columns', meant(column), 'comment') : ''),
    ]);
  }
  const type = takeType(act);
  if (type === undefined) return nothing(act);
  const noted = (ref: Ref) =>
    TEXT.has(ref.kind) ? set(ref, '') : cursor.has('IS', 'NULL') ? unset(ref, '/comment') : set(ref, '/comment');
  return about(takeNamed(act, type), (ref) => [noted(ref)]);
}

function mappingEffects(act: Act, verb: string): Effect[] {
  const { cursor } = act;
  cursor.takeOne(['IF EXISTS', 'IF NOT EXISTS']);
  if (!cursor.take('FOR')) return [];
  const user = cursor.name() ?? '';
  if (!cursor.take('SERVER')) return [];
  const server = plain(act, act.scope, 'postgres.foreign-server', cursor.name() ?? '').id;
  const role = /^public$/i.test(user)
    ? 'PUBLIC'
    : plain(act, act.server, 'postgres.role', /^(current_user|current_role|user)$/i.test(user) ? act.event.actor.name : user).id;
  const ref = { scope: act.scope, kind: 'postgres.user-mapping', id: `${server}.${role}` };
  return [verb === 'CREATE' ? create(ref) : verb === 'DROP' ? remove(ref) : set(ref, '/options/**')];
}

/** Functions that make and drop replication slots. */
function slotEffects(act: Act): Effect[] {
  const { cursor } = act;
  cursor.take('*');
  cursor.take('FROM');
  const called = meant((cursor.name() ?? '').split('.').at(-1) ?? '');
  const first = cursor.group()?.[0];
  if (first?.type !== 'string') return nothing(act);
  const ref = plain(act, act.server, 'postgres.replication-slot', `"${bare(first.text)}"`);
  if (/^pg_create_(physical|logical)_replication_slot$/.test(called)) return [create(ref)];
  return called === 'pg_drop_replication_slot' ? [remove(ref)] : nothing(act);
}
