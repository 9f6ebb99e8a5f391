/** What a report says of hosts: programs that wrote for people, daemons, and writes whose value no record tells. */
import { expect, test } from 'vitest';
import type { Actor, Effect, Finding } from '../../src/model.ts';
import { actText, effectEdit, whoText } from '../../src/report/words.ts';

const ACTOR: Actor = { name: 'alice', type: 'User', arn: null, role: 'root', via: 'ssh', sourceIp: null, userAgent: null, mfa: null };
const finding = (actor: Actor, effects: readonly Effect[] = []): Finding => ({
  id: 'f-1',
  commit: null,
  window: { from: '', to: '' },
  change: { type: 'modified', ref: REF, path: '', edits: effects.map(effectEdit) },
  attribution: { status: 'attributed', actor, events: [], edits: {}, because: '' },
  level: 'info',
  score: 0,
  rules: [],
  reasons: [],
});
const REF = { scope: 'hosts/web01', kind: 'host.file', id: 'etc/a' };

test.each([
  [ACTOR, 'alice as root, SSH'],
  [{ ...ACTOR, service: 'apt' }, 'alice as root through apt, SSH'],
  [{ ...ACTOR, name: 'puppet', type: 'Service', via: 'service' as const }, 'puppet as root, a service'],
  [{ ...ACTOR, name: 'x', type: 'AWSService', role: null, via: 'service' as const, service: 'y.amazonaws.com' }, 'x, an AWS service'],
])('%o', (actor, expected) => {
  expect(whoText(finding(actor))).toBe(expected);
});

test.each([
  [{ ref: REF, op: 'set', path: '' }, 'changed'],
  [{ ref: REF, op: 'set', path: '/carol/**' }, 'changed carol'],
  [{ ref: REF, op: 'set', path: '/**' }, 'changed'],
  [{ ref: REF, op: 'unset', path: '/carol' }, 'deleted carol'],
  [{ ref: REF, op: 'set', path: '/carol', value: 'x' }, 'added carol x'],
] as const)('%o', (effect, expected) => {
  expect(actText(finding(ACTOR, [effect]))).toBe(expected);
});
