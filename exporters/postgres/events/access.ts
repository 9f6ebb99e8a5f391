/** Roles and their members, GRANT and REVOKE, default privileges. */
import { type Effect, isObject, pointer, type Ref } from 'drifttrail';
import { create, implied, remove, set, unset } from '../../_sql/effects.ts';
import { meant, splitLast } from '../../_sql/names.ts';
import { type Act, listed } from './act.ts';
import { canonical, type Found, inSchema, plain } from './resolve.ts';
import { settingEffect } from './settings.ts';
import { about, TYPES, takeNamed, takeType } from './objects.ts';

const passwords = ({ server }: Act): Ref => ({ scope: server, kind: 'postgres.password', id: 'password' });
const roleOf = (act: Act, name: string): Ref => plain(act, act.server, 'postgres.role', name);

const ATTRIBUTES: Readonly<Record<string, string>> = {
  SUPERUSER: 'superuser',
  INHERIT: 'inherit',
  CREATEROLE: 'createRole',
  CREATEDB: 'createDatabase',
  LOGIN: 'login',
  REPLICATION: 'replication',
  BYPASSRLS: 'bypassRowSecurity',
};

/** CREATE, ALTER and DROP of ROLE, USER and GROUP; the type has been taken. */
export function roleEffects(act: Act, verb: string): Effect[] {
  const { cursor } = act;
  cursor.takeOne(['IF EXISTS', 'IF NOT EXISTS']);
  if (verb === 'DROP') return cursor.names().flatMap((name) => dropped(act, roleOf(act, name)));
  const name = cursor.name();
  if (name === undefined) return [];
  const ref = roleOf(act, name);
  if (verb === 'CREATE') {
    const rest = [...options(act, ref)];
    return [create(ref), ...implied('said when the role was made', ...rest)];
  }
  if (cursor.take('RENAME', 'TO')) {
    const next = roleOf(act, cursor.name() ?? '');
    return [...dropped(act, ref), create(next), ...implied('under its new name', set(passwords(act), pointer(next.id)))];
  }
  return inDatabaseSettings(act, ref) ?? options(act, ref);
}

function dropped(act: Act, ref: Ref): Effect[] {
  const members = listed(act, act.server, 'postgres.role').filter(
    ({ config }) => isObject(config) && isObject(config.memberOf) && Object.hasOwn(config.memberOf, ref.id),
  );
  return [
    remove(ref),
    ...implied(
      'its role was dropped',
      unset(passwords(act), pointer(ref.id)),
      ...members.map(({ ref: other }) => unset(other, pointer('memberOf', ref.id))),
    ),
  ];
}

function inDatabaseSettings(act: Act, ref: Ref): Effect[] | undefined {
  const { cursor } = act;
  const database = cursor.take('IN', 'DATABASE') ? `in ${canonical(cursor.name() ?? '')}` : 'everywhere';
  const verb = cursor.takeOne(['SET', 'RESET']);
  if (verb === undefined) return undefined;
  return settingEffect(act, ref, ['settings', database], verb);
}

function options(act: Act, ref: Ref): Effect[] {
  const { cursor } = act;
  const effects: Effect[] = [];
  cursor.take('WITH');
  for (let token = cursor.next(); token !== undefined; token = cursor.next()) {
    const word = token.type === 'word' ? token.text.toUpperCase() : '';
    const field = ATTRIBUTES[word] ?? ATTRIBUTES[word.replace(/^NO/, '')];
    if (field !== undefined) effects.push(set(ref, pointer(field), ATTRIBUTES[word] !== undefined));
    else if (word === 'PASSWORD') effects.push(...passwordEffects(act, ref));
    else if (word === 'LIMIT') effects.push(set(ref, '/connectionLimit'));
    else if (word === 'UNTIL') effects.push(set(ref, '/validUntil'));
    else if (word === 'IN' && (cursor.take('ROLE') || cursor.take('GROUP')))
      effects.push(...cursor.names().map((group) => set(ref, pointer('memberOf', canonical(group)))));
    else if (word === 'ROLE' || word === 'USER' || word === 'ADMIN')
      effects.push(...cursor.names().map((member) => set(roleOf(act, member), pointer('memberOf', ref.id))));
  }
  return effects;
}

function passwordEffects(act: Act, ref: Ref): Effect[] {
  const path = pointer(ref.id);
  return act.cursor.take('NULL') ? [unset(passwords(act), path)] : [set(passwords(act), `${path}/**`), set(passwords(act), path)];
}

const PRIVILEGES = [
  'SELECT',
  'INSERT',
  'UPDATE',
  'DELETE',
  'TRUNCATE',
  'REFERENCES',
  'TRIGGER',
  'MAINTAIN',
  'USAGE',
  'CREATE',
  'CONNECT',
  'TEMPORARY',
  'TEMP',
  'EXECUTE',
  'SET',
  'ALTER SYSTEM',
  'ALL',
];

