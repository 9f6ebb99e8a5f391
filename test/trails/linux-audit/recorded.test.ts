/** Recorded logs of a real auditd, sshd, sudo and rsyslog: who did what to which file. */
import { expect, test } from 'vitest';
import { KEY, RECORDED, RECORDED_ROOT, readLogs, told } from './help.ts';

const enriched = () => readLogs({ logs: RECORDED('enriched'), root: RECORDED_ROOT });
const raw = () => readLogs({ logs: RECORDED('raw'), root: RECORDED_ROOT });

test('every write under the root has its person, address and effective user, whatever call made it', async () => {
  const { events } = await enriched();
  const files = events.filter(({ source, request }) => source === 'linux-audit' && 'files' in (request as object)).map(told);
  const alice = 'alice as root ssh 127.0.0.1:';
  expect(files.slice(0, 14)).toEqual([
    expect.stringMatching(/^alice as root ssh 127\.0\.0\.1: create created etc\/app\/sed\w{6}$/),
    expect.stringMatching(/^alice as root ssh 127\.0\.0\.1: replace deleted etc\/app\/sed\w{6} replaced etc\/app\/plain\.conf$/),
    `${alice} write written etc/app/plain.conf`,
    `${alice} create created etc/app/new.conf`,
    `${alice} chmod mode etc/app/new.conf`,
    `${alice} chown owner etc/app/new.conf`,
    `${alice} create deleted etc/app/new.conf created etc/app/moved.conf`,
    `${alice} create created etc/app/link`,
    `${alice} create created etc/app/dir`,
    `${alice} create created etc/app/dir/with space é`,
    `${alice} delete deleted etc/app/dir/with space é`,
    `${alice} delete deleted etc/app/dir`,
    `${alice} write written etc/app/moved.conf`,
    `${alice} write written etc/app/plain.conf`,
  ]);
  expect(files).toContain('svc as root service -: create created etc/app/cron.conf');
});

test('a call on an open file names the file by its inode, and tells mode and owner', async () => {
  const { events } = await enriched();
  const changes = events.flatMap(({ request }) => (request as { files?: readonly object[] }).files ?? []);
  expect(changes).toEqual(
    expect.arrayContaining([
      { path: 'etc/app/new.conf', type: 'file', change: 'mode', mode: '0600' },
      { path: 'etc/app/new.conf', type: 'file', change: 'owner', owner: '1002', group: '1002' },
      { path: 'etc/app/plain.conf', type: 'file', change: 'mode', mode: '0640' },
      { path: 'etc/app/plain.conf', type: 'file', change: 'owner', owner: 'root', group: '4' },
      { path: 'etc/app/moved.conf', type: 'file', change: 'created', from: 'etc/app/new.conf' },
      { path: 'etc/app/link', type: 'symlink', change: 'created' },
      { path: 'etc/app/dir', type: 'directory', change: 'deleted' },
    ]),
  );
});

test('a session has the key that sshd named in its own log', async () => {
  const { events } = await enriched();
  const logins = events.filter(({ source, error }) => source === 'linux-login' && error === undefined);
  expect(logins.length).toBeGreaterThan(5);
  for (const { request, issued, readOnly } of logins) {
    expect(request).toMatchObject({ user: 'alice', fingerprint: KEY, address: '127.0.0.1' });
    expect(issued).toContain('web01 session');
    expect(readOnly).toBe(true);
  }
  expect(events.find(({ name }) => name === 'replace')?.request).toMatchObject({ fingerprint: KEY });
});

test('accounts, sudo and refusals are events; what failed carries an error', async () => {
  const { events } = await enriched();
  const accounts = events.filter(({ name }) => /^(ADD|DEL)_USER$|CHAUTHTOK/.test(name)).map((event) => [told(event), event.request]);
  expect(accounts).toEqual(
    expect.arrayContaining([
      ['alice as root ssh 127.0.0.1: ADD_USER', { op: 'adding user', user: 'carol', exe: '/usr/sbin/useradd', id: 1003 }],
      ['alice as root ssh 127.0.0.1: USER_CHAUTHTOK', { op: 'adding user to group', user: 'carol', exe: '/usr/sbin/usermod' }],
      ['alice as root ssh 127.0.0.1: DEL_USER', { op: 'deleting user entries', exe: '/usr/sbin/userdel', id: 1003 }],
    ]),
  );
  const sudo = events.filter(({ name }) => name === 'sudo');
  expect(sudo.map(({ request }) => (request as { command: string }).command)).toContain('useradd -m carol');
  expect(sudo.find(({ request }) => JSON.stringify(request).includes('mysql'))?.error).toMatchObject({ code: 'failed' });
  expect(events.filter(({ name, error }) => name === 'login' && error !== undefined)).toHaveLength(2);
});

test('RAW logs tell the same: numbers of system calls, no names but those of the sessions', async () => {
  const { events, gaps } = await raw();
  const files = events.filter(({ request }) => 'files' in (request as object)).map(told);
  const alice = 'alice as root ssh 127.0.0.1:';
  expect(files).toEqual([
    'bash as root service -: create created etc/app/plain.conf',
    `${alice} create created etc/app/sedhgz0aE`,
    `${alice} chown owner etc/app/sedhgz0aE`,
    `${alice} setxattr attributes etc/app/sedhgz0aE`,
    `${alice} replace deleted etc/app/sedhgz0aE replaced etc/app/plain.conf`,
    `${alice} chmod mode etc/app/plain.conf`,
    `${alice} chown owner etc/app/plain.conf`,
  ]);
  expect(gaps.map(({ detail }) => detail)).toEqual([expect.stringMatching(/^audit rules had been removed from .* to /)]);
});

test('what auth.log says too is told once, by the audit log', async () => {
  const { events } = await enriched();
  expect(events.filter(({ source }) => source === 'linux-auth')).toEqual([]);
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
});

test('without a store only the window is given', async () => {
  const window = { from: '2026-11-21T19:34:38.000Z', to: '2026-11-21T19:34:38.600Z' };
  const { events } = await readLogs({ logs: RECORDED('enriched'), root: RECORDED_ROOT }, { window, storeless: true });
  expect(events.length).toBeGreaterThan(3);
  for (const { time } of events) expect(time >= window.from && time <= window.to).toBe(true);
});
