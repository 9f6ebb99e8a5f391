/** What the log of a server says becomes events: who, with what, and whether it came to anything. */
import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { withoutSecrets } from '../../../exporters/_sql/tokens.ts';
import { parsePrefix } from '../../../trails/postgres-log/prefix.ts';
import { timeOf } from '../../../trails/postgres-log/time.ts';
import { csv, makeFolder, readLog, told } from './help.ts';

async function ofCsv(...lines: readonly string[]): Promise<string[]> {
  const log = join(makeFolder(), 'pg.csv');
  writeFileSync(log, lines.join(''));
  return (await readLog({ log })).events.map(told);
}
const failed = (statement: string, v = '') => ({ severity: 'ERROR', state: '42P07', statement, v });

describe('how a statement ended', () => {
  it('cannot be told where only DDL is logged', async () => {
    expect(await ofCsv(csv(1, 'statement: CREATE TABLE a ()'), csv(1, 'statement: DROP TABLE a'))).toEqual([
      'alice: CREATE TABLE unknown',
      'alice: DROP TABLE unknown',
    ]);
  });

  it('is a failure when an error of its session is about it', async () => {
    const text = 'CREATE TABLE a (b\n int)';
    expect(
      await ofCsv(csv(1, `statement: ${text}`), csv(2, 'statement: DROP TABLE z', { user: 'bob' }), csv(1, 'exists', failed(text))),
    ).toEqual(['alice: CREATE TABLE 42P07', 'bob: DROP TABLE unknown']);
  });

  it('is not touched by an error of another statement', async () => {
    expect(await ofCsv(csv(1, 'statement: CREATE TABLE a ()'), csv(1, 'no such', failed('SELECT x')))).toEqual([
      'alice: CREATE TABLE unknown',
    ]);
  });

  it('is a failure with its whole transaction, which the virtual transaction id tells', async () => {
    const lines = [
      csv(1, 'statement: CREATE TABLE a ()', { v: '3/7' }),
      csv(1, 'statement: CREATE TABLE b ()', { v: '3/7' }),
      csv(1, 'no', failed('SELECT x', '3/7')),
      csv(1, 'statement: CREATE TABLE c ()', { v: '3/8' }),
    ];
    expect(await ofCsv(...lines)).toEqual(['alice: CREATE TABLE 42P07', 'alice: CREATE TABLE 42P07', 'alice: CREATE TABLE unknown']);
  });

  it('is told by COMMIT and ROLLBACK where everything is logged, savepoints too', async () => {
    const say = (...texts: readonly string[]) => ofCsv(...texts.map((text) => csv(1, `statement: ${text}`)));
    expect(await say('BEGIN', 'CREATE TABLE a ()', 'COMMIT')).toEqual(['alice: CREATE TABLE committed']);
    expect(await say('BEGIN', 'CREATE TABLE a ()', 'ROLLBACK')).toEqual(['alice: CREATE TABLE rolled-back']);
    expect(await say('BEGIN', 'CREATE TABLE a ()', 'SAVEPOINT x', 'DROP TABLE b', 'ROLLBACK TO SAVEPOINT x', 'COMMIT')).toEqual([
      'alice: CREATE TABLE committed',
      'alice: DROP TABLE rolled-back',
    ]);
    expect(await say('SELECT 1', 'CREATE TABLE a ()')).toEqual(['alice: CREATE TABLE committed']);
  });

  it('fails with the string of statements that it stood in', async () => {
    const text = 'BEGIN; CREATE TABLE a (); SELECT 1/0; COMMIT';
    expect(await ofCsv(csv(1, `statement: ${text}`), csv(1, 'division by zero', failed(text)))).toEqual(['alice: CREATE TABLE 42P07']);
  });

  it('is corrected when the error comes with the next read', async () => {
    const log = join(makeFolder(), 'pg.csv');
    const marks = new Map<string, string>();
    writeFileSync(log, csv(1, 'statement: CREATE TABLE a ()'));
    const first = await readLog({ log }, marks);
    appendFileSync(log, csv(1, 'exists', failed('CREATE TABLE a ()')));
    const [correction] = (await readLog({ log }, marks)).events;
    expect(correction).toMatchObject({ id: first.events[0]?.id, addendum: true, error: { code: '42P07' } });
  });
});

