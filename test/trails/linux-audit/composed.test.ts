/**
 * Records that the recording machine could not give, composed from documentation: auditd.conf(5), ausearch(8), the audit
 * project's list of record types, shadow-utils and rpm sources of Fedora. Everything else is in recorded.test.ts.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseRecord } from '../../../trails/linux-audit/audit/record.ts';
import { makeFolder, readLogs, told } from './help.ts';

const AT = 1_795_300_000;
let serial = 0;

function record(type: string, rest: string, at: number, number = ++serial): string {
  return `type=${type} msg=audit(${(AT + at).toFixed(3)}:${number}): ${rest}`;
}

/** A system call with its files, in the RAW format. */
function call(number: number, at: number, fields: string, paths: readonly string[], title = 'vi'): string[] {
  const own = ++serial;
  return [
    record('SYSCALL', `arch=c000003e syscall=${number} ${fields}`, at, own),
    record('CWD', 'cwd="/root"', at, own),
    ...paths.map((path, item) => record('PATH', `item=${item} ${path}`, at, own)),
    record('PROCTITLE', `proctitle=${Buffer.from(title.replaceAll(' ', '\0')).toString('hex').toUpperCase()}`, at, own),
  ];
}

const human = 'success=yes exit=3 ppid=1 pid=9 auid=424242 uid=0 euid=0 tty=pts0 ses=5 comm="vi" exe="/usr/bin/vi" key="drifttrail"';
const login = (at: number, ses = 5, exe = '/usr/sbin/sshd', addr = '192.0.2.7', acct = 'bob') =>
  record('USER_START', `pid=7 uid=0 auid=424242 ses=${ses} msg='op=PAM:session_open acct="${acct}" exe="${exe}" hostname=${addr} addr=${addr} terminal=ssh res=success'`, at); // biome-ignore format: one record
const file = (name: string, inode: number, nametype = 'NORMAL', mode = '0100644') =>
  `name="${name}" inode=${inode} dev=fe:00 mode=${mode} ouid=0 ogid=0 rdev=00:00 nametype=${nametype}`;

async function read(lines: readonly string[], options: object = {}) {
  const logs = makeFolder();
  mkdirSync(join(logs, 'audit'));
  writeFileSync(join(logs, 'audit/audit.log'), lines.map((line) => `${line}\n`).join(''));
  return readLogs({ logs, root: join(logs, 'none'), ...options });
}
const inRoot = (lines: readonly string[]) => read(lines, { root: '/' });

test('reading, failing and unknown calls are no writes', async () => {
  const { events } = await inRoot([
    login(0),
    ...call(257, 1, `a0=ffffff9c a1=1 a2=0 a3=0 ${human}`, [file('/etc/read', 1)]),
    ...call(257, 2, `a0=ffffff9c a1=1 a2=241 a3=1b6 ${human.replace('success=yes exit=3', 'success=no exit=-13')}`, [
      file('/etc/denied', 2),
    ]),
    ...call(59, 3, `a0=1 a1=1 a2=1 a3=1 ${human}`, [file('/etc/run', 3)]),
    ...call(257, 4, `a0=ffffff9c a1=1 a2=2 a3=0 ${human}`, [file('/etc/../etc/./written', 4)]),
  ]);
  const files = events.filter(({ source }) => source === 'linux-audit');
  expect(files.map((event) => [told(event), event.error?.code])).toEqual([
    [expect.stringContaining('written etc/denied'), 'E-13'],
    [expect.stringContaining('written etc/written'), undefined],
  ]);
});

test('openat2 has its flags in a record of its own', async () => {
  const own = call(437, 1, `a0=ffffff9c a1=1 a2=1 a3=18 ${human}`, [file('/etc/a', 1)]);
  const flags = (value: string) => own[0]?.replace(/^type=SYSCALL (msg=\S+) .*$/, `type=OPENAT2 $1 oflag=${value} mode=0 resolve=0`) ?? '';
  expect(
    (await inRoot([login(0), own[0] ?? '', flags('0101'), ...own.slice(1)])).events.filter(({ name }) => name === 'write'),
  ).toHaveLength(1);
  expect(
    (await inRoot([login(0), own[0] ?? '', flags('02000000'), ...own.slice(1)])).events.filter(({ name }) => name === 'write'),
  ).toEqual([]);
});

