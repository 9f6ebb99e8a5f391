/** What a logged statement did to which resource, whatever the spelling of names and types. */
import { expect, test } from 'vitest';
import { kinds } from '../../../exporters/postgres/kinds.ts';
import type { AuditEvent, Json, Lookup, Ref } from '../../../src/model.ts';

const SHOP = 'databases/main/shop';
const SERVER = 'databases/main/_server';

type Resources = Readonly<Record<string, Json>>;
/** `kind id`, of the database or, for what the server shares, of the server. */
const SHARED = /^postgres\.(role|setting|database|password|file-setting|replication-slot|tablespace) /;

function lookupOf(before: Resources, after: Resources): Lookup {
  const refs = [...new Set([...Object.keys(before), ...Object.keys(after)])].map((key): [string, Ref] => {
    const kind = key.slice(0, key.indexOf(' '));
    return [key, { scope: SHARED.test(key) ? SERVER : SHOP, kind, id: key.slice(kind.length + 1) }];
  });
  const in_ = (side: Resources) => (ref: Ref) => side[`${ref.kind} ${ref.id}`];
  return {
    before: in_(before),
    after: in_(after),
    list: (scope, kind) =>
      refs
        .filter(([, ref]) => ref.scope === scope && ref.kind === kind)
        .map(([key, ref]) => ({ ref, config: before[key] ?? after[key] ?? null })),
    resolve: () => undefined,
  };
}

interface Known {
  readonly before?: Resources;
  readonly after?: Resources;
  readonly request?: Readonly<Record<string, Json>>;
}

function told(statement: string, { before = {}, after = before, request = {} }: Known = {}): string[] {
  const [rule] = kinds['postgres.table']?.events ?? [];
  const event = {
    account: 'main',
    actor: { name: 'alice' },
    request: { statement, database: 'shop', outcome: 'committed', ...request },
  } as unknown as AuditEvent;
  const effects = rule?.effects(event, lookupOf(before, after)) ?? [];
  return effects
    .filter(({ cascade }) => cascade === undefined || /names no schema/.test(cascade))
    .map(({ ref, op, path, value }) =>
      [op, ref.kind.slice('postgres.'.length), ref.id, path, value === undefined ? '' : JSON.stringify(value)].join(' ').trimEnd(),
    );
}

const OBJECTS: Resources = {
  'postgres.table sales.orders': { columns: {}, rowSecurity: true },
  'postgres.table public.items': {},
  'postgres.table other.items': {},
  'postgres.function sales.tax(numeric)': 'a',
  'postgres.function sales.tax(numeric, character varying)': 'b',
  'postgres.function sales.kind(sales.state[])': 'c',
  'postgres.view public."order"': 'd',
  'postgres.trigger sales.orders.touch': 'e',
  'postgres.index sales.by_state': 'CREATE INDEX by_state ON sales.orders USING btree (state);',
  'postgres.role "Bob"': {},
  'postgres.grant sales': { 'table sales.orders': { readers: ['SELECT'] }, 'function sales.tax(numeric)': { PUBLIC: ['EXECUTE'] } },
};

