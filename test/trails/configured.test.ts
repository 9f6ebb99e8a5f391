/** Trails as a deployment has them: mistakes with line and column, the policy they need, what doctor says of them. */
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cli, deployment, folder, write } from '../cli/run.ts';
import { openSqsEndpoint, type SqsEndpoint } from './sqs-endpoint.ts';

const ARN = 'arn:aws:cloudtrail:eu-west-1:123456789012:eventdatastore/a1b2c3d4-5678-90ab-cdef-000000000000';
const EXPORTERS = 'exporters:\n  - use: host\n    files: { include: [etc/hostname] }\n    facts: false\n';
let endpoint: SqsEndpoint;
beforeEach(async () => {
  endpoint = await openSqsEndpoint(() => Date.now());
});
afterEach(() => endpoint.close());

function configured(trail: string, dir = folder()) {
  write(dir, { 'drifttrail.yaml': `${EXPORTERS}trail:\n${trail}` });
  const env = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
  return { dir, run: (args: readonly string[]) => cli(['--dir', dir, ...args], { env }) };
}

test.each([
  ['  - use: sqs\n    queue: https://sqs.eu-west-1.amazonaws.com/123456789012/drifttrail.fifo\n', '7:12', 'standard queue'],
  ['  - use: sqs\n    queue: https://sqs.eu-west-1.amazonaws.com/1/q\n    waits: 2\n', '8:5', 'did you mean "wait"'],
  ['  - use: lake\n    eventDataStore: all\n', '7:21', 'ARN'],
  [`  - use: lake\n    eventDataStore: ${ARN}\n    accounts: ["1' OR 1=1"]\n`, '8:16', '12 digits'],
  ['  - use: athena\n    region: eu-west-1\n    database: default\n    table: "a; b"\n', '9:12', 'table'],
])('a mistake is named by its place: %j', async (trail, place, words) => {
  const { dir, run } = configured(trail);
  const { code, stderr } = await run(['log']);
  expect(code).toBe(1);
  expect(stderr).toMatch(new RegExp(`^drifttrail: ${join(dir, 'drifttrail.yaml')}:${place}: .*${words}`));
});

test('the policy has what the trails must be allowed', async () => {
  const { run } = configured(
    `  - use: sqs\n    queue: ${endpoint.queue}\n  - use: lake\n    eventDataStore: ${ARN}\n  - use: athena\n    region: eu-west-1\n    database: default\n    table: logs\n`,
    (await deployment({})).dir,
  );
  const { stdout } = await run(['permissions']);
  const [statement] = (JSON.parse(stdout) as { Statement: { Action: string[] }[] }).Statement;
  expect(statement?.Action).toEqual([
    ...[
      'athena:GetQueryExecution',
      'athena:GetQueryResults',
      'athena:GetTableMetadata',
      'athena:StartQueryExecution',
      'athena:StopQueryExecution',
    ],
    ...[
      'cloudtrail:CancelQuery',
      'cloudtrail:DescribeQuery',
      'cloudtrail:GetEventDataStore',
      'cloudtrail:GetQueryResults',
      'cloudtrail:StartQuery',
    ],
    ...['glue:GetDatabase', 'glue:GetPartitions', 'glue:GetTable', 's3:GetBucketLocation', 's3:GetObject', 's3:ListBucket', 's3:PutObject'],
    ...['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
  ]);
});

test('doctor says how the queue is, and what is in the way', async () => {
  const { run } = configured(`  - use: sqs\n    queue: ${endpoint.queue}\n    endpoint: ${endpoint.url}\n`, (await deployment({})).dir);
  endpoint.send('1');
  expect((await run(['doctor'])).stdout).toContain('about 1 messages wait; kept 96 h; no dead-letter queue');
  endpoint.refuse.set('GetQueueAttributes', 'AccessDeniedException');
  expect((await run(['doctor'])).stdout).toMatch(/trail sqs .*AccessDenied: sqs:GetQueueAttributes/);
});
