/** Whether waiting for a trail makes sense, by what the configured ones tell of. */
import { expect, test } from 'vitest';
import type { ConfiguredTrail } from '../../src/deployment.ts';
import type { Attribution } from '../../src/model.ts';
import { trailedBy, untrailed } from '../../src/pipeline/untrailed.ts';

const trail = (...scopes: readonly string[]) =>
  ({ use: 'x', options: {}, trail: { name: 'x', ...(scopes.length === 0 ? {} : { scopes }) } }) as unknown as ConfiguredTrail;

test.each([
  ['no trail', [], 'hosts/web01', false],
  ['a trail of another root', [trail('aws')], 'hosts/web01', false],
  ['one of several', [trail('aws'), trail('hosts')], 'hosts/web01', true],
  ['a trail that says nothing may tell of all', [trail('aws'), trail()], 'hosts/web01', true],
  ['a word is not a beginning', [trail('host')], 'hosts/web01', false],
] as const)('%s', (_, trails, scope, expected) => {
  expect(trailedBy(trails)(scope)).toBe(expected);
});

test('what would never be told is not waited for; what is known stays', () => {
  const attribution = (status: Attribution['status']): Attribution => ({ status, events: [], edits: {}, because: 'x' });
  expect(untrailed(attribution('pending'))).toMatchObject({
    status: 'unattributed',
    because: 'no trail is configured that tells who changes it',
  });
  expect(untrailed(attribution('unattributed')).because).toContain('no trail is configured');
  expect(untrailed(attribution('not-applicable'))).toEqual(attribution('not-applicable'));
});
