import { expect, it } from 'vitest';
import { isWanted } from '../../src/notify/wanted.ts';
import { findingOf } from './findings.ts';

const finding = findingOf(); // aws.ec2.route-table rtb-0a1 in aws/123456789012/eu-west-1 by alice

it.each([
  [{ kind: 'aws.ec2.route-table' }, true],
  [{ kind: 'aws.ec2' }, true],
  [{ kind: 'aws.*.route-table' }, true],
  [{ kind: 'aws.ec' }, false],
  [{ kind: 'aws.ec2.route-table.more' }, false],
  [{ scope: 'aws/123456789012' }, true],
  [{ scope: 'aws/*/eu-west-1' }, true],
  [{ scope: 'aws/12345678901' }, false],
  [{ id: 'rtb-0a1' }, true],
  [{ id: 'rtb-0a' }, false],
  [{ actor: 'ALICE' }, true],
  [{ actor: 'alic' }, false],
  [{ kind: 'aws.ec2', scope: 'hosts' }, false],
])('%j: %s', (pattern, fits) => {
  expect(isWanted(finding, [pattern], [])).toBe(fits);
  expect(isWanted(finding, undefined, [pattern])).toBe(!fits);
  expect(isWanted(finding, [{ kind: 'none' }, pattern], [{ kind: 'none' }])).toBe(fits);
});

it('sees what could not be read by its scope and kind', () => {
  const { change: _change, ...rest } = findingOf();
  const lost = { ...rest, coverage: { type: 'lost', gap: { scope: 'hosts/web01', reason: 'unreachable', detail: '' } } } as const;
  expect(isWanted(lost, [{ scope: 'hosts' }], [])).toBe(true);
  expect(isWanted(lost, [{ scope: 'hosts', kind: 'host' }], [])).toBe(false);
});
