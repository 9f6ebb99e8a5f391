/** A watched group: told once when a member begins to differ, told of again when it agrees, and nothing of what nobody did. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli } from '../cli/run.ts';
import { fill, folder } from '../folder.ts';

const SSHD = 'etc/ssh/sshd_config';
interface Told {
  readonly resource: { readonly scope: string; readonly kind: string; readonly id: string; readonly path: string | null };
  readonly edits: readonly { readonly path: string; readonly before: unknown; readonly after: unknown }[];
  readonly threat: { readonly level: string; readonly reasons: readonly string[] };
  readonly undone: object | null;
  readonly attribution: { readonly status: string };
}

test('diverged, once; put back; a new member, an unread one and an expected difference are no news', async () => {
  const dir = folder();
  await cli(['init', dir]);
  const host = (name: string, more: object = {}) =>
    fill(dir, {
      [`${name}/etc/hostname`]: `${name}\n`,
      [`${name}/etc/cron.d/job`]: '5 3 * * * root job\n',
      [`${name}/${SSHD}`]: 'Port 22\nPermitRootLogin no\n',
      [`${name}/etc/motd`]: 'welcome\n',
      ...more,
    });
  const configure = (...names: string[]) =>
    fill(dir, {
      'drifttrail.yaml': [
        'exporters:',
        ...names.map((name) => `  - { use: host, name: ${name}, root: ./${name}, facts: false }`),
        'compare:',
        '  groups: [{ name: web, sides: ["web*"], watch: true }]',
        '  expect: [{ kind: host.file, id: etc/motd, reason: each team its own }]',
        '',
      ].join('\n'),
    });
  for (const name of ['web01', 'web02', 'web03']) host(name);
  configure('web01', 'web02', 'web03');
  const snapshot = async () => expect([0, 3]).toContain((await cli(['--dir', dir, 'snapshot'])).code);
  const told = async () =>
    (JSON.parse((await cli(['--dir', dir, 'report', '--json'])).stdout).findings as Told[]).filter(
      ({ resource }) => resource.kind === 'compare.difference',
    );
  await snapshot();
  expect(await told()).toEqual([]);

  fill(dir, {
    [`web02/${SSHD}`]: 'Port 22\nPermitRootLogin yes\n',
    'web02/etc/motd': 'hello\n',
    'web02/etc/cron.d/job': '40 3 * * * root job\n',
  });
  await snapshot();
  const [apart, ...others] = await told();
  expect(others).toEqual([]);
  expect(apart).toMatchObject({
    resource: { scope: 'compare/web', id: `host.file ${SSHD}`, path: null },
    edits: [{ path: '/web02/lines/2', before: 'PermitRootLogin no', after: 'PermitRootLogin yes' }],
    threat: { level: 'medium', reasons: ['no longer the same on all of web: web02'] },
    attribution: { status: 'not-applicable' },
    undone: null,
  });
  const check = await cli(['--dir', dir, 'check', '--json', '--fail-on', 'medium']);
  expect([check.code, JSON.parse(check.stdout).status]).toEqual([2, 'drift']);

  host('web04', { [`web04/${SSHD}`]: 'Port 2222\n' });
  configure('web01', 'web02', 'web03', 'web04');
  rmSync(join(dir, 'web03'), { recursive: true });
  await snapshot();
  expect(await told()).toHaveLength(1);

  host('web03');
  fill(dir, { [`web02/${SSHD}`]: 'Port 22\nPermitRootLogin no\n' });
  await snapshot();
  const both = await told();
  expect(both.map(({ threat, undone }) => [threat.level, undone !== null])).toEqual([
    ['medium', true],
    ['info', false],
  ]);
  expect(both[1]).toMatchObject({ threat: { reasons: ['the same again on web: web02'] } });
}, 60_000);

test('of two, the one that was changed stands out, whichever comes first', async () => {
  const dir = folder();
  await cli(['init', dir]);
  for (const name of ['db01', 'db02']) fill(dir, { [`${name}/etc/app.ini`]: '[db]\nhost = a\n' });
  const hosts = ['db01', 'db02'].map((name) => `  - { use: host, name: ${name}, root: ./${name}, facts: false }`).join('\n');
  fill(dir, { 'drifttrail.yaml': `exporters:\n${hosts}\ncompare:\n  groups: [{ name: db, sides: [db01, db02], watch: true }]\n` });
  await cli(['--dir', dir, 'snapshot']);
  fill(dir, { 'db01/etc/app.ini': '[db]\nhost = b\n' });
  await cli(['--dir', dir, 'snapshot']);
  const { findings } = JSON.parse((await cli(['--dir', dir, 'report', '--json'])).stdout) as { findings: Told[] };
  expect(findings.filter(({ resource }) => resource.kind === 'compare.difference')).toMatchObject([
    { edits: [{ path: '/db01/db/host', before: 'a', after: 'b' }], threat: { reasons: ['no longer the same on all of db: db01'] } },
  ]);
}, 30_000);

test.each([
  ['db01', 'db02'],
  ['db01', 'db02', 'db03'],
])(
  'a file that is new in one of %s, %s is one difference, its mode and owner with it',
  async (...names) => {
    const dir = folder();
    await cli(['init', dir]);
    for (const name of names) fill(dir, { [`${name}/etc/app.ini`]: '[db]\nhost = a\n' });
    const hosts = names.map((name) => `  - { use: host, name: ${name}, root: ./${name}, facts: false }`).join('\n');
    fill(dir, { 'drifttrail.yaml': `exporters:\n${hosts}\ncompare:\n  groups: [{ name: db, sides: ["db*"], watch: true }]\n` });
    await cli(['--dir', dir, 'snapshot']);
    fill(dir, { 'db02/etc/new.conf': 'a = b\n', 'db02/etc/extra/below/new.conf': 'a = b\n' });
    await cli(['--dir', dir, 'snapshot']);
    const { findings } = JSON.parse((await cli(['--dir', dir, 'report', '--json'])).stdout) as { findings: Told[] };
    expect(findings.map(({ resource }) => `${resource.kind} ${resource.id}`).sort()).toEqual([
      'compare.difference host.file etc/extra/below/new.conf',
      'compare.difference host.file etc/new.conf',
      'host.file etc/extra/below/new.conf',
      'host.file etc/new.conf',
    ]);
  },
  30_000,
);