describe('what is read', () => {
  it('tells person, address and program, from stderr too, where they stand in the connection', async () => {
    const log = join(makeFolder(), 'pg.log');
    const line = (pid: number, text: string) => `2026-11-21 10:00:00.123 UTC [${pid}] ${text}\n`;
    writeFileSync(
      log,
      [
        line(7, 'LOG:  connection received: host=10.1.2.3 port=4444'),
        line(7, 'LOG:  connection authorized: user=carol database=shop application_name=pgAdmin 4 - DB:shop'),
        line(7, 'LOG:  statement: ALTER FUNCTION f()\n\tOWNER TO app'),
        line(8, 'ERROR:  nothing of ours'),
      ].join(''),
    );
    const { events } = await readLog({ log });
    expect(events).toMatchObject([
      {
        name: 'ALTER FUNCTION',
        time: '2026-11-21T10:00:00.123Z',
        account: 'main',
        actor: { name: 'carol', sourceIp: '10.1.2.3', via: 'console', userAgent: 'pgAdmin 4 - DB:shop' },
        request: { database: 'shop', statement: 'ALTER FUNCTION f()\nOWNER TO app' },
      },
    ]);
  });

  it('reads jsonlog', async () => {
    const log = join(makeFolder(), 'pg.json');
    const record = {
      timestamp: '2026-11-21 11:00:00.5 CET',
      user: 'bob',
      dbname: 'shop',
      pid: 1,
      remote_host: '::1',
      session_id: 'a.b',
      error_severity: 'LOG',
      message: 'execute <unnamed>: GRANT a TO b',
      application_name: 'app',
    };
    writeFileSync(log, `${JSON.stringify(record)}\n`);
    const { events } = await readLog({ log, timezone: 'Europe/Berlin' });
    expect(events).toMatchObject([
      { name: 'GRANT', time: '2026-11-21T10:00:00.500Z', actor: { name: 'bob', sourceIp: '::1', via: 'unknown' } },
    ]);
  });

  it('takes from pgaudit the schema of what was named, and no statement twice', async () => {
    const audit = (text: string) => `AUDIT: SESSION,1,1,DDL,ALTER TABLE,TABLE,sales.orders,"${text}",<none>`;
    const log = join(makeFolder(), 'pg.csv');
    writeFileSync(
      log,
      csv(1, 'statement: ALTER TABLE orders ADD x int') +
        csv(1, audit('ALTER TABLE orders ADD x int')) +
        csv(2, audit('ALTER TABLE orders DROP x')),
    );
    const { events } = await readLog({ log });
    expect(events.map(({ request }) => request)).toMatchObject([
      { statement: 'ALTER TABLE orders ADD x int', object: 'sales.orders' },
      { statement: 'ALTER TABLE orders DROP x', object: 'sales.orders' },
    ]);
  });

  it('goes on where it stopped, over a rotation, with half a record left for later', async () => {
    const folder = makeFolder();
    const marks = new Map<string, string>();
    const options = { log: join(folder, 'pg-*.csv') };
    const second = csv(1, 'statement: DROP TABLE\n b');
    const half = second.indexOf('\n') + 1;
    writeFileSync(join(folder, 'pg-a.csv'), csv(1, 'statement: DROP TABLE a') + second.slice(0, half));
    expect((await readLog(options, marks)).events.map(told)).toEqual(['alice: DROP TABLE unknown']);
    appendFileSync(join(folder, 'pg-a.csv'), second.slice(half));
    writeFileSync(join(folder, 'pg-b.csv'), csv(1, 'statement: DROP TABLE c'));
    const next = await readLog(options, marks);
    expect(next.events.map(({ request }) => (request as { statement: string }).statement)).toEqual(['DROP TABLE\n b', 'DROP TABLE c']);
    renameSync(join(folder, 'pg-b.csv'), join(folder, 'pg-c.csv'));
    expect(await readLog(options, marks)).toMatchObject({ events: [], gaps: [] });
  });

  it('says which option is wrong, and that a log is missing', async () => {
    const log = join(makeFolder(), 'pg.log');
    writeFileSync(log, '10:00 LOG:  statement: DROP TABLE a\n');
    expect((await readLog({ log, complete: true })).gaps).toMatchObject([
      { reason: 'invalid', detail: expect.stringContaining('SHOW log_line_prefix') },
    ]);
    expect((await readLog({ log: `${log}.no` })).gaps).toMatchObject([
      { reason: 'unreachable', detail: expect.stringContaining('logging_collector') },
    ]);
  });

  it('covers only what is said to be complete', async () => {
    const log = join(makeFolder(), 'pg.csv');
    writeFileSync(log, csv(1, 'statement: DROP TABLE a'));
    expect((await readLog({ log })).covered).toEqual([]);
    expect((await readLog({ log, complete: true })).covered).toEqual([
      expect.stringMatching(/^main server log 2026-11-21T10:.* 2026-11-22T00:00:00.000Z$/),
    ]);
  });
});

