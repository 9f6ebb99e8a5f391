/** Each fact from what a system really prints, and none from what this root cannot tell. */
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { crontab } from '../../../exporters/host/facts/cron.ts';
import { stepOf } from '../../../exporters/host/facts/filesystems.ts';
import { groupsOf } from '../../../exporters/host/facts/groups.ts';
import { FACTS } from '../../../exporters/host/facts/index.ts';
import { modulesOf } from '../../../exporters/host/facts/kernel-modules.ts';
import { differing, limits } from '../../../exporters/host/facts/limits.ts';
import { mounts, parseMounts } from '../../../exporters/host/facts/mounts.ts';
import { os } from '../../../exporters/host/facts/os.ts';
import { apkPackages, dpkgPackages, packages, rpmPackages } from '../../../exporters/host/facts/packages.ts';
import { passwordsOf } from '../../../exporters/host/facts/passwords.ts';
import { services, servicesOf } from '../../../exporters/host/facts/services.ts';
import { sudoers } from '../../../exporters/host/facts/sudoers.ts';
import { assignments, sysctl } from '../../../exporters/host/facts/sysctl.ts';
import { listed, unitFiles } from '../../../exporters/host/facts/unit-files.ts';
import { usersOf } from '../../../exporters/host/facts/users.ts';
import { document, failing, ids, makeRoot, machine, snapshot } from './help.ts';

describe('packages', () => {
  it('are dpkg’s, foreign architectures told apart, and what was removed but kept its configuration', () => {
    const status = [
      'Package: dpkg\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.21.22',
      'Package: libc6\nStatus: install ok installed\nArchitecture: amd64\nMulti-Arch: same\nVersion: 2.36-9\nDescription: x\n Version: not a field',
      'Package: libc6\nStatus: install ok installed\nArchitecture: i386\nVersion: 2.36-9',
      'Package: nano\nStatus: deinstall ok config-files\nArchitecture: amd64\nVersion: 7.2-1',
      'Package: never\nStatus: purge ok not-installed\nArchitecture: amd64',
      'Package: linux\nStatus: hold ok installed\nArchitecture: all\nVersion: 6.1',
    ].join('\n\n');
    expect(Object.fromEntries(dpkgPackages(status))).toEqual({
      dpkg: { version: '1.21.22', architecture: 'amd64', status: 'install ok installed', manager: 'dpkg' },
      libc6: { version: '2.36-9', architecture: 'amd64', status: 'install ok installed', manager: 'dpkg' },
      'libc6:i386': { version: '2.36-9', architecture: 'i386', status: 'install ok installed', manager: 'dpkg' },
      nano: { version: '7.2-1', architecture: 'amd64', status: 'deinstall ok config-files', manager: 'dpkg' },
      linux: { version: '6.1', architecture: 'all', status: 'hold ok installed', manager: 'dpkg' },
    });
  });

  it('are apk’s and rpm’s', async () => {
    expect(apkPackages('C:Q1abc=\nP:musl\nV:1.2.5-r0\nA:x86_64\nF:lib\n\nP:busybox\nV:1.36\nA:x86_64\n')).toEqual([
      ['musl', { version: '1.2.5-r0', architecture: 'x86_64', status: 'installed', manager: 'apk' }],
      ['busybox', { version: '1.36', architecture: 'x86_64', status: 'installed', manager: 'apk' }],
    ]);
    const printed = 'openssl\t1\t3.0.7-27.el9\tx86_64\nkernel\t0\t5.14.0-2.el9\tx86_64\nkernel\t0\t5.14.0-1.el9\tx86_64\n';
    expect(Object.keys(Object.fromEntries(rpmPackages(printed)))).toEqual(['kernel-5.14.0-1.el9', 'kernel-5.14.0-2.el9', 'openssl']);
    const source = machine({ 'var/lib/rpm/rpmdb.sqlite': 'SQLite' }, { 'rpm --dbpath': printed });
    expect(await packages.read(source)).toMatchObject({ openssl: { version: '1:3.0.7-27.el9' } });
    await expect(packages.read(machine({ 'var/lib/rpm/rpmdb.sqlite': 'SQLite' }))).rejects.toThrow('no rpm to read it');
  });
});

