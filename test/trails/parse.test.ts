/** Records of every age and service become the same event; the human is named before the role. */
import { describe, expect, test } from 'vitest';
import type { Json, JsonObject, Via } from '../../src/model.ts';
import { parseRecord } from '../../trails/_cloudtrail/parse.ts';
import { recordsOf } from '../../trails/_cloudtrail/records.ts';

const record = (more: JsonObject = {}): JsonObject => ({
  eventVersion: '1.11',
  eventID: 'e-1',
  eventTime: '2026-07-01T10:02:00Z',
  eventSource: 'ec2.amazonaws.com',
  eventName: 'DeleteRoute',
  awsRegion: 'eu-west-1',
  recipientAccountId: '123456789012',
  readOnly: false,
  userIdentity: { type: 'IAMUser', userName: 'alice', arn: 'arn:aws:iam::123456789012:user/alice', accessKeyId: 'AKIA1' },
  userAgent: 'aws-cli/2.1',
  sourceIPAddress: '192.0.2.1',
  ...more,
});
const actorOf = (userIdentity: Json, more: JsonObject = {}) => parseRecord(record({ userIdentity, ...more }))?.actor;
const role = (session: string, name = 'Admin', context: JsonObject = {}): JsonObject => ({
  type: 'AssumedRole',
  principalId: `AROA1:${session}`,
  arn: `arn:aws:sts::123456789012:assumed-role/${name}/${session}`,
  accessKeyId: 'ASIA1',
  sessionContext: { sessionIssuer: { type: 'Role', userName: name }, attributes: { mfaAuthenticated: 'false' }, ...context },
});

describe('envelope', () => {
  test('a service of the Chinese partition is the same service', () => {
    const event = parseRecord(record({ eventSource: 'ec2.amazonaws.com.cn', sourceIPAddress: 'cloudformation.amazonaws.com.cn' }));
    expect(event).toMatchObject({ source: 'ec2.amazonaws.com', actor: { via: 'cloudformation' } });
  });

  test('what is there is kept as recorded', () => {
    const request = { routeTableId: 'rtb-1', 'odd key': [null, 1] };
    expect(parseRecord(record({ requestParameters: request, sharedEventID: 's-1' }))).toMatchObject({
      id: 'e-1',
      time: '2026-07-01T10:02:00Z',
      name: 'DeleteRoute',
      account: '123456789012',
      region: 'eu-west-1',
      readOnly: false,
      request,
      response: null,
      sharedId: 's-1',
    });
  });

  test.each<[string, Json, string, boolean]>([
    ['a text "true"', 'true', 'DescribeInstances', true],
    ['a text "false"', 'false', 'DescribeInstances', false],
    ['missing on a read', null, 'DescribeInstances', true],
    ['missing on a write', null, 'DeleteRoute', false],
    ['missing on a call that hands out credentials', null, 'GetFederationToken', false],
  ])('readOnly: %s', (_what, readOnly, eventName, expected) => {
    expect(parseRecord(record({ readOnly, eventName }))?.readOnly).toBe(expected);
  });

  test.each<[string, JsonObject]>([
    ['a code', { errorCode: 'AccessDenied' }],
    ['a message alone', { errorMessage: 'no' }],
    ['a dry run', { errorCode: 'Client.DryRunOperation' }],
    ['a failed sign-in, told only in the response', { eventName: 'ConsoleLogin', responseElements: { ConsoleLogin: 'Failure' } }],
    [
      'a failed recovery of a password',
      { eventName: 'PasswordRecoveryCompleted', responseElements: { PasswordRecoveryCompleted: 'Failure' } },
    ],
  ])('nothing happened: %s', (_what, more) => {
    expect(parseRecord(record(more))?.error).toBeDefined();
  });

  test('a status that Managed Grafana gives instead of an error is none', () => {
    expect(parseRecord(record({ eventSource: 'grafana.amazonaws.com', errorCode: '200' }))?.error).toBeUndefined();
    expect(parseRecord(record({ eventSource: 'grafana.amazonaws.com', errorCode: '403' }))?.error).toMatchObject({ code: '403' });
  });

  test('what an export to a table made a text of is read as what it was', () => {
    const identity = { type: 'IAMUser', userName: 'alice' };
    const request = { routeTableId: 'rtb-1' };
    const more = { userIdentity: JSON.stringify(identity), requestParameters: JSON.stringify(request), responseElements: '{"cut' };
    expect(parseRecord(record(more))).toMatchObject({ actor: { name: 'alice' }, request, response: '{"cut' });
  });

  test.each<[Json]>([['2026-07-01 10:02:00'], ['2026-07-01T10:02:00'], ['2026-07-01T12:02:00+02:00'], [1782900120], [1782900120000]])(
    'a time as %j is the same moment wherever it is read',
    (eventTime) => {
      expect(parseRecord(record({ eventTime }))?.time).toBe('2026-07-01T10:02:00Z');
    },
  );

  test('an empty code is no error', () => {
    expect(parseRecord(record({ errorCode: '', errorMessage: null }))?.error).toBeUndefined();
  });

  test('issued credentials are those of calls that succeeded', () => {
    const more = { eventSource: 'sts.amazonaws.com', eventName: 'AssumeRole', responseElements: { credentials: { accessKeyId: 'ASIA9' } } };
    expect(parseRecord(record(more))?.issued).toBe('ASIA9');
    expect(parseRecord(record({ ...more, errorCode: 'AccessDenied' }))?.issued).toBeUndefined();
  });

  test('without an id the same record has the same made-up one', () => {
    const { eventID: _id, ...rest } = record();
    expect(parseRecord(rest)?.id).toMatch(/^sha256:/);
    expect(parseRecord(rest)?.id).toBe(parseRecord({ ...rest })?.id);
  });

  test.each<Json>([null, 'text', 3, [], {}, { eventName: 'x' }, record({ eventTime: '...' })])('no record: %j', (value) => {
    expect(parseRecord(value)).toBeUndefined();
  });
});