describe('secrets', () => {
  test.each([
    ["ALTER ROLE a PASSWORD 'hunter2'", "ALTER ROLE a PASSWORD '«redacted»'"],
    ["CREATE USER a WITH ENCRYPTED PASSWORD E'hun\\'ter2' LOGIN", "CREATE USER a WITH ENCRYPTED PASSWORD '«redacted»' LOGIN"],
    [
      "CREATE USER MAPPING FOR a SERVER s OPTIONS (user 'u', password 'p''w')",
      "CREATE USER MAPPING FOR a SERVER s OPTIONS (user 'u', password '«redacted»')",
    ],
    ["CREATE SUBSCRIPTION s CONNECTION 'host=a password=b' PUBLICATION p", "CREATE SUBSCRIPTION s CONNECTION '«redacted»' PUBLICATION p"],
    ["ALTER SYSTEM SET primary_conninfo = 'password=b'", "ALTER SYSTEM SET primary_conninfo = '«redacted»'"],
    ["DO $x$ BEGIN ALTER ROLE a PASSWORD 'hunter2'; END $x$", "DO $x$ BEGIN ALTER ROLE a PASSWORD '«redacted»'; END $x$"],
    ["COMMENT ON TABLE a IS 'b'", "COMMENT ON TABLE a IS 'b'"],
  ])('%s', (statement, expected) => {
    expect(withoutSecrets(statement)).toBe(expected);
  });

  it('never pass, whatever they are', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.constantFrom("'", "E'"), (secret, open) => {
        const marked = `#s3cret#${secret}`;
        const written = (open === "E'" ? marked.replaceAll('\\', '\\\\') : marked).replaceAll("'", "''");
        expect(withoutSecrets(`ALTER ROLE a PASSWORD ${open}${written}' VALID UNTIL 'x'`)).toBe(
          "ALTER ROLE a PASSWORD '«redacted»' VALID UNTIL 'x'",
        );
      }),
    );
  });
});

describe('prefixes and times', () => {
  test.each([
    ['%m [%p] ', '2026-11-21 10:00:00.123 UTC [7] LOG:  x', { process: '7', message: 'x' }],
    ['%m [%p] %q%u@%d ', '2026-11-21 10:00:00.123 UTC [7] a b@shop LOG:  x', { user: 'a b', database: 'shop' }],
    ['%m [%p] %q%u@%d ', '2026-11-21 10:00:00.123 UTC [7] LOG:  x', { process: '7', message: 'x' }],
    [
      '%t:%r:%u@%d:[%p]: ',
      '2026-11-21 10:00:00 UTC:10.0.0.1(5000):a@b:[7]: ERROR:  x',
      { host: '10.0.0.1(5000)', user: 'a', severity: 'ERROR' },
    ],
    [
      '%n %c %l %v %e %% %-8u|',
      '1795255200.5 65a.1 12 3/7 00000 % al      |LOG:  x',
      { epoch: '1795255200.5', session: '65a.1', line: '12', virtualTransaction: '3/7', user: 'al' },
    ],
  ])('%s', (prefix, line, expected) => {
    const patterns = parsePrefix(prefix);
    expect((patterns?.session.exec(line) ?? patterns?.process.exec(line))?.groups).toMatchObject(expected);
  });

  it('need a time', () => {
    expect(parsePrefix('[%p] ')).toBeUndefined();
  });

  test.each([
    ['2026-11-21 10:00:00.123 UTC', '2026-11-21T10:00:00.123Z'],
    ['2026-07-21 10:00:00 CEST', '2026-07-21T08:00:00.000Z'],
    ['2026-11-21 10:00:00.1 -03', '2026-11-21T13:00:00.100Z'],
    ['2026-11-21 10:00:00.1 +0530', '2026-11-21T04:30:00.100Z'],
  ])('%s', (text, expected) => {
    expect(new Date(timeOf(text, 'Europe/Berlin') ?? 0).toISOString()).toBe(expected);
  });
});