describe('accounts', () => {
  it('are users without hashes, groups with sorted members, and passwords only as states', () => {
    expect(usersOf('root:x:0:0:root:/root:/bin/bash\nold:$1$abc$def:5:5:::/bin/sh\nopen::6:6:::\n+::::::\n')).toEqual({
      root: { uid: 0, gid: 0, gecos: 'root', home: '/root', shell: '/bin/bash' },
      old: { uid: 5, gid: 5, gecos: '', home: '', shell: '/bin/sh', passwordHashIn: 'etc/passwd' },
      open: { uid: 6, gid: 6, gecos: '', home: '', shell: '', password: 'none' },
    });
    expect(groupsOf('sudo:x:27:zoe,alice\nempty:x:9:\n')).toEqual({
      sudo: { gid: 27, members: ['alice', 'zoe'] },
      empty: { gid: 9, members: [] },
    });
    expect(passwordsOf('root:$y$j9T$salt$hash:20000:0:99999:7:::\nsvc:!:19000::90:::20089:\nopen::19000::::::\n')).toEqual({
      root: { state: 'set', changed: '2024-10-04' },
      svc: { state: 'locked', changed: '2022-01-08', maximumDays: 90, expires: '2025-01-01' },
      open: { state: 'none', changed: '2022-01-08' },
    });
  });

  it('may use sudo as the included files say, joined lines and uids too, skipped names not', async () => {
    const source = machine({
      'etc/sudoers':
        'Defaults env_reset\n# a comment\n#1000 ALL=(ALL) /bin/ls # why\n%sudo ALL=(ALL:ALL) \\\n  ALL\n@includedir /etc/sudoers.d\n#include sudoers\n',
      'etc/sudoers.d/deploy': 'deploy ALL=(root) NOPASSWD: /bin/systemctl restart app\n',
      'etc/sudoers.d/off.bak': 'mallory ALL=(ALL) ALL\n',
      'etc/sudoers.d/off~': 'mallory ALL=(ALL) ALL\n',
    });
    expect(await sudoers.read(source)).toEqual({
      'Defaults (etc/sudoers)': { who: 'Defaults', file: 'etc/sudoers', rules: ['env_reset'], noPassword: false, allCommands: false },
      '#1000 (etc/sudoers)': { who: '#1000', file: 'etc/sudoers', rules: ['ALL=(ALL) /bin/ls'], noPassword: false, allCommands: false },
      '%sudo (etc/sudoers)': { who: '%sudo', file: 'etc/sudoers', rules: ['ALL=(ALL:ALL) ALL'], noPassword: false, allCommands: true },
      'deploy (etc/sudoers.d/deploy)': {
        who: 'deploy',
        file: 'etc/sudoers.d/deploy',
        rules: ['ALL=(root) NOPASSWD: /bin/systemctl restart app'],
        noPassword: true,
        allCommands: false,
      },
    });
  });
});

