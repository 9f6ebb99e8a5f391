/** Undo commands: exact, quoted, never the loss of a secret. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { kinds } from '../../../exporters/host/kinds.ts';
import { quote } from '../../../exporters/_shell/words.ts';
import type { Change, Json } from '../../../src/model.ts';
import { makeRoot } from './help.ts';

function undo(kind: string, change: Partial<Change>, id = 'x', metadata?: Json): readonly string[] {
  const whole: Change = { type: 'modified', ref: { scope: 'hosts/web01', kind, id }, path: '', edits: [], ...change };
  const [where, ...commands] = kinds[kind]?.undo?.(whole, { before: () => metadata }) ?? [];
  expect(where).toBe('# as root on web01');
  return commands;
}
const member = (kind: string, key: string, before: Json | undefined, after: Json | undefined) =>
  undo(kind, { before: before === undefined ? {} : { [key]: before }, after: after === undefined ? {} : { [key]: after } });

describe('a file', () => {
  it('comes back from the repository by the id that git gives to its bytes', () => {
    const root = makeRoot({ 'snapshots/f': 'PermitRootLogin no\n', target: 'PermitRootLogin yes\n' });
    execFileSync('git', ['init', '-q'], { cwd: join(root, 'snapshots') });
    execFileSync('git', ['hash-object', '-w', 'f'], { cwd: join(root, 'snapshots') });
    const [command] = undo('host.file', { before: 'PermitRootLogin no\n', after: 'x' }, `${root.slice(1)}/target`);
    execFileSync('sh', ['-c', command ?? ''], { cwd: root });
    expect(readFileSync(join(root, 'target'), 'utf8')).toBe('PermitRootLogin no\n');
  });

  it('that was deleted gets its mode and owner back', () => {
    const metadata = { 'etc/a b': { type: 'file', mode: '0600', owner: 'root', group: 'adm' } };
    expect(undo('host.file', { type: 'deleted', before: 'x' }, 'etc/a b', metadata)[0]).toContain(
      `&& install -o root -g adm -m 0600 -- "$old" '/etc/a b' &&`,
    );
  });

  it('is never overwritten with a redacted one', () => {
    const commands = undo('host.file', { before: 'root:«redacted:hmac-sha256:0123456789ab»:1\n' }, 'etc/shadow');
    expect(commands).toHaveLength(2);
    expect(commands[0]).toMatch(/ \| diff -u -- - \/etc\/shadow$/);
    expect(commands.join()).not.toContain('>');
  });

  it('cannot break out of its quotes', () => {
    const root = makeRoot();
    const name = `a'; touch ${root}/pwned; '$(touch ${root}/pwned)`;
    writeFileSync(join(root, 'in'), 'ok');
    expect(execFileSync('sh', ['-c', `printf %s ${quote(name)}`], { encoding: 'utf8' })).toBe(name);
    expect(undo('host.file', { type: 'created' }, 'etc/-rf $(x)')).toEqual([`rm -- '/etc/-rf $(x)'`]);
  });
});

describe('a fact', () => {
  it('is undone by the system’s own command', () => {
    const dpkg = (version: string) => ({ version, architecture: 'amd64', status: 'install ok installed', manager: 'dpkg' });
    expect(member('host.package', 'curl', dpkg('7.88.1-10'), dpkg('8.0'))).toEqual([
      'apt-get install --yes --no-remove --allow-downgrades -- curl=7.88.1-10',
    ]);
    expect(member('host.package', 'curl', undefined, dpkg('8.0'))).toEqual(['dpkg --remove -- curl']);
    const rpm = { version: '1:3.0-1.el9', architecture: 'x86_64', status: 'installed', manager: 'rpm' };
    expect(member('host.package', 'openssl', rpm, undefined)).toEqual(['dnf install --assumeyes -- openssl-1:3.0-1.el9.x86_64']);
    expect(member('host.sysctl', 'net.ipv4.ip_forward', { effective: '0' }, { effective: '1' })).toEqual([
      'sysctl -w net.ipv4.ip_forward=0',
    ]);
    expect(member('host.unit-file', 'a.service', { state: 'enabled' }, { state: 'masked' })).toEqual([
      'systemctl unmask -- a.service',
      'systemctl enable -- a.service',
    ]);
    expect(member('host.group', 'docker', { gid: 1, members: ['bob'] }, { gid: 1, members: ['eve'] })).toEqual([
      'gpasswd --delete eve docker',
      'gpasswd --add bob docker',
    ]);
    expect(member('host.user', 'www-data', { shell: '/usr/sbin/nologin', uid: 33 }, { shell: '/bin/sh', uid: 33 })).toEqual([
      'usermod --shell /usr/sbin/nologin -- www-data',
    ]);
    expect(
      member(
        'host.mount',
        '/var',
        { source: '/dev/sda', type: 'ext4', options: ['rw'] },
        { source: '/dev/sda', type: 'ext4', options: ['ro'] },
      ),
    ).toEqual(['mount -o remount,rw -- /var']);
    expect(
      member(
        'host.file-metadata',
        'etc/passwd',
        { type: 'file', mode: '0644', owner: 'root', group: 'root' },
        { type: 'file', mode: '0666', owner: 'root', group: 'root' },
      ),
    ).toEqual(['chown -h -- root:root /etc/passwd', 'chmod -- 0644 /etc/passwd']);
    expect(member('host.file-metadata', 'etc/localtime', { type: 'symlink', target: '/a b' }, { type: 'symlink', target: '/c' })).toEqual([
      `ln -sfn -- '/a b' /etc/localtime`,
    ]);
  });
});

it('a container is started, stopped, or said to be gone', () => {
  const container = (state: string) => ({ engine: 'docker', image: 'nginx:1', state });
  expect(member('host.container', 'docker web', container('running'), container('exited'))).toEqual(['docker start web']);
  expect(member('host.container', "docker a'b", undefined, container('running'))).toEqual([`docker stop ${quote("a'b")}`]);
  expect(member('host.container', 'docker web', container('running'), undefined)).toEqual([
    '# docker web ran nginx:1, make it again from where it is described',
  ]);
  expect(
    kinds['host.container']?.undo?.(
      {
        type: 'modified',
        ref: { scope: 'hosts/a', kind: 'host.container', id: 'x' },
        path: '',
        edits: [],
        before: { 'cri a/b': { engine: 'cri' } },
        after: {},
      },
      { before: () => undefined },
    ),
  ).toEqual([]);
});
