import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, deployment, write } from './run.ts';

const SSHD = 'etc/ssh/sshd_config';

test('what a trail or an outlet refuses is told without a terminal, and ends nothing', async () => {
  const { dir, root } = await deployment({ 'etc/motd': 'hello\n' });
  appendFileSync(
    join(dir, 'drifttrail.yaml'),
    'trail:\n  - { use: files, files: [nope.json] }\nhooks:\n  - { use: exec, command: [/nonexistent/tell], from: info }\nurgent: info\n',
  );
  const at = (...args: string[]) => cli(['--dir', dir, ...args]);
  // The first message is that the trail cannot be read.
  expect((await at('snapshot')).stderr).toMatch(/^exec: .*\/nonexistent\/tell/m);
  write(root, { 'etc/motd': 'changed\n' });
  const { code, stdout, stderr } = await at('snapshot');
  expect([code, stdout]).toEqual([3, expect.stringMatching(/commit [0-9a-f]{12}/)]);
  expect(stderr).toMatch(/^trail: .*nope\.json/m);
});

test('from a snapshot to the command that takes a change back', async () => {
  const { dir, root } = await deployment({ [SSHD]: 'PermitRootLogin no\n', 'etc/motd': 'hello\n' });
  const at = (...args: string[]) => cli(['--dir', dir, ...args]);

  // Before anything was read, nothing may be called fine.
  expect((await at('check')).code).toBe(3);

  const first = await at('snapshot', '--json');
  expect(first.code, first.stderr).toBe(0);
  expect((JSON.parse(first.stdout) as { commit: string }).commit).toMatch(/^[0-9a-f]{40}$/);
  expect((await at('snapshot')).stdout).toContain('0 changes: nothing to commit');
  expect(await at('check')).toMatchObject({ code: 0 });

  write(root, { [SSHD]: 'PermitRootLogin yes\n' });
  const dry = await at('snapshot', '--dry-run');
  expect(dry.stdout).toContain(`modified hosts/web01/files/${SSHD}`);
  expect(dry.stdout).toContain('dry run, nothing written');
  const second = await at('snapshot');
  expect(second.stdout).toMatch(/commit [0-9a-f]{12}/);

  const report = JSON.parse((await at('report', '--json')).stdout) as {
    findings: { id: string; resource: { id: string; path: string }; threat: { level: string }; undo: string[] }[];
  };
  const finding = report.findings.find(({ resource }) => resource.id === SSHD);
  expect(finding).toBeDefined();
  const id = finding?.id ?? '';
  expect((await at('report')).stdout).toContain(SSHD);
  expect((await at('report', '--format', 'markdown')).stdout).toContain(id);

  const own = await at('report', '--host', 'web01', '--format', 'csv');
  expect(own.stdout).toContain(id);
  expect(await at('report', '--host', 'web02')).toMatchObject({ code: 1, stderr: expect.stringContaining('did you mean "hosts/web01"?') });
  expect(await at('report', '--actor', 'nobody')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^None of the \d+ findings? of this time .*nobody/),
  });

  const shown = await at('show', id);
  expect(shown.stdout).toContain('-PermitRootLogin no\n+PermitRootLogin yes');
  expect((await at('show', 'HEAD', '--no-patch')).stdout).toContain(SSHD);
  const undo = await at('undo', id);
  expect(undo.code).toBe(0);
  expect(undo.stdout.trim().split('\n')).toEqual(finding?.undo);

  const why = await at('why', SSHD);
  expect(why.stdout).toContain(`hosts/web01/files/${SSHD}`);
  expect(why.stderr).toContain('2 commits');
  expect((await at('log', '--json')).stdout).toContain(id);
  expect((await at('log', 'hosts/web01/files/etc/motd')).stdout.trim().split('\n')).toHaveLength(1);

  const coverage = JSON.parse((await at('coverage', '--json')).stdout) as {
    coverage: { scope: string; kind: string; status: string; resources: number }[];
  };
  expect(coverage.coverage).toContainEqual(
    expect.objectContaining({ scope: 'hosts/web01', kind: 'host.file', status: 'complete', resources: 2 }),
  );

  const verdict = await at('check', '--fail-on', 'info', '--json');
  expect(verdict.code).toBe(2);
  expect(JSON.parse(verdict.stdout)).toMatchObject({ schemaVersion: 1, status: 'drift', gaps: [] });
  expect((await at('check', '--fail-on', 'info', '--format', 'nagios')).stdout).toMatch(
    /^DRIFTTRAIL CRITICAL - .* \| critical=\d+;;;0 .*gaps=0;;;0\n$/,
  );

  write(root, { [SSHD]: 'PermitRootLogin no\n' });
  expect((await at('snapshot')).code).toBe(0);
  expect((await at('report')).stdout).toMatch(/put back .* UTC, f-/);
  // What does not stand any more is no drift: the state says the same in every place.
  const level = finding?.threat.level ?? '';
  const after = await at('check', '--fail-on', level, '--json');
  expect([after.code, JSON.parse(after.stdout)]).toMatchObject([0, { status: 'none', counts: { [level]: 0 } }]);
  expect((await at('check', '--format', 'nagios')).stdout).toContain(` ${level}=0;`);
  const twice = await at('undo', id);
  expect([twice.code, twice.stdout]).toEqual([1, '']);
  expect(twice.stderr).toMatch(new RegExp(`${id} was put back .*; what it printed then stands in: drifttrail show ${id}`));
});

