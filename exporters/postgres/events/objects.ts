/** CREATE, DROP and the simple ALTERs: which words name which kind, what comes and goes along. */
import type { Effect, Ref } from 'drifttrail';
import { create, implied, named, remove, set, unset } from '../../_sql/effects.ts';
import { pointer } from 'drifttrail';
import { splitLast } from '../../_sql/names.ts';
import { databaseScope, serverOf } from '../../_sql/scope.ts';
import { READERS } from '../queries/index.ts';
import { type Act, came, listed, went } from './act.ts';
import { argumentTypes, canonical, type Found, inSchema, onTable, plain, takes } from './resolve.ts';

/** How a kind of thing is named in a statement. */
export type Naming = 'schema' | 'routine' | 'plain' | 'on-table';

export interface Type {
  readonly words: string;
  readonly kinds: readonly string[];
  readonly naming: Naming;
  readonly scope?: 'server';
}

/** Longer words first. */
export const TYPES: readonly Type[] = [
  { words: 'MATERIALIZED VIEW', kinds: ['postgres.materialized-view'], naming: 'schema' },
  { words: 'FOREIGN TABLE', kinds: ['postgres.table'], naming: 'schema' },
  { words: 'FOREIGN DATA WRAPPER', kinds: ['postgres.foreign-data-wrapper'], naming: 'plain' },
  { words: 'EVENT TRIGGER', kinds: ['postgres.event-trigger'], naming: 'plain' },
  {
    words: 'TABLE',
    kinds: ['postgres.table', 'postgres.view', 'postgres.materialized-view', 'postgres.index', 'postgres.sequence'],
    naming: 'schema',
  },
  { words: 'VIEW', kinds: ['postgres.view'], naming: 'schema' },
  { words: 'SEQUENCE', kinds: ['postgres.sequence'], naming: 'schema' },
  { words: 'INDEX', kinds: ['postgres.index'], naming: 'schema' },
  { words: 'STATISTICS', kinds: ['postgres.statistics'], naming: 'schema' },
  { words: 'TYPE', kinds: ['postgres.type'], naming: 'schema' },
  { words: 'DOMAIN', kinds: ['postgres.type'], naming: 'schema' },
  { words: 'FUNCTION', kinds: ['postgres.function'], naming: 'routine' },
  { words: 'PROCEDURE', kinds: ['postgres.procedure'], naming: 'routine' },
  { words: 'ROUTINE', kinds: ['postgres.function', 'postgres.procedure', 'postgres.aggregate'], naming: 'routine' },
  { words: 'AGGREGATE', kinds: ['postgres.aggregate'], naming: 'routine' },
  { words: 'TRIGGER', kinds: ['postgres.trigger'], naming: 'on-table' },
  { words: 'POLICY', kinds: ['postgres.policy'], naming: 'on-table' },
  { words: 'RULE', kinds: ['postgres.rewrite-rule'], naming: 'on-table' },
  { words: 'SCHEMA', kinds: ['postgres.schema'], naming: 'plain' },
  { words: 'EXTENSION', kinds: ['postgres.extension'], naming: 'plain' },
  { words: 'SERVER', kinds: ['postgres.foreign-server'], naming: 'plain' },
  { words: 'PUBLICATION', kinds: ['postgres.publication'], naming: 'plain' },
  { words: 'SUBSCRIPTION', kinds: ['postgres.subscription'], naming: 'plain' },
  { words: 'TABLESPACE', kinds: ['postgres.tablespace'], naming: 'plain', scope: 'server' },
  { words: 'DATABASE', kinds: ['postgres.database'], naming: 'plain', scope: 'server' },
];

export const takeType = ({ cursor }: Act): Type | undefined => TYPES.find(({ words }) => cursor.take(...words.split(' ')));

/** The thing that the statement names next. */
export function takeNamed(act: Act, type: Type): Found[] {
  const { cursor } = act;
  const name = cursor.name();
  if (name === undefined) return [];
  const scope = type.scope === 'server' ? act.server : act.scope;
  switch (type.naming) {
    case 'plain':
      return [{ ref: plain(act, scope, type.kinds[0] ?? '', name), sure: true }];
    case 'schema':
      return inSchema(act, type.kinds, name);
    case 'on-table': {
      if (!cursor.skipTo('ON') && !cursor.skipTo('TO')) return [];
      const table = cursor.name();
      return table === undefined ? [] : onTable(act, type.kinds[0] ?? '', table, name);
    }
    default:
      return routine(act, type.kinds, name);
  }
}

function routine(act: Act, kinds: readonly string[], name: string): Found[] {
  const group = act.cursor.group();
  // Without parentheses the name must be the only one.
  if (group === undefined) return inSchema(act, kinds, name);
  const types = argumentTypes(group);
  const exact = inSchema(act, kinds, name, (ref) => takes(ref, types));
  const [first] = exact;
  if (first?.ref.id.endsWith(')')) return exact;
  const count = (ref: Ref) => (/\(\)$/.test(ref.id) ? 0 : ref.id.split(', ').length);
  const alike = inSchema(act, kinds, name, (ref) => count(ref) === types.length);
  if (alike[0]?.ref.id.endsWith(')') === true) return alike.map(({ ref }) => ({ ref, sure: false }));
  return exact.map(({ ref }) => ({ ref: { ...ref, id: `${ref.id}(${types.join(', ')})` }, sure: true }));
}

const WHICH = 'the statement names no schema, and several have such a one';

/** What is sure is told; of what is not, that it was named. */
export const about = (found: readonly Found[], effects: (ref: Ref) => readonly Effect[]): Effect[] =>
  found.flatMap(({ ref, sure }) => (sure ? effects(ref) : [named(ref, WHICH)]));

