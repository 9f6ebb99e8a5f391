/** From two states of a host to its findings: the rules meet what the differ really writes. */
import { expect, it } from 'vitest';
import host from '../../../exporters/host/index.ts';
import { diffJson } from '../../../src/diff/json.ts';
import { diffText } from '../../../src/diff/text.ts';
import type { Change, Json } from '../../../src/model.ts';
import { rank } from '../../../src/rank/rank.ts';
import { loadRules } from '../../../src/rank/rules.ts';

const rules = await loadRules([host.rules ?? '']);

function rulesFor(kind: string, id: string, before: Json, after: Json): readonly string[] {
  const edits = typeof before === 'string' && typeof after === 'string' ? diffText(before, after) : diffJson(before, after);
  const change: Change = { type: 'modified', ref: { scope: 'hosts/web01', kind, id }, path: '', edits, before, after };
  const ranked = rank({ change, attribution: { status: 'unattributed', events: [], edits: {}, because: '' } }, rules);
  expect(ranked.problems).toEqual([]);
  return ranked.rules;
}

it('names the rule for what happened', () => {
  const sshd = (root: string) => `Port 22\nPermitRootLogin ${root}\nUsePAM yes\n`;
  expect(rulesFor('host.file', 'etc/ssh/sshd_config', sshd('no'), sshd('yes'))).toEqual(['host-sshd-weakened', 'host-sshd-edited']);
  expect(rulesFor('host.file', 'etc/ssh/sshd_config', sshd('yes'), sshd('no'))).toEqual(['host-sshd-edited']);
  const root = { uid: 0, gid: 0, gecos: '', home: '/root', shell: '/bin/sh' };
  expect(rulesFor('host.user', 'user', { root }, { root, toor: root })).toEqual(['host-new-root-user', 'host-user-added']);
  const ssh = { protocol: 'tcp', address: '0.0.0.0', port: 22, exposure: 'all', process: 'sshd' };
  const snmp = { protocol: 'udp', address: '0.0.0.0', port: 161, exposure: 'all', amplifier: 'snmp', process: 'snmpd' };
  expect(rulesFor('host.socket', 'socket', { 'tcp 0.0.0.0:22': ssh }, { 'tcp 0.0.0.0:22': ssh, 'udp 0.0.0.0:161': snmp })).toEqual([
    'host-udp-amplifier',
    'host-listening-everywhere',
  ]);
  expect(rulesFor('host.group', 'group', { docker: { gid: 9, members: [] } }, { docker: { gid: 9, members: ['eve'] } })).toEqual([
    'host-admin-group-joined',
  ]);
  expect(
    rulesFor('host.group', 'group', { docker: { gid: 9, members: ['bob', 'eve'] } }, { docker: { gid: 9, members: ['bob'] } }),
  ).toEqual([]);
  const var_ = (readOnly: boolean, full: number) => ({ '/var': { type: 'ext4', full, inodesFull: 0, readOnly } });
  expect(rulesFor('host.filesystem', 'filesystem', var_(false, 0), var_(true, 95))).toEqual([
    'host-filesystem-read-only',
    'host-filesystem-full',
  ]);
  const entry = (mode: string) => ({ 'etc/cron.d/x': { type: 'file', mode, owner: 'root', group: 'root' } });
  expect(rulesFor('host.file-metadata', 'file-metadata', entry('0644'), entry('0666'))).toEqual(['host-permissions-widened']);
  const mount = (...options: string[]) => ({ '/tmp': { source: 'tmpfs', type: 'tmpfs', options, readOnly: false } });
  expect(rulesFor('host.mount', 'mount', mount('nodev', 'noexec', 'rw'), mount('nodev', 'rw'))).toEqual(['host-mount-hardening-lost']);
  expect(rulesFor('host.mount', 'mount', mount('nodev', 'noexec', 'rw'), mount('atime', 'nodev', 'noexec', 'rw'))).toEqual([]);
});
