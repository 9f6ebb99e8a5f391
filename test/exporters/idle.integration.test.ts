/**
 * Real servers with more than a thousand objects and ordinary traffic, looked at again and again: no commit until somebody
 * changes something, and then that alone. A hundred times by `npm run test:idle`, which prints the figures.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Operations, operations } from './deployment.ts';
import { startServer as startMariaDb } from './mysql/server.ts';
import { startServer as startPostgres } from './postgres/server.ts';

const RUNS = process.env.DRIFTTRAIL_IDLE === 'full' ? 100 : 2;
const AT_LEAST = 1000;
/** Of each: tables, indexes, views, functions, procedures, triggers. */
const EACH = 170;

interface Subject {
  readonly config: string;
  readonly traffic: (run: number) => void;
  /** Alters one procedure as `user`. */
  readonly alter: () => void;
  readonly stop: () => void | Promise<void>;
}

const seed = (name: string) => readFileSync(fileURLToPath(new URL(`../fixtures/${name}/seed.sql`, import.meta.url)), 'utf8');
const numbers = Array.from({ length: EACH }, (_, index) => index);

async function postgres(): Promise<Subject> {
  const server = await startPostgres({ log_destination: 'csvlog', wal_level: 'logical' });
  const body = (number: number) => `BEGIN\n  UPDATE t_${number} SET total = total + 1;\n  RAISE NOTICE 'day %', day;\nEND`;
  const procedure = (number: number, text: string) =>
    `CREATE OR REPLACE PROCEDURE p_${number}(day date) LANGUAGE plpgsql AS $$\n${text}\n$$;\n`;
  server.sql(seed('postgres'));
  server.sql('ALTER ROLE alice SUPERUSER');
  server.sql(
    `CREATE SEQUENCE moving; CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;\n${numbers
      .map(
        (n) => `CREATE TABLE t_${n} (id bigserial PRIMARY KEY, name text NOT NULL DEFAULT 'x', total numeric(10,2) CHECK (total >= 0));
CREATE INDEX i_${n} ON t_${n} (name, total);
CREATE VIEW v_${n} AS SELECT id, name FROM t_${n} WHERE total > ${n};
CREATE FUNCTION f_${n}(a int) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT a + ${n} $$;
${procedure(n, body(n))}CREATE TRIGGER g_${n} BEFORE UPDATE ON t_${n} FOR EACH ROW EXECUTE FUNCTION stamp();`,
      )
      .join('\n')}`,
    { database: 'shop' },
  );
  return {
    config: `exporters:
  - { use: postgres, name: busy, socket: ${server.dir}, port: ${server.port}, user: postgres, without: [] }
trail:
  - { use: postgres-log, server: busy, log: ${server.dir}/log/pg.csv, complete: true }
`,
    traffic: (run) =>
      server.sql(
        `INSERT INTO t_${run % EACH} (total) SELECT generate_series(1, 20); UPDATE t_${run % EACH} SET total = ${run}; SELECT nextval('moving'); ANALYZE t_${run % EACH}; CREATE TEMP TABLE passing (a int);`,
        { user: run % 2 === 0 ? 'alice' : 'postgres', database: 'shop' },
      ),
    alter: () => server.sql(procedure(7, body(7).replace('+ 1', '+ 2')), { user: 'alice', database: 'shop', host: '127.0.0.1' }),
    stop: server.stop,
  };
}

