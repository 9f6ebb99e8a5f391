/** The recorded Wednesday once more, its events by way of a queue and of an event data store: who deleted the route is known at once. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Finding } from '../../src/model.ts';
import { world } from '../run/world.ts';
import { openQueryEndpoint, type QueryEndpoint } from './query-endpoint.ts';
import { openSqsEndpoint, type SqsEndpoint } from './sqs-endpoint.ts';
import { type CloudTrailRecord, LAKE_COLUMNS, openTables, type Tables } from './tables.ts';

const DEMO = fileURLToPath(new URL('../../examples/demo/', import.meta.url));
const RECORDS = readFileSync(join(DEMO, 'trail.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as CloudTrailRecord);
const STORE = 'a1b2c3d4-5678-90ab-cdef-000000000000';
const NOON = '2026-01-14T13:00:00.000Z';
const EVENING = '2026-01-14T17:30:00.000Z';

let clock = Date.parse(NOON);
let tables: Tables;
let queries: QueryEndpoint;
let queue: SqsEndpoint;

beforeAll(async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'test' });
  tables = await openTables();
  await tables.add(STORE, LAKE_COLUMNS, RECORDS);
  queries = await openQueryEndpoint(tables);
  queries.states = ['FINISHED'];
  queries.page = 1000;
  const selectors = [{ FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] }];
  queries.store = {
    Name: 'all',
    Status: 'ENABLED',
    AdvancedEventSelectors: selectors,
    CreatedTimestamp: 1_700_000_000,
    RetentionPeriod: 366,
  };
  queue = await openSqsEndpoint(() => clock);
});
afterAll(async () => {
  await queries?.close();
  await queue?.close();
  tables?.close();
});

/** Two runs: Wednesday noon, and the evening after the experiment with routes. */
async function evening(trail: string, before: () => void = () => undefined) {
  const config = (phase: string) =>
    `exporters:\n  - use: aws\n    regions: [eu-west-1]\n    replay: ${join(DEMO, phase)}\ntrail:\n${trail}`;
  const it = await world(config('baseline'));
  const at = (time: string) => {
    it.time = time;
    clock = Date.parse(time);
  };
  // The limit on requests is kept by the world's clock.
  queries.onCall = () => it.pass(0.02);
  at(NOON);
  await it.run();
  at(EVENING);
  before();
  writeFileSync(join(it.dir, 'drifttrail.yaml'), config('wednesday'));
  return { it, at, findings: (await it.run()).findings };
}

/** The default route of the subnet: what stopped the builds. */
function routeOf(findings: readonly Finding[]): Finding | undefined {
  return findings.find(
    ({ change }) => change?.ref.kind === 'aws.ec2.route-table' && change.edits.some(({ path }) => path.includes('0.0.0.0')),
  );
}

const lake = () =>
  `  - use: lake\n    eventDataStore: arn:aws:cloudtrail:eu-west-1:111122223333:eventdatastore/${STORE}\n    endpoint: ${queries.url}\n`;
const sqs = () => `  - use: sqs\n    queue: ${queue.queue}\n    endpoint: ${queue.url}\n`;
const deliver = () => {
  const about = { 'detail-type': 'AWS API Call via CloudTrail', account: '111122223333' };
  queue.send(...RECORDS.filter(({ eventTime }) => eventTime < EVENING).map((detail) => JSON.stringify({ ...about, detail })));
};

test.each([
  ['sqs', sqs, deliver],
  ['lake', lake, () => undefined],
])('%s: the person behind the deleted route', async (_name, trail, before) => {
  const { findings } = await evening(trail(), before);
  expect(routeOf(findings)?.attribution).toMatchObject({ status: 'attributed', grade: 'exact' });
  expect(routeOf(findings)?.attribution.events[0]?.name).toBe('DeleteRoute');
  expect(routeOf(findings)?.attribution.actor?.name).toBe('DevOpsEngineer1');
});

test('a queue that gave nothing: pending, and then nobody, because the trail was not read, not because there was no event', async () => {
  const { it, at, findings } = await evening(sqs());
  expect(routeOf(findings)?.attribution.status).toBe('pending');
  at('2026-01-14T17:50:00.000Z');
  expect(routeOf(await it.correlate())?.attribution).toMatchObject({
    status: 'unattributed',
    because: 'the trail of 111122223333 in eu-west-1 was not read for the whole window',
  });
});
