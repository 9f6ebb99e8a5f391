import { describe, expect, it } from 'vitest';
import { canonicalPolicy } from '../../../exporters/_aws/policy.ts';

const statement = (fields: object) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...fields }] });

describe('canonicalPolicy', () => {
  it('gives one form to rewordings that mean the same', () => {
    const long = statement({ Action: ['s3:GetObject', 's3:*'], Resource: ['*'], Principal: { AWS: ['*'] } });
    const short = {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: ['s3:*', 's3:GetObject', 's3:*'], Resource: '*', Principal: '*' },
    };
    expect(canonicalPolicy(short)).toEqual(canonicalPolicy(long));
  });

  it('reads JSON text, with whitespace or percent-encoded as IAM answers', () => {
    const policy = statement({ Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/100%' });
    const expected = statement({ Action: ['s3:GetObject'], Resource: ['arn:aws:s3:::b/100%'] });
    expect(canonicalPolicy(JSON.stringify(policy, null, 4))).toEqual(expected);
    expect(canonicalPolicy(encodeURIComponent(JSON.stringify(policy)))).toEqual(expected);
  });

  it('keeps the order of statements, the case of names and conditions of one value', () => {
    const policy = {
      Statement: [
        { Sid: 'b', Effect: 'Deny', NotAction: 'iam:*', Resource: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } },
        { Sid: 'a', Effect: 'Allow', Action: '*', Resource: '*', Condition: { IpAddress: { 'aws:SourceIp': ['b', 'a'] } } },
      ],
    };
    expect(canonicalPolicy(policy)).toEqual({
      Statement: [
        { Sid: 'b', Effect: 'Deny', NotAction: ['iam:*'], Resource: ['*'], Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } },
        { Sid: 'a', Effect: 'Allow', Action: ['*'], Resource: ['*'], Condition: { IpAddress: { 'aws:SourceIp': ['a', 'b'] } } },
      ],
    });
  });

  it('is stable under itself', () => {
    const once = canonicalPolicy(statement({ Action: 'a', Principal: { Service: 'x', AWS: ['2', '1'] } }));
    expect(canonicalPolicy(once)).toEqual(once);
  });

  it.each(['', 'not json', '%E0%A4%A', '[1]', '"text"'])('leaves %j as it is', (text) => {
    expect(canonicalPolicy(text)).toBe(text);
  });
});
