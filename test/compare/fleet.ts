/** Twenty web servers as text, each with everything that is a host's own by nature; small differences are planted by the test. */
import { createHash } from 'node:crypto';
import type { Side } from '../../src/compare/documents.ts';
import type { Gap, Json, Ref } from '../../src/model.ts';

export interface Machine {
  readonly name: string;
  readonly files: Record<string, string>;
  readonly facts: Record<string, Record<string, Json>>;
}

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const uuid = (text: string) => hash(text).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
const mac = (text: string) => `52:54:00:${hash(text).slice(0, 6).match(/../g)?.join(':')}`;

export function machine(number: number): Machine {
  const name = `web${String(number).padStart(2, '0')}`;
  const [lan, backup] = [`10.0.1.${10 + number}`, `10.9.1.${10 + number}`];
  const root = uuid(`${name} root`);
  return {
    name,
    files: {
      'etc/hostname': `${name}\n`,
      'etc/mailname': `${name}.example.org\n`,
      'etc/hosts': `127.0.0.1 localhost\n127.0.1.1 ${name}.example.org ${name}\n${lan} ${name}.example.org ${name}\n10.0.1.2 db.example.org db\n`,
      'etc/machine-id': `${hash(`${name} machine`).slice(0, 32)}\n`,
      'etc/resolv.conf': 'nameserver 10.0.0.2\nsearch example.org\n',
      'etc/fstab': `UUID=${root} / ext4 defaults 0 1\nUUID=${uuid(`${name} swap`)} none swap sw 0 0\n`,
      'etc/network/interfaces': `auto eth0\niface eth0 inet static\n  address ${lan}\n  netmask 255.255.255.0\n  gateway 10.0.1.1\nauto eth1\niface eth1 inet static\n  address ${backup}/24\n`,
      'etc/udev/rules.d/70-persistent-net.rules': `SUBSYSTEM=="net", ATTR{address}=="${mac(name)}", NAME="eth0"\n`,
      'etc/netplan/50-cloud-init.yaml': `network:\n  ethernets:\n    eth0:\n      addresses: [${lan}/24]\n      match: {macaddress: "${mac(name)}"}\n      nameservers: {addresses: [10.0.0.2]}\n`,
      'etc/ssh/sshd_config': `Port 22\nListenAddress ${lan}\nPermitRootLogin no\n`,
      'etc/ssh/ssh_host_ed25519_key.pub': `ssh-ed25519 ${Buffer.from(hash(`${name} key`), 'hex').toString('base64')} root@${name}\n`,
      'etc/ssh/ssh_host_ed25519_key': `«redacted:hmac-sha256:${hash(`${name} private`).slice(0, 12)}»\n`,
      'etc/nginx/nginx.conf': `worker_processes 4;\nserver {\n  listen ${lan}:443;\n  server_name ${name}.example.org;\n}\n`,
      [`etc/nginx/sites/${name}.conf`]: `server_name ${name};\nproxy_bind ${backup};\n`,
      'etc/cron.d/popularity': `${number * 2} 4 * * * root test -x /usr/bin/report && report\n`,
      'etc/cluster.json': JSON.stringify({ members: ['web01', 'web02', 'web03'], self: name, listen: lan }),
      'etc/cloud/instance.cfg': `instance-id: i-0${hash(`${name} instance`).slice(0, 16)}\nlocal-hostname: ${name}.internal\n`,
      'root/.ssh/id_ed25519.pub': `ssh-ed25519 ${Buffer.from(hash(`${name} own`), 'hex').toString('base64')} root@${name}\n`,
      'root/.ssh/authorized_keys': `ssh-ed25519 AAAAC3 ops@bastion\n`,
      'etc/shadow': `root:«redacted:hmac-sha256:${hash(`${name} salt`).slice(0, 12)}»:${19000 + number}:0:99999:7:::\n`,
      'etc/lvm/devices': `VGID=${hash(name).replace(/^(.{6})(.{4})(.{4})(.{4})(.{4})(.{4})(.{6}).*$/, '$1-$2-$3-$4-$5-$6-$7')}\n`,
      'var/lib/dhcp/dhclient.eth0.leases': `lease { fixed-address ${lan}; renew 3 2026/11/${number}; }\n`,
      ...(number % 2 === 0 ? { 'etc/passwd-': 'old\n', 'etc/nginx/nginx.conf.bak-2026-01-01': 'old\n', 'etc/default/x.dpkg-old': '' } : {}),
      'etc/sysctl.d/local.conf': 'net.core.somaxconn = 1024\n',
      'etc/cron.d/backup': `10 3 * * * root backup --from ${name} --to backup.example.org\n`,
    },
    facts: {
      'host.package': { nginx: { version: '1.22.1-9' }, openssl: { version: '3.0.15-1' } },
      'host.user': { root: { uid: 0, shell: '/bin/bash' }, deploy: { uid: 1000, shell: '/bin/bash' } },
      'host.password': { root: { changed: `2025-0${1 + (number % 9)}-01`, state: 'locked' } },
      'host.socket': {
        [`tcp ${lan}:443`]: { address: lan, port: 443, protocol: 'tcp', program: 'nginx' },
        'tcp 127.0.0.1:25': { address: '127.0.0.1', port: 25, protocol: 'tcp', program: 'master' },
      },
      'host.cron': {
        [`etc/cron.d/popularity ${number * 2} 4 * * *`]: {
          file: 'etc/cron.d/popularity',
          schedule: `${number * 2} 4 * * *`,
          user: 'root',
          command: 'report',
        },
      },
      'host.file-metadata': {
        'etc/cron.d/backup': { mode: '0644' },
        ...(number % 2 === 0 ? { 'etc/passwd-': { mode: '0600' } } : {}),
      },
      'host.mount': { '/': { source: `/dev/disk/by-uuid/${root}`, type: 'ext4', readOnly: false } },
      'host.os': { kernelCommandLine: `root=UUID=${root} ro quiet`, release: '12.7' },
      'host.filesystem': { '/': { full: number % 3 === 0 ? 80 : 0, inodesFull: 0, type: 'ext4' } },
    },
  };
}

export function sideOf(one: Machine, gaps: readonly Gap[] = []): Side {
  return {
    name: one.name,
    scope: `hosts/${one.name}`,
    at: undefined,
    time: '2026-11-20T10:00:00Z',
    documents: documentsOf(one),
    gaps,
  };
}

export function documentsOf({ name, files, facts }: Machine): { ref: Ref; path: string; config: Json }[] {
  const scope = `hosts/${name}`;
  return [
    ...Object.entries(files).map(([id, config]) => ({ ref: { scope, kind: 'host.file', id }, path: `${scope}/files/${id}`, config })),
    ...Object.entries(facts).map(([kind, config]) => ({ ref: { scope, kind, id: 'all' }, path: `${scope}/${kind}`, config })),
  ];
}