test('a job of cron is nobody’s, though it has a login user', async () => {
  const { events } = await inRoot([login(0, 5, '/usr/sbin/cron', '?'), ...call(76, 1, `a0=1 a1=0 ${human}`, [file('/etc/a', 1)])]);
  expect(events.filter(({ name }) => name === 'write').map(({ actor }) => [actor.name, actor.type, actor.via])).toEqual([
    ['cron', 'Service', 'service'],
  ]);
});

test('what dpkg and the scripts of packages write is the person’s, through apt', async () => {
  const dpkg = human.replace('comm="vi" exe="/usr/bin/vi"', 'comm="dpkg" exe="/usr/bin/dpkg"');
  const script = human.replace('comm="vi" exe="/usr/bin/vi"', 'comm="openssh-server." exe="/usr/bin/dash"');
  const { events } = await inRoot([
    login(0),
    ...call(76, 1, `a0=1 a1=0 ${dpkg}`, [file('/etc/a', 1)]),
    ...call(76, 2, `a0=1 a1=0 ${script}`, [file('/etc/b', 1)], '/bin/sh /var/lib/dpkg/info/openssh-server.postinst configure'),
    ...call(76, 3, `a0=1 a1=0 ${human}`, [file('/etc/c', 1)]),
  ]);
  const writes = events.filter(({ name }) => name === 'write');
  expect(writes.map(({ actor }) => [actor.name, actor.service])).toEqual([
    ['bob', 'apt'],
    ['bob', 'apt'],
    ['bob', undefined],
  ]);
});

test('systemd’s records name the person who asked, and nobody where nobody did', async () => {
  const unit = (type: string, name: string, at: number) =>
    record(type, `pid=1 uid=0 auid=4294967295 ses=4294967295 msg='unit=${name} comm="systemd" exe="/usr/lib/systemd/systemd" hostname=? addr=? terminal=? res=success'`, at); // biome-ignore format: one record
  const sudo = (command: string, at: number) =>
    record('USER_CMD', `pid=8 uid=1000 auid=424242 ses=5 msg='cwd="/" cmd=${Buffer.from(command).toString('hex').toUpperCase()} exe="/usr/bin/sudo" terminal=pts/0 res=success'`, at); // biome-ignore format: one record
  const { events } = await read([
    login(0),
    sudo('systemctl restart nginx', 1),
    unit('SERVICE_STOP', 'nginx', 2),
    unit('SERVICE_START', 'nginx', 3),
    unit('SERVICE_START', 'nginx', 60),
    unit('SERVICE_START', 'apt-daily', 3),
  ]);
  const services = events.filter(({ name }) => name.startsWith('SERVICE'));
  expect(services.map(told)).toEqual([
    'bob as root ssh 192.0.2.7: SERVICE_STOP',
    'bob as root ssh 192.0.2.7: SERVICE_START',
    'systemd as root service -: SERVICE_START',
    'systemd as root service -: SERVICE_START',
  ]);
});

test('rpm’s records, and the words of Fedora’s shadow-utils', async () => {
  const by = 'pid=9 uid=0 auid=424242 ses=5';
  const { events } = await read([
    login(0),
    record('SOFTWARE_UPDATE', `${by} msg='op=install sw="nginx-1:1.20.1-14.el9.x86_64" sw_type=rpm key_enforce=0 gpg_res=1 root_dir="/" comm="dnf" exe="/usr/bin/python3.9" hostname=? addr=? terminal=pts/0 res=success'`, 1), // biome-ignore format: one record
    record('ADD_USER', `${by} msg='op=add-user acct="eve" exe="/usr/sbin/useradd" hostname=? addr=? terminal=pts/0 res=success'`, 2),
    record('USER_MGMT', `${by} msg='op=add-user-to-group grp="wheel" acct="eve" exe="/usr/sbin/usermod" hostname=? addr=? terminal=pts/0 res=success'`, 3), // biome-ignore format: one record
    record('USER_CHAUTHTOK', `${by} msg='op=PAM:chauthtok_prelim acct="eve" exe="/usr/bin/passwd" hostname=? addr=? terminal=pts/0 res=success'`, 4), // biome-ignore format: one record
    record('DEL_USER', `${by} msg='op=delete-user acct="eve" exe="/usr/sbin/userdel" hostname=? addr=? terminal=pts/0 res=failed'`, 5),
  ]);
  const found = events.filter(({ source }) => source === 'linux-audit').map(({ name, request, error }) => [name, request, error?.code]);
  expect(found).toEqual([
    ['SOFTWARE_UPDATE', { op: 'install', package: 'nginx-1:1.20.1-14.el9.x86_64', type: 'rpm' }, undefined],
    ['ADD_USER', { op: 'add-user', user: 'eve', exe: '/usr/sbin/useradd' }, undefined],
    ['USER_MGMT', { op: 'add-user-to-group', user: 'eve', exe: '/usr/sbin/usermod', group: 'wheel' }, undefined],
    ['DEL_USER', { op: 'delete-user', user: 'eve', exe: '/usr/sbin/userdel' }, 'failed'],
  ]);
});

