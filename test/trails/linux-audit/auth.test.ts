/** auth.log without an audit log: recorded lines of OpenSSH 9.2, sudo 1.9.13 and shadow-utils, and composed ones where said. */
import { copyFileSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { KEY, makeFolder, RECORDED, RECORDED_AT, readLogs, told } from './help.ts';

function logsOf(files: Readonly<Record<string, string>>): string {
  const logs = makeFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(logs, name, '..'), { recursive: true });
    writeFileSync(join(logs, name), text);
  }
  return logs;
}

describe.each([
  ['whole seconds and no year', 'enriched'],
  ['RFC 3339 times', 'raw'],
] as const)('recorded with %s', (_, format) => {
  const read = async () => {
    const logs = makeFolder();
    copyFileSync(join(RECORDED(format), 'auth.log'), join(logs, 'auth.log'));
    utimesSync(join(logs, 'auth.log'), RECORDED_AT, RECORDED_AT);
    return readLogs({ logs });
  };

  test('log-ins have address and key', async () => {
    const { events } = await read();
    const logins = events.filter(({ name }) => name === 'login');
    expect(logins.length).toBeGreaterThan(1);
    for (const { request, time } of logins) {
      expect(request).toMatchObject({
        user: 'alice',
        address: '127.0.0.1',
        method: 'publickey',
        fingerprint: expect.stringMatching(/^SHA256:/),
      });
      expect(time).toMatch(/^2026-11-21T19:3\d:\d\d/);
    }
    if (format === 'enriched') expect(logins[0]?.request).toMatchObject({ fingerprint: KEY });
  });

  test('what the account tools say is the one’s who ran them by sudo, from where he sat', async () => {
    const { events } = await read();
    const accounts = events.filter(({ source, actor }) => source === 'linux-auth' && actor.name !== 'root');
    expect(accounts.map((event) => [told(event), (event.request as { op: string }).op])).toEqual(
      expect.arrayContaining([
        ['alice as root ssh 127.0.0.1: groupadd', 'add-group'],
        ['alice as root ssh 127.0.0.1: usermod', 'add-member'],
      ]),
    );
    const sudo = events.filter(({ name }) => name === 'sudo');
    expect(sudo[0]?.request).toMatchObject({
      as: 'root',
      cwd: '/home/alice',
      command: expect.stringContaining('/usr/bin/sed -i s/hello/world/'),
    });
  });
});

test('every account of the recording', async () => {
  const logs = makeFolder();
  copyFileSync(join(RECORDED('enriched'), 'auth.log'), join(logs, 'auth.log'));
  const { events } = await readLogs({ logs });
  const requests = events.filter(({ source, actor }) => source === 'linux-auth' && actor.name === 'alice').map(({ request }) => request);
  const about = (more: object) => expect.objectContaining(more);
  expect(requests).toEqual([
    about({ op: 'add-group', group: 'carol', id: 1003 }),
    about({ op: 'add-user', user: 'carol', id: 1003, gid: 1003, home: '/home/carol', shell: '/bin/sh' }),
    about({ op: 'add-member', user: 'carol', group: 'sudo' }),
    about({ op: 'add-group', group: 'builders', id: 2222 }),
    about({ op: 'change-password', user: 'carol' }),
    about({ op: 'add-member', user: 'bob', group: 'builders' }),
    about({ op: 'change-password', user: 'carol' }),
    about({ op: 'delete-group', group: 'builders' }),
    about({ op: 'delete-user', user: 'carol' }),
    about({ op: 'remove-member', user: 'carol', group: 'sudo' }),
    about({ op: 'delete-group', group: 'carol' }),
  ]);
});

