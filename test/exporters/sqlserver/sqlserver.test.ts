/** Answers as sqlcmd would print them, written by hand after the documentation, become the expected files; half an answer is none. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { conformance } from 'drifttrail/testing';
import { describe, expect, it } from 'vitest';
import exporter from '../../../exporters/sqlserver/index.ts';
import { rowsOf, WIDTH } from '../../../exporters/sqlserver/output.ts';
import { collect } from '../../../src/collect/collect.ts';
import type { Change, Json, Spawn, SpawnOptions } from '../../../src/model.ts';
import { realSurroundings } from '../../../src/surroundings.ts';

const folder = new URL('../../fixtures/sqlserver/first/', import.meta.url);
const calls = new URL('calls/', folder).pathname;

/** Answers by database and the name that stands in front of each question. */
const player =
  (
    recording: string,
    other: Readonly<Record<string, Partial<Awaited<ReturnType<Spawn>>>>> = {},
    seen: [readonly string[], SpawnOptions | undefined][] = [],
  ): Spawn =>
  (_program, args, options) => {
    seen.push([args, options]);
    const name = `${args[args.indexOf('-d') + 1]}.${/drifttrail (\S+)/.exec(String(args.at(-1)))?.[1]}`;
    const usual = { code: 0, stdout: readFileSync(join(recording, `${name}.txt`)), stderr: '' };
    return Promise.resolve({ ...usual, ...other[name] });
  };
const first = {
  name: 'first',
  folder,
  options: () => ({ name: 'erp', server: 'db3,1433', user: 'drifttrail', password: 'sesame-sesame' }),
  surroundings: (recording: string) => ({ spawn: player(recording) }),
};
conformance(exporter, [first], { describe, it, expect });

async function snapshot(spawn: Spawn, own: Record<string, unknown> = {}) {
  const options = exporter.options.parse({ ...first.options(), ...own });
  return collect(exporter, options, {
    surroundings: { ...realSurroundings('/'), spawn },
    signal: new AbortController().signal,
    progress: () => undefined,
  });
}
const said = (text: string) => ({ stdout: Buffer.from(text) });

