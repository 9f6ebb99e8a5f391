/** Twenty machines made from one real Debian root, each with all that is its own, and twelve differences: exactly these are told. */
import { execFileSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { appendFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { cli } from '../cli/run.ts';
import { fill } from '../folder.ts';

const COUNT = 20;
const parent = mkdtempSync(join(tmpdir(), 'drifttrail-roots-'));
afterAll(() => rmSync(parent, { recursive: true, force: true, maxRetries: 5 }));
const name = (number: number) => `web${String(number).padStart(2, '0')}`;
const rootOf = (number: number) => join(parent, name(number));
const mac = () => `52:54:00:${(randomBytes(3).toString('hex').match(/../g) ?? []).join(':')}`;

/** What an installer, cloud-init, a DHCP client, a package's script and an administrator leave on each machine. */
function personalise(number: number): void {
  const [root, host] = [rootOf(number), name(number)];
  const full = `${host}.example.org`;
  const [lan, backup] = [`10.20.1.${10 + number}`, `10.99.1.${10 + number}`];
  const [disk, swap, luks] = [randomUUID(), randomUUID(), randomUUID()];
  const minute = () => Math.floor(Math.random() * 60);
  rmSync(join(root, 'etc/hostname'), { force: true }); // in a container they are links or mounts
  rmSync(join(root, 'etc/resolv.conf'), { force: true });
  fill(root, {
    'etc/hostname': `${host}\n`,
    'etc/mailname': `${full}\n`,
    'etc/machine-id': `${randomBytes(16).toString('hex')}\n`,
    'etc/hosts': `127.0.0.1 localhost\n127.0.1.1 ${full} ${host}\n${lan} ${full} ${host}\n10.20.1.2 db.example.org db\n10.20.1.11 web01\n10.20.1.12 web02\n`,
    'etc/resolv.conf': 'search example.org\nnameserver 10.20.0.2\n',
    'etc/fstab': `UUID=${disk} / ext4 errors=remount-ro 0 1\nUUID=${swap} none swap sw 0 0\n/dev/disk/by-id/dm-uuid-LVM-x /srv ext4 defaults 0 2\n`,
    'etc/crypttab': `data UUID=${luks} none luks\n`,
    'etc/network/interfaces': `auto eth0\niface eth0 inet static\n  address ${lan}/24\n  gateway 10.20.1.1\nauto eth1\niface eth1 inet static\n  address ${backup}/24\n`,
    'etc/udev/rules.d/70-persistent-net.rules': `SUBSYSTEM=="net", ATTR{address}=="${mac()}", NAME="eth0"\nSUBSYSTEM=="net", ATTR{address}=="${mac()}", NAME="eth1"\n`,
    'etc/netplan/50-cloud-init.yaml': `network:\n  ethernets:\n    eth0:\n      addresses: [${lan}/24]\n      match: {macaddress: "${mac()}"}\n`,
    'etc/cloud/cloud.cfg.d/90_instance.cfg': `instance-id: i-0${randomBytes(8).toString('hex')}\nlocal-hostname: ${host}.eu-west-1.internal\n`,
    'etc/default/grub': `GRUB_CMDLINE_LINUX="root=UUID=${disk} quiet"\n`,
    'etc/initramfs-tools/conf.d/resume': `RESUME=UUID=${swap}\n`,
    'etc/popularity-contest.conf': `PARTICIPATE="no"\nMY_HOSTID="${randomBytes(16).toString('hex')}"\n`,
    'etc/cron.d/popularity-contest': `${minute()} 4 * * * root test -x /etc/cron.daily/popularity-contest\n`,
    'etc/cron.d/backup': `${minute()} 3 * * * root backup --from ${full} --to backup.example.org\n`,
    'etc/iscsi/initiatorname.iscsi': `InitiatorName=iqn.1993-08.org.debian:01:${randomBytes(6).toString('hex')}\n`,
    'etc/postfix/main.cf': `myhostname = ${full}\nmydestination = $myhostname, ${host}, localhost\ninet_interfaces = 127.0.0.1, ${lan}\n`,
    'etc/ssh/sshd_config': `Port 22\nListenAddress ${lan}\nPermitRootLogin no\n`,
    'etc/app/cluster.json': JSON.stringify({
      self: host,
      listen: `${lan}:7000`,
      members: ['web01', 'web02', 'web03'],
      log: { level: 'warn' },
    }),
    'etc/app/limits.yaml': 'pool:\n  size: 20\n  idle: 5\n',
    'etc/sysctl.d/60-local.conf': 'net.core.somaxconn = 1024\n',
    'root/.ssh/authorized_keys': `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl ops@bastion\n`,
    'var/lib/dhcp/dhclient.eth0.leases': `lease {\n  fixed-address ${lan};\n  renew 3 2026/11/18 0${number % 10}:11:12;\n}\n`,
    'etc/shadow': `root:$6$${randomBytes(6).toString('hex')}$${randomBytes(43).toString('hex')}:${19_000 + number}:0:99999:7:::\ndeploy:!:${19_100 + number}:0:99999:7:::\n`,
    'etc/passwd': 'root:x:0:0:root:/root:/bin/bash\ndeploy:x:1000:1000:,,,:/home/deploy:/bin/bash\n',
    'etc/group': 'root:x:0:\ndeploy:x:1000:\n',
  });
  if (number % 3 === 0)
    fill(root, {
      'etc/passwd-': 'root:x:0:0\n',
      'etc/app/limits.yaml.bak': 'old\n',
      'etc/ssh/sshd_config.dpkg-old': 'Port 23\n',
      'etc/motd~': '',
    });
  const ssh = join(root, 'etc/ssh');
  for (const type of ['ed25519', 'ecdsa', 'rsa']) rmSync(join(ssh, `ssh_host_${type}_key`), { force: true });
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', `root@${host}`, '-f', join(ssh, 'ssh_host_ed25519_key')]);
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', `root@${host}`, '-f', join(root, 'root/.ssh/id_ed25519')]);
  mkdirSync(join(root, 'etc/ssl/private'), { recursive: true });
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ed25519',
      '-nodes',
      '-days',
      String(300 + number),
      '-subj',
      `/O=Example/CN=${full}`,
      '-addext',
      `subjectAltName=DNS:${full},DNS:${host}`,
      '-addext',
      'basicConstraints=CA:FALSE',
      '-keyout',
      join(root, 'etc/ssl/private/app.key'),
      '-out',
      join(root, 'etc/ssl/certs/app.pem'),
    ],
    { stdio: 'ignore' },
  );
  reorder(join(root, 'var/lib/dpkg/status'), number);
}