describe('composed from manual pages', () => {
  const read = (lines: readonly string[], name = 'auth.log') =>
    readLogs({ logs: logsOf({ [name]: lines.map((line) => `${line}\n`).join('') }) });
  const at = (second: number, text: string) => `2026-11-21T10:00:${String(second).padStart(2, '0')}.5+01:00 web01 ${text}`;

  test('refusals blame nobody', async () => {
    const { events } = await read([
      at(1, 'sudo:      eve : command not allowed ; TTY=pts/1 ; PWD=/ ; USER=root ; COMMAND=/usr/bin/vi /etc/shadow'),
      at(2, 'sudo:      eve : 3 incorrect password attempts ; TTY=pts/1 ; PWD=/ ; USER=root ; COMMAND=/usr/bin/id'),
      at(3, 'su: FAILED SU (to root) eve on pts/1'),
      at(4, 'su[12]: (to root) dan on pts/2'),
      at(
        5,
        'sudo:      dan : HOST=web01 ; TTY=pts/2 ; CHROOT=/srv/x ; PWD=/a b ; USER=www ; GROUP=adm ; TSID=00001A ; ENV=A=b ; COMMAND=/bin/x ; y',
      ),
    ]);
    expect(events.map((event) => [told(event), event.error?.message])).toEqual([
      ['eve as root unknown -: sudo', 'command not allowed'],
      ['eve as root unknown -: sudo', '3 incorrect password attempts'],
      ['eve as root unknown -: su', 'wrong password'],
      ['dan as root unknown -: su', undefined],
      ['dan as www unknown -: sudo', undefined],
    ]);
    expect(events[4]?.request).toMatchObject({ tty: 'pts/2', cwd: '/a b', command: '/bin/x ; y', as: 'www' });
    expect(events[0]?.time).toBe('2026-11-21T09:00:01.500Z');
  });

  test('of two addresses of one user neither is asserted', async () => {
    const accepted = (pid: number, address: string) => `sshd-session[${pid}]: Accepted password for bob from ${address} port 50000 ssh2`;
    const run = 'sudo:      bob : TTY=pts/1 ; PWD=/ ; USER=root ; COMMAND=/usr/bin/id';
    const { events } = await read([
      at(1, accepted(1, '192.0.2.1')),
      at(2, run),
      at(3, accepted(2, '192.0.2.2')),
      at(4, `${run} -a`),
      at(5, 'sshd-session[1]: pam_unix(sshd:session): session closed for user bob'),
      at(6, `${run} -b`),
    ]);
    expect(events.filter(({ name }) => name === 'sudo').map(({ actor }) => actor.sourceIp)).toEqual(['192.0.2.1', null, '192.0.2.2']);
  });

  test('secure, as Fedora names it, and control characters in a command', async () => {
    const { events } = await read([at(1, 'sudo[7]:      bob : TTY=pts/1 ; PWD=/ ; USER=root ; COMMAND=/bin/sh -c a#012b')], 'secure');
    expect(events[0]?.request).toMatchObject({ command: '/bin/sh -c a\nb' });
  });

  test('lines that say nothing are passed over', async () => {
    expect(
      (await read(['', 'garbage', at(1, 'cron[1]: pam_unix(cron:session): session opened'), 'Nov 99 99:99:99 x y: z'])).events,
    ).toEqual([]);
  });
});

test('the journal where there is no file, from its cursor on', async () => {
  const entry = (text: string, cursor: string) =>
    `${JSON.stringify({ MESSAGE: text, SYSLOG_IDENTIFIER: 'sudo', _PID: '9', _EXE: '/usr/bin/sudo', __REALTIME_TIMESTAMP: '1795289678000000', __CURSOR: cursor })}\n`;
  const sudo = (command: string) => `   bob : TTY=pts/1 ; PWD=/ ; USER=root ; COMMAND=${command}`;
  const args = (from: string) => `journalctl --output=json --no-pager --quiet ${from} SYSLOG_FACILITY=4 + SYSLOG_FACILITY=10`;
  const marks = new Map<string, string>();
  const programs = {
    [args('--since=@1795219200')]: { out: entry(sudo('/usr/bin/id'), 'c1') },
    [args('--after-cursor=c1')]: { out: entry(sudo('/usr/bin/w'), 'c2') },
  };
  const options = { logs: makeFolder(), running: true };
  const first = await readLogs(options, { marks, programs });
  const second = await readLogs(options, { marks, programs });
  expect([first, second].map(({ events }) => events.map(({ request }) => (request as { command: string }).command))).toEqual([
    ['/usr/bin/id'],
    ['/usr/bin/w'],
  ]);
  const denied = await readLogs(options, {
    programs: { journalctl: { code: 1, err: 'No journal files were opened due to insufficient permissions.\n' } },
  });
  expect(denied.gaps).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ region: 'auth.log', reason: 'denied', detail: expect.stringContaining('systemd-journal') }),
    ]),
  );
});

test('what somebody wrote into the journal under the name of sudo or sshd names nobody', async () => {
  const at = (identifier: string, text: string, own: object) =>
    JSON.stringify({ MESSAGE: text, SYSLOG_IDENTIFIER: identifier, _PID: '9', __REALTIME_TIMESTAMP: '1795289678000000', ...own });
  const sudo = (command: string) => `   alice : TTY=pts/1 ; PWD=/ ; USER=root ; COMMAND=${command}`;
  const login = 'Accepted publickey for alice from 192.0.2.1 port 22 ssh2: ED25519 SHA256:abc';
  const entries = [
    at('sudo', sudo('/forged'), { _EXE: '/usr/bin/logger', _UID: '1000' }),
    at('sudo', sudo('/gone'), { _UID: '1000' }),
    at('sshd', login, { _EXE: '/home/mallory/bin/sshdx', _UID: '1000' }),
    at('sudo', sudo('/real'), { _EXE: '/usr/bin/sudo', _UID: '1000' }),
    at('sudo', sudo('/upgraded'), { _EXE: '/usr/bin/sudo (deleted)', _UID: '1000' }),
    at('sudo', sudo('/quick'), { _UID: '0' }),
    at('sshd-session', login, { _EXE: '/usr/lib/openssh/sshd-session', _UID: '0' }),
  ];
  const programs = { journalctl: { out: entries.map((entry) => `${entry}\n`).join('') } };
  const { events } = await readLogs({ logs: makeFolder(), running: true }, { programs });
  const commands = events.map(({ name, request }) => [name, (request as { command?: string }).command]);
  expect(commands).toEqual([
    ['sudo', '/real'],
    ['sudo', '/upgraded'],
    ['sudo', '/quick'],
    [expect.stringMatching(/login/i), undefined],
  ]);
});