async function mariadb(): Promise<Subject> {
  const server = await startMariaDb();
  const procedure = (number: number, step: number) => `DELIMITER //
CREATE OR REPLACE DEFINER = root@localhost PROCEDURE p_${number}(IN day date)
BEGIN
  UPDATE t_${number} SET total = total + ${step};
  SELECT 'done';
END//
DELIMITER ;
`;
  server.sql(seed('mysql'));
  server.sql('CREATE USER bob@localhost; GRANT ALL ON *.* TO bob@localhost WITH GRANT OPTION;');
  server.sql(
    numbers
      .map(
        (
          n,
        ) => `CREATE TABLE t_${n} (id int AUTO_INCREMENT PRIMARY KEY, name varchar(40) NOT NULL DEFAULT 'x', total decimal(10,2), KEY (name));
CREATE VIEW v_${n} AS SELECT id, name FROM t_${n} WHERE total > ${n};
CREATE VIEW w_${n} AS SELECT count(*) AS many FROM t_${n};
CREATE FUNCTION f_${n}(a int) RETURNS int DETERMINISTIC RETURN a + ${n};
CREATE TRIGGER g_${n} BEFORE UPDATE ON t_${n} FOR EACH ROW SET NEW.name = trim(NEW.name);
${procedure(n, 1)}`,
      )
      .join('\n'),
    { database: 'shop' },
  );
  return {
    config: `exporters:
  - { use: mysql, name: busy, socket: ${server.dir}/s, user: root }
trail:
  - { use: mariadb-audit, server: busy, log: ${server.dir}/audit.log, timezone: UTC, complete: true }
`,
    traffic: (run) =>
      server.sql(
        `INSERT INTO t_${run % EACH} (total) VALUES (1), (2), (3); UPDATE t_${run % EACH} SET total = ${run}; ANALYZE TABLE t_${run % EACH}; CREATE TEMPORARY TABLE passing (a int);`,
        { user: run % 2 === 0 ? 'bob' : 'root', database: 'shop' },
      ),
    alter: () => server.sql(procedure(7, 2), { user: 'bob', database: 'shop' }),
    stop: server.stop,
  };
}

const SERVERS = [
  { name: 'PostgreSQL', start: postgres, user: 'alice', file: 'databases/busy/shop/procedure/public.p_7%28date%29.sql' },
  { name: 'MariaDB', start: mariadb, user: 'bob', file: 'databases/busy/shop/mysql.procedure/p_7.sql' },
];

describe.each(SERVERS)('$name', ({ name, start, user, file }) => {
  let subject: Subject;
  let ops: Operations;
  beforeAll(async () => {
    subject = await start();
    ops = await operations(subject.config);
    await ops.snapshot();
  });
  afterAll(async () => {
    await subject?.stop();
    ops?.remove();
  });

  test(`${RUNS} looks at what only works make no commit`, { timeout: RUNS * 15_000 }, async () => {
    const objects = ops.git('ls-tree', '-r', '--name-only', 'HEAD', '--', 'databases').split('\n').length;
    expect(objects).toBeGreaterThan(AT_LEAST);
    const before = [ops.commits(), ops.tree()];
    const took: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      subject.traffic(run);
      const started = performance.now();
      const { findings, gaps } = await ops.snapshot();
      took.push(performance.now() - started);
      expect([gaps, findings.filter(({ change }) => change !== undefined)]).toEqual([[], []]);
    }
    const commits = ops.commits() - (before[0] as number);
    const median = took.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? 0;
    process.stdout.write(`${name}: ${objects} objects, ${RUNS} idle runs, ${commits} commits; median ${Math.round(median)} ms a run\n`);
    expect([ops.commits(), ops.tree()]).toEqual(before);
  });

  test('and the one procedure that was altered is one hunk of one file, with its author', async () => {
    const commits = ops.commits();
    subject.alter();
    const { findings } = await ops.snapshot();
    expect(ops.commits()).toBe(commits + 1);
    const changed = findings.filter(({ change }) => change !== undefined);
    expect(changed.map(({ change, attribution }) => [change?.path, attribution.status, attribution.actor?.name])).toEqual([
      [file, 'attributed', user],
    ]);
    const lines = ops.git('show', '--format=', '-U0', '--', 'databases').split('\n');
    expect(lines.filter((line) => /^[-+@][^-+]/.test(line))).toEqual([
      expect.stringMatching(/^@@ -\d+ \+\d+ @@/),
      expect.stringMatching(/^- {2}UPDATE t_7 SET total = total \+ 1;$/),
      expect.stringMatching(/^\+ {2}UPDATE t_7 SET total = total \+ 2;$/),
    ]);
  });
});
