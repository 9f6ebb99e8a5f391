import { expect, test } from 'vitest';
import { resourceIdOf, untrackedRef } from '../../src/pipeline/event-resource.ts';
import type { AuditEvent, Json } from '../../src/model.ts';

const id = (name: string, request: Json, more: Partial<AuditEvent> = {}) =>
  resourceIdOf({ name, request, response: null, ...more } as AuditEvent);

test('the id is the parameter that the name of the call speaks of', () => {
  expect(id('DeleteDBInstance', { skipFinalSnapshot: true, dBInstanceIdentifier: 'db-1' })).toBe('db-1');
  expect(id('PutBucketPolicy', { host: ['b.s3.amazonaws.com'], bucketName: 'b', policy: '' })).toBe('b');
  expect(id('AddPermission20150331v2', { statementId: 's', functionName: 'f' })).toBe('f');
  expect(id('UpdateFunctionCode20150331v2', { s3Key: 'k', functionName: 'f' })).toBe('f');
  expect(id('StopLogging', { name: 'trail' })).toBe('trail');
  expect(id('ModifyVpcEndpoint', { ModifyVpcEndpointRequest: { VpcEndpointId: 'vpce-1', AddSubnetId: 'subnet-1' } })).toBe('vpce-1');
});

test('without one: what the record lists, then the answer, then the name of the call', () => {
  const extra = { resources: [{ ARN: 'arn:aws:kms:eu-west-1:111122223333:key/k' }] };
  expect(id('Decrypt', { clientRequestToken: 'x' }, { extra })).toBe('arn:aws:kms:eu-west-1:111122223333:key/k');
  expect(id('CreateKey', {}, { response: { keyId: 'k-1' } })).toBe('k-1');
  expect(id('LeaveOrganization', null)).toBe('LeaveOrganization');
});

test('a trail that knows what an act was about says so, wholly or in part', () => {
  const ref = (source: string, told: Record<string, string> = {}) =>
    untrackedRef({
      name: 'Drop',
      source,
      account: 'a',
      region: 'r',
      request: { id: 'x' },
      response: null,
      extra: { ref: told },
    } as unknown as AuditEvent);
  expect(ref('ec2.amazonaws.com')).toEqual({ scope: 'aws/a/r', kind: 'ec2', id: 'x' });
  expect(ref('linux-audit')).toEqual({ scope: 'hosts/a', kind: 'linux-audit', id: 'x' });
  expect(ref('postgres-log', { scope: 'databases/a/_server' })).toEqual({ scope: 'databases/a/_server', kind: 'postgres-log', id: 'x' });
  const pod = { scope: 'kubernetes/prod/default', kind: 'kubernetes.core.Pod', id: 'web-1' };
  expect(ref('kubernetes-audit', pod)).toEqual(pod);
});