test('after a reboot the numbers of sessions begin anew', async () => {
  serial = 50_000;
  const before = login(0);
  serial = 1;
  const { events } = await inRoot([before, ...call(76, 60, `a0=1 a1=0 ${human}`, [file('/etc/a', 1)])]);
  expect(events.find(({ name }) => name === 'write')?.actor).toMatchObject({ name: 'uid 424242', sourceIp: null, via: 'unknown' });
});

test('a time without a daemon, or with auditing switched off, is told and not covered', async () => {
  serial = 0;
  const daemon = (type: string, at: number) => record(type, 'op=x auid=0 pid=1 uid=0 ses=1 res=success', at, 90_000 + at);
  const { gaps, covered } = await read(
    [
      daemon('DAEMON_START', 0),
      login(10),
      daemon('DAEMON_END', 20),
      daemon('DAEMON_START', 50),
      record('CONFIG_CHANGE', 'op=set audit_enabled=0 old=1 auid=424242 ses=5 res=1', 60),
      record('CONFIG_CHANGE', 'op=set audit_enabled=1 old=0 auid=424242 ses=5 res=1', 70),
      record('CONFIG_CHANGE', 'auid=424242 ses=5 op=remove_rule key="drifttrail" list=4 res=1', 80),
      record('CONFIG_CHANGE', 'auid=424242 ses=5 op=add_rule key="drifttrail" list=4 res=1', 81),
      login(100),
      // Killed: it starts again without having ended.
      daemon('DAEMON_START', 130),
      login(140),
    ],
    { complete: true },
  );
  const time = (at: number) => new Date((AT + at) * 1000).toISOString();
  expect(covered).toEqual([
    `web01 audit.log ${time(0)} ${time(20)}`,
    `web01 audit.log ${time(50)} ${time(60)}`,
    `web01 audit.log ${time(70)} ${time(100)}`,
    `web01 audit.log ${time(130)} ${time(140)}`,
  ]);
  expect(gaps.map(({ reason, detail }) => `${reason} ${detail.replace(/ from .*/, '')}`)).toEqual([
    'truncated auditd did not run',
    'truncated auditing was switched off',
    'truncated auditd did not run',
  ]);
});

test('a node before the type, hexadecimal names, and half a line', () => {
  expect(parseRecord('node=web02 type=PATH msg=audit(1795289678.736:257): item=1 name=2F6574632FC3A920FF nametype=CREATE')).toMatchObject({
    node: 'web02',
    time: 1_795_289_678_736,
    serial: 257,
    fields: { name: '/etc/é \\xff', nametype: 'CREATE' },
  });
  expect(parseRecord('type=SYSCALL msg=audit(179528')).toBeUndefined();
  expect(parseRecord('')).toBeUndefined();
});

test('of a log that gathers several machines one must be named', async () => {
  serial = 0;
  const of = (node: string) =>
    [login(0), ...call(76, 1, `a0=1 a1=0 ${human}`, [file(`/etc/${node}`, 1)])].map((line) => `node=${node} ${line}`);
  const lines = [...of('web01'), ...of('web02')];
  const wrote = (events: readonly { readonly name: string; readonly request: unknown }[]) =>
    JSON.stringify(events.filter(({ name }) => name === 'write'));
  const one = await read(lines, { root: '/', node: 'web02', complete: true });
  expect(wrote(one.events)).toContain('etc/web02');
  expect(wrote(one.events)).not.toContain('etc/web01');
  expect([one.gaps, one.covered]).toEqual([[], [expect.stringContaining('web01 audit.log')]]);
  const both = await read(lines, { root: '/', complete: true });
  expect(wrote(both.events)).not.toContain('etc/web02');
  expect([both.gaps.map(({ detail }) => detail.replace(/^\S+ /, '')), both.covered]).toEqual([
    ['has records of web01, web02: say which is meant with node:'],
    [],
  ]);
});