describe('sqlserver', () => {
  it('gives sqlcmd the password in its environment alone', async () => {
    const seen: [readonly string[], SpawnOptions | undefined][] = [];
    await snapshot(player(calls, {}, seen));
    expect(seen.length).toBe(13);
    expect(JSON.stringify(seen.map(([args]) => args))).not.toContain('sesame');
    expect(new Set(seen.map(([, options]) => options?.env?.SQLCMDPASSWORD))).toEqual(new Set(['sesame-sesame']));
    expect(seen.every(([args]) => args.includes('-x') && args.includes('-N') && !args.includes('-C'))).toBe(true);
  });

  it.each<[string, Partial<Awaited<ReturnType<Spawn>>>, string, RegExp]>([
    ['rows that we may not see', said('{"id":"app"}\n{"end":1,"sees":0}\n'), 'denied', /only a part; GRANT VIEW ANY DEFINITION/],
    ['no end', said('{"id":"app"}\n'), 'truncated', /cut off: 1 rows and no end/],
    ['fewer rows than there were', said('{"id":"app"}\n{"end":2,"sees":1}\n'), 'truncated', /1 rows of 2/],
    ['a row that was cut off', said('{"id":"app","type":"SQL\n{"end":1,"sees":1}\n'), 'invalid', /^line 1 /],
    ['words after the end', said('{"end":0,"sees":1}\n(0 rows affected)\n'), 'invalid', /^line 2 /],
    [
      'a right that is missing',
      {
        code: 1,
        stderr: "Msg 229, Level 14, State 5, Server ERP, Line 1\nThe SELECT permission was denied on the object 'x'.",
        ...said(''),
      },
      'denied',
      /Msg 229.*GRANT/,
    ],
    ['an error', { code: 1, stderr: 'Msg 208, Level 16, State 1\nInvalid object name.', ...said('') }, 'invalid', /Invalid object name/],
    ['a password that is repeated', { code: 1, stderr: 'bad thing about sesame-sesame', ...said('') }, 'invalid', /bad thing about …$/],
  ])('takes %s for a gap of that kind alone', async (_what, answer, reason, detail) => {
    const found = await snapshot(player(calls, { 'shop.sqlserver.user': answer }));
    expect(found.gaps).toEqual([{ scope: 'databases/erp/shop', kind: 'sqlserver.user', reason, detail: expect.stringMatching(detail) }]);
    expect(found.complete).toHaveLength(10);
    expect(JSON.stringify(found.gaps)).not.toContain('"app"');
  });

  it('asks nothing more of a server that cannot be reached, and says so of all of it', async () => {
    const seen: [readonly string[], SpawnOptions | undefined][] = [];
    const gone = { code: 1, stderr: 'Sqlcmd: Error: TCP Provider: Error code 0x2749.', ...said('') };
    const found = await snapshot(player(calls, { 'master.probe': gone }, seen), { databases: ['shop'] });
    expect(found.gaps.map(({ scope, reason }) => [scope, reason])).toEqual([['databases/erp', 'unreachable']]);
    expect(seen).toHaveLength(1);
    const later = await snapshot(player(calls, { 'shop.sqlserver.table': gone }, seen));
    expect(later.gaps.map(({ kind }) => kind)).toEqual(
      ['table', 'view', 'procedure', 'function', 'trigger'].map((word) => `sqlserver.${word}`),
    );
  });

  it('takes a text that is hidden from us for a gap', async () => {
    const hidden = said('{"id":"dbo.v","encrypted":0}\n{"end":1,"sees":1}\n');
    expect((await snapshot(player(calls, { 'shop.sqlserver.view': hidden }))).gaps).toMatchObject([
      { kind: 'sqlserver.view', reason: 'denied', detail: expect.stringMatching(/dbo\.v is hidden/) },
    ]);
  });

  it('joins a row that is wider than a line can be', () => {
    const row = JSON.stringify({ id: 'a', definition: 'x'.repeat(2 * WIDTH) });
    const wrapped = row.match(new RegExp(`.{1,${WIDTH}}`, 'g')) ?? [];
    expect(wrapped.length).toBe(3);
    expect(rowsOf(`${wrapped.join('\n')}\n{"end":1,"sees":1}`).rows[0]?.definition).toHaveLength(2 * WIDTH);
  });

  const undo = (kind: string, scope: string, id: string, change: Partial<Change>) =>
    (
      exporter.kinds[kind]?.undo?.(
        { type: 'modified', ref: { scope: `databases/erp/${scope}`, kind, id }, path: 'p', edits: [], ...change },
        { before: () => undefined },
      ) ?? []
    ).filter((line) => !line.startsWith('# on the server'));
  const login = (more: Record<string, Json>): Json => ({ disabled: false, roles: {}, grants: {}, ...more });

  it.each<[string, string, string, Partial<Change>, readonly string[]]>([
    [
      'sqlserver.procedure',
      'shop',
      'dbo.a]b',
      { type: 'created', after: 'CREATE PROCEDURE x\n' },
      ["sqlcmd -b -I -x -d shop -Q 'DROP PROCEDURE [dbo].[a]]b];'"],
    ],
    [
      'sqlserver.view',
      'shop',
      'dbo.v',
      { before: "-- SET QUOTED_IDENTIFIER OFF\n/* CREATE */ create VIEW v AS SELECT 'a'\n" },
      [
        `sqlcmd -b -I -x -d shop -Q 'SET QUOTED_IDENTIFIER OFF; EXEC (N'\\''/* CREATE */ create OR ALTER VIEW v AS SELECT '\\'''\\''a'\\'''\\'''\\'');'`,
      ],
    ],
    [
      'sqlserver.trigger',
      'shop',
      'no_drop',
      { type: 'created', after: 'CREATE TRIGGER no_drop\n' },
      ["sqlcmd -b -I -x -d shop -Q 'DROP TRIGGER [no_drop] ON DATABASE;'"],
    ],
    [
      'sqlserver.configuration',
      '_server',
      'configuration',
      { before: { xp_cmdshell: { configured: 0 } }, after: { xp_cmdshell: { configured: 1 } } },
      [
        `sqlcmd -b -I -x -d master -Q 'EXEC sp_configure N'\\''show advanced options'\\'', 1; RECONFIGURE; EXEC sp_configure N'\\''xp_cmdshell'\\'', 0; RECONFIGURE; EXEC sp_configure N'\\''show advanced options'\\'', 0; RECONFIGURE;'`,
      ],
    ],
    [
      'sqlserver.login',
      '_server',
      'm',
      { before: login({}), after: login({ disabled: true, roles: { sysadmin: { role: 'sysadmin' } } }) },
      ["sqlcmd -b -I -x -d master -Q 'ALTER LOGIN [m] ENABLE; ALTER SERVER ROLE [sysadmin] DROP MEMBER [m];'"],
    ],
    [
      'sqlserver.user',
      'shop',
      'u',
      {
        before: { grants: { a: { state: 'DENY', permission: 'DELETE', class: 'SCHEMA', on: 'audit' } } },
        after: { grants: { b: { state: 'GRANT', permission: 'SELECT', class: 'OBJECT_OR_COLUMN', on: 'dbo.t' } } },
      },
      ["sqlcmd -b -I -x -d shop -Q 'REVOKE SELECT ON OBJECT::[dbo].[t] FROM [u] CASCADE; DENY DELETE ON SCHEMA::[audit] TO [u];'"],
    ],
  ])('prints what puts a %s of %s back', (kind, scope, id, change, commands) => {
    expect(undo(kind, scope, id, change)).toEqual(commands);
  });

  it('does not write back what is encrypted or not kept', () => {
    const lost = (text: string) => undo('sqlserver.procedure', 'shop', 'dbo.p', { type: 'deleted', before: text });
    expect(lost('-- WITH ENCRYPTION: the server shows its text to nobody\n')).toEqual([expect.stringMatching(/^# its text is encrypted/)]);
    expect(lost("CREATE PROCEDURE p AS SELECT '«redacted:hmac-sha256:0123456789ab»'\n")).toEqual([
      expect.stringMatching(/^# it holds secrets/),
    ]);
  });
});
