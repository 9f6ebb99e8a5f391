/** Each machine reads itself: one repository far away, every writer its own scope, no word between them. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { loadDeployment } from '../../src/deployment.ts';
import { run } from '../../src/run.ts';
import { initStore } from '../../src/store/store.ts';
import { realSurroundings } from '../../src/surroundings.ts';
import { makeRoot } from '../exporters/host/help.ts';

it('agents that push to one remote keep to their own scopes and lose nothing of each other', { timeout: 30_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'drifttrail-agents-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const remote = join(folder, 'remote.git');
  execFileSync('git', ['init', '-q', '--bare', '-b', 'main', remote]);
  const git = (...args: string[]) => execFileSync('git', ['-C', remote, ...args], { encoding: 'utf8' }).trim();
  const agent = async (name: string) => {
    const root = makeRoot({ 'etc/motd': `${name}\n`, 'etc/passwd': 'root:x:0:0::/root:/bin/sh\n' });
    const dir = join(folder, name);
    await initStore(join(dir, 'snapshots'), realSurroundings());
    writeFileSync(
      join(dir, 'drifttrail.yaml'),
      `exporters: [{ use: host, name: ${name}, root: ${root}, facts: [users] }]\ntrail: []\nremote: ${remote}\n`,
    );
    const snapshot = async () => {
      const deployment = await loadDeployment(dir, realSurroundings());
      return run(deployment, { signal: AbortSignal.timeout(20_000), progress: () => undefined });
    };
    return { root, snapshot };
  };
  const [web, db] = [await agent('web01'), await agent('db01')];
  await web.snapshot();
  await db.snapshot();
  writeFileSync(join(web.root, 'etc/motd'), 'changed\n');
  writeFileSync(join(db.root, 'etc/motd'), 'changed too\n');
  // The second has not seen what the first pushed meanwhile.
  await Promise.all([web.snapshot(), db.snapshot()]);
  await web.snapshot();
  expect(git('show', 'main:hosts/web01/files/etc/motd')).toBe('changed');
  expect(git('show', 'main:hosts/db01/files/etc/motd')).toBe('changed too');
  const commits = git('log', '--format=%H', 'main').split('\n');
  const scopes = commits.map((commit) =>
    git('diff-tree', '--root', '-r', '--name-only', '--no-commit-id', commit, '--', 'hosts')
      .split('\n')
      .map((path) => path.split('/')[1]),
  );
  for (const touched of scopes) expect(new Set(touched).size).toBe(1);
  expect(scopes.map(([scope]) => scope).filter((scope) => scope === 'web01')).toHaveLength(2);
  expect(scopes.map(([scope]) => scope).filter((scope) => scope === 'db01')).toHaveLength(2);
  expect(git('log', '--merges', '--format=%H', 'main')).toBe('');
});
