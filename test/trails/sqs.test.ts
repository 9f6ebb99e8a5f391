/** The queue through the real SDK: envelopes, storing before deleting, messages that hold nothing, and what silence is worth. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Trail, TrailContext, TrailGap } from '../../src/model.ts';
import { realSurroundings } from '../../src/surroundings.ts';
import { openEventStore } from '../../src/trail/events.ts';
import { readTrail } from '../../src/trail/read.ts';
import trail from '../../trails/sqs/index.ts';
import { regionOf } from '../../trails/sqs/queue.ts';
import { ACCOUNT, writeRecord } from './record.ts';
import { openSqsEndpoint, type SqsEndpoint } from './sqs-endpoint.ts';

const START = Date.parse('2026-07-01T10:00:00Z');
const DAY = 86_400_000;
const MINUTE = 60_000;
let clock: number;
let endpoint: SqsEndpoint;
let dir: string;

beforeEach(async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'test' });
  clock = START;
  endpoint = await openSqsEndpoint(() => clock);
  dir = mkdtempSync(join(tmpdir(), 'drifttrail-sqs-'));
});
afterEach(async () => {
  await endpoint.close();
  rmSync(dir, { recursive: true, force: true });
});

const record = (eventID: string, more: object = {}) =>
  writeRecord(eventID, { eventTime: new Date(clock - 20_000).toISOString().replace('.000Z', 'Z'), ...more });
const eventBridge = (eventID: string, more: object = {}) =>
  JSON.stringify({ version: '0', 'detail-type': 'AWS API Call via CloudTrail', account: ACCOUNT, detail: record(eventID, more) });
const sns = (Message: string) => JSON.stringify({ Type: 'Notification', TopicArn: 'arn:aws:sns:eu-west-1:1:t', MessageId: 'n', Message });

interface Told {
  readonly ids: string[];
  readonly gaps: TrailGap[];
  readonly covered: string[];
  readonly said: string[];
}

async function read(marks: Map<string, string>, more: Partial<TrailContext> = {}, own: object = {}): Promise<Told> {
  const told: Told = { ids: [], gaps: [], covered: [], said: [] };
  const context: TrailContext<never> = {
    ...realSurroundings('/'),
    now: () => new Date(clock),
    options: trail.options.parse({ queue: endpoint.queue, endpoint: endpoint.url, ...own }) as never,
    signal: AbortSignal.timeout(20_000),
    window: { from: '2026-07-01T09:00:00Z', to: '2026-07-01T11:00:00Z' },
    mark: (key) => marks.get(key),
    setMark: (key, value) => marks.set(key, value),
    gap: (gap) => told.gaps.push(gap),
    covered: ({ account, region, from, to }) => told.covered.push(`${account} ${region} ${from} ${to}`),
    progress: (text) => told.said.push(text),
    stored: async () => undefined,
    ...(more as object),
  };
  for await (const { id } of trail.read(context)) told.ids.push(id);
  return told;
}

test('reads what EventBridge sends, directly, through SNS and through SNS raw, and then deletes it', async () => {
  endpoint.send(
    eventBridge('direct'),
    sns(eventBridge('wrapped')),
    JSON.stringify(record('bare')),
    JSON.stringify({ Records: [record('file')] }),
  );
  const { ids, gaps, covered } = await read(new Map());
  expect(ids).toEqual(['direct', 'wrapped', 'bare', 'file']);
  expect(gaps).toEqual([]);
  expect(covered).toEqual([]);
  expect(endpoint.bodies()).toEqual([]);
});

test('the envelope says whose event it is when the record does not', async () => {
  const account = '210987654321';
  const detail = { ...record('old'), recipientAccountId: undefined };
  endpoint.send(JSON.stringify({ 'detail-type': 'AWS API Call via CloudTrail', account, detail }));
  expect((await keep()).events.map((event) => event.account)).toEqual([account]);
});

/** One run: the queue is read into the event store, and the store is asked. */
async function keep() {
  const store = await openEventStore(dir);
  const { gaps } = await readTrail(
    trail as unknown as Trail,
    trail.options.parse({ queue: endpoint.queue, endpoint: endpoint.url }),
    { from: '2026-07-01T09:00:00Z', to: '2026-07-01T11:00:00Z' },
    store,
    {
      surroundings: { ...realSurroundings('/'), now: () => new Date(clock) },
      signal: AbortSignal.timeout(20_000),
      progress: () => undefined,
    },
  );
  const events = await store.query({ from: '2026-07-01T09:00:00Z', to: '2026-07-01T11:00:00Z' });
  store.close();
  return { events, gaps };
}