describe('who', () => {
  test.each<[string, Json, object]>([
    ['root', { type: 'Root', arn: 'arn:aws:iam::123456789012:root' }, { name: 'root' }],
    [
      'a user',
      { type: 'IAMUser', userName: 'alice', arn: 'arn:aws:iam::1:user/team/alice' },
      { name: 'alice', role: null, nameFrom: 'user' },
    ],
    [
      'a source identity before the session name',
      role('s1', 'Admin', { sourceIdentity: 'bob' }),
      { name: 'bob', role: 'Admin', nameFrom: 'sourceIdentity' },
    ],
    [
      'single sign-on',
      role('carol@example.com', 'AWSReservedSSO_Admin_0123'),
      { name: 'carol@example.com', role: 'AWSReservedSSO_Admin_0123', nameFrom: 'session-name' },
    ],
    ['a federated user', { type: 'FederatedUser', arn: 'arn:aws:sts::1:federated-user/dave' }, { name: 'dave', role: null }],
    [
      'a federated user, beside who lent the rights',
      {
        type: 'FederatedUser',
        arn: 'arn:aws:sts::1:federated-user/dave',
        sessionContext: { sessionIssuer: { type: 'IAMUser', userName: 'broker' } },
      },
      { name: 'dave', role: 'broker' },
    ],
    [
      'a service',
      { type: 'AWSService', invokedBy: 'autoscaling.amazonaws.com' },
      { name: 'autoscaling.amazonaws.com', via: 'service', service: 'autoscaling.amazonaws.com' },
    ],
    ['a service without a type', { invokedBy: 'config.amazonaws.com' }, { name: 'config.amazonaws.com', type: 'AWSService' }],
    ['nobody', {}, { name: 'unknown', type: 'Unknown', arn: null }],
    ['an identity-centre user', { type: 'IdentityCenterUser', onBehalfOf: { userId: 'u-1' } }, { name: 'u-1' }],
    ['somebody a SAML provider vouches for', { type: 'SAMLUser', principalId: 'Zm9v=:dora' }, { name: 'dora', nameFrom: 'user' }],
    ['somebody of a directory', { type: 'Directory', userName: 'CORP\\eve' }, { name: 'CORP\\eve', nameFrom: 'user' }],
    [
      'root’s session, which another account asked for',
      { type: 'Root', arn: 'arn:aws:iam::1:root', accessKeyId: 'ASIA1', sessionContext: { assumedRoot: 'true' } },
      { name: 'root', credential: 'ASIA1' },
    ],
    [
      'a person’s session of another account',
      { type: 'AWSAccount', accountId: '210987654321', principalId: 'AROA1:carol@example.com' },
      { name: 'carol@example.com', nameFrom: 'session-name' },
    ],
    [
      'a machine’s session of another account',
      { type: 'AWSAccount', accountId: '210987654321', principalId: 'AROA1:build-7' },
      { name: '210987654321' },
    ],
    ['another account', { type: 'AWSAccount', accountId: '210987654321' }, { name: '210987654321' }],
    [
      'a session whose record has the role’s ARN',
      {
        type: 'AssumedRole',
        principalId: 'AROA1:carol@example.com',
        arn: 'arn:aws:iam::1:role/aws-reserved/sso.amazonaws.com/eu-west-1/Admin',
      },
      { name: 'carol@example.com', role: 'Admin' },
    ],
    [
      'an instance without a role of its own',
      { type: 'AssumedRole', principalId: '1:aws:ec2-instance:i-1', arn: 'arn:aws:sts::1:assumed-role/aws:ec2-instance/i-1' },
      { name: 'i-1', role: 'aws:ec2-instance' },
    ],
    ['only an account', { accountId: '123456789012' }, { name: '123456789012', type: 'Unknown' }],
    ['root, not called so', { type: 'Unknown', arn: 'arn:aws:iam::1:root', userName: 'WebsiteAccount' }, { name: 'root', type: 'Root' }],
    [
      'a session, not called so',
      { type: 'Unknown', arn: 'arn:aws:sts::1:assumed-role/Admin/dan', userName: 'assumed-role/Admin/dan', principalId: 'AROA1:dan' },
      { name: 'dan', role: 'Admin' },
    ],
    [
      'somebody signed in, with no ARN',
      { type: 'Unknown', userName: 'erin@example.com', principalId: 'u-1' },
      { name: 'erin@example.com' },
    ],
  ])('%s', (_what, identity, expected) => {
    expect(actorOf(identity)).toMatchObject(expected);
  });

  test.each(['signin.amazonaws.com', 'console.amazonaws.com', 'AWS Internal'])('%s is where a user was, no service', (invokedBy) => {
    expect(actorOf({ type: 'IAMUser', userName: 'alice', invokedBy })).not.toHaveProperty('service');
  });

  test('an identity-centre user who signs in is named beside the identity', () => {
    const more = { eventName: 'UserAuthentication', additionalEventData: { UserName: 'frank@example.com' } };
    const identity = { type: 'IdentityCenterUser', onBehalfOf: { userId: 'u-1' } };
    expect(actorOf(identity, more)).toMatchObject({ name: 'frank@example.com', nameFrom: 'user' });
  });

  test('a machine’s session name is shown but not taken for a person', () => {
    const actor = actorOf(role('aws-go-sdk-1722375070115152000'));
    expect(actor).toMatchObject({ name: 'aws-go-sdk-1722375070115152000', role: 'Admin', credential: 'ASIA1', mfa: false });
    expect(actor?.nameFrom).toBeUndefined();
  });

  test('root’s own name is settled, that of a session of root is not', () => {
    const root = { type: 'Root', arn: 'arn:aws:iam::1:root', accessKeyId: 'ASIA1' };
    expect(actorOf(root)?.nameFrom).toBe('user');
    expect(actorOf({ ...root, sessionContext: { assumedRoot: 'true' } })?.nameFrom).toBeUndefined();
  });

  test('"AWS Internal" is the console, not a service', () => {
    expect(actorOf({ type: 'IAMUser', userName: 'alice', invokedBy: 'AWS Internal' }, { userAgent: 'AWS Internal' })).toMatchObject({
      via: 'console',
    });
    expect(actorOf({ type: 'IAMUser', userName: 'alice', invokedBy: 'AWS Internal' })?.service).toBeUndefined();
  });
});

