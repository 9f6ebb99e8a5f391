/** `bundle`: what was recorded of a host or a finding, in one archive that does not change by itself and holds no secret. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readTar } from '../../exporters/host/remote/tar.ts';
import { fill } from '../folder.ts';
import { cli, deployment } from './run.ts';

function contents(file: string): Map<string, string> {
  const found = new Map<string, string>();
  readTar(gunzipSync(readFileSync(file)), 0, (path, content) => found.set(path, content.toString('utf8')));
  return found;
}

test('a host, and a finding as it stood then; the same bytes again; bounded, private, and told what is left out', async () => {
  const { dir, root } = await deployment({
    'etc/ssh/sshd_config': 'PermitRootLogin no\n',
    'etc/app.env': 'DB_PASSWORD=correct-horse-battery-9\n',
    'etc/hosts': '127.0.0.1 localhost\n',
  });
  const run = (...args: string[]) => cli(['--dir', dir, ...args], { cwd: dir });
  await run('snapshot');
  fill(root, { 'etc/ssh/sshd_config': 'PermitRootLogin yes\n' });
  await run('snapshot');
  const { findings } = JSON.parse((await run('report', '--json')).stdout);
  const finding = findings.find(({ resource }: { resource: { id: string } }) => resource.id === 'etc/ssh/sshd_config').id as string;
  fill(root, { 'etc/ssh/sshd_config': 'PermitRootLogin no\n' });
  await run('snapshot');

  const host = await run('bundle', 'web01');
  expect([host.code, host.stdout]).toEqual([0, '']);
  expect(host.stderr).toMatch(/^web01\.tar\.gz: \d+ files, \d+ bytes, 3 commits$/m);
  const file = join(dir, 'web01.tar.gz');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const all = contents(file);
  expect([...all.keys()].filter((name) => name.includes('/state/')).sort()).toContain('web01/state/hosts/web01/files/etc/ssh/sshd_config');
  expect([...all.keys()].filter((name) => name.includes('/diffs/'))).toHaveLength(3);
  expect(all.get('web01/report.md')).toContain('# web01');
  expect(JSON.parse(all.get('web01/report.json') ?? '').schemaVersion).toBe(1);
  expect(all.get('web01/README.md')).toContain('Nothing was left out.');
  expect([...all.values()].join()).not.toContain('correct-horse');

  const bytes = readFileSync(file);
  await run('bundle', 'web01');
  expect(readFileSync(file).equals(bytes)).toBe(true);

  await run('bundle', finding, '-o', 'ticket.tar.gz');
  const one = contents(join(dir, 'ticket.tar.gz'));
  expect(one.get(`${finding}/state/hosts/web01/files/etc/ssh/sshd_config`)).toBe('PermitRootLogin yes\n');
  expect([...one.keys()].filter((name) => name.includes('/diffs/'))).toHaveLength(2);

  await run('bundle', 'etc/hosts', '-o', 'small.tar.gz', '--most', '1');
  expect([...contents(join(dir, 'small.tar.gz')).keys()]).toEqual([
    'hosts/README.md',
    expect.stringMatching(/^hosts\/diffs\/.+\.patch$/),
    'hosts/report.json',
    'hosts/report.md',
    'hosts/state/hosts/web01/files/etc/hosts',
  ]);
  const newest = await run('bundle', 'web01', '-o', 'newest.tar.gz', '--most', '1');
  expect(newest.stderr).toMatch(/ 1 commits; left out: the history before .+ UTC, beyond the newest 1 \(--most\)$/m);
  const told = contents(join(dir, 'newest.tar.gz'));
  expect([...told.keys()].filter((name) => name.includes('/diffs/'))).toHaveLength(1);
  expect(told.get('web01/README.md')).toMatch(
    /1 of the newest 1 commits[\s\S]*Left out, since only so many commits were asked for: the history before /,
  );
  expect(told.get('web01/README.md')).not.toContain('Nothing was left out');
  const whole = await run('bundle', 'web01', '-o', 'whole.tar.gz', '--most', '3');
  expect(whole.stderr).not.toContain('left out');

  fill(root, { 'etc/large': `${'x'.repeat(900)}\n`.repeat(900), 'etc/large2': `${'y'.repeat(900)}\n`.repeat(900) });
  await run('snapshot');
  const cut = await run('bundle', 'web01', '-o', 'cut.tar.gz', '--max-size', '1');
  expect(cut.stderr).toContain('left out: 1 file of the state; report.json; the diffs of 4 commits');
  expect(contents(join(dir, 'cut.tar.gz')).get('web01/README.md')).toContain('Left out');

  for (const [args, words] of [
    [['nobody'], 'no resource nobody'],
    [['web01', '-o', '/nowhere/x.tar.gz'], 'cannot write /nowhere/x.tar.gz'],
  ] as const) {
    const wrong = await run('bundle', ...args);
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining(words)]);
  }
});
