import { expect, test } from 'vitest';
import { allowsPassRole, escalations, isAdminManagedPolicy, isAdminPolicy } from '../../src/rank/grants.ts';
import { asksExternalId, externalPrincipals, isPublicPolicy, newExternalPrincipals, openFederations } from '../../src/rank/principals.ts';
import { isWidened } from '../../src/rank/widening.ts';

const allow = (parts: object) => ({ Statement: [{ Effect: 'Allow', Action: '*', Resource: '*', ...parts }] });

test('administrator rights are recognised in every spelling', () => {
  expect(isAdminPolicy(allow({}))).toBe(true);
  expect(isAdminPolicy(JSON.stringify(allow({ Action: ['s3:*', 'iam:*'] })))).toBe(true);
  expect(isAdminPolicy(encodeURIComponent(JSON.stringify(allow({ Action: 'IAM:*' }))))).toBe(true);
  expect(isAdminPolicy({ Statement: { Effect: 'Allow', NotAction: 's3:DeleteBucket', Resource: '*' } })).toBe(true);
  expect(isAdminPolicy(allow({ Action: 's3:*' }))).toBe(false);
  expect(isAdminPolicy(allow({ NotAction: 'iam:*', Action: undefined }))).toBe(false);
  expect(isAdminPolicy(allow({ Resource: 'arn:aws:s3:::b' }))).toBe(false);
  expect(isAdminPolicy({ Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }] })).toBe(false);
  expect(isAdminPolicy('no policy')).toBe(false);
});

test('only the administrator policies of AWS itself count as such', () => {
  expect(isAdminManagedPolicy('arn:aws:iam::aws:policy/AdministratorAccess')).toBe(true);
  expect(isAdminManagedPolicy('arn:aws:iam::111122223333:policy/AdministratorAccess')).toBe(false);
});

test('ways to more rights are named', () => {
  expect(escalations(allow({ Action: ['iam:Put*Policy'] }))).toEqual(['iam:PutUserPolicy', 'iam:PutGroupPolicy', 'iam:PutRolePolicy']);
  expect(escalations(allow({ Action: 'iam:PutUserPolicy', Resource: 'arn:aws:iam::111122223333:user/me' }))).toEqual([]);
  expect(allowsPassRole(allow({ Action: 'iam:PassRole' }))).toBe(true);
  expect(
    allowsPassRole(allow({ Action: 'iam:PassRole', Condition: { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } } })),
  ).toBe(false);
});

test('outsiders are those of other accounts, and everybody unless a boundary holds', () => {
  const trust = (principal: unknown, condition?: object) => ({
    Statement: [{ Effect: 'Allow', Principal: principal, ...(condition === undefined ? {} : { Condition: condition }) }],
  });
  expect(externalPrincipals(trust({ AWS: ['111122223333', 'arn:aws:iam::999988887777:root'] }), '111122223333')).toEqual([
    'arn:aws:iam::999988887777:root',
  ]);
  expect(externalPrincipals(trust({ Service: 'ec2.amazonaws.com' }), '111122223333')).toEqual([]);
  expect(isPublicPolicy(trust('*'))).toBe(true);
  expect(isPublicPolicy(trust({ AWS: '*' }, { StringEquals: { 'sts:ExternalId': '1' } }))).toBe(true);
  expect(isPublicPolicy(trust({ AWS: '*' }, { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } }))).toBe(false);
  expect(isPublicPolicy(trust({ AWS: '*' }, { StringLike: { 'aws:PrincipalOrgID': 'o-*' } }))).toBe(true);
  expect(isPublicPolicy(trust({ AWS: '*' }, { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/app' } }))).toBe(true);
  expect(isPublicPolicy(trust({ AWS: '*' }, { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:*:*:one-bucket' } }))).toBe(false);
  expect(newExternalPrincipals(trust({ AWS: '999988887777' }), trust({ AWS: ['999988887777', '444455556666'] }), '111122223333')).toEqual([
    '444455556666',
  ]);
});

test('a provider admitted without a subject is open', () => {
  const federated = (condition?: object) => ({
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: 'arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com' },
        ...(condition === undefined ? {} : { Condition: condition }),
      },
    ],
  });
  expect(openFederations(federated())).toHaveLength(1);
  expect(openFederations(federated({ StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' } }))).toHaveLength(1);
  expect(openFederations(federated({ StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:a/b:*' } }))).toHaveLength(0);
  expect(openFederations(federated({ StringEquals: { 'gitlab.com:aud': 'https://gitlab.com' } }))).toHaveLength(1);
  const workloads = (subject: string) => federated({ StringLike: { 'oidc.eks.eu-west-1.amazonaws.com/id/A:sub': subject } });
  expect(openFederations(workloads('system:serviceaccount:*:*'))).toHaveLength(1);
  expect(openFederations(workloads('system:serviceaccount:app:*'))).toHaveLength(0);
  expect(openFederations(federated({ StringEquals: { 'accounts.google.com:aud': '1234.apps.example' } }))).toHaveLength(0);
});

test('dropping a condition or naming everything widens a policy', () => {
  const narrow = allow({ Resource: 'arn:aws:s3:::a/*', Action: 's3:GetObject' });
  expect(isWidened(narrow, allow({}))).toBe(true);
  expect(isWidened(allow({}), narrow)).toBe(false);
  expect(isWidened(narrow, narrow)).toBe(false);
});

test('a word that anybody could say is no agreed word', () => {
  const trust = (condition?: object) => allow({ Principal: { AWS: '999988887777' }, Action: 'sts:AssumeRole', Condition: condition });
  const asks = (condition?: object) => asksExternalId(trust(condition), '111122223333');
  expect(asks({ StringEquals: { 'sts:ExternalId': '42' } })).toBe(true);
  expect(asks()).toBe(false);
  expect(asks({ StringLike: { 'sts:ExternalId': '*' } })).toBe(false);
  expect(asks({ StringNotEquals: { 'sts:ExternalId': '42' } })).toBe(false);
});