test('deletes nothing before it is stored', async () => {
  endpoint.send(...Array.from({ length: 25 }, (_, index) => eventBridge(`e${index}`)));
  const atStore: number[] = [];
  await read(new Map(), { stored: async () => void atStore.push(endpoint.bodies().length) });
  expect(atStore[0]).toBe(25);
  expect(endpoint.calls.filter((call) => call === 'DeleteMessageBatch')).toHaveLength(3);
  expect(endpoint.bodies()).toEqual([]);
});

test('ended between storing and deleting, the events are there, and there once after they came again', async () => {
  endpoint.send(eventBridge('e1'), eventBridge('e2'));
  endpoint.refuse.set('DeleteMessageBatch', 'OverLimit');
  const first = await keep();
  expect(first.events.map(({ id }) => id)).toEqual(['e1', 'e2']);
  expect(first.gaps).toMatchObject([{ partial: true, detail: expect.stringContaining('sqs:DeleteMessage') }]);
  expect(endpoint.bodies()).toHaveLength(2);
  endpoint.refuse.clear();
  clock += 3 * MINUTE;
  const second = await keep();
  expect(second.events.map(({ id }) => id)).toEqual(['e1', 'e2']);
  expect(second.gaps).toEqual([]);
  expect(endpoint.bodies()).toEqual([]);
});

test('what cannot be stored stays in the queue', async () => {
  endpoint.send(eventBridge('e1'));
  const stored = () => Promise.reject(new Error('disk full'));
  await expect(read(new Map(), { stored })).rejects.toThrow('disk full');
  expect(endpoint.bodies()).toHaveLength(1);
});

test('a message that holds no record is told once, says what becomes of it, stays, and holds up nobody', async () => {
  const marks = new Map<string, string>();
  const [bad] = endpoint.send('{"cut of', eventBridge('e1'));
  endpoint.attributes = {
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: `arn:aws:sqs:eu-west-1:${ACCOUNT}:dead`, maxReceiveCount: '5' }),
  };
  const first = await read(marks);
  expect(first.ids).toEqual(['e1']);
  expect(first.gaps).toEqual([
    {
      reason: 'invalid',
      detail: `${endpoint.queue}: message ${bad} cannot be read: it is not JSON; it is left in the queue, whose redrive policy moves it to dead after 5 receptions`,
    },
  ]);
  clock += 5 * MINUTE;
  endpoint.send(eventBridge('e2'));
  const second = await read(marks);
  expect(second.ids).toEqual(['e2']);
  expect(second.gaps).toEqual([]);
  expect(endpoint.bodies()).toEqual(['{"cut of']);
});

test('what a rule or a topic sends too much is named, and takes nothing from the records', async () => {
  endpoint.send(
    JSON.stringify({ 'detail-type': 'EC2 Instance State-change Notification', detail: { state: 'running' } }),
    JSON.stringify({ Records: [{ eventSource: 'aws:s3', eventName: 'ObjectCreated:Put', eventTime: '2026-07-01T10:00:00Z' }] }),
    sns(JSON.stringify({ s3Bucket: 'trail', s3ObjectKey: ['AWSLogs/1'] })),
    JSON.stringify({ Event: 's3:TestEvent' }),
  );
  const { ids, gaps } = await read(new Map());
  expect(ids).toEqual([]);
  expect(gaps).toMatchObject([{ partial: true, detail: expect.stringMatching(/and 3 more.*EC2 Instance State-change.*after 4 days/) }]);
  expect(endpoint.bodies()).toHaveLength(4);
});

