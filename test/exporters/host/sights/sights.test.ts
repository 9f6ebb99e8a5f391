/** Who else there is: what ssh, DHCP, the network and an inventory mention, and honest words where a name is hashed. */
import { createHmac } from 'node:crypto';
import { describe, expect, it, test } from 'vitest';
import { fill, folder } from '../../../folder.ts';
import { cli } from '../../../cli/run.ts';
import { knownHosts } from '../../../../exporters/host/sights/known-hosts.ts';
import { dhcpdLeases, dnsmasqLeases, hostsFile, neighbours } from '../../../../exporters/host/sights/tables.ts';
import { nodeSights } from '../../../../exporters/kubernetes/sights.ts';

const KEY = 'AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl';
const salt = Buffer.from('0123456789abcdefghij');
const hashed = (name: string) => `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
const short = (sights: readonly { id: string; aliases: readonly string[] }[]) => sights.map(({ id, aliases }) => [id, ...aliases]);

describe('known_hosts', () => {
  it('names a machine once, by its name rather than its address', () => {
    const text = `10.0.0.5,db1.example.org ssh-ed25519 ${KEY}\n[db1.example.org]:2222 ssh-rsa AAAAB3Nz3aaa\n# a comment\n@cert-authority *.example.org ssh-ed25519 ${KEY}\n*.lan ssh-rsa AAAA\n`;
    expect(short(knownHosts(text))).toEqual([
      ['db1.example.org', '10.0.0.5', expect.stringMatching(/^SHA256:/), expect.stringMatching(/^SHA256:/)],
    ]);
  });

  it('a hashed name can be tested and not told', () => {
    const [sight] = knownHosts(`${hashed('web01')} ssh-ed25519 ${KEY}`);
    expect([sight?.matches?.('web01'), sight?.matches?.('web02'), sight?.id]).toEqual([
      true,
      false,
      expect.stringMatching(/^line 1, ssh-ed25519 SHA256:/),
    ]);
  });
});

test('neighbours, leases and /etc/hosts: what answered and is somebody', () => {
  const arp =
    'IP address HW type Flags HW address Mask Device\n10.0.0.7 0x1 0x2 52:54:00:aa:bb:cc * eth0\n10.0.0.8 0x1 0x0 00:00:00:00:00:00 * eth0\n';
  expect(short(neighbours(arp))).toEqual([['10.0.0.7', '52:54:00:aa:bb:cc']]);
  expect(
    short(dnsmasqLeases('1763731200 52:54:00:00:00:01 10.0.0.9 printer *\n1763731200 52:54:00:00:00:02 10.0.0.10 * *\nduid 00:01\n')),
  ).toEqual([
    ['printer', '10.0.0.9', '52:54:00:00:00:01'],
    ['10.0.0.10', '52:54:00:00:00:02'],
  ]);
  const lease = (state: string) =>
    `lease 10.0.0.20 {\n  binding state ${state};\n  hardware ethernet 52:54:00:00:00:03;\n  client-hostname "build7";\n}\n`;
  expect(short(dhcpdLeases(lease('active')))).toEqual([['build7', '10.0.0.20', '52:54:00:00:00:03']]);
  expect(dhcpdLeases(lease('active') + lease('free'))).toEqual([]);
  expect(
    short(hostsFile('127.0.0.1 localhost\n::1 ip6-localhost ip6-loopback\n10.0.0.3 db db.example.org # ours\nff02::1 ip6-allnodes\n')),
  ).toEqual([['db', 'db.example.org', '10.0.0.3']]);
});

test('a node is known by its name, its address and the id that the cloud gave', () => {
  const node = {
    metadata: { name: 'node-3', annotations: { 'projectcalico.org/IPv4Address': '10.0.3.3/24' } },
    spec: { providerID: 'aws:///eu-west-1a/i-0abc' },
  };
  expect(short(nodeSights(node))).toEqual([['node-3', '10.0.3.3', 'i-0abc']]);
});

test('coverage tells of servers without a snapshot, and of none that has one under another name', async () => {
  const dir = folder();
  await cli(['init', dir]);
  fill(dir, {
    'web01/etc/hostname': 'web01\n',
    'web01/etc/hosts': '10.0.0.11 web01.example.org web01\n10.0.0.12 web02.example.org web02\n',
    'web01/etc/network/interfaces': 'iface eth0 inet static\n  address 10.0.0.11/24\n',
    'web01/etc/ssh/ssh_host_ed25519_key.pub': `ssh-ed25519 ${KEY} root@web01\n`,
    known_hosts: `www.example.org ssh-ed25519 ${KEY}\n10.0.0.11 ssh-rsa AAAAB3Nz3aaa\n10.0.0.40,db1 ssh-rsa AAAAB3Nz4aaa\n${hashed('secret')} ssh-rsa AAAAB3Nz5aaa\n${hashed('web01')} ssh-rsa AAAAB3Nz6aaa\ngithub.com ssh-rsa AAAAB3Nz7aaa\n`,
    'inventory.ini': '[db]\ndb1\ndb2 ansible_host=10.0.0.41\n',
    'drifttrail.yaml': [
      'exporters:',
      '  - { use: host, name: web01, root: ./web01, facts: [ssh-host-keys] }',
      '  - { use: host, files: [], facts: false, name: here, known: { files: [known_hosts, inventory.ini, missing_known_hosts], except: [github.com] } }',
      '',
    ].join('\n'),
  });
  await cli(['--dir', dir, 'snapshot']);
  const { stdout, stderr } = await cli(['--dir', dir, 'coverage', '--json']);
  expect(stderr).toBe('');
  const found = (JSON.parse(stdout) as { unwatched: { title: string; id: string; scope: string | null }[] }).unwatched;
  expect(found.map(({ title, id, scope }) => [title, id.replace(/^\/.*\//, ''), scope])).toEqual([
    ['server', 'web02.example.org', 'hosts/web01'],
    ['server', 'db1', null],
    ['server of a hashed name', expect.stringMatching(/^line 4, ssh-rsa/), null],
    ['server', 'db2', null],
    ['whoever stands in', 'missing_known_hosts', null],
  ]);
  const { stdout: text } = await cli(['--dir', dir, 'coverage']);
  expect(text).toContain('server db1 (10.0.0.40');
  expect(text).toContain('ssh-keygen -F <name>');
});
