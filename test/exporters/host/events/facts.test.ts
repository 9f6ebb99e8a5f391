/** Accounts, packages and services, in the words of each log. */
import { describe, expect, test } from 'vitest';
import type { Json } from '../../../../src/model.ts';
import { ALICE, BOB, between, DAEMON, event } from './world.ts';

const user = (uid: number) => ({ uid, gid: uid, gecos: '', home: `/home/u${uid}`, shell: '/bin/sh' });
const shadow = (changed: string) => ({ state: 'set', changed });
const HOST = {
  'user user': { alice: user(1001) },
  'password password': { alice: shadow('2026-01-01') },
  'group group': { sudo: { gid: 27, members: ['alice'] }, docker: { gid: 9, members: [] } },
};
const grown = {
  ...HOST,
  'user user': { alice: user(1001), carol: user(1003) },
  'password password': { alice: shadow('2026-01-01'), carol: { state: 'locked' } },
};
const audit = (name: string, request: Json) => event(name, request);
const auth = (request: Json) => event('usermod', request, ALICE, 'linux-auth');

describe('accounts', () => {
  test.each([
    ['the audit log of Debian', audit('ADD_USER', { op: 'adding user', id: 1003, user: 'carol' })],
    ['the audit log without the name', audit('ADD_USER', { op: 'adding user', id: 1003 })],
    ['the audit log of Fedora', audit('ADD_USER', { op: 'add-user', user: 'carol' })],
    ['auth.log', auth({ op: 'add-user', user: 'carol', id: 1003, gid: 1003, home: '/home/u1003', shell: '/bin/sh' })],
  ])('made, by %s', (name, made) => {
    const grade = name.endsWith('Fedora') ? 'leaf' : 'exact';
    expect(between(HOST, grown, [made])).toEqual({
      changes: ['password password: attributed leaf alice', `user user: attributed ${grade} alice`],
      transients: [],
      unmapped: [],
    });
  });

  test('another account than the one that came explains nothing', () => {
    expect(between(HOST, grown, [audit('ADD_USER', { op: 'adding user', id: 1004, user: 'dave' })]).changes).toEqual([
      'password password: unattributed',
      'user user: unattributed',
    ]);
  });

  test('deleted, known by its number alone', () => {
    expect(between(grown, HOST, [audit('DEL_USER', { op: 'deleting user entries', id: 1003 })]).changes).toEqual([
      'password password: attributed exact alice',
      'user user: attributed exact alice',
    ]);
  });

  test.each([
    ['Debian does not name the group', audit('USER_CHAUTHTOK', { op: 'adding user to group', user: 'bob' })],
    ['Fedora does', audit('USER_MGMT', { op: 'add-user-to-group', user: 'bob', group: 'docker' })],
    ['auth.log', auth({ op: 'add-member', user: 'bob', group: 'docker' })],
  ])('into a group: %s', (_, joined) => {
    const after = { ...HOST, 'group group': { sudo: { gid: 27, members: ['alice'] }, docker: { gid: 9, members: ['bob'] } } };
    expect(between(HOST, after, [joined]).changes).toEqual(['group group: attributed exact alice']);
    expect(between(after, HOST, [auth({ op: 'remove-member', user: 'bob', group: 'docker' })]).changes).toEqual([
      'group group: attributed exact alice',
    ]);
  });

  test('a password: its place, never its value', () => {
    const after = { ...HOST, 'password password': { alice: shadow('2026-03-02') } };
    expect(between(HOST, after, [audit('USER_CHAUTHTOK', { op: 'PAM:chauthtok', user: 'alice' })]).changes).toEqual([
      'password password: attributed leaf alice',
    ]);
    expect(between(HOST, after, [audit('USER_CHAUTHTOK', { op: 'PAM:chauthtok', user: 'bob' })]).changes).toEqual([
      'password password: unattributed',
    ]);
  });

  test('groups made and deleted', () => {
    const after = { ...HOST, 'group group': { ...HOST['group group'], builders: { gid: 2222, members: [] } } };
    expect(between(HOST, after, [audit('ADD_GROUP', { op: 'adding group to /etc/group', id: 2222, group: 'builders' })]).changes).toEqual([
      'group group: attributed exact alice',
    ]);
    expect(between(after, HOST, [audit('DEL_GROUP', { op: 'removing group from /etc/group', id: 2222 })]).changes).toEqual([
      'group group: attributed exact alice',
    ]);
  });

  test('steps in between are known and say nothing', () => {
    const steps = [audit('ADD_USER', { op: 'adding home directory', id: 1003 }), audit('ADD_GROUP', { id: 2222 })];
    expect(between(HOST, HOST, steps)).toEqual({ changes: [], transients: [], unmapped: [] });
  });
});

