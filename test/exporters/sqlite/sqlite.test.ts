/** A recorded answer of sqlite3 becomes the expected files; what it refuses is a gap; what is printed as undo is safe to paste. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { conformance } from 'drifttrail/testing';
import { describe, expect, it } from 'vitest';
import exporter from '../../../exporters/sqlite/index.ts';
import { answerOf } from '../../../exporters/sqlite/question.ts';
import { options as schema } from '../../../exporters/sqlite/options.ts';
import { collect } from '../../../src/collect/collect.ts';
import type { Change, Spawn } from '../../../src/model.ts';
import { realSurroundings } from '../../../src/surroundings.ts';
import { folder } from '../../folder.ts';

const fixtures = new URL('../../fixtures/sqlite/first/', import.meta.url);
const said =
  (code: number | null, stdout: string, stderr = ''): Spawn =>
  () =>
    Promise.resolve({ code, stdout: Buffer.from(stdout), stderr });
const first = {
  name: 'first',
  folder: fixtures,
  options: () => ({ name: 'web01', files: { grafana: 'app.db' }, check: true }),
  surroundings: (recording: string) => ({ spawn: said(0, readFileSync(join(recording, 'answer.json'), 'utf8')) }),
};
conformance(exporter, [first], { describe, it, expect });

const HEAD = 'SQLite format 3\0\u0010\0';
const ANSWER = '{"settings":{},"objects":[]}';

async function snapshot(spawn: Spawn, files: Record<string, string>, own: Record<string, unknown> = {}) {
  const dir = folder(files);
  const options = schema.parse({ name: 'a', files: { b: 'b.db', c: 'c.db' }, ...own });
  const found = await collect(exporter, options, {
    surroundings: { ...realSurroundings(dir), spawn },
    signal: new AbortController().signal,
    progress: () => undefined,
  });
  return { ...found, dir };
}

describe('sqlite', () => {
  it.each<[string, Spawn, string, RegExp]>([
    ['a lock', said(1, '', 'Error: stepping, database is locked (5)'), 'unreachable', /database is locked/],
    ['damage', said(1, '', 'Error: in prepare, database disk image is malformed (11)'), 'invalid', /malformed/],
    ['an old sqlite3', said(1, '', 'sqlite3: Error: unknown option: "-safe"'), 'invalid', /3\.37 or newer/],
    ['a complaint with exit code 0', said(0, ANSWER, 'Error: out of memory'), 'invalid', /out of memory/],
    ['an answer that was cut off', said(0, ANSWER.slice(0, 20)), 'invalid', /none to the question/],
    [
      'an object without a definition',
      said(0, '{"settings":{},"objects":[{"type":"table","name":"a","sql":null}]}'),
      'invalid',
      /none to the question/,
    ],
    [
      'an object of a new type',
      said(0, '{"settings":{},"objects":[{"type":"function","name":"a","sql":"x"}]}'),
      'invalid',
      /type function/,
    ],
    ['no answer', said(null, ''), 'unreachable', /within 30 s/],
  ])('takes %s for a gap of that file alone', async (_what, spawn, reason, detail) => {
    const answer: Spawn = (command, args) =>
      args.some((word) => word.endsWith('/b.db')) ? spawn(command, args) : said(0, ANSWER)(command, args);
    const found = await snapshot(answer, { 'b.db': `${HEAD}\u0001\u0001`, 'c.db': `${HEAD}\u0001\u0001` });
    expect(found.gaps).toEqual([{ scope: 'databases/a/b', reason, detail: expect.stringMatching(detail) }]);
    expect(new Set(found.complete.map(({ scope }) => scope))).toEqual(new Set(['databases/a/c']));
  });

  it.each([
    ["fts5(t, content='posts_content')", ['posts_content']],
    ['fts5(t, content = "Posts_Content", content_rowid=id)', ['posts_content']],
    ['fts4(content=[posts_content], t)', ['posts_content']],
    ["fts5(t, content='articles')", ['posts_content']],
    ["fts5(content, tokenize='porter')", []],
    ['fts5(t)', []],
  ])('drops the tables that %s keeps its parts in, and no table of the user', (made, kept) => {
    const table = (name: string, sql = 'CREATE TABLE x(a)') => ({ type: 'table', name, sql });
    const parts = ['posts_content', 'posts_docsize', 'posts_mine'].map((name) => table(name));
    const objects = [
      table('posts', `CREATE VIRTUAL TABLE posts USING ${made}`),
      ...parts,
      { type: 'trigger', name: 'posts_docsize', sql: 'x' },
    ];
    const left = (more: object) =>
      answerOf(JSON.stringify({ settings: {}, objects, ...more }))?.objects.map(({ type, name }) => `${type} ${name}`);
    const expected = ['table posts', ...kept.map((name) => `table ${name}`), 'table posts_mine', 'trigger posts_docsize'];
    // As sqlite3 tells, which goes by names too, and as one that does not know the module.
    expect(left({ shadows: ['posts_content', 'posts_docsize'] })).toEqual(expected);
    expect(left({ shadows: [] })).toEqual(expected);
    expect(left({})).toEqual(expected);
  });

  it('goes by what sqlite3 calls a part, of modules that are not known here too', () => {
    const objects = ['shapes_cells', 'shapes_mine'].map((name) => ({ type: 'table', name, sql: 'CREATE TABLE x(a)' }));
    expect(answerOf(JSON.stringify({ settings: {}, objects, shadows: ['shapes_cells'] }))?.objects).toEqual(objects.slice(1));
  });

  it.each<[string, Record<string, string>, string, RegExp]>([
    ['a file that is not there', {}, 'unreachable', /b\.db: ENOENT$/],
    ['a folder', { 'b.db/x': '' }, 'invalid', /no plain file/],
    ['another file', { 'b.db': 'hello, I am a text file' }, 'invalid', /no SQLite database/],
  ])('does not ask sqlite3 about %s', async (_what, files, reason, detail) => {
    const found = await snapshot(() => Promise.reject(new Error('asked')), files, { files: { b: 'b.db' } });
    expect(found.gaps).toEqual([{ scope: 'databases/a/b', reason, detail: expect.stringMatching(detail) }]);
  });

  it('reads a file with a write-ahead log as immutable while nobody has it open, and again when somebody wrote', async () => {
    const asked: string[] = [];
    const spawn =
      (write: boolean): Spawn =>
      (command, args) => {
        const database = String(args.at(-2));
        asked.push(database.replace(/.*\//, ''));
        if (write && database.startsWith('file:'))
          writeFileSync(database.slice('file:'.length).replace(/\?.*/, ''), `${HEAD}\u0002\u0002 longer`);
        return said(0, ANSWER)(command, args);
      };
    const wal = { 'b.db': `${HEAD}\u0002\u0002` };
    const one = { files: { b: 'b.db' } };
    await snapshot(spawn(false), wal, one);
    await snapshot(spawn(true), wal, one);
    await snapshot(spawn(false), { ...wal, 'b.db-wal': '' }, one);
    await snapshot(spawn(false), { 'b.db': `${HEAD}\u0001\u0001` }, one);
    expect(asked).toEqual(['b.db?immutable=1', 'b.db?immutable=1', 'b.db', 'b.db', 'b.db']);
  });

  const undo = (kind: string, change: Partial<Change>) =>
    exporter.kinds[kind]?.undo?.(
      { type: 'modified', ref: { scope: 'databases/a/b', kind, id: 'x "y' }, path: 'p', edits: [], ...change },
      { before: () => ({ file: "/a b'c.db" }) },
    );

  it.each<[string, Partial<Change>, readonly string[]]>([
    ['sqlite.view', { type: 'created', after: 'CREATE VIEW x\n' }, [`sqlite3 -bail '/a b'\\''c.db' 'DROP VIEW "x ""y";'`]],
    [
      'sqlite.index',
      { before: 'CREATE INDEX x\n', after: 'CREATE INDEX y\n' },
      [`sqlite3 -bail '/a b'\\''c.db' 'BEGIN; DROP INDEX "x ""y"; CREATE INDEX x; COMMIT;'`],
    ],
    [
      'sqlite.trigger',
      { type: 'deleted', before: 'CREATE TRIGGER x -- y\n' },
      [`sqlite3 -bail '/a b'\\''c.db' "$(printf %b 'CREATE TRIGGER x -- y\\0012;')"`],
    ],
    [
      'sqlite.table',
      { type: 'created', after: 'CREATE TABLE x\n' },
      [`sqlite3 -bail '/a b'\\''c.db' 'ALTER TABLE "x ""y" RENAME TO "x ""y_undone";'`, '# renamed, not dropped: it may hold data by now'],
    ],
    [
      'sqlite.settings',
      { before: { userVersion: 3, journal: 'wal', file: '/z' }, after: { userVersion: 4, journal: 'rollback', file: '/z' } },
      [`sqlite3 -bail /z 'PRAGMA user_version = 3; PRAGMA journal_mode = wal;'`],
    ],
  ])('puts a %s back', (kind, change, commands) => {
    expect(undo(kind, change)?.slice(1)).toEqual(commands);
  });

  it('does not write back what is not kept', () => {
    expect(undo('sqlite.view', { type: 'deleted', before: "CREATE VIEW x AS SELECT '«redacted:hmac-sha256:0123456789ab»'\n" })).toEqual([
      '# it holds secrets that are not kept: put those lines back by hand',
    ]);
  });
});