test('a host that cannot be read is a gap: exit code 3, and never "none"', async () => {
  const { dir, root } = await deployment({ 'etc/motd': 'hello\n' });
  expect((await cli(['--dir', dir, 'snapshot'])).code).toBe(0);
  rmSync(root, { recursive: true });
  const gone = await cli(['--dir', dir, 'snapshot']);
  expect(gone.code).toBe(3);
  expect(gone.stderr).toContain('gap: hosts/web01: unreachable');
  expect((await cli(['--dir', dir, 'check'])).code).not.toBe(0);
  expect((await cli(['--dir', dir, 'coverage'])).stdout).toMatch(/^unreadable +hosts\/web01/m);
});

test('what could not be read is placed in SARIF at the file that says so', async () => {
  const { dir, root } = await deployment({ 'etc/motd': 'hello\n' });
  const at = (...args: string[]) => cli(['--dir', dir, ...args]);
  await at('snapshot');
  rmSync(root, { recursive: true });
  expect((await at('snapshot')).code).toBe(3);
  const { runs } = JSON.parse((await at('report', '--format', 'sarif')).stdout) as {
    runs: { results: { locations: { physicalLocation: { artifactLocation: { uri: string } } }[] }[] }[];
  };
  expect(runs[0]?.results.map(({ locations }) => locations[0]?.physicalLocation.artifactLocation.uri)).toEqual([
    'coverage/host/hosts/web01.json',
  ]);
});

test('what does not exist is named with where to look', async () => {
  const { dir } = await deployment({ 'etc/motd': 'hello\n' });
  await cli(['--dir', dir, 'snapshot']);
  expect(await cli(['--dir', dir, 'undo', 'f-000000000000'])).toEqual({
    code: 1,
    stdout: '',
    stderr: 'drifttrail: there is no finding f-000000000000; drifttrail report lists the findings with their ids\n',
  });
  expect((await cli(['--dir', dir, 'why', 'etc/mtod'])).stderr).toContain('did you mean "etc/motd"?');
  expect((await cli(['--dir', dir, 'snapshot', '--only', 'hots'])).stderr).toContain('did you mean "host"?');
  expect((await cli(['--dir', dir, 'hooks', 'test'])).stderr).toContain('the deployment has no hooks');
});

test('doctor finds an open key and a missing configuration, each with its fix', async () => {
  const { dir } = await deployment({ 'etc/motd': 'hello\n' });
  const well = await cli(['--dir', dir, 'doctor', '--offline', '--json']);
  expect(well.code, well.stdout).toBe(0);
  expect(JSON.parse(well.stdout)).toMatchObject({ ok: true });
  const { chmodSync } = await import('node:fs');
  chmodSync(join(dir, 'state'), 0o755);
  const open = await cli(['--dir', dir, 'doctor', '--offline']);
  expect(open.code).toBe(1);
  expect(open.stdout).toContain(`fix: chmod 700 ${join(dir, 'state')}`);
  writeFileSync(join(dir, 'drifttrail.yaml'), 'exporters: []\n');
  const broken = await cli(['--dir', dir, 'doctor', '--offline']);
  expect(broken.code).toBe(1);
  expect(broken.stdout).toMatch(/fail {2}configuration: .*drifttrail\.yaml:1:12: exporters/);
});
