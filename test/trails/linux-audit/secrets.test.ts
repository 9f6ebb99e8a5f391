/** Command lines hold passwords: none reaches the event store, neither in an event nor in what is kept between runs. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRedactor } from '../../../src/normalize/redact.ts';
import { redactEvent } from '../../../src/pipeline/redact-event.ts';
import { makeFolder, readLogs } from './help.ts';

const SECRET = 'q7Xk-planted-Zr4';
const redactor = createRedactor(new Uint8Array(32).fill(7));
const hex = (text: string) => Buffer.from(text).toString('hex').toUpperCase();

const COMMANDS = [
  `mysql --password=${SECRET} -e select`,
  `curl -u admin:${SECRET} https://example.com`,
  `curl -H Authorization: Bearer ${SECRET}abcdefghijkl https://example.com`,
  `PGPASSWORD=${SECRET} psql -h db`,
  `sh -c echo carol:${SECRET} | chpasswd`,
  `useradd -p ${SECRET} carol`,
  `redis-cli -a ${SECRET}`,
  `nmcli device wifi connect net password ${SECRET}`,
  `cqlsh -u bob -p ${SECRET}`,
  `ipmitool -U bob -P ${SECRET} power`,
  `mosquitto_pub -u bob -P ${SECRET} -t x`,
  `lftp -u bob,${SECRET} host`,
  `xfreerdp /u:bob /p:${SECRET} /v:host`,
  `isql -U bob -P ${SECRET}`,
  `systemctl restart app --token=${SECRET}`,
];

/** The same command as sudo tells it, as the process's title and as arguments, whole and cut off in the middle of its event. */
function logsOf(command: string): string {
  const logs = makeFolder();
  const record = (type: string, serial: number, rest: string) => `type=${type} msg=audit(1795300000.${100 + serial}:${serial}): ${rest}\n`;
  const fields = 'arch=c000003e syscall=76 success=yes exit=0 a0=1 a1=0 pid=9 auid=1000 uid=0 euid=0 ses=5 comm="x" exe="/usr/bin/x"';
  const args = command.split(' ').map((word, index) => `a${index}=${hex(word)}`);
  const call = (serial: number) =>
    record('SYSCALL', serial, fields) +
    record('EXECVE', serial, `argc=${args.length} ${args.join(' ')}`) +
    record('PATH', serial, 'item=0 name="/etc/a" inode=1 dev=fe:00 mode=0100644 nametype=NORMAL');
  mkdirSync(join(logs, 'audit'));
  writeFileSync(
    join(logs, 'audit/audit.log'),
    record(
      'USER_CMD',
      1,
      `pid=8 uid=1000 auid=1000 ses=5 msg='cwd="/" cmd=${hex(command)} exe="/usr/bin/sudo" terminal=pts/0 res=success'`,
    ) +
      call(2) +
      record('PROCTITLE', 2, `proctitle=${hex(command.replaceAll(' ', '\0'))}`) +
      call(3),
  );
  writeFileSync(join(logs, 'auth.log'), `2026-11-20T10:00:00+00:00 web01 sudo:    bob : PWD=/ ; USER=root ; COMMAND=/usr/bin/${command}\n`);
  return logs;
}

test.each(COMMANDS)('%s', async (command) => {
  const marks = new Map<string, string>();
  const { events } = await readLogs({ logs: logsOf(command) }, { marks });
  expect(events.map(({ name }) => name).sort()).toEqual(['sudo', 'sudo', 'write']);
  expect(JSON.stringify(events)).toContain(SECRET);
  expect(JSON.stringify(events.map((event) => redactEvent(event, redactor)))).not.toContain(SECRET);
  expect([...marks.values()].join('\n')).not.toContain(SECRET);
});
