/** Facts about the health of a machine, from what such machines really print; where a number moves by itself, a step. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { authorizedKeys } from '../../../exporters/host/facts/authorized-keys.ts';
import { certificateIn, certificates, leftUntil } from '../../../exporters/host/facts/certificates.ts';
import { chainsOfNft, chainsOfSave, firewall } from '../../../exporters/host/facts/firewall.ts';
import { publicKey } from '../../../exporters/host/facts/openssh-keys.ts';
import { newerKernel } from '../../../exporters/host/facts/os.ts';
import { arraysOf } from '../../../exporters/host/facts/raid.ts';
import { resolverOf } from '../../../exporters/host/facts/resolver.ts';
import { routes } from '../../../exporters/host/facts/routes.ts';
import { clockOf, time } from '../../../exporters/host/facts/time.ts';
import { undoFacts } from '../../../exporters/host/undo.ts';
import { machine } from './help.ts';

const WEB = new URL('../../fixtures/host/web/calls/', import.meta.url);
const fixture = (path: string) => readFileSync(new URL(path, WEB), 'utf8');

describe('keys', () => {
  it('are told as ssh-keygen -l does, with what binds them', () => {
    const lines = fixture('home/alice/.ssh/authorized_keys').split('\n');
    expect(lines.map(publicKey)).toEqual([
      undefined,
      { type: 'ssh-ed25519', fingerprint: 'SHA256:IhMpT/pc4G2dNJB79d7hi9USJseqYtdSoMkUQ4CNbpE', comment: 'deploy@build', options: '' },
      {
        type: 'ssh-rsa',
        fingerprint: 'SHA256:ZlfXaOMNhd25q+5QKewmQsK7lWMH7TYhM/0RYeO4+Uc',
        comment: 'old laptop',
        options: 'restrict,command="/bin/backup --to \\"x y\\""',
      },
      undefined,
    ]);
  });

  it('stand where sshd looks for them', async () => {
    const key = `ssh-ed25519 ${'A'.repeat(68)} me\n`;
    const source = machine({
      'etc/passwd': 'root:x:0:0::/root:/bin/sh\nbob:x:1:1::/home/bob:/bin/sh\nsys:x:2:2::/:/bin/false\n',
      'etc/ssh/sshd_config.d/10-x.conf': 'authorizedkeysfile /etc/ssh/keys/%u .ssh/keys\n',
      'etc/ssh/sshd_config': 'AuthorizedKeysFile none\n',
      'etc/ssh/keys/root': key,
      'home/bob/.ssh/keys': `from="10.0.0.0/8" ${key}`,
      'root/.ssh/authorized_keys': key,
    });
    const found = await authorizedKeys.read(source);
    expect(Object.values(found ?? {})).toMatchObject([
      { user: 'root', file: 'etc/ssh/keys/root' },
      { user: 'bob', file: 'home/bob/.ssh/keys', options: 'from="10.0.0.0/8"' },
    ]);
  });
});

describe('certificates', () => {
  it('are the first of each file, their time left in steps', async () => {
    const pem = fixture('etc/nginx/ssl/www.pem');
    const found = certificateIn(`key\n${pem}${pem}`, 'etc/nginx/ssl/www.pem', new Date('2020-12-28T00:00:00Z'));
    expect(found).toEqual([
      [
        'etc/nginx/ssl/www.pem',
        {
          subject: 'CN=www.example.com',
          issuer: 'CN=www.example.com',
          names: ['DNS:example.com', 'DNS:www.example.com'],
          until: '2021-01-01',
          left: 'less than 7 days',
          fingerprint: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
        },
      ],
    ]);
    const broken = pem.replace(/M/g, 'A');
    const source = machine({
      'etc/ssl/a.pem': pem,
      'etc/ssl/b.crt': '\0binary',
      'etc/ssl/c.crt': broken,
      'etc/letsencrypt/live/x/cert.pem': pem,
    });
    expect(await certificates.read(source)).toEqual({
      'etc/ssl/a.pem': expect.objectContaining({ left: 'expired' }),
      'etc/ssl/c.crt': { unreadable: true },
      'etc/letsencrypt/live/x/cert.pem': expect.objectContaining({ left: 'expired' }),
    });
  });

  it('change at most three times as time passes', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true }), (until) => {
        const days = Array.from({ length: 60 }, (_, day) => leftUntil(until, new Date(until.getTime() + (day - 50) * 86_400_000)));
        expect([...new Set(days)]).toEqual(['enough', 'less than 30 days', 'less than 7 days', 'expired']);
        expect(days.filter((step, index) => index > 0 && step !== days[index - 1])).toHaveLength(3);
      }),
      { numRuns: 20 },
    );
  });
});

describe('the packet filter', () => {
  const nft = (packets: number) =>
    JSON.stringify({
      nftables: [
        { metainfo: { version: '1.0.6' } },
        { table: { family: 'inet', name: 'filter', handle: 1 } },
        { chain: { family: 'inet', table: 'filter', name: 'input', handle: 1, type: 'filter', hook: 'input', prio: 0, policy: 'drop' } },
        { chain: { family: 'ip', table: 'nat', name: 'DOCKER', handle: 4 } },
        {
          rule: {
            family: 'inet',
            table: 'filter',
            chain: 'input',
            handle: 7,
            comment: 'ssh',
            expr: [{ match: { op: '==', right: 22 } }, { counter: { packets, bytes: 9 } }, { accept: null }],
          },
        },
        { rule: { family: 'ip', table: 'nat', chain: 'DOCKER', handle: 9, expr: [{ accept: null }] } },
      ],
    });

  it('is chains with their rules, without counters and what containers make', async () => {
    const found = chainsOfNft(nft(3));
    expect(found).toEqual({
      'inet filter input': {
        type: 'filter',
        hook: 'input',
        priority: 0,
        policy: 'drop',
        rules: ['{"comment":"ssh","expr":[{"match":{"op":"==","right":22}},{"counter":null},{"accept":null}]}'],
      },
    });
    expect(chainsOfNft(nft(4000))).toEqual(found);
    expect(() => chainsOfNft('{')).toThrow('printed no JSON');
    expect(await firewall.read(machine({}, { 'nft -j': nft(1) }))).toEqual(found);
  });

  it('is iptables where there is no nft, both families, or nothing at all', async () => {
    const saved = (count: number) =>
      `# Generated by iptables-save\n*filter\n:INPUT DROP [${count}:840]\n:f2b-sshd - [0:0]\n:mine - [0:0]\n[${count}:1] -A INPUT -i lo -j ACCEPT\n-A INPUT -j mine\n-A f2b-sshd -s 192.0.2.1/32 -j REJECT\nCOMMIT\n`;
    expect(Object.fromEntries(chainsOfSave(saved(1), 'ip'))).toEqual({
      'ip filter INPUT': { policy: 'drop', rules: ['-i lo -j ACCEPT', '-j mine'] },
      'ip filter mine': { rules: [] },
    });
    const both = await firewall.read(machine({}, { 'iptables-save': saved(1), 'ip6tables-save': saved(2) }));
    expect(Object.keys(both ?? {})).toEqual(['ip filter INPUT', 'ip filter mine', 'ip6 filter INPUT', 'ip6 filter mine']);
    expect(await firewall.read(machine({}))).toBeUndefined();
  });
});

it('routes are those of the machine’s own interfaces, and come back by their undo', async () => {
  const four = [
    'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT',
    'eth0\t00000000\t0100000A\t0003\t0\t0\t100\t00000000\t0\t0\t0',
    'eth0\t0000000A\t00000000\t0001\t0\t0\t100\t0000FFFF\t0\t0\t0',
    'docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0',
  ].join('\n');
  const zero = '0'.repeat(32);
  const six = [
    `${zero} 00 ${zero} 00 fe800000000000000000000000000001 00000400 00000001 00000000 00450003     eth0`,
    `20010db8000000000000000000000000 40 ${zero} 00 ${zero} 00000100 00000001 00000000 00000001     eth0`,
    `20010db8000000010000000000000000 40 ${zero} 00 ${zero} 00000100 00000001 00000000 00040001     eth0`,
    `fe800000000000000000000000000000 40 ${zero} 00 ${zero} 00000100 00000001 00000000 00000001     eth0`,
    `${zero.slice(1)}1 80 ${zero} 00 ${zero} 00000000 00000003 00000000 80200001       lo`,
  ].join('\n');
  const found = await routes.read(machine({ 'proc/net/route': four, 'proc/net/ipv6_route': six }));
  expect(found).toEqual({
    'default dev eth0': { to: 'default', gateway: '10.0.0.1', device: 'eth0', metric: 100, family: 4 },
    '10.0.0.0/16 dev eth0': { to: '10.0.0.0/16', device: 'eth0', metric: 100, family: 4 },
    'default (IPv6) dev eth0': { to: 'default', gateway: 'fe80::1', device: 'eth0', metric: 1024, family: 6 },
    '2001:db8::/64 dev eth0': { to: '2001:db8::/64', device: 'eth0', metric: 256, family: 6 },
  });
  const ref = { scope: 'hosts/web01', kind: 'host.route', id: 'route' };
  const { 'default dev eth0': before = null, ...rest } = found ?? {};
  const undo = undoFacts['host.route']?.(
    { type: 'modified', ref, path: 'x', edits: [{ path: '/default dev eth0', before, after: null }], before: found ?? null, after: rest },
    { before: () => undefined },
  );
  expect(undo).toEqual(['ip route replace default via 10.0.0.1 dev eth0 metric 100']);
});

it('name servers, arrays, clock and kernel are what decides, without what moves', async () => {
  expect(resolverOf('; no\ndomain a\nsearch b .\nsearch c d\nnameserver 10.0.0.2\nnameserver ::1\noptions trust-ad edns0\n')).toEqual({
    nameservers: ['10.0.0.2', '::1'],
    search: ['c', 'd'],
    options: ['edns0', 'trust-ad'],
  });
  const mdstat =
    'Personalities : [raid1]\nmd1 : inactive sdc1[0](S)\n      1048 blocks\n\nmd0 : active raid1 sdb1[1](F) sda1[0]\n      1046528 blocks super 1.2 [2/1] [U_]\n      [==>......]  recovery = 12.6% (37043392/292945152) finish=127.5min\n\nunused devices: <none>\n';
  expect(arraysOf(mdstat)).toEqual({
    md1: { state: 'inactive', level: 'none', devices: ['sdc1'], failed: [], degraded: false },
    md0: { state: 'active', level: 'raid1', devices: ['sda1', 'sdb1'], failed: ['sdb1'], degraded: true },
  });
  expect(arraysOf('Personalities : \nunused devices: <none>\n')).toEqual({});
  const shown = 'LocalRTC=no\nCanNTP=yes\nNTP=yes\nNTPSynchronized=no\n';
  expect(clockOf(shown)).toEqual({ service: true, synchronized: false, localTimeInHardwareClock: false });
  expect(await time.read(machine({ 'run/systemd/system/x': '' }, { 'timedatectl show': shown }))).toEqual(clockOf(shown));
  expect(await time.read(machine({}))).toBeUndefined();
  const installed = ['6.1.0-9-amd64', '6.1.0-31-amd64', '6.12.1-1-cloud-amd64'];
  expect(newerKernel('6.1.0-9-amd64', installed)).toBe('6.1.0-31-amd64');
  expect(newerKernel('6.1.0-31-amd64', installed)).toBeUndefined();
  expect(newerKernel('5.10.0', installed)).toBeUndefined();
});
