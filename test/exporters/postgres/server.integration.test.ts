/** A real server: what alice does there is one small hunk with her name on it, and the undo that is printed brings back the old tree. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Finding } from '../../../src/model.ts';
import { about, type Operations, operations, paste, storedEvents } from '../deployment.ts';
import { type Server, startServer } from './server.ts';

const SEED = fileURLToPath(new URL('../../fixtures/postgres/seed.sql', import.meta.url));

let server: Server;
let ops: Operations;
beforeAll(async () => {
  server = await startServer({ log_destination: 'csvlog', wal_level: 'logical' });
  server.sql(readFileSync(SEED, 'utf8'));
  server.sql('ALTER ROLE alice SUPERUSER');
  ops = await operations(`exporters:
  - { use: postgres, name: main, socket: ${server.dir}, port: ${server.port}, user: postgres, without: [] }
trail:
  - { use: postgres-log, server: main, log: ${server.dir}/log/pg.csv, complete: true }
`);
  await ops.snapshot();
});
afterAll(() => {
  server?.stop();
  ops?.remove();
});

/** The weakest grade of all edits of a resource: others of the same look may be about it too. */
interface Case {
  readonly name: string;
  readonly sql: string;
  readonly database?: string;
  readonly expected: readonly (readonly [kind: string, id: string, grade: string])[];
  readonly rule?: string;
}

const CASES: readonly Case[] = [
  {
    name: 'a procedure altered, named without its schema',
    sql: `SET search_path = sales; CREATE OR REPLACE PROCEDURE close_day(day date) LANGUAGE plpgsql AS $$
BEGIN
  UPDATE sales.orders SET state = 'sent' WHERE state IN ('paid', 'new');
  RAISE NOTICE 'it''s done %', day;
END
$$;`,
    expected: [['postgres.procedure', 'sales.close_day(date)', 'leaf']],
    rule: 'postgres-routine-altered',
  },
  {
    name: 'a function made',
    sql: 'CREATE FUNCTION sales.f(a int, b varchar) RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$',
    expected: [
      ['postgres.function', 'sales.f(integer, character varying)', 'exact'],
      ['postgres.grant', 'sales', 'cascade'],
    ],
    rule: 'postgres-security-definer',
  },
  {
    name: 'one of two functions of a name dropped',
    sql: 'DROP FUNCTION sales.tax(numeric, numeric)',
    expected: [['postgres.function', 'sales.tax(numeric, numeric)', 'exact']],
  },
  {
    name: 'row security switched off',
    sql: 'ALTER TABLE sales.orders DISABLE ROW LEVEL SECURITY',
    expected: [['postgres.table', 'sales.orders', 'leaf']],
    rule: 'postgres-row-security-off',
  },
  {
    name: 'a policy dropped',
    sql: 'DROP POLICY own ON sales.orders',
    expected: [['postgres.policy', 'sales.orders.own', 'exact']],
    rule: 'postgres-policy-dropped',
  },
  {
    name: 'a column added',
    sql: "ALTER TABLE sales.orders ADD COLUMN note text NOT NULL DEFAULT 'a, b', ADD CONSTRAINT short CHECK (length(note) < 9)",
    expected: [['postgres.table', 'sales.orders', 'leaf']],
  },
  {
    name: 'a table opened to everybody',
    sql: 'GRANT SELECT, INSERT ON sales.orders TO PUBLIC',
    expected: [['postgres.grant', 'sales', 'cascade']],
    rule: 'postgres-granted-to-public',
  },
  {
    name: 'a trigger disabled',
    sql: 'ALTER TABLE sales.orders DISABLE TRIGGER touch',
    expected: [['postgres.trigger', 'sales.orders.touch', 'leaf']],
    rule: 'postgres-trigger-changed',
  },
  { name: 'an index dropped', sql: 'DROP INDEX sales.orders_state', expected: [['postgres.index', 'sales.orders_state', 'exact']] },
  {
    name: 'a role with power',
    sql: 'ALTER ROLE app SUPERUSER; GRANT readers TO app',
    expected: [['postgres.role', 'app', 'leaf']],
    rule: 'postgres-role-superpower',
  },
  {
    name: 'the log of statements reduced',
    database: 'postgres',
    sql: "ALTER SYSTEM SET work_mem = '7MB';\nSELECT pg_reload_conf();",
    expected: [['postgres.setting', 'setting', 'leaf']],
  },
  {
    name: 'a view replaced',
    sql: "CREATE OR REPLACE VIEW sales.open_orders WITH (security_barrier) AS SELECT id, customer FROM sales.orders WHERE state <> 'sent'",
    expected: [['postgres.view', 'sales.open_orders', 'leaf']],
  },
];

/** Cases that are about different things are looked at together. */
const BATCHES = [CASES.filter((_, index) => index % 2 === 0), CASES.filter((_, index) => index % 2 === 1)];

test.each(BATCHES.map((cases) => [cases.map(({ name }) => name).join(', '), cases] as const))('%s', async (_, cases) => {
  const tree = ops.tree();
  for (const { sql, database = 'shop' } of cases) server.sql(sql, { user: 'alice', database, host: '127.0.0.1' });
  const { findings, gaps } = await ops.snapshot();
  expect(gaps).toEqual([]);
  const expected = cases.flatMap((one) => one.expected);
  const told = expected.map(([kind, id]) => {
    const { attribution } = about(findings, kind, id) ?? {};
    return [kind, id, attribution?.grade, attribution?.actor?.name, attribution?.actor?.sourceIp, attribution?.actor?.via];
  });
  expect(told).toEqual(expected.map(([kind, id, grade]) => [kind, id, grade, 'alice', '127.0.0.1', 'cli']));
  const unknown = findings.filter(({ change, attribution }) => change !== undefined && attribution.actor?.name !== 'alice');
  expect(unknown.map(({ change, attribution }) => [change?.ref, attribution.because])).toEqual([]);
  for (const { rule } of cases) if (rule !== undefined) expect(findings.flatMap(({ rules }) => rules)).toContain(rule);

  // Rights on what comes back are put back after it.
  const last = ({ change }: Finding) => (change?.ref.kind === 'postgres.grant' ? 1 : 0);
  for (const { undo = [] } of [...findings].sort((a, b) => last(a) - last(b))) paste(undo, server.env);
  await ops.snapshot();
  expect(ops.git('diff', tree, ops.tree())).toBe('');
});