describe('what runs', () => {
  it('by cron, with and without a user field', () => {
    expect(crontab('MAILTO=root\n*/5 *  * * * root  /usr/bin/a  --x\n@reboot bob b\n', 'etc/crontab')).toEqual([
      ['etc/crontab */5 * * * *', { file: 'etc/crontab', schedule: '*/5 * * * *', user: 'root', command: '/usr/bin/a  --x' }],
      ['etc/crontab @reboot', { file: 'etc/crontab', schedule: '@reboot', user: 'bob', command: 'b' }],
    ]);
    expect(crontab('0 3 * * * /bin/x y\n', 'var/spool/cron/crontabs/ann', 'ann')[0]?.[1]).toMatchObject({
      user: 'ann',
      command: '/bin/x y',
    });
  });

  it('by systemd: what stays up, failed, or should run and does not; no one-shots, no log-ins', async () => {
    const block = (id: string, type: string, active: string, sub: string, enabled = 'enabled') =>
      `Type=${type}\nId=${id}\nLoadState=loaded\nActiveState=${active}\nSubState=${sub}\nUnitFileState=${enabled}`;
    const printed = [
      block('nginx.service', 'notify', 'active', 'running'),
      block('loop.service', 'simple', 'activating', 'auto-restart'),
      block('slow.service', 'notify', 'activating', 'start'),
      block('down.service', 'simple', 'inactive', 'dead'),
      block('unwanted.service', 'simple', 'inactive', 'dead', 'disabled'),
      block('job.service', 'oneshot', 'active', 'exited'),
      block('badjob.service', 'oneshot', 'failed', 'failed', 'static'),
      block('user@1000.service', 'notify', 'active', 'running', 'static'),
      block('sshd@3-10.0.0.5:22-10.0.0.9:51234.service', 'simple', 'active', 'running', 'static'),
    ].join('\n\n');
    expect(servicesOf(printed)).toEqual({
      'nginx.service': { state: 'active', enabled: true },
      'loop.service': { state: 'restarting', enabled: true },
      'slow.service': { state: 'active', enabled: true },
      'down.service': { state: 'inactive', enabled: true },
      'badjob.service': { state: 'failed', enabled: false },
    });
    expect(await services.read(machine({}))).toBeUndefined();
    expect(await services.read(machine({ 'run/systemd/system/x': '' }, { 'systemctl show': printed }))).toHaveProperty(['nginx.service']);
  });

  it('at boot, as systemctl says or as the files tell', async () => {
    expect(listed('ssh.service enabled enabled\nrun-r1.service transient -\nsession-1.scope transient -\n-.mount generated -\n')).toEqual({
      'ssh.service': { state: 'enabled' },
      '-.mount': { state: 'generated' },
    });
    const root = makeRoot({
      'usr/lib/systemd/system/ssh.service': '[Install]\nWantedBy=multi-user.target\n',
      'usr/lib/systemd/system/off.service': '[Install]\nWantedBy=multi-user.target\n',
      'usr/lib/systemd/system/part.service': '[Service]\n',
      'usr/lib/systemd/system/gone.service': '[Install]\nWantedBy=x\n',
      'etc/systemd/system/multi-user.target.wants/placeholder': '',
    });
    symlinkSync('/usr/lib/systemd/system/ssh.service', join(root, 'etc/systemd/system/multi-user.target.wants/ssh.service'));
    symlinkSync('/usr/lib/systemd/system/ssh.service', join(root, 'etc/systemd/system/sshd.service'));
    symlinkSync('/dev/null', join(root, 'etc/systemd/system/gone.service'));
    const found = document(await snapshot({ root, facts: ['unit-files'] }), 'host.unit-file');
    expect(found).toEqual({
      'gone.service': { state: 'masked' },
      'sshd.service': { state: 'alias' },
      'off.service': { state: 'disabled' },
      'part.service': { state: 'static' },
      'ssh.service': { state: 'enabled' },
    });
    expect(unitFiles.kind).toBe('host.unit-file');
  });

  it('in the kernel, without sizes and use counts', () => {
    expect(modulesOf('xfs 2023424 3 - Live 0x0000000000000000\nnvidia 5 0 - Live 0x0 (POE)\n')).toEqual({
      xfs: { outOfTree: false, unsigned: false, forced: false },
      nvidia: { outOfTree: true, unsigned: true, forced: false },
    });
  });
});

