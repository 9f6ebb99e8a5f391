/** Values that mean the same are the same, however a call and a document spell them; others are not. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalCidr } from '../../exporters/aws/events/rule-key.ts';
import type { Act } from '../../src/attribute/order.ts';
import { chain } from '../../src/attribute/replay.ts';
import { sameValue } from '../../src/attribute/values.ts';
import type { Effect, Json } from '../../src/model.ts';
import { auditEvent } from './events.ts';

const allow = (more: object = {}) => ({ Statement: [{ Effect: 'Allow', Action: ['s3:*'], Resource: ['*'], ...more }] }) as Json;

test.each<[string, Json, Json | undefined, boolean]>([
  ['text and boolean', 'true', true, true],
  ['text and number', '22', 22, true],
  ['another number', 22, 2222, false],
  ['host bits set', '10.1.2.3/8', '10.0.0.0/8', true],
  ['IPv6 spelled out', '2001:db8:0:0::/32', '2001:DB8::/32', true],
  ['another block', '10.0.0.0/8', '10.0.0.0/16', false],
  ['an account and its root', '123456789012', 'arn:aws:iam::123456789012:root', true],
  ['another account', '123456789012', 'arn:aws:iam::210987654321:root', false],
  ['a scalar and a list of it', 's3:*', ['s3:*'], true],
  ['a set in another order', ['a', 'b'], ['b', 'a'], true],
  ['twice is not two', ['a', 'a'], ['a', 'b'], false],
  ['what the call names is there', { gatewayId: 'igw-1' }, { gatewayId: 'igw-1', state: 'active' }, true],
  ['what the call names is not there', { gatewayId: 'igw-1' }, { natGatewayId: 'nat-1' }, false],
  ['a policy is whole', allow(), allow(), true],
  ['a policy with a condition is another', allow(), allow({ Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }), false],
  ['nothing there', 'x', undefined, false],
])('%s', (_what, told, found, expected) => {
  expect(sameValue(told, found)).toBe(expected);
});

test('every value is the same as itself', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(sameValue(value as Json, value as Json)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('canonical blocks stay as they are and keep their size', () => {
  expect(canonicalCidr('208.236.235.254/0')).toBe('0.0.0.0/0');
  expect(canonicalCidr('300.0.0.0/8')).toBe('300.0.0.0/8');
  expect(canonicalCidr('pl-0123')).toBe('pl-0123');
  fc.assert(
    fc.property(fc.ipV4(), fc.integer({ min: 0, max: 32 }), (address, bits) => {
      const once = canonicalCidr(`${address}/${bits}`);
      expect(canonicalCidr(once)).toBe(once);
      expect(sameValue(`${address}/${bits}`, once)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('acts of one second are put so that each finds something to do', () => {
  const act = (op: Effect['op'], id: string): Act => ({
    event: auditEvent({ id }),
    effect: { ref: { scope: 's', kind: 'k', id: 'i' }, op, path: '/x' },
    at: 0,
  });
  fc.assert(
    fc.property(fc.boolean(), fc.integer({ min: 1, max: 6 }), fc.infiniteStream(fc.nat()), (present, length, seeds) => {
      // A true history: it alternates. Shuffled, it must come out alternating again.
      const history = Array.from({ length }, (_, index) => act((index % 2 === 0) === present ? 'unset' : 'set', `e${index}`));
      const shuffled = history
        .map((item) => ({ item, key: seeds.next().value as number }))
        .sort((a, b) => a.key - b.key)
        .map(({ item }) => item);
      expect(chain(shuffled, '', present ? {} : undefined).map(({ effect }) => effect.op)).toEqual(history.map(({ effect }) => effect.op));
    }),
  );
});