/** dpkg's list, from another package on. */
function reorder(file: string, number: number): void {
  const packages = readFileSync(file, 'utf8').trimEnd().split('\n\n');
  writeFileSync(file, `${[...packages.slice(number * 3), ...packages.slice(0, number * 3)].join('\n\n')}\n`);
}

function replace(number: number, file: string, from: string | RegExp, to: string): void {
  const path = join(rootOf(number), file);
  const before = readFileSync(path, 'utf8');
  const after = before.replace(from, to);
  if (after === before) throw new Error(`${file} has no ${from}`);
  writeFileSync(path, after);
}

const PLANTED: readonly (readonly [() => void, string])[] = [
  [() => replace(3, 'etc/ssh/sshd_config', 'RootLogin no', 'RootLogin yes'), 'host.file etc/ssh/sshd_config /lines/3 web03'],
  [() => replace(4, 'etc/resolv.conf', '10.20.0.2', '10.20.0.3'), 'host.file etc/resolv.conf /lines/2 web04'],
  [() => replace(5, 'etc/app/limits.yaml', 'size: 20', 'size: 200'), 'host.file etc/app/limits.yaml /pool/size web05'],
  [() => replace(6, 'etc/hosts', '10.20.1.2 db', '10.20.1.3 db'), 'host.file etc/hosts /lines/4 web06'],
  [
    () => replace(7, 'etc/network/interfaces', 'gateway 10.20.1.1', 'gateway 10.20.1.254'),
    'host.file etc/network/interfaces /lines/4 web07',
  ],
  [() => replace(8, 'etc/fstab', 'remount-ro', 'continue'), 'host.file etc/fstab /lines/1 web08'],
  [() => replace(9, 'etc/cron.d/backup', ' 3 * * *', ' 5 * * *'), 'host.file etc/cron.d/backup /lines/1 web09'],
  [() => replace(10, 'etc/app/cluster.json', '"warn"', '"debug"'), 'host.file etc/app/cluster.json /log/level web10'],
  [
    () => replace(11, 'var/lib/dpkg/status', /(?<=^Package: adduser\n(?:.+\n)*?Version: ).+/m, '9.9'),
    'host.package package /adduser/version web11',
  ],
  [
    () => appendFileSync(join(rootOf(12), 'etc/sysctl.d/60-local.conf'), 'net.ipv4.ip_forward = 1\n'),
    'host.file etc/sysctl.d/60-local.conf /lines/2 web12',
  ],
  [() => replace(13, 'etc/postfix/main.cf', '127.0.0.1, ', ''), 'host.file etc/postfix/main.cf /lines/3 web13'],
  [() => rmSync(join(rootOf(14), 'etc/crypttab')), 'host.file etc/crypttab  web14'],
];

test('of all natural differences none is told, of twelve planted ones each', async () => {
  for (let number = 1; number <= COUNT; number++) {
    mkdirSync(join(rootOf(number), 'var/lib/dpkg'), { recursive: true });
    cpSync('/etc', join(rootOf(number), 'etc'), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (from) => existsSync(from) && !/^\/etc\/(\.git|\.etckeeper|cron\.d\/|ssl\/private)/.test(from),
    });
    cpSync('/var/lib/dpkg/status', join(rootOf(number), 'var/lib/dpkg/status'));
    personalise(number);
  }
  for (const [plant] of PLANTED) plant();
  const dir = join(parent, 'ops');
  expect((await cli(['init', dir])).code).toBe(0);
  const hosts = Array.from(
    { length: COUNT },
    (_, index) =>
      `  - { use: host, name: ${name(index + 1)}, root: ${rootOf(index + 1)}, files: [etc, root/.ssh, var/lib/dhcp], facts: [packages, certificates, ssh-host-keys, os, passwords, resolver] }`,
  );
  writeFileSync(join(dir, 'drifttrail.yaml'), `exporters:\n${hosts.join('\n')}\n`);
  const taken = await cli(['--dir', dir, 'snapshot'], { timeout: 120_000 });
  expect([0, 3], taken.stderr).toContain(taken.code);
  const { stdout, stderr } = await cli(['--dir', dir, 'compare', 'web*', '--json'], { timeout: 120_000 });
  expect(stderr).toBe('');
  const found = JSON.parse(stdout) as {
    compared: number;
    factoredOut: number;
    differences: { resource: { kind: string; id: string }; edits: { path: string; outliers: string[] }[] }[];
  };
  const told = found.differences.flatMap(({ resource: { kind, id }, edits }) =>
    edits.map(({ path, outliers }) => `${kind} ${id} ${path} ${outliers.join(' ')}`),
  );
  expect([...told].sort()).toEqual(PLANTED.map(([, line]) => line).sort());
  process.stderr.write(`twenty roots: ${found.compared} resources, ${found.factoredOut} factored out, ${told.length} places told\n`);
  expect(found.factoredOut).toBeGreaterThan(20);
}, 240_000);
