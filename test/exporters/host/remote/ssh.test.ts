/** How ssh is called, what its refusals become, and which words never reach it. */
import { describe, expect, it } from 'vitest';
import exporter from '../../../../exporters/host/index.ts';
import { collect } from '../../../../src/collect/collect.ts';
import type { Gap, Spawn, SpawnResult } from '../../../../src/model.ts';
import { realSurroundings } from '../../../../src/surroundings.ts';
import { type Line, snapshotOver } from './help.ts';

async function gapsWhen(answer: Partial<SpawnResult>, options: object = {}): Promise<readonly Gap[]> {
  const spawn: Spawn = async () => ({ code: 255, stdout: Buffer.alloc(0), stderr: '', ...answer });
  const parsed = exporter.options.parse({ hosts: [{ name: 'web01', user: 'ops', port: 2222 }], ...options });
  const deps = { surroundings: { ...realSurroundings('/'), spawn }, signal: AbortSignal.timeout(5000), progress: () => undefined };
  const { gaps, resources, complete } = await collect(exporter, parsed, deps);
  expect({ resources, complete }).toEqual({ resources: [], complete: [] });
  return gaps;
}

describe('ssh is called', () => {
  it('without asking, without trusting a key, with what the host needs and the words apart', async () => {
    const calls: NonNullable<Line['calls']> = [];
    const host = {
      name: 'web01',
      address: 'fe80::1%eth0',
      port: 2222,
      user: 'ops',
      identity: 'keys/id',
      jump: 'ops@bastion:22,[::1]:2',
      sudo: true,
    };
    await snapshotOver(
      { calls, shell: ['/bin/sh', '-s'] },
      {
        hosts: [host],
        files: [],
        facts: ['users'],
        ssh: { config: 'ssh_config', options: { BatchMode: false, ConnectTimeout: 3, Compression: true } },
      },
    );
    const args = calls[0]?.args ?? [];
    expect(args.slice(args.indexOf('--'))).toEqual(['--', 'fe80::1%eth0', 'sudo', '-n', '/bin/sh', '-s']);
    const options = args.filter((_, index) => args[index - 1] === '-o');
    expect(options.filter((each) => each.startsWith('BatchMode='))[0]).toBe('BatchMode=yes');
    expect(options).toEqual(
      expect.arrayContaining(['StrictHostKeyChecking=yes', 'ControlMaster=no', 'Compression=yes', 'IdentitiesOnly=yes']),
    );
    expect(options.filter((each) => each.startsWith('ConnectTimeout='))[0]).toBe('ConnectTimeout=3');
    for (const pair of [
      ['-F', '/ssh_config'],
      ['-p', '2222'],
      ['-l', 'ops'],
      ['-i', '/keys/id'],
      ['-J', 'ops@bastion:22,[::1]:2'],
    ])
      expect(args.slice(args.indexOf(pair[0] ?? ''), args.indexOf(pair[0] ?? '') + 2)).toEqual(pair);
  });

  it('never with a word that is an option or means anything to a shell', () => {
    const bad = ['-oProxyCommand=touch /tmp/canary', 'a b', '$(id)', '`id`', 'a;b', 'a\nb', '', 'a|b', "a'b"];
    for (const word of bad) {
      expect(exporter.options.safeParse({ hosts: [word] }).success, word).toBe(false);
      for (const option of ['name', 'address', 'user', 'jump', 'identity'])
        if (!(option === 'identity' && ['a b', 'a;b', 'a|b'].includes(word)))
          expect(exporter.options.safeParse({ hosts: [{ name: 'web01', [option]: word }] }).success, `${option} ${word}`).toBe(false);
    }
    expect(exporter.options.safeParse({ hosts: ['web01'], root: '/mnt' }).success).toBe(false);
    expect(exporter.options.safeParse({ hosts: ['web01'], ssh: { options: { 'Proxy Command': 'x' } } }).success).toBe(false);
  });
});

describe('a refusal is a gap of the whole host, with what to do', () => {
  it.each([
    [
      'No ED25519 host key is known for [web01]:2222 and you have requested strict checking.\nHost key verification failed.',
      'denied',
      'ssh -p 2222 web01',
    ],
    [
      '@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nSHA256:AbC.\nOffending ED25519 key in /home/o/.ssh/known_hosts:12\nHost key verification failed.',
      'suspicious',
      "HOST KEY CHANGED: it now sends SHA256:AbC, known_hosts has another at /home/o/.ssh/known_hosts:12. Somebody may be in between; if the host was installed anew, compare the fingerprint on its console, then ssh-keygen -R '[web01]:2222'",
    ],
    ['ops@web01: Permission denied (publickey).', 'denied', 'give it a key'],
    ['ssh: connect to host web01 port 2222: Connection refused', 'unreachable', 'Connection refused'],
    ['\x1b]0;owned\x07\u202eConnection closed', 'unreachable', 'Connection closed'],
    ['', 'unreachable', 'without a word'],
  ])('%j', async (stderr, reason, detail) => {
    const [gap, ...more] = await gapsWhen({ stderr });
    expect(more).toEqual([]);
    expect(gap).toMatchObject({ scope: 'hosts/web01', reason, detail: expect.stringContaining(detail) });
    expect(gap?.detail).not.toMatch(/[\p{Cc}\u202e]/u);
  });

  it('of sudo says which line lets it through', async () => {
    const [gap] = await gapsWhen({ code: 1, stderr: 'sudo: a password is required\n' }, { sudo: true });
    expect(gap).toMatchObject({ reason: 'denied', detail: expect.stringContaining('ops ALL=(root) NOPASSWD: /bin/sh -s') });
  });

  it('after the deadline', async () => {
    const [gap] = await gapsWhen({ code: null }, { deadline: 7 });
    expect(gap).toMatchObject({ reason: 'unreachable', detail: expect.stringContaining('deadline of 7 s') });
  });
});
