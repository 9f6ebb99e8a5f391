/** What one person does once is one finding with a sentence, though a file, its metadata and a fact all tell of it. */
import { expect, it } from 'vitest';
import { runningMachine } from './running.ts';

const STATUS = (version: string) =>
  `Package: openssl\nStatus: install ok installed\nArchitecture: amd64\nVersion: ${version}\n\nPackage: dpkg\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.21.22\n`;
const MOUNTS = (var_: string) => `/dev/sda1 / ext4 rw,relatime 0 0\n/dev/sdb1 /var ext4 ${var_},relatime 0 0\n`;
const UDP_HEADER = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops\n';
const UDP_123 = ' 10: 00000000:007B 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4711 2 0000000000000000 0\n';
const LIMITS =
  'Limit                     Soft Limit           Hard Limit           Units     \nMax open files            1024                 524288               files     \n';

const FILES = {
  'etc/passwd': 'root:x:0:0:root:/root:/bin/sh\npostgres:x:105:110::/var/lib/postgresql:/bin/sh\n',
  'etc/group': 'root:x:0:\npostgres:x:110:\n',
  'etc/shadow': 'root:*:19000:0:99999:7:::\n',
  'etc/sudoers': 'root ALL=(ALL:ALL) ALL\n@includedir /etc/sudoers.d\n',
  'etc/sudoers.d/README': '# rules\n',
  'etc/ssh/sshd_config': 'Port 22\nPermitRootLogin no\nUsePAM yes\n',
  'etc/security/limits.conf': '# limits\n',
  'etc/pam.d/sshd': 'session required pam_limits.so\n',
  'var/lib/dpkg/status': STATUS('3.0.11-1'),
  'run/systemd/system/x': '',
  'proc/self/mounts': MOUNTS('rw'),
  'proc/net/udp': UDP_HEADER,
  'proc/77/status': 'Name:\tpostgres\nUid:\t105\t105\t105\t105\n',
  'proc/77/limits': LIMITS,
  'proc/sys/kernel/osrelease': '6.1.0-9-amd64\n',
};

it('a package, sudo, sshd, a socket, a remount and a limit: each one finding', { timeout: 60_000 }, async () => {
  const machine = await runningMachine(FILES);
  machine.programs.set(
    'systemctl show --type=service',
    'Id=postgresql.service\nMainPID=77\nPAMName=\nLimitNOFILE=524288\nLimitNOFILESoft=1024\n',
  );
  expect(await machine.snapshot()).toEqual([]);
  const acts: readonly (readonly [what: string, path: string, text: string, ref: string, level: string, sentence: RegExp])[] = [
    ['a package upgrade', 'var/lib/dpkg/status', STATUS('3.0.15-1'), 'host.package package', 'low', /openssl 3\.0\.11-1 is 3\.0\.15-1 now/],
    ['a sudoers edit', 'etc/sudoers.d/ops', 'ops ALL=(ALL) NOPASSWD: ALL\n', 'host.file etc/sudoers.d/ops', 'high', /sudo|root/],
    [
      'an sshd edit',
      'etc/ssh/sshd_config',
      'Port 22\nPermitRootLogin yes\nUsePAM yes\n',
      'host.file etc/ssh/sshd_config',
      'high',
      /lets more in: etc\/ssh\/sshd_config now says PermitRootLogin yes/,
    ],
    ['a new listener on UDP 123', 'proc/net/udp', UDP_HEADER + UDP_123, 'host.socket socket', 'high', /udp 0\.0\.0\.0:123 \(ntp\)/],
    ['a read-only remount', 'proc/self/mounts', MOUNTS('ro'), 'host.mount mount', 'critical', /\/var is read-only now/],
    [
      'a limit that does not take',
      'etc/security/limits.conf',
      '# limits\npostgres soft nofile 65536\n',
      'host.file etc/security/limits.conf',
      'medium',
      /"postgres soft nofile" does not take: postgresql\.service runs with 1024: systemd does not read limits\.conf; set LimitNOFILE= in the unit/,
    ],
  ];
  for (const [what, path, text, ref, level, sentence] of acts) {
    machine.write(path, text);
    const findings = await machine.snapshot();
    expect({
      what,
      found: findings.map(({ change, level, reasons }) => [`${change?.ref.kind} ${change?.ref.id}`, level, reasons.join(' / ')]),
    }).toEqual({ what, found: [[ref, level, expect.stringMatching(sentence)]] });
  }
  expect(await machine.snapshot()).toEqual([]);
});
