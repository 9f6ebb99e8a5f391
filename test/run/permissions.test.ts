import { chmodSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { world } from './world.ts';

const ALL =
  'exporters:\n  - use: ./plugins/fake\n    state: state.json\ntrail:\n  - use: ./plugins/tape\n    file: events.json\nhooks:\n  - use: ./plugins/recorder\n    file: told.jsonl\n    from: info\n';

test('with the usual umask nobody else reads the snapshots or the state (S11)', async () => {
  const before = process.umask(0o022);
  onTestFinished(() => void process.umask(before));
  const self = await world(ALL);
  self.events([]);
  writeFileSync(join(self.dir, 'told.jsonl.answer'), '{"status":"retry","detail":"busy"}');
  for (const size of [1, 2]) {
    self.things({ one: { critical: size > 1 } }); // what is critical waits for no trail
    await self.run();
    self.pass(5);
  }
  for (const folder of ['snapshots', 'state']) expect((statSync(join(self.dir, folder)).mode & 0o777).toString(8), folder).toBe('700');
  const state = readdirSync(join(self.dir, 'state'), { recursive: true, withFileTypes: true });
  expect(state.map(({ name }) => name)).toEqual(expect.arrayContaining(['key', 'events.duckdb', 'outbox', 'announced.json']));
  const open = state
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => (statSync(path).mode & 0o077) !== 0)
    .map((path) => relative(self.dir, path));
  expect(open).toEqual([]);
});

test('a configuration that holds a secret is for its owner alone; one that only names it need not be (S11)', async () => {
  const self = await world(`${ALL}remote: https://joe:Xq7remotePassw0rd@git.example/r.git\n`);
  chmodSync(join(self.dir, 'drifttrail.yaml'), 0o644);
  await expect(self.load()).rejects.toMatchObject({ code: 'config-exposed', remedy: expect.stringContaining('chmod 600') });
  await expect(self.load()).rejects.not.toThrow(/Xq7remote/);
  chmodSync(join(self.dir, 'drifttrail.yaml'), 0o600);
  expect((await self.load()).config.remote).toContain('git.example');
  writeFileSync(join(self.dir, 'drifttrail.yaml'), ALL.replace('from: info', 'from: info\n    token: env:SOME_TOKEN'));
  chmodSync(join(self.dir, 'drifttrail.yaml'), 0o644);
  process.env['SOME_TOKEN'] = 'x'.repeat(20);
  expect((await self.load()).hooks).toHaveLength(1);
});