describe('packages', () => {
  const entry = (version: string, status = 'install ok installed') => ({ version, architecture: 'amd64', status, manager: 'dpkg' });
  const dpkg = (name: string, request: object) =>
    event(name, { manager: 'dpkg', architecture: 'amd64', ...request }, ALICE, 'linux-packages');
  const world = (packages: Json) => ({ 'package package': packages });

  test('upgraded, exactly to this version', () => {
    const [before, after] = [world({ bash: entry('5.1') }), world({ bash: entry('5.2') })];
    expect(between(before, after, [dpkg('upgrade', { package: 'bash', before: '5.1', after: '5.2' })]).changes).toEqual([
      'package package: attributed exact alice',
    ]);
    expect(between(before, after, [dpkg('upgrade', { package: 'bash', before: '5.0', after: '5.1' })]).changes).toEqual([
      'package package: ambiguous candidate',
    ]);
  });

  test('installed, removed, purged, and of a foreign architecture', () => {
    const installed = [
      dpkg('install', { package: 'nginx', after: '1.22' }),
      dpkg('install', { package: 'libc6', architecture: 'i386', after: '2.36' }),
    ];
    const full = world({ nginx: entry('1.22'), 'libc6:i386': entry('2.36') });
    expect(between(world({}), full, installed).changes).toEqual(['package package: attributed exact alice']);
    const left = world({ nginx: entry('1.22', 'deinstall ok config-files'), 'libc6:i386': entry('2.36') });
    expect(between(full, left, [dpkg('remove', { package: 'nginx', before: '1.22' })]).changes).toEqual([
      'package package: attributed exact alice',
    ]);
    expect(between(left, world({ 'libc6:i386': entry('2.36') }), [dpkg('purge', { package: 'nginx', before: '1.22' })]).changes).toEqual([
      'package package: attributed exact alice',
    ]);
  });

  test('by rpm, with its epoch, in the audit log and in dnf’s own', () => {
    const rpm = (version: string) => world({ nginx: { version, architecture: 'x86_64', status: 'installed', manager: 'rpm' } });
    const [before, after] = [rpm('1:1.20-1.el9'), rpm('1:1.24-1.el9')];
    const full = 'nginx-1:1.24-1.el9.x86_64';
    expect(between(before, after, [event('SOFTWARE_UPDATE', { op: 'update', package: full, type: 'rpm' })]).changes).toEqual([
      'package package: attributed exact alice',
    ]);
    expect(between(before, after, [event('upgrade', { manager: 'rpm', full }, BOB, 'linux-packages')]).changes).toEqual([
      'package package: attributed exact bob',
    ]);
    expect(
      between(before, world({}), [event('remove', { manager: 'rpm', full: 'nginx-1:1.20-1.el9.x86_64' }, BOB, 'linux-packages')]).changes,
    ).toEqual(['package package: attributed exact bob']);
  });
});

describe('services', () => {
  const world = (state?: string) => ({
    'service service': {
      'ssh.service': { state: 'active', enabled: true },
      ...(state === undefined ? {} : { 'nginx.service': { state, enabled: true } }),
    },
  });
  const stop = event('SERVICE_STOP', { unit: 'nginx' });
  const start = (actor = ALICE, unit = 'nginx') => event('SERVICE_START', { unit }, actor);

  test('stopped, started, and one that is only there while it runs', () => {
    expect(between(world('active'), world('inactive'), [stop]).changes).toEqual(['service service: attributed exact alice']);
    expect(between(world('inactive'), world('active'), [start()]).changes).toEqual(['service service: attributed exact alice']);
    expect(between(world(), world('active'), [start()]).changes).toEqual(['service service: attributed exact alice']);
    expect(between(world('active'), world(), [stop]).changes).toEqual(['service service: attributed exact alice']);
  });

  test('a restart is told when a person asked; jobs and machines are no news', () => {
    expect(between(world('active'), world('active'), [stop, start()]).transients).toEqual(['service service: SERVICE_STOP SERVICE_START']);
    expect(between(world('active'), world('active'), [{ ...stop, actor: DAEMON }, start(DAEMON)]).transients).toEqual([]);
    expect(between(world(), world(), [start(DAEMON, 'apt-daily')])).toEqual({ changes: [], transients: [], unmapped: [] });
  });
});

describe('commands', () => {
  const file = { 'file-metadata etc': { 'etc/app.conf': { type: 'file' } } };
  const [before, after] = [
    { ...file, 'file etc/app.conf': 'a\n' },
    { ...file, 'file etc/app.conf': 'b\n' },
  ];
  const sudo = (...names: readonly string[]) =>
    event('sudo', { command: `x ${names.join(' ')}`, cwd: '/srv', root: '/srv' }, ALICE, 'linux-sudo');

  test('a command that names a file is listed, and proves nothing', () => {
    expect(between(before, after, [sudo('etc/other', 'etc/app.conf')])).toEqual({
      changes: ['file etc/app.conf: ambiguous candidate'],
      transients: [],
      unmapped: [],
    });
  });

  test('a command that names a service too', () => {
    const service = (state: string) => ({ 'service service': { 'nginx.service': { state, enabled: true } } });
    const restart = event('sudo', { command: '/usr/bin/systemctl stop nginx' }, ALICE, 'linux-sudo');
    expect(between(service('active'), service('inactive'), [restart]).changes).toEqual(['service service: ambiguous candidate']);
  });

  test('other commands are no news', () => {
    expect(between(before, after, [sudo(), sudo('etc/other')])).toEqual({
      changes: ['file etc/app.conf: unattributed'],
      transients: [],
      unmapped: [],
    });
  });
});