describe('settings', () => {
  it('of the kernel: configured ones in their order beside those in effect', async () => {
    const source = machine({
      'etc/sysctl.d/10-a.conf': 'net.ipv4.ip_forward = 0\n-kernel.x=1\n# vm.y = 2\n',
      'usr/lib/sysctl.d/10-a.conf': 'vm.swappiness = 1\n',
      'usr/lib/sysctl.d/50-b.conf': 'net/ipv4/ip_forward = 1\nkernel.printk = 4\t4  1 7\nnet.ipv4.conf.eth0/100.rp_filter = 1\n',
      'proc/sys/net/ipv4/ip_forward': '0\n',
      'proc/sys/kernel/printk': '4\t4\t1\t7\n',
      'proc/sys/kernel/randomize_va_space': '2\n',
    });
    expect(await sysctl.read(source)).toEqual({
      'net.ipv4.ip_forward': { effective: '0', configured: '1', file: 'usr/lib/sysctl.d/50-b.conf', differs: true },
      'kernel.printk': { effective: '4 4 1 7', configured: '4 4 1 7', file: 'usr/lib/sysctl.d/50-b.conf', differs: false },
      'kernel.randomize_va_space': { effective: '2' },
      'kernel.x': { configured: '1', file: 'etc/sysctl.d/10-a.conf' },
      'net.ipv4.conf.eth0/100.rp_filter': { configured: '1', file: 'usr/lib/sysctl.d/50-b.conf' },
    });
    expect(assignments('; no\nnot an assignment\n')).toEqual([]);
  });

  it('of limits: limits.conf, and services whose limits in effect are others', async () => {
    const shown = 'Id=db.service\nMainPID=77\nLimitNOFILE=65536\nLimitNOFILESoft=65536\nLimitCORE=infinity\nLimitCORESoft=0';
    const inEffect =
      'Limit                     Soft Limit           Hard Limit           Units     \nMax open files            1024                 524288               files     \nMax core file size        0                    unlimited            bytes     \n';
    expect(differing(shown, inEffect)).toEqual([
      ['service db.service nofile', { configured: '65536:65536', effective: '1024:524288', differs: true }],
    ]);
    const source = machine(
      { 'etc/security/limits.conf': '# x\n* soft nofile 4096 # why\n', 'run/systemd/system/x': '', 'proc/77/limits': inEffect },
      { 'systemctl show': shown },
    );
    expect(Object.keys((await limits.read(source)) ?? {})).toEqual(['* soft nofile', 'service db.service nofile']);
  });

  it('of mounts: sorted options, octal escapes, nothing of log-ins and containers', async () => {
    const source = machine({
      'proc/self/mounts':
        '/dev/sda1 / ext4 rw,relatime 0 0\ndevtmpfs /dev devtmpfs rw,size=4k,mode=755 0 0\n/dev/sdb1 /mnt/my\\040disk xfs ro,noexec 0 0\ntmpfs /run/user/1000 tmpfs rw 0 0\noverlay /var/lib/docker/overlay2/x/merged overlay rw 0 0\n',
    });
    expect(await mounts.read(source)).toEqual({
      '/': { source: '/dev/sda1', type: 'ext4', options: ['relatime', 'rw'], readOnly: false },
      '/dev': { source: 'devtmpfs', type: 'devtmpfs', options: ['mode=755', 'rw'], readOnly: false },
      '/mnt/my disk': { source: '/dev/sdb1', type: 'xfs', options: ['noexec', 'ro'], readOnly: true },
    });
    expect(parseMounts('UUID=1 none swap sw 0 0\n')[0]).toMatchObject({ mountpoint: 'none', type: 'swap' });
  });

  it('of file systems in steps', () => {
    expect([0, 79.9, 80, 89, 90, 94.9, 95, 100].map((used) => stepOf(used, 100))).toEqual([0, 0, 80, 80, 90, 90, 95, 95]);
    expect(stepOf(0, 0)).toBe(0);
  });

  it('of the system itself', async () => {
    const source = machine({
      'usr/lib/os-release': 'NAME="Debian \\"x\\""\nID=debian\nHOME_URL="https://x"\n',
      'proc/sys/kernel/osrelease': '6.1.0\n',
      'run/reboot-required': '',
      'run/reboot-required.pkgs': 'linux\nlibc6\nlinux\n',
    });
    symlinkSync('../usr/lib/os-release', join(source.root, 'etc-release'));
    expect(await os.read(source)).toEqual({
      release: { name: 'Debian "x"', id: 'debian' },
      kernel: { release: '6.1.0', version: 'unknown' },
      rebootRequired: true,
      rebootRequiredBy: ['libc6', 'linux'],
    });
  });
});

