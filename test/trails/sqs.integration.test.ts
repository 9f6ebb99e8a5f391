/** The sqs trail behind moto's EventBridge, SNS and SQS: rules, topics with and without raw delivery, redrive. */
import { CreateQueueCommand, GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TrailContext, TrailGap } from '../../src/model.ts';
import { realSurroundings } from '../../src/surroundings.ts';
import trail from '../../trails/sqs/index.ts';
import { type Moto, startMoto } from '../aws/endpoint/moto.ts';

const REGION = 'eu-west-1';
let moto: Moto;
let sqs: SQSClient;
let endpoint: string;

const signed = (service: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=AKIATEST/20260101/${REGION}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
});

beforeAll(async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
  moto = await startMoto();
  endpoint = `http://${moto.host}:${moto.port}`;
  sqs = new SQSClient({ endpoint, region: REGION });
});
afterAll(async () => {
  sqs?.destroy();
  await moto?.stop();
});

async function eventBridge(operation: string, input: object): Promise<void> {
  const headers = { ...signed('events'), 'x-amz-target': `AWSEvents.${operation}`, 'content-type': 'application/x-amz-json-1.1' };
  const answer = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(input) });
  if (!answer.ok) throw new Error(`${operation}: ${await answer.text()}`);
}

async function sns(Action: string, input: Record<string, string>): Promise<string> {
  const body = new URLSearchParams({ Action, Version: '2010-03-31', ...input });
  const answer = await fetch(endpoint, { method: 'POST', headers: signed('sns'), body });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${Action}: ${text}`);
  return /<TopicArn>([^<]+)</.exec(text)?.[1] ?? '';
}

async function queueOf(name: string, attributes: Record<string, string> = {}) {
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  return { url: QueueUrl, arn: Attributes?.QueueArn ?? '' };
}

const record = (eventID: string) => ({
  eventID,
  eventTime: new Date(Date.now() - 5_000).toISOString(),
  eventSource: 'ec2.amazonaws.com',
  eventName: 'DeleteRoute',
  awsRegion: REGION,
  recipientAccountId: '123456789012',
  readOnly: false,
});
const put = (eventID: string, type = 'AWS API Call via CloudTrail') =>
  eventBridge('PutEvents', { Entries: [{ Source: 'test.ec2', DetailType: type, Detail: JSON.stringify(record(eventID)) }] });

async function read(queue: string) {
  const told = { ids: [] as string[], gaps: [] as TrailGap[] };
  const context: TrailContext<never> = {
    ...realSurroundings('/'),
    options: trail.options.parse({ queue, region: REGION, endpoint }) as never,
    signal: AbortSignal.timeout(50_000),
    window: { from: '2026-07-01T09:00:00Z', to: '2026-07-01T11:00:00Z' },
    mark: () => undefined,
    setMark: () => undefined,
    gap: (gap) => told.gaps.push(gap),
    covered: () => undefined,
    progress: () => undefined,
    stored: async () => undefined,
  };
  for await (const { id } of trail.read(context)) told.ids.push(id);
  told.ids.sort();
  return told;
}

test('a rule fills the queue with what matches, and reading empties it', async () => {
  const { url, arn } = await queueOf('direct');
  await eventBridge('PutRule', { Name: 'writes', EventPattern: JSON.stringify({ 'detail-type': ['AWS API Call via CloudTrail'] }) });
  await eventBridge('PutTargets', { Rule: 'writes', Targets: [{ Id: '1', Arn: arn }] });
  for (let index = 10; index < 35; index++) await put(`e${index}`);
  await put('other', 'EC2 Instance State-change Notification');
  const { ids, gaps } = await read(url);
  expect(gaps).toEqual([]);
  expect(ids).toEqual(Array.from({ length: 25 }, (_, index) => `e${index + 10}`));
  expect((await read(url)).ids).toEqual([]);
});

test('a topic in between, with its envelope and raw', async () => {
  const TopicArn = await sns('CreateTopic', { Name: 'trail' });
  const [wrapped, raw] = [await queueOf('wrapped'), await queueOf('raw')];
  await sns('Subscribe', { TopicArn, Protocol: 'sqs', Endpoint: wrapped.arn });
  await sns('Subscribe', {
    TopicArn,
    Protocol: 'sqs',
    Endpoint: raw.arn,
    'Attributes.entry.1.key': 'RawMessageDelivery',
    'Attributes.entry.1.value': 'true',
  });
  const Message = JSON.stringify({ 'detail-type': 'AWS API Call via CloudTrail', account: '123456789012', detail: record('through sns') });
  await sns('Publish', { TopicArn, Message });
  expect(await read(wrapped.url)).toEqual({ ids: ['through sns'], gaps: [] });
  expect(await read(raw.url)).toEqual({ ids: ['through sns'], gaps: [] });
});

test('what cannot be read stays until the queue’s own policy moves it to the dead-letter queue', async () => {
  const dead = await queueOf('dead');
  const policy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: '2' });
  const { url } = await queueOf('poisoned', { RedrivePolicy: policy, VisibilityTimeout: '1' });
  await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'not JSON' }));
  await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: JSON.stringify({ detail: record('behind it') }) }));
  const { ids, gaps } = await read(url);
  expect(ids).toEqual(['behind it']);
  expect(gaps).toMatchObject([{ reason: 'invalid', detail: expect.stringContaining('moves it to dead after 2 receptions') }]);
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }));
  expect(Attributes?.ApproximateNumberOfMessagesNotVisible).toBe('1');
});

test('a queue that is not there is a gap with its name', async () => {
  expect((await read(`${endpoint}/123456789012/nowhere`)).gaps).toMatchObject([
    { reason: 'invalid', detail: expect.stringContaining('nowhere') },
  ]);
});
