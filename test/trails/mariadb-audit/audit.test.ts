/** Lines of server_audit, as MariaDB 10.11 wrote them, become events. */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { AuditEvent, TrailGap } from '../../../src/model.ts';
import { realSurroundings } from '../../../src/surroundings.ts';
import trail from '../../../trails/mariadb-audit/index.ts';
import { parseLine } from '../../../trails/mariadb-audit/line.ts';

const LINES = {
  connect: '20261121 23:14:39,vm,root,localhost,3,0,CONNECT,,,0',
  routine: String.raw`20261121 23:15:00,vm,bob,10.0.0.5,12,36,QUERY,shop,'CREATE PROCEDURE close_day(IN day date)\n  COMMENT \'at night\'\nBEGIN\n  SELECT \'it\'\'s done\', 1;\nEND',0`,
  failed: `20261121 23:15:01,vm,root,localhost,14,45,QUERY,shop,'DROP TABLE nope',1051`,
  read: `20261121 23:15:02,vm,root,localhost,14,46,QUERY,shop,'SELECT 1',0`,
  session: String.raw`20261121 23:15:02,vm,root,localhost,14,47,QUERY,shop,'SET sql_mode = \'\'',0`,
  global: `20261121 23:15:03,vm,root,localhost,14,48,QUERY,,'SET GLOBAL local_infile=ON',0`,
  password: String.raw`20261121 23:15:04,vm,root,localhost,14,49,QUERY,,'ALTER USER a@b IDENTIFIED VIA mysql_native_password USING \'*0123456789012345678901234567890123456789\'',0`,
};

function makeLog(...lines: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'drifttrail-audit-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'audit.log'), lines.map((line) => `${line}\n`).join(''));
  return join(folder, 'audit.log');
}

async function read(log: string, more: object = {}, marks = new Map<string, string>()) {
  const gaps: TrailGap[] = [];
  const covered: string[] = [];
  const events: AuditEvent[] = [];
  const found = trail.read({
    ...realSurroundings('/'),
    options: trail.options.parse({ server: 'crm', log, timezone: 'UTC', ...more }),
    signal: AbortSignal.timeout(10_000),
    window: { from: '2026-11-21T00:00:00.000Z', to: '2026-11-22T00:00:00.000Z' },
    mark: (key) => marks.get(key),
    setMark: (key, value) => marks.set(key, value),
    gap: (gap) => gaps.push(gap),
    covered: ({ from, to }) => covered.push(`${from} ${to}`),
    progress: () => undefined,
    stored: () => Promise.resolve(),
  });
  for await (const event of found) events.push(event);
  return { events, gaps, covered };
}

test('a statement over several lines is whole again, with who said it and from where', async () => {
  const { events } = await read(makeLog(LINES.connect, LINES.routine, LINES.read, LINES.session));
  expect(events).toMatchObject([
    {
      name: 'CREATE PROCEDURE',
      time: '2026-11-21T23:15:00.000Z',
      account: 'crm',
      actor: { name: 'bob', sourceIp: '10.0.0.5', via: 'unknown' },
      request: {
        database: 'shop',
        statement: "CREATE PROCEDURE close_day(IN day date)\n  COMMENT 'at night'\nBEGIN\n  SELECT 'it''s done', 1;\nEND",
      },
    },
  ]);
});

test('what failed carries its error; what a session sets for itself is no event', async () => {
  const { events } = await read(makeLog(LINES.failed, LINES.session, LINES.global));
  expect(events.map(({ name, error }) => `${name} ${error?.code}`)).toEqual(['DROP TABLE 1051', 'SET GLOBAL undefined']);
});

test('a verifier is taken out', async () => {
  const { events } = await read(makeLog(LINES.password));
  expect(events[0]?.request).toMatchObject({ statement: "ALTER USER a@b IDENTIFIED VIA mysql_native_password USING '«redacted»'" });
});

test('a line is read once, and the same line has the same id', async () => {
  const log = makeLog(LINES.failed);
  const marks = new Map<string, string>();
  const [first] = (await read(log, {}, marks)).events;
  expect((await read(log)).events[0]?.id).toBe(first?.id);
  appendFileSync(log, `${LINES.global}\n`);
  expect((await read(log, {}, marks)).events.map(({ name }) => name)).toEqual(['SET GLOBAL']);
});

test('silence counts only when it is said to, and other files are told', async () => {
  expect((await read(makeLog(LINES.connect))).covered).toEqual([]);
  expect((await read(makeLog(LINES.connect), { complete: true })).covered).toEqual(['2026-11-21T23:14:39.000Z 2026-11-22T00:00:00.000Z']);
  expect((await read(makeLog('nothing', 'of ours'), { complete: true })).gaps).toMatchObject([{ reason: 'invalid' }]);
  expect((await read('/nowhere/audit.log')).gaps).toMatchObject([
    { reason: 'unreachable', detail: expect.stringContaining('server_audit') },
  ]);
});

test.each(Object.entries(LINES))('%s is a line', (_, line) => {
  expect(parseLine(line, 'Europe/Berlin')?.time).toBeGreaterThan(Date.parse('2026-11-21T22:14:00Z'));
  expect(parseLine(line.slice(1), 'UTC')).toBeUndefined();
});