test('an insight is no event and holds up nothing', async () => {
  endpoint.send(JSON.stringify({ 'detail-type': 'AWS Insight via CloudTrail', detail: { eventCategory: 'Insight', insightDetails: {} } }));
  expect(await read(new Map())).toMatchObject({ ids: [], gaps: [] });
});

test('silence counts only between two events of a place, after the first poll, when the rules are complete', async () => {
  const marks = new Map<string, string>();
  const complete = { complete: true };
  endpoint.send(eventBridge('before'), eventBridge('elsewhere', { awsRegion: 'us-east-1' }));
  expect((await read(marks, {}, complete)).covered).toEqual([]);
  clock += 10 * MINUTE;
  expect((await read(marks, {}, complete)).covered).toEqual([]);
  clock += 10 * MINUTE;
  endpoint.send(eventBridge('after'), eventBridge('new place', { awsRegion: 'eu-north-1' }));
  const begun = new Date(START).toISOString();
  expect((await read(marks, {}, complete)).covered).toEqual([`${ACCOUNT} eu-west-1 ${begun} 2026-07-01T10:19:40Z`]);
  clock += MINUTE;
  endpoint.send(eventBridge('next'));
  expect((await read(marks, {}, complete)).covered).toEqual([`${ACCOUNT} eu-west-1 2026-07-01T10:19:40Z 2026-07-01T10:20:40Z`]);
  clock += MINUTE;
  endpoint.send(eventBridge('unfiltered or not'));
  expect((await read(marks)).covered).toEqual([]);
});

test('what the queue forgot before it was read is told, and not covered', async () => {
  const marks = new Map<string, string>();
  endpoint.send(eventBridge('e1'));
  await read(marks, {}, { complete: true });
  clock += 5 * DAY;
  endpoint.send(eventBridge('e2'));
  const { gaps, covered } = await read(marks, {}, { complete: true });
  expect(gaps).toMatchObject([
    { partial: true, reason: 'truncated', detail: expect.stringContaining('from 2026-07-01T10:00:00.000Z to 2026-07-02T10:00:00.000Z') },
  ]);
  expect(covered).toEqual([`${ACCOUNT} eu-west-1 2026-07-02T10:00:00.000Z 2026-07-06T09:59:40Z`]);
});

test('says how long the oldest message waited, and warns before the queue forgets', async () => {
  const marks = new Map<string, string>();
  endpoint.send(eventBridge('e1'));
  clock += MINUTE;
  expect((await read(marks)).said).toEqual([`${endpoint.queue}: 1 messages, the oldest sent 2026-07-01T10:00:00.000Z`]);
  endpoint.send(eventBridge('e2'));
  clock += 3 * DAY;
  const { said, gaps } = await read(marks);
  expect(said[1]).toContain('waited more than half of what the queue keeps');
  expect(gaps).toEqual([]);
});

test('nothing is covered while another reader holds messages, nor after a message that may have been a record', async () => {
  const marks = new Map<string, string>();
  endpoint.send(eventBridge('e1'));
  await read(marks, {}, { complete: true });
  clock += MINUTE;
  endpoint.send(eventBridge('e2'));
  endpoint.attributes = { ApproximateNumberOfMessagesNotVisible: '3' };
  const held = await read(marks, {}, { complete: true });
  expect(held.covered).toEqual([]);
  expect(held.said).toEqual([expect.stringContaining('3 messages are held'), expect.stringContaining('1 messages, the oldest sent')]);
  endpoint.attributes = {};
  clock += MINUTE;
  endpoint.send('not JSON', eventBridge('e3'));
  expect((await read(marks, {}, { complete: true })).covered).toEqual([]);
  clock += MINUTE;
  endpoint.send(eventBridge('e4'));
  expect((await read(marks, {}, { complete: true })).covered).toEqual([
    `${ACCOUNT} eu-west-1 2026-07-01T10:02:00.000Z 2026-07-01T10:02:40Z`,
  ]);
});

