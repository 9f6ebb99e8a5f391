import { expect, it } from 'vitest';
import type { Json } from '../../../src/model.ts';
import { type Documents, keyOf } from '../attribution/documents.ts';
import { compare, isAssigned, isWithin } from './compare.ts';
import { pairIds } from './ids.ts';

function documents(entries: readonly (readonly [string, string, Json])[]): Documents {
  return new Map(
    entries.map(([kind, id, config]) => {
      const ref = { scope: 'aws/1/r', kind: `aws.${kind}`, id };
      return [keyOf(ref), { ref, config, bytes: Buffer.from(JSON.stringify(config)) }];
    }),
  );
}

const network = (vpc: string, subnets: readonly string[], name = 'a') =>
  documents([
    ['ec2.vpc', vpc, { vpcId: vpc, tags: { Name: name } }],
    ...subnets.map((id, index) => ['ec2.subnet', id, { subnetId: id, vpcId: vpc, cidrBlock: `10.0.${index}.0/24` }] as const),
    ['ec2.flow-log', 'fl-00000000', { on: [...subnets].sort() }],
  ]);

it('pairs what was made anew with what it stands for, by its surroundings', () => {
  const before = network('vpc-aaaaaaaa', ['subnet-00000001', 'subnet-00000002']);
  const restored = network('vpc-bbbbbbbb', ['subnet-ffffffff', 'subnet-eeeeeeee']);
  expect(Object.fromEntries(pairIds(before, restored))).toEqual({
    'vpc-bbbbbbbb': 'vpc-aaaaaaaa',
    'subnet-ffffffff': 'subnet-00000001',
    'subnet-eeeeeeee': 'subnet-00000002',
  });
  expect(compare(before, restored)).toEqual({
    differences: [],
    anew: ['vpc-aaaaaaaa', 'subnet-00000001', 'subnet-00000002'],
    identical: false,
  });
});

it('sees what was left out although the ids are others', () => {
  const before = network('vpc-aaaaaaaa', ['subnet-00000001']);
  const { differences } = compare(before, network('vpc-bbbbbbbb', ['subnet-ffffffff'], 'b'));
  expect(differences).toEqual([{ resource: 'aws/1/r aws.ec2.vpc vpc-aaaaaaaa', kind: 'aws.ec2.vpc', path: '/tags/Name' }]);
  expect(compare(before, network('vpc-bbbbbbbb', [])).differences.map(({ path }) => path)).toContain('');
});

it('pairs a thing that is still mentioned after its end', () => {
  const before = documents([
    ['ec2.subnet', 'subnet-00000001', { cidrBlock: '10.0.0.0/24' }],
    ['ec2.network-acl', 'acl-00000001', { associations: { 'aclassoc-00000001': 'subnet-00000001' } }],
  ]);
  const restored = documents([
    ['ec2.subnet', 'subnet-ffffffff', { cidrBlock: '10.0.0.0/24' }],
    ['ec2.network-acl', 'acl-00000001', { associations: { 'aclassoc-00000001': 'subnet-00000001' } }],
  ]);
  expect(compare(before, restored)).toMatchObject({ differences: [], anew: ['subnet-00000001'] });
});

it('takes the same bytes for the same, and dates of creation and unique ids for given', () => {
  const before = network('vpc-aaaaaaaa', []);
  expect(compare(before, network('vpc-aaaaaaaa', [])).identical).toBe(true);
  const at = (kind: string, path: string) => isAssigned({ resource: '', kind, path });
  expect(at('aws.ec2.vpn-gateway', '/createTime')).toBe(true);
  expect(at('aws.iam.role', '/roleId')).toBe(true);
  expect(at('aws.iam.role', '/trustPolicy/Statement/0/Condition')).toBe(false);
  expect(at('aws.ec2.subnet', '/policyId')).toBe(false);
});

it.each([
  ['aws.ec2.vpc:/tags/Name', 'aws.ec2.vpc:/tags', true],
  ['aws.ec2.vpc:/tags/Name', 'aws.ec2.vpc:', true],
  ['aws.ec2.network-acl:', 'aws.ec2.network-acl:', true],
  ['aws.ec2.network-acl:/entries/1/x', 'aws.ec2.network-acl:/entries/*/x', true],
  ['aws.ec2.vpcs:/tags', 'aws.ec2.vpc:/tags', false],
])('%s within %s: %s', (path, pattern, expected) => {
  expect(isWithin(path, pattern)).toBe(expected);
});
