/** Real files through the real sqlite3: quiet while rows come and go, and the undo that is printed brings back the old tree. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { about, type Operations, operations, paste } from '../deployment.ts';

let dir: string;
let ops: Operations;
function sql(text: string): void {
  const done = spawnSync('sqlite3', ['-bail', join(dir, 'my app.db'), text], { encoding: 'utf8', timeout: 10_000 });
  if (done.status !== 0) throw new Error(done.stderr);
}
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'drifttrail-sqlite-'));
  sql(`PRAGMA journal_mode = wal; PRAGMA user_version = 3;
CREATE TABLE user(id INTEGER PRIMARY KEY, login TEXT NOT NULL);
CREATE UNIQUE INDEX user_login ON user(login);
CREATE VIEW people AS SELECT login FROM user; -- who
CREATE TRIGGER user_log AFTER INSERT ON user BEGIN
  -- nothing; yet
  SELECT 'it''s done';
END;
CREATE VIRTUAL TABLE notes USING fts5(body);
CREATE TABLE posts_content(id INTEGER PRIMARY KEY, t);
CREATE VIRTUAL TABLE posts USING fts5(t, content='posts_content', content_rowid=id);`);
  ops = await operations(`exporters:\n  - { use: sqlite, name: web01, files: { app: "${dir}/my app.db" }, check: true }\ntrail: []\n`);
  expect((await ops.snapshot()).gaps).toEqual([]);
});
afterAll(() => {
  ops?.remove();
  rmSync(dir, { recursive: true, force: true });
});

test('rows make no commit, and nothing is left beside the file', async () => {
  const before = ops.commits();
  sql("INSERT INTO user(login) VALUES ('a'), ('b'); ANALYZE; INSERT INTO notes VALUES ('x')");
  expect((await ops.snapshot()).gaps).toEqual([]);
  expect(ops.commits()).toBe(before);
  expect(readdirSync(dir)).toEqual(['my app.db']);
});

test('a table that a full-text index is made from is kept, whatever its name, and the parts of the index are not', () => {
  expect(
    ops
      .git('ls-files', '*/sqlite.table/*')
      .trim()
      .split('\n')
      .map((path) => path.replace(/.*\//, '')),
  ).toEqual(['notes.sql', 'posts.sql', 'posts_content.sql', 'user.sql']);
});

test('what was changed is told, and undone by what is printed', async () => {
  const tree = ops.tree();
  sql(`DROP TRIGGER user_log; DROP INDEX user_login; DROP VIEW people; CREATE VIEW people AS SELECT id FROM user;
CREATE INDEX user_other ON user(login); PRAGMA user_version = 4`);
  const { findings } = await ops.snapshot();
  expect(about(findings, 'sqlite.trigger', 'user_log')).toMatchObject({ level: 'medium', rules: ['sqlite-trigger-changed'] });
  expect(about(findings, 'sqlite.view', 'people')?.change?.edits).toHaveLength(1);
  expect(findings).toHaveLength(5);
  paste(
    findings.flatMap(({ undo = [] }) => undo),
    process.env,
  );
  await ops.snapshot();
  expect(ops.git('diff', tree, 'HEAD')).toBe('');
});

test('a file that is damaged is a gap, and what is known of it stays', async () => {
  const tree = ops.git('rev-parse', 'HEAD:databases');
  const copy = join(dir, 'my app.db');
  const whole = spawnSync('cp', [copy, `${copy}.whole`]);
  expect(whole.status).toBe(0);
  spawnSync('dd', ['if=/dev/urandom', `of=${copy}`, 'bs=1', 'seek=100', 'count=4000', 'conv=notrunc'], { timeout: 10_000 });
  expect((await ops.snapshot()).gaps).toMatchObject([{ scope: 'databases/web01/app', reason: 'invalid' }]);
  expect(ops.git('rev-parse', 'HEAD:databases')).toBe(tree);
  expect(spawnSync('mv', [`${copy}.whole`, copy]).status).toBe(0);
  expect((await ops.snapshot()).gaps).toEqual([]);
});
