import { expect, test } from 'vitest';
import type { Json } from '../../src/model.ts';
import { closenessTo, type Thing } from '../../src/pipeline/closeness.ts';

const thing = (kind: string, id: string, config: Json, scope = 'aws/1/r'): Thing => ({ ref: { scope, kind, id }, config });
const vpc = 'vpc-00000001';
const things: Thing[] = [
  thing('eni', 'eni-00000001', {
    subnetId: 'subnet-00000001',
    vpcId: vpc,
    groups: { 'sg-00000001': 'web' },
    privateIpAddress: '10.0.0.7',
    instanceId: 'i-00000001',
  }),
  thing('security-group', 'sg-00000001', { vpcId: vpc, tags: { Name: 'web' } }),
  thing('route-table', 'rtb-00000001', { vpcId: vpc, associations: { a: { subnetId: 'subnet-00000001' } } }),
  thing('route-table', 'rtb-00000002', { vpcId: vpc, associations: { a: { subnetId: 'subnet-00000002' } } }),
  ...Array.from({ length: 30 }, (_, index) => thing('security-group', `sg-1000000${index}`, { vpcId: vpc })),
  thing('role', 'deploy', { arn: 'arn:aws:iam::1:role/deploy' }, 'aws/1/global'),
  thing('host.file', 'etc/hosts', 'text', 'hosts/web01'),
  thing('host.packages', 'packages', {}, 'hosts/web01'),
];
const ref = (id: string) => things.find((item) => item.ref.id === id)?.ref ?? { scope: '', kind: '', id };

test('the thing itself, what it names, what shares its subnet, what shares only its network, and the rest', () => {
  const near = closenessTo(['i-00000001'], things);
  if (near === undefined) throw new Error('i-00000001 is mentioned');
  const order = ['eni-00000001', 'sg-00000001', 'rtb-00000001', 'rtb-00000002', 'deploy'].map((id) => near(ref(id)));
  expect(order[0]).toBeGreaterThan(0.5); // it mentions the instance
  expect(order.at(-1)).toBe(0);
  expect(order[1]).toBeGreaterThan(order[3] ?? 1);
  expect(order[2]).toBeGreaterThan(order[3] ?? 1);
  expect(order[3]).toBeGreaterThan(0);
});

test('an address and a name are found, and a host is all that it has', () => {
  expect(closenessTo(['10.0.0.7'], things)?.(ref('eni-00000001'))).toBeGreaterThan(0.5);
  expect(closenessTo(['sg-00000001'], things)?.(ref('sg-00000001'))).toBe(1);
  expect(closenessTo(['sg-00000001'], things)?.(ref('eni-00000001'))).toBeLessThan(1);
  expect(closenessTo(['web'], things)?.(ref('sg-00000001'))).toBe(1);
  expect(closenessTo(['web01'], things)?.(ref('packages'))).toBe(1);
  expect(closenessTo(['web01'], things)?.(ref('deploy'))).toBe(0);
});

test('nothing is near to what nobody mentions', () => {
  expect(closenessTo(['i-99999999'], things)).toBeUndefined();
});

test('the order of things does not matter', () => {
  const [one, two] = [closenessTo(['i-00000001'], things), closenessTo(['i-00000001'], [...things].reverse())];
  for (const item of things) expect(one?.(item.ref)).toBe(two?.(item.ref));
});
