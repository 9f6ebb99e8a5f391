/** Four real hosts over real ssh: the same bytes as from the host itself, and what befalls one stays with that one. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import exporter from '../../exporters/host/index.ts';
import { collect } from '../../src/collect/collect.ts';
import type { Snapshot } from '../../src/model.ts';
import { realSurroundings } from '../../src/surroundings.ts';
import { told } from '../exporters/host/remote/told.ts';
import { cannotHaveFleet, type Fleet, type FleetHost, keyOf, startFleet } from './hosts.ts';

const PORT = 2277;
const hindrance = cannotHaveFleet();
if (hindrance !== undefined) process.stderr.write(`fleet: ${hindrance}; its tests are left out\n`);

const PROCESSES = 'set -- /proc/[0-9]*; echo $#';

const PREPARE = {
  web01: `ln -s 'no
where' "/etc/it's
here"; printf 'a\\0b' >/etc/binary; truncate -s 1G /etc/sparse; mkfifo /etc/fifo; mkdir -m 700 /etc/closed; echo s >/etc/closed/in
printf x >"$(printf '/etc/bad-\\377')"`,
  web02: `useradd -m -s /bin/bash -p '*' ops; printf 'echo Welcome to "$(hostname)"; printf "\\\\0z"\\n' >/home/ops/.bashrc
echo 'ops ALL=(root) NOPASSWD: /bin/sh -s' >/etc/sudoers.d/ops; mkdir -m 700 /etc/closed; echo s >/etc/closed/in; chmod 600 /etc/fstab`,
  web03: `mkdir -p /bb/bin /bb/etc /bb/proc; cp "$(command -v busybox)" /bb/bin/busybox; chroot /bb /bin/busybox --install -s /bin
mount -t proc proc /bb/proc; mkdir /bb/dev; mount --bind /dev /bb/dev; cp -a /etc/passwd /etc/group /etc/cron.d /etc/hostname /etc/machine-id /bb/etc; truncate -s 3M /bb/etc/large
printf 'ForceCommand exec chroot /bb /bin/sh -c "\${SSH_ORIGINAL_COMMAND}"\\n' >>/run/sshd_config`,
};

describe.skipIf(hindrance !== undefined)('a fleet', () => {
  let fleet: Fleet;
  let idle: string;
  beforeAll(async () => {
    fleet = await startFleet(['web01', 'web02', 'web03', 'web04'], PORT, PREPARE);
    idle = at(0).inside(PROCESSES).trim();
  }, 40_000);
  afterAll(() => fleet?.stop());

  const at = (index: number): FleetHost => {
    const host = fleet.hosts[index];
    if (host === undefined) throw new Error(`no host ${index}`);
    return host;
  };
  const login = ({ name, address, port }: FleetHost, more: object = {}) => ({
    name,
    address,
    port,
    user: 'root',
    identity: fleet.identity,
    ...more,
  });
  async function over(hosts: readonly object[], more: object = {}, knownHosts = fleet.knownHosts): Promise<Snapshot> {
    const options = exporter.options.parse({ hosts, ssh: { options: { UserKnownHostsFile: knownHosts } }, ...more });
    return collect(exporter, options, {
      surroundings: realSurroundings('/'),
      signal: AbortSignal.timeout(60_000),
      progress: () => undefined,
    });
  }
  /** What the host tells when drifttrail runs on it. */
  const itself = ({ name, inside }: FleetHost, options: object, as = '') => {
    const command = [process.execPath, 'scripts/run-ts.mjs', 'test/fleet/local.ts', JSON.stringify({ name, ...options })];
    const quoted = command.map((word) => `'${word}'`).join(' ');
    return JSON.parse(inside(`cd '${process.cwd()}' && ${as} ${quoted}`));
  };
  // Sockets: the connection's own. Mounts: of the test's namespaces, the same for both.
  const facts = [
    'os',
    'packages',
    'users',
    'passwords',
    'groups',
    'sudoers',
    'cron',
    'unit-files',
    'mounts',
    'filesystems',
    'sysctl',
    'limits',
    'kernel-modules',
    'sockets',
    'services',
  ];

  test('gives the same bytes as each host by itself, as root and as a user who may not read all', { timeout: 60_000 }, async () => {
    const web01 = at(0);
    expect(told(await over([login(web01)], { facts }))).toEqual(itself(web01, { facts }));
    const web02 = at(1);
    const asOps = itself(web02, { facts }, 'setpriv --reuid ops --regid ops --init-groups');
    const overOps = await over([login(web02, { user: 'ops' })], { facts });
    expect(overOps.gaps.map(({ kind, reason }) => `${kind} ${reason}`)).toContain('host.password denied');
    expect(told(overOps)).toEqual(asOps);
    expect(told(await over([login(web02, { user: 'ops', sudo: true })], { facts }))).toEqual(itself(web02, { facts }));
  });

  test('reads a host that has busybox alone', async () => {
    const web03 = at(2);
    const { resources, gaps } = await over([login(web03)], { facts: ['users', 'groups', 'cron', 'sockets', 'mounts'] });
    expect(gaps).toEqual([]);
    const image = itself(web03, { root: '/bb', facts: ['users', 'groups', 'cron'] });
    const files = ({ resources }: { readonly resources: Record<string, string> }) =>
      Object.entries(resources).filter(([key]) => /host\.(file|user|group|cron)/.test(key));
    expect(files(told({ ...(await over([login(web03)], { facts: ['users', 'groups', 'cron'] })) }) as never)).toEqual(files(image));
    expect(resources.map(({ ref }) => ref.kind)).toContain('host.socket');
  });

  test('loses one host at a time: dead, slow, without sudo, with another key or none that is known', { timeout: 30_000 }, async () => {
    const accepted = new Set<Socket>();
    const silent = createServer((socket) => accepted.add(socket.on('error', () => undefined)));
    await new Promise<void>((resolve) => {
      silent.listen(PORT, '127.0.77.5', () => resolve());
    });
    const known = join(fleet.dir, 'known_others');
    const lines = readFileSync(fleet.knownHosts, 'utf8').split('\n');
    writeFileSync(known, `${lines[0]}\n[127.0.77.2]:${PORT} ${keyOf(`${fleet.identity}.pub`)}\n${lines[3]}\n`);
    const hosts = [
      login(at(0)),
      login(at(1)),
      login(at(2)),
      login(at(3), { user: 'nobody', sudo: true }),
      { ...login(at(0)), name: 'silent', address: '127.0.77.5' },
      { ...login(at(0)), name: 'dead', address: '127.0.77.6' },
    ];
    at(3).inside('usermod -s /bin/bash nobody');
    const started = Date.now();
    const { resources, gaps } = await over(hosts, { deadline: 4, facts: ['os'] }, known);
    expect(Date.now() - started).toBeLessThan(7000);
    expect([...new Set(resources.map(({ ref }) => ref.scope))]).toEqual(['hosts/web01']);
    expect(Object.fromEntries(gaps.map(({ scope, reason, kind }) => [scope, kind ?? reason]))).toEqual({
      'hosts/web02': 'suspicious',
      'hosts/web03': 'denied',
      'hosts/web04': 'denied',
      'hosts/silent': 'unreachable',
      'hosts/dead': 'unreachable',
    });
    const detail = (name: string) => gaps.find(({ scope }) => scope === `hosts/${name}`)?.detail;
    expect(detail('web02')).toMatch(/^HOST KEY CHANGED: it now sends SHA256:/);
    expect(detail('web03')).toContain('its host key is not known here');
    expect(detail('web04')).toContain('NOPASSWD: /bin/sh -s');
    for (const socket of accepted) socket.destroy();
    await new Promise((resolve) => {
      silent.close(resolve);
    });
  });

  test('leaves nothing behind: no process, no socket, no descriptor, on neither side', { timeout: 60_000 }, async () => {
    const here = () => ({
      descriptors: readdirSync('/proc/self/fd').length,
      processes: spawnSync('pgrep', ['-fc', fleet.identity], { encoding: 'utf8' }).stdout.trim(),
    });
    await over([login(at(0))], { files: [], facts: ['users'] });
    const before = here();
    for (let cycle = 0; cycle < 4; cycle++) await over([login(at(0)), login(at(1), { user: 'none' })], { files: [], facts: ['users'] });
    expect(here()).toEqual(before);
    // sshd needs a moment to see that a session is over.
    await expect.poll(() => Number(at(0).inside(PROCESSES)), { timeout: 30_000, interval: 200 }).toBeLessThanOrEqual(Number(idle));
  });
});