test('a backlog is emptied in few calls, and a queue that never ends holds up nobody', async () => {
  endpoint.send(...Array.from({ length: 700 }, (_, index) => eventBridge(`e${index}`)));
  endpoint.onCall = () => {
    clock += 5; // the limit on requests is kept by this clock
  };
  const { ids } = await read(new Map());
  expect(new Set(ids).size).toBe(700);
  expect(endpoint.calls.filter((call) => call === 'ReceiveMessage').length).toBeLessThan(90);
  endpoint.onCall = (operation) => {
    clock += 5;
    if (operation === 'ReceiveMessage') endpoint.send(eventBridge(`new ${clock}`));
  };
  const busy = await read(new Map());
  expect(busy.ids.length).toBeLessThan(20);
  expect(busy.gaps).toEqual([]);
});

test('a queue too full to empty in time is a gap, and the next run goes on', async () => {
  endpoint.send(...Array.from({ length: 60 }, (_, index) => eventBridge(`e${index}`)));
  endpoint.onCall = (operation) => {
    if (operation === 'ReceiveMessage') clock += 50_000;
  };
  const first = await read(new Map());
  expect(first.gaps).toMatchObject([{ reason: 'truncated', detail: expect.stringContaining('60 messages') }]);
  endpoint.onCall = () => undefined;
  const second = await read(new Map());
  expect(new Set([...first.ids, ...second.ids]).size).toBe(60);
});

test.each([
  ['GetQueueAttributes', 'AccessDeniedException', 'denied'],
  ['ReceiveMessage', 'AccessDeniedException', 'denied'],
  ['ReceiveMessage', 'QueueDoesNotExist', 'invalid'],
])('%s: %s is a gap with the queue and the action', async (operation, code, reason) => {
  endpoint.send(eventBridge('e1'));
  endpoint.refuse.set(operation, code);
  const { ids, gaps, covered } = await read(new Map(), {}, { complete: true });
  expect({ ids, covered }).toEqual({ ids: [], covered: [] });
  expect(gaps).toMatchObject([{ reason, detail: expect.stringMatching(`${endpoint.queue}: .*sqs:${operation}`) }]);
});

test('where nothing is stored nothing is received', async () => {
  endpoint.send(eventBridge('e1'));
  const { ids, gaps } = await read(new Map(), { stored: undefined } as object);
  expect({ ids, calls: endpoint.calls }).toEqual({ ids: [], calls: [] });
  expect(gaps).toMatchObject([{ detail: expect.stringContaining('emptied by reading') }]);
});

test('doctor hears how full the queue is, or why it cannot be asked', async () => {
  const probe = () =>
    trail.probe?.({
      ...realSurroundings('/'),
      signal: AbortSignal.timeout(5_000),
      options: trail.options.parse({ queue: endpoint.queue, endpoint: endpoint.url }),
    });
  endpoint.send('1', '2');
  expect(await probe()).toEqual([{ system: endpoint.queue, ok: true, detail: 'about 2 messages wait; kept 96 h; no dead-letter queue' }]);
  endpoint.refuse.set('GetQueueAttributes', 'AccessDeniedException');
  expect(await probe()).toMatchObject([{ ok: false, detail: expect.stringContaining('drifttrail permissions') }]);
});

test('options are checked, and the region is that of the address', () => {
  const queue = 'https://sqs.eu-west-1.amazonaws.com/123456789012/drifttrail';
  expect(trail.options.safeParse({ queue }).success).toBe(true);
  expect(trail.options.safeParse({ queue: `${queue}.fifo` }).success).toBe(false);
  expect(trail.options.safeParse({ queue: 'drifttrail' }).success).toBe(false);
  expect(trail.options.safeParse({ queue, typo: 1 }).success).toBe(false);
  expect(trail.options.safeParse({ queue, wait: 0 }).success).toBe(false);
  expect(regionOf({ queue })).toBe('eu-west-1');
  expect(regionOf({ queue: 'https://cn-north-1.queue.amazonaws.com.cn/1/q' })).toBe('cn-north-1');
  expect(regionOf({ queue: 'http://127.0.0.1:4566/1/q', region: 'eu-north-1' })).toBe('eu-north-1');
});