test.each<[string, string[]]>([
  ['ALTER FUNCTION tax(NUMERIC) STABLE', ['set function sales.tax(numeric)']],
  ['DROP FUNCTION IF EXISTS Sales.Tax(a numeric, b varchar)', ['delete function sales.tax(numeric, character varying)']],
  ['ALTER FUNCTION sales.kind(state[]) STABLE', ['set function sales.kind(sales.state[])']],
  ['CREATE OR REPLACE VIEW "order" AS SELECT 1', ['set view public."order"']],
  [
    'ALTER TABLE ONLY sales.orders DISABLE ROW LEVEL SECURITY, ADD COLUMN IF NOT EXISTS "New One" numeric(10, 2) DEFAULT 1',
    ['set table sales.orders /rowSecurity false', 'set table sales.orders /columns/New One'],
  ],
  [
    'ALTER TABLE sales.orders ALTER amount DROP NOT NULL, DROP CONSTRAINT positive',
    ['unset table sales.orders /columns/amount/notNull', 'unset table sales.orders /constraints/positive'],
  ],
  ['ALTER TABLE sales.orders DISABLE TRIGGER touch', ['set trigger sales.orders.touch']],
  ['DROP TRIGGER touch ON orders', ['delete trigger sales.orders.touch']],
  ['ALTER TABLE items ADD x int', ['set table other.items /named by a statement', 'set table public.items /named by a statement']],
  ['DROP INDEX CONCURRENTLY by_state', ['delete index sales.by_state']],
  [
    'GRANT SELECT, UPDATE (state) ON orders TO "Bob"',
    [
      'set grant sales /column sales.orders.state/"Bob"/** "SELECT"',
      'set grant sales /column sales.orders.state/"Bob"/** "UPDATE"',
      'set grant sales /column sales.orders.state/"Bob"',
      'set grant sales /column sales.orders.state',
    ],
  ],
  [
    'REVOKE ALL ON ALL FUNCTIONS IN SCHEMA sales FROM PUBLIC',
    [
      'set grant sales /function sales.tax(numeric)/PUBLIC/**',
      'unset grant sales /function sales.tax(numeric)/PUBLIC',
      'unset grant sales /function sales.tax(numeric)',
    ],
  ],
  ['ALTER ROLE "Bob" NOSUPERUSER CREATEDB', ['set role "Bob" /superuser false', 'set role "Bob" /createDatabase true']],
  ['ALTER USER "Bob" IN DATABASE shop SET search_path = \'a\'', ['set role "Bob" /settings/in shop/search_path']],
  ['GRANT readers TO "Bob" WITH ADMIN OPTION', ['set role "Bob" /memberOf/readers']],
  [
    "ALTER SYSTEM SET log_statement TO 'none'",
    ['set setting setting /log_statement/value "none"', 'set setting setting /log_statement/**'],
  ],
  ["COMMENT ON COLUMN sales.orders.amount IS 'x'", ['set table sales.orders /columns/amount/comment']],
  ["SELECT * FROM pg_create_physical_replication_slot('standby2')", ['create replication-slot standby2']],
  ['/* by hand */ -- now\nCREATE TABLE sales.made (id int)', ['create table sales.made']],
  ['CREATE TEMP TABLE orders (id int)', []],
  ['TRUNCATE sales.orders', []],
  ['REFRESH MATERIALIZED VIEW sales.sums', []],
])('%s', (statement, expected) => {
  expect(told(statement, { before: OBJECTS })).toEqual(expected);
});

test('of two with the name, the one that was not there before is the one that was made', () => {
  const after = { ...OBJECTS, 'postgres.table third.items': {} };
  expect(told('CREATE TABLE items ()', { before: OBJECTS, after })).toEqual(['create table third.items']);
});

test('a search path that the log shows, or the object that pgaudit names, decides which is meant', () => {
  expect(told('ALTER TABLE items ADD x int', { before: OBJECTS, request: { searchPath: ['nowhere', 'other'] } })).toEqual([
    'set table other.items /columns/x',
  ]);
  expect(told('ALTER TABLE items ADD x int', { before: OBJECTS, request: { object: 'public.items' } })).toEqual([
    'set table public.items /columns/x',
  ]);
});

test('of a transaction whose end is not told, only what shows is told', () => {
  const request = { outcome: 'unknown' };
  expect(told('ALTER TABLE sales.orders ADD x int', { before: OBJECTS, request })).toEqual([]);
  const after = { ...OBJECTS, 'postgres.table sales.orders': { columns: { x: {} } } };
  expect(told('ALTER TABLE sales.orders ADD x int', { before: OBJECTS, after, request })).toEqual(['set table sales.orders /columns/x']);
});