describe('a root that is not this machine', () => {
  it('is read from its files only; what only a running machine tells is neither said nor a gap', async () => {
    const root = makeRoot({
      'etc/passwd': 'root:x:0:0:::\n',
      'etc/fstab': '/dev/sda1 / ext4 defaults 0 1\n',
      'var/lib/dpkg/status': 'Package: a\nStatus: install ok installed\nArchitecture: all\nVersion: 1\n',
    });
    symlinkSync('/etc/shadow', join(root, 'etc/shadow-link'));
    const found = await snapshot({ root, facts: true });
    expect(found.gaps).toEqual([]);
    const kinds = found.resources.map(({ ref }) => ref.kind);
    expect(kinds).toEqual(expect.arrayContaining(['host.package', 'host.user', 'host.mount', 'host.os', 'host.cron', 'host.limit']));
    for (const kind of ['host.socket', 'host.service', 'host.filesystem', 'host.kernel-module', 'host.password', 'host.sudoers']) {
      expect(kinds).not.toContain(kind);
      expect(found.complete.map((each) => each.kind)).not.toContain(kind);
    }
  });

  it('never answers with this machine’s files through its links', async () => {
    const root = makeRoot({ 'srv/users': 'inside:x:1:1:::\n', 'etc/x': '' });
    symlinkSync('/srv/users', join(root, 'etc/passwd'));
    symlinkSync('../../../../../../../../etc/group', join(root, 'etc/group'));
    const found = await snapshot({ root, facts: ['users', 'groups'] });
    expect(document(found, 'host.user')).toEqual({ inside: { uid: 1, gid: 1, gecos: '', home: '', shell: '' } });
    // etc/group leads to itself once `..` stops at the root.
    expect(found.gaps).toMatchObject([
      { kind: 'host.file-metadata', detail: 'etc/group: too many symbolic links' },
      { kind: 'host.group', reason: 'invalid', detail: 'etc/group: too many symbolic links' },
    ]);
  });

  it('has its packages from apk’s own database', async () => {
    const installed = [
      'C:Q1pSfk2B0OhE3Y6mBd1FnT8u3Yl6g=\nP:alpine-baselayout\nV:3.6.8-r1\nA:x86_64\nS:8915\nI:331776\nT:Alpine base dir structure\nL:GPL-2.0-only\no:alpine-baselayout\nt:1733150237\nc:66187892e05b03a41d08e9acabd19b7576a1c875\nD:alpine-baselayout-data=3.6.8-r1 /bin/sh\nF:dev\nF:etc\nR:motd\nZ:Q1SLkS9hBidUbPwwrw+XR0Whv3ww8=\n',
      'C:Q1u=\nP:busybox\nV:1.37.0-r12\nA:x86_64\np:cmd:busybox=1.37.0-r12\nF:bin\nR:busybox\na:0:0:755\n',
    ].join('\n');
    const found = await snapshot({ root: makeRoot({ 'etc/x': '', 'lib/apk/db/installed': installed }), facts: ['packages'] });
    expect(found.gaps).toEqual([]);
    expect(document(found, 'host.package')).toEqual({
      'alpine-baselayout': { version: '3.6.8-r1', architecture: 'x86_64', status: 'installed', manager: 'apk' },
      busybox: { version: '1.37.0-r12', architecture: 'x86_64', status: 'installed', manager: 'apk' },
    });
  });

  it('has a gap where there is an rpm database that nothing here can read', async () => {
    const found = await snapshot({
      root: makeRoot({ 'etc/x': '', 'usr/lib/sysimage/rpm/rpmdb.sqlite': 'no database' }),
      facts: ['packages'],
    });
    expect(ids(found, 'host.package')).toEqual([]);
    expect(found.gaps).toMatchObject([{ kind: 'host.package', reason: 'invalid', detail: expect.stringContaining('rpm') }]);
  });

  it('has a gap for the one fact that cannot be read', async () => {
    const root = makeRoot({ 'etc/passwd': 'root:x:0:0:::\n', 'etc/shadow': 'root:*:1::::::\n' });
    const found = await snapshot({ root, facts: ['users', 'passwords'] }, failing('openSync', join(root, 'etc/shadow'), 'EACCES'));
    expect(found.gaps.filter(({ kind }) => kind !== 'host.file')).toEqual([
      {
        scope: 'hosts/web01',
        kind: 'host.password',
        reason: 'denied',
        detail: 'etc/shadow: permission denied; run as root, or leave the fact out of facts',
      },
    ]);
    expect(document(found, 'host.user')).toHaveProperty('root');
  });
});

it('has each fact once', () => {
  expect(new Set(FACTS.map(({ name }) => name)).size).toBe(FACTS.length);
  expect(new Set(FACTS.map(({ kind }) => kind)).size).toBe(FACTS.length);
});