test.each<[Via, string, JsonObject]>([
  ['terraform', 'APN/1.0 HashiCorp/1.0 Terraform/1.9 (+https://www.terraform.io) terraform-provider-aws/5.1 aws-sdk-go-v2/1', {}],
  ['opentofu', 'APN/1.0 OpenTofu/1.8 terraform-provider-aws/5.1', {}],
  ['cli', 'aws-cli/2.15 md/command#ec2.delete-route', { sessionCredentialFromConsole: 'true' }],
  ['cloudshell', 'aws-cli/2.15 exec-env/CloudShell', { sessionCredentialFromConsole: 'true' }],
  ['console', 'Mozilla/5.0 (X11; Linux)', {}],
  ['console', 'some agent', { sessionCredentialFromConsole: 'true' }],
  ['console', 'some agent', { sessionCredentialFromConsole: true }],
  ['console', 'console.ec2.amazonaws.com', {}],
  ['console', '[S3Console/0.4, aws-internal/3 aws-sdk-java/1.11]', {}],
  ['console', 'x', { eventType: 'AwsConsoleSignIn' }],
  ['cloudformation', 'cloudformation.amazonaws.com', { sourceIPAddress: 'cloudformation.amazonaws.com' }],
  ['sdk', 'Boto3/1.34 Botocore/1.34', {}],
  ['service', 'rds.amazonaws.com', { sourceIPAddress: 'rds.amazonaws.com' }],
  ['cli', 'AWSPowerShell/4.1.0 .NET_Core/8', {}],
  ['console', 'AWS CloudWatch Console, aws-internal/3 aws-sdk-java/1.12.4', {}],
  ['service', 'resource-explorer-2.amazonaws.com', {}],
  ['unknown', 'curl/8', {}],
])('via %s: %s', (via, userAgent, more) => {
  expect(parseRecord(record({ userAgent, ...more }))?.actor.via).toBe(via);
});

