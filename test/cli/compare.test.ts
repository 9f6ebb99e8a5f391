/** `compare` on a real history: two machines as images, at two times; groups, patterns, expected differences and wrong words. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { machine } from '../compare/fleet.ts';
import { fill } from '../folder.ts';
import { cli } from './run.ts';

const root = mkdtempSync(join(tmpdir(), 'drifttrail-compare-'));
const dir = join(root, 'ops');
afterAll(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));
const compare = (...args: string[]) => cli(['--dir', dir, 'compare', ...args]);

beforeAll(async () => {
  expect((await cli(['init', dir])).code).toBe(0);
  const hosts = [1, 2, 3].map((number) => {
    const { name, files } = machine(number);
    for (const key of Object.keys(files)) if (key.endsWith('_key')) delete files[key]; // private keys are not text to write
    fill(join(dir, name), files);
    return `  - { use: host, name: ${name}, root: ./${name}, facts: [users] }`;
  });
  fill(dir, {
    'drifttrail.yaml': [
      'exporters:',
      ...hosts,
      'compare:',
      '  groups: [{ name: web, sides: ["web*"] }]',
      '  expect: [{ kind: host.file, id: etc/motd, reason: each team its own }]',
      '',
    ].join('\n'),
  });
  const passwd = 'root:x:0:0:root:/root:/bin/bash\n';
  for (const name of ['web01', 'web02', 'web03']) fill(join(dir, name), { 'etc/passwd': passwd, 'etc/group': 'root:x:0:\n' });
  const first = await cli(['--dir', dir, 'snapshot']);
  expect(first.stderr + first.stdout).not.toContain('gap');
  await new Promise((resolve) => setTimeout(resolve, 1100)); // git's times are whole seconds
  fill(join(dir, 'web02'), {
    'etc/ssh/sshd_config': 'Port 22\nListenAddress 10.0.1.12\nPermitRootLogin yes\n',
    'etc/motd': 'hello\n',
    'etc/passwd': `${passwd}eve:x:0:0::/root:/bin/sh\n`,
  });
  await cli(['--dir', dir, 'snapshot']);
}, 60_000);

describe('compare', () => {
  test('two hosts: what differs, and nothing that is their own; exit code 2', async () => {
    const { code, stdout } = await compare('web01', 'web02');
    expect(code).toBe(2);
    expect(stdout).toContain(
      'etc/ssh/sshd_config\n  /lines/3\n    web01:\n        PermitRootLogin no\n    web02:\n        PermitRootLogin yes\n',
    );
    expect(stdout).toContain('eve');
    expect(stdout).not.toMatch(/interfaces|machine-id|nginx/);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('1 difference is expected');
  });

  test('a group, as JSON by the contract: majority and outliers', async () => {
    const { code, stdout } = await compare('web', '--json');
    const found = JSON.parse(stdout);
    expect([code, found.schemaVersion, found.sides.map(({ name }: { name: string }) => name)]).toEqual([2, 1, ['web01', 'web02', 'web03']]);
    const sshd = found.differences.find(({ resource }: { resource: { id: string } }) => resource.id === 'etc/ssh/sshd_config');
    expect(sshd.resource).toMatchObject({ kind: 'host.file', path: 'hosts/web01/files/etc/ssh/sshd_config' });
    expect(sshd.edits).toEqual([
      {
        path: '/lines/3',
        values: { web01: 'PermitRootLogin no', web02: 'PermitRootLogin yes', web03: 'PermitRootLogin no' },
        majority: 'PermitRootLogin no',
        outliers: ['web02'],
      },
    ]);
    expect(found.factoredOut).toBeGreaterThan(5);
  });

  test('hosts that agree: exit code 0', async () => {
    const { code, stdout } = await compare('web01', 'hosts/web03');
    expect([code, stdout]).toEqual([0, expect.stringContaining('No difference in')]);
  });

  test('one host then and now, and an unread side', async () => {
    const dates = execFileSync('git', ['-C', join(dir, 'snapshots'), 'log', '--format=%cI', 'main', '--', 'hosts/web02'], {
      encoding: 'utf8',
    })
      .trim()
      .split('\n');
    const before = new Date(dates.at(-1) ?? '').toISOString();
    const { code, stdout } = await compare(`web02@${before}`, 'web02');
    expect(code).toBe(2);
    expect(stdout).toContain('PermitRootLogin yes');
    rmSync(join(dir, 'web03', 'etc'), { recursive: true });
    mkdirSync(join(dir, 'web03'), { recursive: true });
    await cli(['--dir', dir, 'snapshot']);
    const unread = await compare('web01', 'web03');
    expect([unread.code, unread.stdout]).toEqual([3, expect.stringContaining('Not everything could be read')]);
  });

  test('a baseline of today: accepted, then only what differs otherwise; Markdown and HTML', async () => {
    const file = join(root, 'web.yaml');
    const saved = await compare('web01', 'web02', '--save-baseline', file);
    expect([saved.code, saved.stdout, saved.stderr]).toEqual([0, '', expect.stringMatching(/web.yaml: \d+ accepted differences/)]);
    const config = join(dir, 'drifttrail.yaml');
    const kept = readFileSync(config, 'utf8');
    const taken = await compare('web01', 'web02', '--save-baseline', config);
    expect([taken.code, taken.stderr, readFileSync(config, 'utf8')]).toEqual([
      1,
      expect.stringContaining('holds no accepted differences'),
      kept,
    ]);
    expect((await compare('web01', 'web02', '--save-baseline', file)).code).toBe(0);
    const again = await compare('web01', 'web02', '--baseline', file);
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('were accepted')]);
    writeFileSync(file, readFileSync(file, 'utf8').replace('PermitRootLogin yes', 'PermitRootLogin maybe'));
    const other = await compare('web01', 'web02', '--baseline', file, '--format', 'markdown');
    expect([other.code, other.stdout]).toEqual([2, expect.stringMatching(/^# Comparison\n[\s\S]*sshd\\_config\n\n\| place/)]);
    const page = await compare('web01', 'web02', '--format', 'html');
    expect([page.code, page.stdout]).toEqual([2, expect.stringMatching(/^<!doctype html>[\s\S]*PermitRootLogin yes/)]);
  });

  test('expected differences of a file, each with a reason', async () => {
    const file = join(root, 'expect.yaml');
    const rules = [
      '{ kind: host.file, id: etc/ssh/**, scope: hosts/web02, reason: a bastion }',
      '{ kind: host.*, id: "**", reason: being rebuilt }',
    ];
    writeFileSync(file, `- ${rules[0]}\n`);
    const some = await compare('web', '--expect', file);
    expect([some.code, some.stdout.includes('PermitRootLogin'), some.stdout.includes('eve')]).toEqual([2, false, true]);
    writeFileSync(file, `- ${rules[1]}\n`);
    expect((await compare('web01', 'web02', '--expect', file)).code).toBe(0);
    writeFileSync(file, '- { kind: host.file }\n');
    const wrong = await compare('web', '--expect', file);
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringMatching(/expect.yaml:1:\d+/)]);
  });

  test.each([
    [['web01'], 'is one side'],
    [['web01', 'web1'], 'did you mean'],
    [['web01', 'nope*'], 'named like nope*'],
    [['web01', 'web01'], 'is named twice'],
    [['web01@yesterday', 'web01'], 'is not a time'],
    [['web01@2001-01-01', 'web01'], 'was recorded by 2001-01-01'],
    [['web01', 'web02', '--baseline', 'web03'], 'is none of the sides'],
    [['web01', 'web02', '--expect', 'nowhere.yaml'], 'there is no file nowhere.yaml'],
    [['web01', 'web02', '--save-baseline', '/nowhere/x.yaml'], 'cannot write /nowhere/x.yaml'],
  ])('%j is one clear error', async (args, words) => {
    const { code, stdout, stderr } = await compare(...args);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(words);
    expect(stderr).not.toContain('    at ');
  });
});
