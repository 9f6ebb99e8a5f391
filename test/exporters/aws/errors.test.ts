import { describe, expect, it } from 'vitest';
import { AnswerError, faultOf, isMissing } from '../../../exporters/_aws/errors.ts';

const where = { action: 'ec2:DescribeRouteTables', region: 'eu-west-1', caller: 'arn:aws:iam::123456789012:role/drifttrail' };
const error = (name: string, status?: number, message = 'no') =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });

describe('faultOf', () => {
  it('says what was refused, to whom, and what to do', () => {
    expect(faultOf(error('UnauthorizedOperation', 403), where)).toEqual({
      reason: 'denied',
      detail:
        'AccessDenied: ec2:DescribeRouteTables in eu-west-1 as arn:aws:iam::123456789012:role/drifttrail; add it to the role: drifttrail permissions',
    });
  });

  it.each([
    ['AccessDenied', 403, 'denied'],
    ['AuthFailure', 401, 'denied'],
    ['OptInRequired', 401, 'denied'],
    ['SomethingNew', 403, 'denied'],
    ['RequestLimitExceeded', 503, 'throttled'],
    ['Throttling', 400, 'throttled'],
    ['SomethingNew', 429, 'throttled'],
    ['TimeoutError', undefined, 'unreachable'],
    ['InternalFailure', 500, 'unreachable'],
    ['InvalidParameterValue', 400, 'invalid'],
  ])('%s with status %s is %s', (name, status, reason) => {
    expect(faultOf(error(name, status), where).reason).toBe(reason);
  });

  it('tells expired credentials apart from missing permission', () => {
    expect(faultOf(error('ExpiredToken', 403), where).detail).toContain('the credentials have expired');
    expect(faultOf(error('CredentialsProviderError', undefined, 'The SSO session has expired'), where).detail).toContain('expired');
    expect(faultOf(error('CredentialsProviderError', undefined, 'no profile prod'), where).detail).toContain('no profile prod');
  });

  it('knows a network that is not there by its code', () => {
    const fault = faultOf(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), where);
    expect(fault).toMatchObject({
      reason: 'unreachable',
      detail: expect.stringContaining('ECONNREFUSED: ec2:DescribeRouteTables in eu-west-1'),
    });
  });

  it('keeps what our own reading found', () => {
    expect(faultOf(new AnswerError('truncated', 'cut off'), where)).toMatchObject({
      reason: 'truncated',
      detail: expect.stringContaining('cut off'),
    });
  });

  it('never throws and keeps to one short line', () => {
    for (const odd of [null, undefined, 'text', 7, {}, error('X', 400, `line\n${'long '.repeat(200)}`)]) {
      const { detail } = faultOf(odd, where);
      expect(detail).not.toMatch(/\n/);
      expect(detail.length).toBeLessThan(400);
    }
  });
});

describe('isMissing', () => {
  it('is about things that are gone, and nothing else', () => {
    expect(['NoSuchEntity', 'NoSuchEntityException', 'InvalidVpcID.NotFound'].map((name) => isMissing(error(name)))).toEqual([
      true,
      true,
      true,
    ]);
    expect(['AccessDenied', 'InvalidParameterValue', 'InternalFailure'].map((name) => isMissing(error(name)))).toEqual([
      false,
      false,
      false,
    ]);
  });
});
