/** Findings by actor, resource and account: each in one group, the worst group first. */
import { expect, test } from 'vitest';
import type { Finding } from '../../src/model.ts';
import { findingsOf, groupFindings, GROUPINGS } from '../../src/report/group.ts';

const finding = (id: string, level: Finding['level'], scope: string, actor?: string): Finding => ({
  id,
  commit: 'c',
  change: { type: 'modified', ref: { scope, kind: 'host.file', id: 'etc/x' }, path: `${scope}/files/etc/x`, edits: [] },
  window: { from: '2026-11-20T10:00:00Z', to: '2026-11-20T10:05:00Z' },
  attribution: {
    status: actor === undefined ? 'unattributed' : 'attributed',
    events: [],
    edits: {},
    because: '',
    ...(actor === undefined
      ? {}
      : { actor: { name: actor, type: 'User', arn: null, role: null, via: 'cli', sourceIp: null, userAgent: null, mfa: null } }),
  },
  level,
  score: 10,
  rules: [],
  reasons: [],
});
const all = [
  finding('f-1', 'low', 'hosts/web01', 'tom'),
  finding('f-2', 'high', 'aws/111122223333/eu-west-1', 'alice'),
  finding('f-3', 'info', 'aws/111122223333/us-east-1', 'tom'),
  finding('f-4', 'medium', 'hosts/web01'),
];
const names = (by: (typeof GROUPINGS)[number]) =>
  groupFindings(all, by).map(({ name, findings }) => [name, findings.map(({ id }) => id).join(' ')]);

test('by actor, resource, account', () => {
  expect(names('actor')).toEqual([
    ['alice', 'f-2'],
    ['nobody known', 'f-4'],
    ['tom', 'f-1 f-3'],
  ]);
  expect(names('account')).toEqual([
    ['aws/111122223333', 'f-2 f-3'],
    ['hosts/web01', 'f-4 f-1'],
  ]);
  expect(names('resource')[1]).toEqual(['hosts/web01 host.file etc/x', 'f-4 f-1']);
});

test('none is lost or told twice', () => {
  for (const groupBy of [undefined, ...GROUPINGS])
    expect(
      findingsOf({ groupBy }, all)
        .flatMap(([, members]) => members.map(({ id }) => id))
        .sort(),
    ).toEqual(['f-1', 'f-2', 'f-3', 'f-4']);
});