/** GRANT and REVOKE, of rights and of roles; the verb has been taken. */
export function grantEffects(act: Act, verb: 'GRANT' | 'REVOKE'): Effect[] {
  const { cursor } = act;
  const op = verb === 'GRANT' ? set : unset;
  const option = cursor.takeOne(['GRANT OPTION FOR', 'ADMIN OPTION FOR', 'INHERIT OPTION FOR', 'SET OPTION FOR']) !== undefined;
  if (!cursor.has('ON')) return roleMembers(act, option);
  const rights: string[] = [];
  const columns: string[] = [];
  do {
    const right = cursor.takeOne(PRIVILEGES);
    if (right === undefined) return [];
    cursor.take('PRIVILEGES');
    rights.push(right === 'TEMP' ? 'TEMPORARY' : right);
    for (const token of cursor.group() ?? []) if (token.type === 'word' || token.type === 'name') columns.push(meant(token.text));
  } while (cursor.take(','));
  if (!cursor.take('ON')) return [];
  const targets = columns.length > 0 ? onColumns(act, columns) : takeTargets(act);
  if (!cursor.skipTo(verb === 'GRANT' ? 'TO' : 'FROM')) return [];
  const grantees = granteesOf(act);
  const withOption = cursor.has('WITH', 'GRANT', 'OPTION');
  const whole = rights.includes('ALL') || option;
  return targets.flatMap(({ found, path }) =>
    about(found, (ref) =>
      grantees.flatMap((grantee) => {
        const place = [...path(ref), grantee];
        const there = `${pointer(...place)}/**`;
        const each = whole
          ? [set(document(ref), there)]
          : rights.map((right) => op(document(ref), there, withOption ? `${right} WITH GRANT OPTION` : right));
        // The first right brings the entry of the grantee, and of the object; the last one takes it away.
        const around = [place, path(ref)].map((parts) => op(document(ref), pointer(...parts)));
        return [...each, ...around];
      }),
    ),
  );
}

interface Target {
  readonly found: readonly Found[];
  /** Where the rights on it stand. */
  readonly path: (ref: Ref) => readonly string[];
}

const OWN_DOCUMENT = new Set(['postgres.database', 'postgres.tablespace', 'postgres.foreign-server', 'postgres.foreign-data-wrapper']);

function document(ref: Ref): Ref {
  if (OWN_DOCUMENT.has(ref.kind)) return ref;
  const schema = ref.kind === 'postgres.schema' ? ref.id : splitLast(ref.id.replace(/\(.*$/s, ''))[0];
  return { scope: ref.scope, kind: 'postgres.grant', id: schema };
}

function keyOf(ref: Ref): readonly string[] {
  if (OWN_DOCUMENT.has(ref.kind)) return ['grants'];
  const word = ref.kind
    .slice('postgres.'.length)
    .replace(/^(materialized-)?view$/, 'table')
    .replace('aggregate', 'function');
  return [`${word} ${ref.id}`];
}

function takeTargets(act: Act): Target[] {
  const { cursor } = act;
  const all = cursor.takeOne([
    'ALL TABLES IN SCHEMA',
    'ALL SEQUENCES IN SCHEMA',
    'ALL FUNCTIONS IN SCHEMA',
    'ALL PROCEDURES IN SCHEMA',
    'ALL ROUTINES IN SCHEMA',
  ]);
  if (all !== undefined) return cursor.names().flatMap((schema) => everything(act, all, schema));
  cursor.take('FOREIGN', 'SERVER');
  const type = takeType(act) ?? TYPES.find(({ words }) => words === 'TABLE');
  const targets: Target[] = [];
  if (type === undefined) return [];
  do targets.push({ found: takeNamed(act, type), path: keyOf });
  while (cursor.take(','));
  return targets;
}

const ALL_OF: Readonly<Record<string, RegExp>> = {
  'ALL TABLES IN SCHEMA': /^table /,
  'ALL SEQUENCES IN SCHEMA': /^sequence /,
  'ALL FUNCTIONS IN SCHEMA': /^function /,
  'ALL PROCEDURES IN SCHEMA': /^procedure /,
  'ALL ROUTINES IN SCHEMA': /^(function|procedure) /,
};

function everything(act: Act, all: string, schema: string): Target[] {
  const own = plain(act, act.scope, 'postgres.schema', schema);
  const grants = { scope: act.scope, kind: 'postgres.grant', id: own.id };
  const keys = [act.lookup.before(grants), act.lookup.after(grants)].flatMap((config) => (isObject(config) ? Object.keys(config) : []));
  return [...new Set(keys)]
    .filter((key) => ALL_OF[all]?.test(key) === true)
    .sort()
    .map((key) => ({ found: [{ ref: own, sure: true }], path: () => [key] }));
}

function onColumns(act: Act, columns: readonly string[]): Target[] {
  act.cursor.take('TABLE');
  const found = inSchema(act, ['postgres.table', 'postgres.view', 'postgres.materialized-view'], act.cursor.name() ?? '');
  return columns.map((column) => ({
    found,
    path: (ref) => [`column ${ref.id}.${/^[a-z_][a-z0-9_$]*$/.test(column) ? column : `"${column}"`}`],
  }));
}

function granteesOf(act: Act): string[] {
  const { cursor } = act;
  const names: string[] = [];
  do {
    cursor.take('GROUP');
    const name = cursor.name();
    if (name !== undefined) names.push(/^public$/i.test(name) ? 'PUBLIC' : roleOf(act, name).id);
  } while (cursor.take(','));
  return names;
}

function roleMembers(act: Act, option: boolean): Effect[] {
  const { cursor } = act;
  const groups = cursor.names();
  const given = cursor.take('TO');
  if (!given && !cursor.take('FROM')) return [];
  return granteesOf(act).flatMap((member) =>
    groups.flatMap((group) => {
      const ref = roleOf(act, member);
      const path = pointer('memberOf', roleOf(act, group).id);
      if (option) return [set(ref, `${path}/**`)];
      return given
        ? [set(ref, path), ...implied('its first group', set(ref, '/memberOf'))]
        : [unset(ref, path), ...implied('its last group', unset(ref, '/memberOf'))];
    }),
  );
}

/** ALTER DEFAULT PRIVILEGES: one document, and who granted what to whom stands in the statement. */
export const defaultPrivileges = ({ scope }: Act): Effect[] => [
  set({ scope, kind: 'postgres.default-privilege', id: 'default-privilege' }, '/**'),
];
