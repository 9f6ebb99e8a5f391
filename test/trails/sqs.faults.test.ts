/** SIGKILL while a queue is read into the event store: no event is lost, none is there twice, and the store opens again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEventStore } from '../../src/trail/events.ts';
import { type Compiled, compile } from '../compiled.ts';
import { folder } from '../folder.ts';
import { amount } from '../store/repository.ts';
import { openSqsEndpoint } from './sqs-endpoint.ts';

const ROUNDS = amount(6, 80);
const SEED = Number(process.env['DRIFTTRAIL_SEED'] ?? Date.now() % 100_000);
const MESSAGES = 700;
const WINDOW = { from: '2026-07-01T09:00:00Z', to: '2026-07-01T11:00:00Z' };

const CHILD = `
import { openEventStore } from './src/trail/events.js';
import { readTrail } from './src/trail/read.js';
import { realSurroundings } from './src/surroundings.js';
import trail from './trails/sqs/index.js';
const [queue, endpoint, dir] = process.argv.slice(2);
const store = await openEventStore(dir);
const deps = { surroundings: realSurroundings(dir), signal: new AbortController().signal, progress: () => undefined };
const { gaps } = await readTrail(trail, trail.options.parse({ queue, endpoint }), ${JSON.stringify(WINDOW)}, store, deps);
store.close();
if (gaps.length > 0) throw new Error(JSON.stringify(gaps));
`;

let compiled: Compiled;
beforeAll(async () => {
  const exports = { '.': './src/index.js' };
  compiled = await compile({
    'reader.js': CHILD,
    'package.json': JSON.stringify({ name: 'drifttrail', version: '0.0.0', type: 'module', exports }),
  });
}, 180_000);
afterAll(() => compiled?.remove());

const body = (eventID: string) =>
  JSON.stringify({
    detail: {
      ...{ eventID, eventTime: '2026-07-01T10:00:00Z', eventSource: 'ec2.amazonaws.com', eventName: 'DeleteRoute', awsRegion: 'eu-west-1' },
      ...{ recipientAccountId: '123456789012', readOnly: false, requestParameters: { routeTableId: 'rtb-1' } },
    },
  });

test(`killed at any call of the queue, ${ROUNDS} times (seed ${SEED})`, async () => {
  let random = SEED;
  const next = (below: number) => {
    random = (Math.imul(random, 1_103_515_245) + 12_345) & 0x7fffffff;
    return random % below;
  };
  let deletesKilled = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const dir = folder();
    let clock = Date.parse('2026-07-01T10:05:00Z');
    const endpoint = await openSqsEndpoint(() => clock);
    try {
      endpoint.send(...Array.from({ length: MESSAGES }, (_, index) => body(`e${index}`)));
      let child: ChildProcess | undefined;
      let calls = 0;
      // Every other round in the midst of the deletes, which begin once some hundred messages are stored.
      const fuse = round % 2 === 0 ? next(60) : Number.POSITIVE_INFINITY;
      const deletes = round % 2 === 0 ? Number.POSITIVE_INFINITY : next(60);
      let seen = 0;
      endpoint.onCall = (operation) => {
        if (operation === 'DeleteMessageBatch' && seen++ === deletes) {
          deletesKilled++;
          child?.kill('SIGKILL');
        }
        if (calls++ === fuse) child?.kill('SIGKILL');
      };
      const reader = () => {
        const env = { ...process.env, AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'test' };
        child = spawn(process.execPath, [join(compiled.folder, 'reader.js'), endpoint.queue, endpoint.url, dir], { stdio: 'ignore', env });
        return new Promise((resolve) => child?.once('exit', (code, signal) => resolve(signal ?? code)));
      };
      expect(await reader(), `round ${round}`).toBe('SIGKILL');
      clock += 300_000;
      endpoint.onCall = () => undefined;
      expect(await reader(), `round ${round}`).toBe(0);
      expect(endpoint.bodies()).toEqual([]);
      const store = await openEventStore(dir);
      const found = await store.query(WINDOW);
      store.close();
      expect(found).toHaveLength(MESSAGES);
      expect(new Set(found.map(({ id }) => id)).size).toBe(MESSAGES);
    } finally {
      await endpoint.close();
    }
  }
  expect(deletesKilled).toBe(Math.floor(ROUNDS / 2));
}, 600_000);