test('records are found in every document that carries them', () => {
  const one = record();
  expect(recordsOf({ Records: [one, one] })).toHaveLength(2);
  expect(recordsOf({ Events: [{ EventId: 'x', CloudTrailEvent: JSON.stringify(one) }] })).toEqual([one]);
  expect(recordsOf({ 'detail-type': 'AWS API Call via CloudTrail', detail: one })).toEqual([one]);
  expect(recordsOf([one, { detail: one }])).toHaveLength(2);
  expect(recordsOf({ Events: [{ CloudTrailEvent: '{"cut' }] })).toEqual([undefined]);
  expect(recordsOf({ Records: [] })).toEqual([]);
});

test.each(['CloudTrailEvent', 'cloudTrailEvent'])(
  'the record inside LookupEvents’ wrapper (%s) wins over the wrapper’s own fields',
  (field) => {
    const one = record({ requestParameters: { routeTableId: 'rtb-1' } });
    const wrapper = { eventId: 'x', eventName: 'DeleteRoute', eventSource: 'ec2.amazonaws.com', username: 'alice' };
    expect(recordsOf({ events: [{ ...wrapper, [field]: JSON.stringify(one) }] })).toEqual([one]);
    expect(recordsOf({ ...wrapper, [field]: '{"cut' })).toEqual([undefined]);
  },
);

describe('what log shippers make of records', () => {
  const one = record({ requestParameters: { routeTableId: 'rtb-1' } });
  const line = JSON.stringify(one);
  test.each<[string, Json]>([
    ['a search in CloudWatch Logs', { events: [{ logStreamName: 's', timestamp: 1, message: line }] }],
    ['a subscription to a log group', { messageType: 'DATA_MESSAGE', logGroup: 'g', logEvents: [{ id: '1', message: line }] }],
    ['a query of CloudWatch Logs Insights', { status: 'Complete', results: [[{ field: '@message', value: line }]] }],
    ['its download', [{ '@timestamp': '2026-07-01 10:02:00.000', '@message': line }]],
    ['Elastic', { '@timestamp': 'x', event: { dataset: 'aws.cloudtrail', original: line } }],
    ['Wazuh', { integration: 'aws', aws: { ...one } }],
    ['Splunk', { preview: false, result: { sourcetype: 'aws:cloudtrail', _raw: line } }],
    ['Splunk’s collector', { time: 1, sourcetype: 'aws:cloudtrail', event: one }],
    ['SNS in SQS', { Records: [{ eventSource: 'aws:sqs', body: JSON.stringify({ Message: JSON.stringify({ detail: one }) }) }] }],
  ])('%s', (_what, document) => {
    expect(recordsOf(document)).toEqual([one]);
  });

  test.each<[string, Json]>([
    ['an object that came into a bucket', { eventName: 'ObjectCreated:Put', eventSource: 'aws:s3', eventTime: '2026-07-01T10:00:00Z' }],
    ['another program’s line', { message: 'started', event: { action: 'start' } }],
  ])('no record: %s', (_what, document) => {
    expect(recordsOf(document)).toEqual([undefined]);
  });
});

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-insights-fields-trails.html */
test('an insight is no call, and nothing that is missing', () => {
  const insight = { eventType: 'AwsCloudTrailInsight', eventCategory: 'Insight', eventTime: '2026-07-01T10:00:00Z', insightDetails: {} };
  expect(recordsOf({ Records: [insight, record()] })).toEqual([record()]);
});

test('a call that passed a VPC endpoint is told by its own record; one that the endpoint refused has no other', () => {
  const seen = record({ eventType: 'AwsVpceEvent', eventCategory: 'NetworkActivity', vpcEndpointId: 'vpce-1' });
  const refused = { ...seen, errorCode: 'VpceAccessDenied' };
  expect(recordsOf({ Records: [seen, refused] })).toEqual([refused]);
});
