/** ALTER TABLE: which column, constraint or switch of a table each of its actions writes. */
import { type Effect, pointer, type Ref } from 'drifttrail';
import { implied, set, unset } from '../../_sql/effects.ts';
import { meant } from '../../_sql/names.ts';
import type { Act } from './act.ts';
import { about, renamed } from './objects.ts';
import { inSchema, onTable } from './resolve.ts';

/** `cursor` stands behind the table's name. */
export function alterTable(act: Act, ref: Ref, table: string): Effect[] {
  const { cursor } = act;
  if (cursor.take('RENAME', 'TO')) return renamed(act, ref, cursor.name() ?? '');
  if (cursor.take('SET', 'SCHEMA')) return renamed(act, ref, '', cursor.name() ?? '');
  if (cursor.take('RENAME', 'CONSTRAINT'))
    return [
      ...member(ref, 'constraints', cursor.name(), unset),
      ...(cursor.take('TO') ? member(ref, 'constraints', cursor.name(), set) : []),
    ];
  if (cursor.take('RENAME')) {
    cursor.take('COLUMN');
    return [...member(ref, 'columns', cursor.name(), unset), ...(cursor.take('TO') ? member(ref, 'columns', cursor.name(), set) : [])];
  }
  const effects: Effect[] = [];
  do effects.push(...action(act, ref, table));
  while (cursor.skipTo(','));
  return effects;
}

function member(ref: Ref, group: 'columns' | 'constraints', name: string | undefined, op: typeof set | typeof unset): Effect[] {
  return name === undefined ? [] : [op(ref, pointer(group, meant(name)))];
}

const SWITCHES: readonly (readonly [words: string, field: string, value: boolean])[] = [
  ['ENABLE ROW LEVEL SECURITY', 'rowSecurity', true],
  ['DISABLE ROW LEVEL SECURITY', 'rowSecurity', false],
  ['NO FORCE ROW LEVEL SECURITY', 'forceRowSecurity', false],
  ['FORCE ROW LEVEL SECURITY', 'forceRowSecurity', true],
];

function action(act: Act, ref: Ref, table: string): Effect[] {
  const { cursor } = act;
  for (const [words, field, value] of SWITCHES) if (cursor.take(...words.split(' '))) return [set(ref, pointer(field), value)];
  if (cursor.takeOne(['ENABLE REPLICA', 'ENABLE ALWAYS', 'ENABLE', 'DISABLE'])) {
    const kind = cursor.takeOne(['TRIGGER', 'RULE']) === 'RULE' ? 'postgres.rewrite-rule' : 'postgres.trigger';
    return about(onTable(act, kind, table, cursor.name() ?? ''), (own) => [set(own, '')]);
  }
  const verb = cursor.takeOne(['ADD', 'DROP', 'ALTER']);
  return verb === undefined ? others(act, ref) : memberAction(act, ref, verb);
}

function others(act: Act, ref: Ref): Effect[] {
  const { cursor } = act;
  if (cursor.take('OWNER', 'TO')) return [set(ref, '/owner', cursor.name() ?? '')];
  if (cursor.takeOne(['ATTACH PARTITION', 'DETACH PARTITION']))
    return about(inSchema(act, ['postgres.table'], cursor.name() ?? ''), (own) => [set(own, '/**')]);
  const [field] = FIELDS.find(([, words]) => words.some((word) => cursor.take(...word.split(' ')))) ?? [];
  return [set(ref, field ?? '/**')];
}

const FIELDS: readonly (readonly [field: string, words: readonly string[]])[] = [
  ['/tablespace', ['SET TABLESPACE']],
  ['/unlogged', ['SET LOGGED', 'SET UNLOGGED']],
  ['/replicaIdentity', ['REPLICA IDENTITY']],
  ['/constraints/**', ['VALIDATE CONSTRAINT']],
  ['/parents/**', ['INHERIT', 'NO INHERIT']],
  ['/foreignOptions/**', ['OPTIONS']],
];

const CONSTRAINTS = ['PRIMARY KEY', 'UNIQUE', 'CHECK', 'FOREIGN KEY', 'EXCLUDE'];

/** ADD, DROP and ALTER of columns and constraints; the verb has been taken. */
function memberAction(act: Act, ref: Ref, verb: string): Effect[] {
  const { cursor } = act;
  if (cursor.take('CONSTRAINT')) {
    cursor.takeOne(['IF EXISTS']);
    const name = cursor.name();
    return [...member(ref, 'constraints', name, verb === 'DROP' ? unset : set), ...(cursor.has('PRIMARY', 'KEY') ? keyColumns(ref) : [])];
  }
  if (verb === 'ADD' && cursor.takeOne(CONSTRAINTS)) return [set(ref, '/constraints/**'), ...keyColumns(ref)];
  cursor.take('COLUMN');
  cursor.takeOne(['IF NOT EXISTS', 'IF EXISTS']);
  const name = cursor.name();
  if (name === undefined) return [];
  const path = pointer('columns', meant(name));
  if (verb === 'DROP') return [unset(ref, path), ...implied('a constraint goes with its column', unset(ref, '/constraints/**'))];
  if (verb === 'ADD') return [set(ref, path), ...implied('a constraint of the new column', set(ref, '/constraints/**'))];
  const [, leaf, op = set] = LEAVES.find(([words]) => cursor.take(...words.split(' '))) ?? ['', '**'];
  return [op(ref, `${path}/${leaf}`)];
}

const LEAVES: readonly (readonly [words: string, leaf: string, op?: typeof unset])[] = [
  ['SET NOT NULL', 'notNull'],
  ['DROP NOT NULL', 'notNull', unset],
  ['SET DEFAULT', 'default'],
  ['DROP DEFAULT', 'default', unset],
  ['SET DATA TYPE', 'type'],
  ['TYPE', 'type'],
  ['SET STORAGE', 'storage'],
  ['SET STATISTICS', 'statistics'],
  ['SET COMPRESSION', 'compression'],
];

const keyColumns = (ref: Ref): Effect[] => implied('the columns of a primary key are not null', set(ref, '/columns/**'));
