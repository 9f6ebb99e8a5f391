/** A real MariaDB: what alice does there has her name on it, and the undo that is printed brings back the old tree. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { about, type Operations, operations, paste, storedEvents } from '../deployment.ts';
import { type Server, startServer } from './server.ts';

const SEED = fileURLToPath(new URL('../../fixtures/mysql/seed.sql', import.meta.url));

let server: Server;
let ops: Operations;
beforeAll(async () => {
  server = await startServer();
  server.sql(readFileSync(SEED, 'utf8'));
  server.sql(
    'CREATE USER bob@localhost; GRANT ALL ON *.* TO bob@localhost WITH GRANT OPTION; CREATE USER least@localhost; GRANT SHOW VIEW, TRIGGER, EVENT, REFERENCES, SLAVE MONITOR ON *.* TO least@localhost; GRANT SELECT ON mysql.* TO least@localhost;',
  );
  ops = await operations(`exporters:
  - { use: mysql, name: crm, socket: ${server.dir}/s, user: root }
trail:
  - { use: mariadb-audit, server: crm, log: ${server.dir}/audit.log, timezone: UTC, complete: true }
`);
  await ops.snapshot();
});
afterAll(async () => {
  await server?.stop();
  ops?.remove();
});

test('what bob did is his, and is undone by what is printed', async () => {
  const tree = ops.tree();
  server.sql(
    `DELIMITER //
CREATE OR REPLACE DEFINER = root@localhost PROCEDURE close_day(IN day date)
  COMMENT 'at night'
BEGIN
  -- nobody pays after midnight
  UPDATE orders SET amount = 1 WHERE amount < 0;
  SELECT 'it''s done';
END//
DELIMITER ;
DROP FUNCTION shop.tax;
DROP TRIGGER orders_before;
CREATE EVENT hourly ON SCHEDULE EVERY 1 HOUR DO SELECT 1;
CREATE OR REPLACE VIEW open_orders AS SELECT id FROM orders;
GRANT SUPER ON *.* TO app@'10.%';
SET GLOBAL local_infile = OFF, GLOBAL max_connections = 99;
DROP TABLE IF EXISTS nothing;
`,
    { user: 'bob', database: 'shop' },
  );
  expect(() => server.sql('ALTER TABLE orders ADD COLUMN customer int', { database: 'shop' })).toThrow('Duplicate column');
  const { findings, gaps } = await ops.snapshot();
  expect(gaps).toEqual([]);
  const changed = findings.filter(({ change }) => change !== undefined);
  const told = changed
    .map(({ change, attribution }) =>
      [change?.ref.kind, change?.ref.id, attribution.status, attribution.grade, attribution.actor?.name].join(' '),
    )
    .sort();
  expect(told).toEqual([
    'mysql.account app@10.% attributed leaf bob',
    'mysql.event hourly attributed exact bob',
    'mysql.function tax attributed exact bob',
    'mysql.procedure close_day attributed leaf bob',
    'mysql.trigger orders_before attributed exact bob',
    'mysql.variable variable attributed leaf bob',
    'mysql.view open_orders attributed leaf bob',
  ]);
  expect(changed.flatMap(({ rules }) => rules)).toEqual(
    expect.arrayContaining(['mysql-routine-altered', 'mysql-all-privileges', 'mysql-trigger-or-event-changed', 'mysql-variable-changed']),
  );
  const path = about(findings, 'mysql.procedure', 'close_day')?.change?.path ?? '';
  const lines = ops
    .git('show', '--format=', '-U0', '--', path)
    .split('\n')
    .filter((line) => /^[-+@][^-+]/.test(line));
  expect(lines).toEqual([
    expect.stringMatching(/^@@/),
    '-  UPDATE orders SET amount = 0 WHERE amount < 0;',
    '+  UPDATE orders SET amount = 1 WHERE amount < 0;',
  ]);

  for (const { undo = [] } of changed) paste(undo, server.env);
  await ops.snapshot();
  const left = ops
    .git('diff', '-U0', tree, ops.tree())
    .split('\n')
    .filter((line) => /^[-+][^-+]/.test(line));
  // Who set a variable back by hand has set it: where its value comes from is not the same again.
  expect(left.filter((line) => !/"origin":/.test(line))).toEqual([]);
});

test('a password is in nothing that is stored', async () => {
  server.sql("SET PASSWORD FOR app@'10.%' = PASSWORD('Pl4nted-rotation'); ALTER USER app@'10.%' IDENTIFIED BY 'Pl4nted-again';", {
    user: 'bob',
  });
  const { findings } = await ops.snapshot();
  expect(about(findings, 'mysql.account', 'app@10.%')?.attribution).toMatchObject({ status: 'attributed', actor: { name: 'bob' } });
  const all = ops.git('log', '-p', '--all');
  expect(all).toContain('«redacted:');
  expect(all).not.toContain('Pl4nted');
  expect(await storedEvents(ops.dir)).not.toContain('Pl4nted');
});

test('a database that is dropped is told with who did it', async () => {
  const tree = ops.tree();
  server.sql(
    "CREATE DATABASE passing CHARACTER SET latin1 COMMENT 'it''s \\\\ soon gone'; CREATE TABLE passing.kept (a int); CREATE VIEW passing.v AS SELECT a FROM passing.kept",
    {
      user: 'bob',
    },
  );
  const made = await ops.snapshot();
  const told = (findings: typeof made.findings) =>
    findings
      .flatMap(({ change, attribution }) => (change === undefined ? [] : [`${change.type} ${change.ref.kind} ${attribution.actor?.name}`]))
      .sort();
  expect(told(made.findings)).toEqual(['created mysql.database bob', 'created mysql.table bob', 'created mysql.view bob']);
  const whole = ops.tree();
  server.sql('DROP DATABASE passing', { user: 'bob' });
  const dropped = await ops.snapshot();
  expect(told(dropped.findings)).toEqual(['deleted mysql.database bob', 'deleted mysql.table bob', 'deleted mysql.view bob']);
  const order = ['mysql.database', 'mysql.table', 'mysql.view'];
  for (const kind of order) paste(dropped.findings.find(({ change }) => change?.ref.kind === kind)?.undo ?? [], server.env);
  await ops.snapshot();
  expect(ops.git('diff', whole, ops.tree())).toBe('');
  server.sql('DROP DATABASE passing');
  await ops.snapshot();
  expect(ops.git('diff', tree, ops.tree())).toBe('');
});

test('a database that is no longer shown to the account is a gap, and nothing of it is taken for gone', async () => {
  server.sql(
    'CREATE DATABASE crm; CREATE TABLE crm.people (a int); CREATE USER some@localhost; GRANT SELECT, SHOW VIEW, TRIGGER, EVENT ON crm.* TO some@localhost; GRANT SELECT ON mysql.* TO some@localhost; GRANT SLAVE MONITOR ON *.* TO some@localhost',
  );
  const some = await operations(`exporters:\n  - { use: mysql, name: crm, socket: ${server.dir}/s, user: some }\n`);
  try {
    const first = await some.snapshot();
    expect(first.gaps).toMatchObject([{ kind: 'mysql.database', reason: 'denied', detail: expect.stringContaining('SHOW DATABASES') }]);
    const files = some.git('ls-tree', '-r', 'HEAD', '--', 'databases/crm/crm');
    expect(files).toContain('people.sql');
    server.sql('REVOKE SELECT, SHOW VIEW, TRIGGER, EVENT ON crm.* FROM some@localhost');
    const { gaps, findings } = await some.snapshot();
    expect(gaps).toContainEqual({
      scope: 'databases/crm/crm',
      reason: 'denied',
      detail: 'the database crm is not shown to us; GRANT SHOW DATABASES ON *.* TO the account',
    });
    expect(findings.filter(({ change }) => change?.type === 'deleted' && change.ref.scope === 'databases/crm/crm')).toEqual([]);
    expect(some.git('ls-tree', '-r', 'HEAD', '--', 'databases/crm/crm')).toBe(files);
  } finally {
    some.remove();
    server.sql('DROP DATABASE crm; DROP USER some@localhost');
  }
});

test('an account that may read no data sees all but the text of views, and that is a gap', async () => {
  const least = await operations(`exporters:\n  - { use: mysql, name: crm, socket: ${server.dir}/s, user: least }\n`);
  try {
    const { gaps } = await least.snapshot();
    expect(gaps).toMatchObject([{ scope: 'databases/crm/shop', kind: 'mysql.view', reason: 'denied' }]);
    expect(least.git('ls-tree', '-r', '--name-only', 'HEAD')).toContain('databases/crm/shop/mysql.procedure/close_day.sql');
  } finally {
    least.remove();
  }
});