/** What a statement made; with OR REPLACE it may have been there, and of that name only the content is new. */
export function made(act: Act, ref: Ref, replaces: boolean): Effect[] {
  const there = act.lookup.before(ref) !== undefined;
  if (there && replaces) return [set(ref, '')];
  return [create(ref), ...implied('what comes with it', ...entries(act, ref, 'set'), ...below(act, ref, came).map(create))];
}

/** What a statement took away, and what stood on it. */
export function taken(act: Act, ref: Ref, cascade: boolean): Effect[] {
  const along = [...below(act, ref, went), ...(cascade ? vanished(act) : [])].filter(({ kind, id }) => kind !== ref.kind || id !== ref.id);
  const rights = along.flatMap((each) => entries(act, each, 'unset'));
  return [remove(ref), ...implied('it went with what it stood on', ...along.map(remove), ...entries(act, ref, 'unset'), ...rights)];
}

const RIGHTS: Readonly<Record<string, string>> = {
  'postgres.function': 'function',
  'postgres.aggregate': 'function',
  'postgres.procedure': 'procedure',
  'postgres.table': 'table',
  'postgres.view': 'table',
  'postgres.materialized-view': 'table',
  'postgres.sequence': 'sequence',
  'postgres.type': 'type',
  'postgres.schema': 'schema',
};

/** The rights on a thing stand in the document of its schema. */
function entries(act: Act, ref: Ref, op: 'set' | 'unset'): Effect[] {
  const word = RIGHTS[ref.kind];
  if (word === undefined) return [];
  const schema = word === 'schema' ? ref.id : splitLast(ref.id.replace(/\(.*$/s, ''))[0];
  const grants: Ref = { scope: ref.scope, kind: 'postgres.grant', id: schema };
  if (word === 'schema') return [op === 'set' ? create(grants) : remove(grants)];
  if (word === 'table') {
    const columns = [act.lookup.before(grants), act.lookup.after(grants)].flatMap((document) => Object.keys((document ?? {}) as object));
    const own = [...new Set(columns)].filter((key) => key.startsWith(`column ${ref.id}.`)).sort();
    return [`table ${ref.id}`, ...own].map((key) => (op === 'set' ? set : unset)(grants, pointer(key)));
  }
  return [(op === 'set' ? set : unset)(grants, pointer(`${word} ${ref.id}`))];
}

const STANDING = ['postgres.trigger', 'postgres.policy', 'postgres.rewrite-rule'];
const IN_DATABASE = READERS.filter(({ scope }) => scope === 'database').map(({ kind }) => kind);
const IN_SCHEMA = TYPES.filter(({ naming }) => naming !== 'plain').flatMap(({ kinds }) => kinds);

function below(act: Act, ref: Ref, test: (act: Act, ref: Ref) => boolean): Ref[] {
  if (ref.kind === 'postgres.database') {
    const scope = databaseScope(serverOf(ref.scope), ref.id);
    return IN_DATABASE.flatMap((kind) => listed(act, scope, kind).flatMap(({ ref: own }) => (test(act, own) ? [own] : [])));
  }
  const all = (kind: string) => listed(act, act.scope, kind).filter((known) => test(act, known.ref));
  const refs = (kind: string, fits: (id: string, config: unknown) => boolean) =>
    all(kind).flatMap(({ ref: own, config }) => (fits(own.id, config) ? [own] : []));
  if (ref.kind === 'postgres.schema') return [...new Set(IN_SCHEMA)].flatMap((kind) => refs(kind, (id) => id.startsWith(`${ref.id}.`)));
  if (ref.kind === 'postgres.extension') return [];
  if (!['postgres.table', 'postgres.view', 'postgres.materialized-view'].includes(ref.kind)) return [];
  return [
    ...STANDING.flatMap((kind) => refs(kind, (id) => id.startsWith(`${ref.id}.`))),
    ...refs('postgres.index', (_, text) => String(text).includes(` ON ${ref.id} `) || String(text).includes(` ON ONLY ${ref.id} `)),
    ...refs('postgres.sequence', (_, text) => String(text).includes(` OWNED BY ${ref.id}.`)),
    ...refs('postgres.statistics', (_, text) => String(text).trimEnd().endsWith(` FROM ${ref.id};`)),
    ...refs('postgres.table', (_, config) => ((config as { parents?: readonly string[] }).parents ?? []).includes(ref.id)),
  ];
}

/** DROP … CASCADE takes along whatever depends: anything that is gone may have. */
function vanished(act: Act): Ref[] {
  return [...new Set(IN_SCHEMA)].flatMap((kind) => listed(act, act.scope, kind).flatMap(({ ref }) => (went(act, ref) ? [ref] : [])));
}

/** Under another name it is another resource. */
export function renamed(act: Act, ref: Ref, name: string, schema?: string): Effect[] {
  const args = /\(.*\)$/s.exec(ref.id)?.[0] ?? '';
  const [before, last] = splitLast(args === '' ? ref.id : ref.id.slice(0, -args.length));
  const id = schema === undefined ? [...(before === '' ? [] : [before]), canonical(name)].join('.') : `${canonical(schema)}.${last}`;
  const next = { ...ref, id: id + args };
  return [
    remove(ref),
    ...implied('it went with what it stood on', ...entries(act, ref, 'unset'), ...below(act, ref, went).map(remove)),
    create(next),
    ...implied('what comes with it', ...entries(act, next, 'set'), ...below(act, next, came).map(create)),
  ];
}