test('an altered procedure is one hunk of the lines that differ', () => {
  const path = 'databases/main/shop/procedure/sales.close_day%28date%29.sql';
  const first = ops.git('log', '--format=%H', '--', path).split('\n').at(-2) ?? '';
  const lines = ops
    .git('show', '--format=', '-U0', first, '--', path)
    .split('\n')
    .filter((line) => /^[-+@][^-+]/.test(line));
  expect(lines).toEqual([
    expect.stringMatching(/^@@ -\d+ \+\d+ @@/),
    "-  UPDATE sales.orders SET state = 'sent' WHERE state = 'paid';",
    "+  UPDATE sales.orders SET state = 'sent' WHERE state IN ('paid', 'new');",
  ]);
});

test('who failed, or took it back, is not blamed', async () => {
  server.sql('CREATE TABLE sales.kept (a int)', { user: 'app', database: 'shop' });
  expect(() => server.sql('CREATE TABLE sales.kept (a int)', { user: 'alice', database: 'shop' })).toThrow('already exists');
  server.sql('BEGIN; CREATE TABLE sales.gone (a int);\nROLLBACK;', { user: 'alice', database: 'shop' });
  const { findings } = await ops.snapshot();
  expect(about(findings, 'postgres.table', 'sales.kept')?.attribution).toMatchObject({
    status: 'attributed',
    grade: 'exact',
    actor: { name: 'app' },
  });
  expect(
    findings.filter(
      ({ attribution }) => attribution.actor?.name === 'alice' && attribution.events.some(({ name }) => name === 'CREATE TABLE'),
    ),
  ).toEqual([]);
});

test('a password that was set is in nothing that is stored', async () => {
  server.sql("ALTER ROLE app PASSWORD 'Pl4nted-rotation-77'", { user: 'alice' });
  const { findings } = await ops.snapshot();
  expect(about(findings, 'postgres.password', 'password')?.attribution).toMatchObject({ status: 'attributed', actor: { name: 'alice' } });
  expect(JSON.stringify(findings)).not.toContain('Pl4nted');
  expect(ops.git('grep', '-c', 'redacted', 'HEAD', '--', 'databases/main/_server/passwords.json')).not.toBe('');
  expect(await storedEvents(ops.dir)).not.toContain('Pl4nted');
});

test('a database that is made and dropped is told with who did it; one that is closed keeps its files', async () => {
  const tree = ops.tree();
  const as = { user: 'alice', host: '127.0.0.1' };
  server.sql('CREATE DATABASE passing', as);
  server.sql('CREATE TABLE kept (a int PRIMARY KEY); CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$', {
    ...as,
    database: 'passing',
  });
  const made = await ops.snapshot();
  const refs = made.findings.map(({ change }) => `${change?.type} ${change?.ref.scope} ${change?.ref.kind} ${change?.ref.id}`);
  expect(refs).toContain('created databases/main/passing postgres.function public.f()');
  const whose = (findings: readonly Finding[]) => findings.map(({ attribution }) => `${attribution.status} ${attribution.actor?.name}`);
  expect(new Set(whose(made.findings))).toEqual(new Set(['attributed alice']));

  server.sql('ALTER DATABASE passing ALLOW_CONNECTIONS false', as);
  const held = ops.git('rev-parse', 'HEAD:databases/main/passing');
  const closed = await ops.snapshot();
  expect(closed.gaps).toEqual([
    { scope: 'databases/main/passing', reason: 'denied', detail: 'the database passing accepts no connections' },
  ]);
  expect(ops.git('rev-parse', 'HEAD:databases/main/passing')).toBe(held);

  server.sql('DROP DATABASE passing', as);
  const dropped = await ops.snapshot();
  expect(dropped.gaps).toEqual([]);
  const changed = dropped.findings.filter(({ change }) => change !== undefined);
  expect(changed.length).toBeGreaterThan(4);
  expect(new Set(changed.map(({ change }) => change?.type))).toEqual(new Set(['deleted']));
  expect(new Set(whose(changed))).toEqual(new Set(['attributed alice']));
  expect(ops.git('diff', tree, ops.tree())).toBe('');
});

test('a role that may only read settings is enough; what is hidden from it is a gap', async () => {
  const least = await operations(
    `exporters:\n  - { use: postgres, name: main, socket: ${server.dir}, port: ${server.port}, user: drifttrail }\n`,
  );
  try {
    const { gaps } = await least.snapshot();
    const denied = (gaps as { kind?: string; reason: string }[]).map(({ kind, reason }) => `${kind} ${reason}`).sort();
    expect(denied).toEqual(
      ['file-setting', 'hba-rule', 'ident-map', 'subscription-connection', 'user-mapping'].map((word) => `postgres.${word} denied`),
    );
    expect(least.git('ls-tree', '-r', '--name-only', 'HEAD')).toContain('databases/main/shop/procedure/');
  } finally {
    least.remove();
  }
});
