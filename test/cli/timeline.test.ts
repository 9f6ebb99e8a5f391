/** `timeline` on a real deployment: what changed before, asked for by time, by what broke, and by a monitor's alert. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, deployment, write } from './run.ts';

test('what broke, by flag or as an alert names it, puts what stands near it first', async () => {
  const { dir, root } = await deployment({ 'etc/motd': 'hello\n' });
  const run = (...args: string[]) => cli(['--dir', dir, ...args]);
  expect((await run('report')).stdout).toContain('Nothing was ever looked at here: drifttrail snapshot');
  await run('snapshot');
  expect((await run('report')).stdout).toContain('Nothing changed.');
  const ancient = await run('timeline', '--at', '1999-01-01');
  expect(ancient.stdout).toMatch(/^Nothing was looked at then: the history begins at \d{4}-\d\d-\d\d \d\d:\d\d UTC\.\n/);
  expect(JSON.parse((await run('timeline', '--at', '1999-01-01', '--json')).stdout)).toMatchObject({ unseen: { reason: 'before' } });
  write(root, { 'etc/motd': 'bye\n', 'etc/issue': 'one\n' });
  expect(await run('snapshot')).toMatchObject({ code: 0 });

  const soon = new Date(Date.now() + 60_000).toISOString();
  const flat = await run('timeline', '--at', soon, '--json');
  const paths = JSON.parse(flat.stdout).findings.map(({ resource }: { resource: { path: string } }) => resource.path);
  expect(paths).toEqual(expect.arrayContaining(['hosts/web01/files/etc/issue', 'hosts/web01/files/etc/motd']));

  const alert = join(dir, 'alert.json');
  const alerts = [{ status: 'firing', labels: { alertname: 'Down', instance: 'web01:9100' }, startsAt: soon }];
  writeFileSync(alert, JSON.stringify({ alerts }));
  const [near, told] = await Promise.all([
    run('timeline', '--at', soon, '--near', 'web01', '--json'),
    run('timeline', '--from-alert', alert, '--json'),
  ]);
  const findings = (text: string) => JSON.parse(text).findings;
  expect(findings(told.stdout)).toEqual(findings(near.stdout));
  expect(JSON.parse(told.stdout)).toMatchObject({ at: soon, known: ['web01'], alert: { source: 'alertmanager', title: 'Down' } });
  expect(findings(told.stdout)[0]).toMatchObject({ closeness: 1 });
  expect(told.stderr).toContain(`Down, since ${soon}, near web01`);

  writeFileSync(alert, JSON.stringify({ alerts: [{ ...alerts[0], labels: { instance: 'db77' } }] }));
  const elsewhere = await run('timeline', '--from-alert', alert);
  expect(elsewhere).toMatchObject({ code: 0, stderr: expect.stringContaining('nothing that is recorded here is or mentions db77') });
  expect(elsewhere.stdout).toContain('etc/motd');

  for (const [args, message] of [
    [[], 'it is not said when it broke; give --at <time>'],
    [['--at', 'noon'], 'noon'],
    [['--at', '2130-01-01'], '--at 2130-01-01 (2130-01-01T00:00:00.000Z) is after now ('],
    [['--at', 'now', '--near', 'db77'], 'nothing that is recorded here is or mentions db77'],
    [['--from-alert', join(dir, 'drifttrail.yaml')], 'drifttrail.yaml: it is no JSON'],
    [['--from-alert', join(dir, 'none.json')], 'none.json cannot be read: there is no such file; name the file'],
    [['--from-alert', dir], 'cannot be read'],
  ] as const) {
    const ended = await run('timeline', ...args);
    expect(ended).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(message) });
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
  }
});
