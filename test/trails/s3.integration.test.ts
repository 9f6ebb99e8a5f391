/** The s3 trail against moto's S3: pages, prefix and organisation, late delivery, digests, refusals. */
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { TrailContext, TrailGap } from '../../src/model.ts';
import { realSurroundings } from '../../src/surroundings.ts';
import trail from '../../trails/s3/index.ts';
import { type Moto, startMoto } from '../aws/endpoint/moto.ts';

const ORGANIZATION = 'o-abcde12345';
const ACCOUNTS = ['123456789012', '210987654321'];
const REGIONS = ['eu-west-1', 'us-east-1'];
const BUCKET = 'org-trail';
const ROOT = `audit/AWSLogs/${ORGANIZATION}/`;
let moto: Moto;
let s3: S3Client;
let proxy: Server;
let endpoint: string;
/** Requests that went through, and which of them are refused. */
let asked: string[];
let refuse: (path: string) => boolean;

const keyOf = (account: string, region: string, at: string, suffix: string) =>
  `${ROOT}${account}/CloudTrail/${region}/${at.slice(0, 10).replaceAll('-', '/')}/${account}_CloudTrail_${region}_${at.replaceAll(/[-:]/g, '')}Z_${suffix}.json.gz`;
const fileOf = (account: string, awsRegion: string, ...ids: readonly string[]) =>
  gzipSync(
    JSON.stringify({
      Records: ids.map((eventID) => ({
        eventID,
        eventTime: '2026-07-01T10:00:00Z',
        eventSource: 'ec2.amazonaws.com',
        eventName: 'DeleteRoute',
        awsRegion,
        recipientAccountId: account,
        readOnly: false,
      })),
    }),
  );
const put = (Key: string, Body: Uint8Array) => s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));

beforeAll(async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
  moto = await startMoto();
  s3 = new S3Client({ endpoint: `http://${moto.host}:${moto.port}`, region: 'us-east-1', forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  for (const account of ACCOUNTS) {
    for (const region of REGIONS) {
      for (const minute of ['00', '05', '10', '15', '20']) {
        const at = `2026-07-01T10:${minute}`;
        await put(keyOf(account, region, at, `AAAA${minute}`), fileOf(account, region, `${account} ${region} ${minute}`));
      }
    }
    const digest = `${ROOT}${account}/CloudTrail-Digest/eu-west-1/2026/07/01/${account}_CloudTrail-Digest_eu-west-1_org_eu-west-1_20260701T100000Z.json.gz`;
    await put(digest, gzipSync('{"awsAccountId":"no record"}'));
  }
  proxy = createServer((incoming, response) => {
    const url = new URL(incoming.url ?? '/', 'http://proxy');
    asked.push(decodeURIComponent(url.pathname + url.search));
    if (refuse(decodeURIComponent(url.pathname + url.search))) {
      response.writeHead(403, { 'content-type': 'application/xml' });
      response.end('<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>');
      return;
    }
    // Pages of two keys: the bucket decides how many come at once.
    if (url.searchParams.has('list-type')) url.searchParams.set('max-keys', '2');
    const outgoing = httpRequest(
      { host: moto.host, port: moto.port, method: incoming.method, path: url.pathname + url.search, headers: incoming.headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      },
    );
    outgoing.on('error', () => response.destroy());
    incoming.pipe(outgoing);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
});
beforeEach(() => {
  asked = [];
  refuse = () => false;
});
afterAll(async () => {
  s3?.destroy();
  proxy?.closeAllConnections();
  await new Promise((resolve) => (proxy === undefined ? resolve(undefined) : proxy.close(resolve)));
  await moto?.stop();
});

async function read(marks = new Map<string, string>(), more: object = {}) {
  const gaps: TrailGap[] = [];
  const covered: string[] = [];
  const context: TrailContext<never> = {
    ...realSurroundings('/'),
    options: trail.options.parse({ bucket: BUCKET, prefix: 'audit', organization: ORGANIZATION, endpoint, ...more }) as never,
    signal: AbortSignal.timeout(50_000),
    window: { from: '2026-07-01T09:55:00Z', to: '2026-07-01T10:25:00Z' },
    mark: (key) => marks.get(key),
    setMark: (key, value) => marks.set(key, value),
    gap: (gap) => gaps.push(gap),
    covered: ({ account, region }) => covered.push(`${account} ${region}`),
    progress: () => undefined,
  };
  const ids: string[] = [];
  for await (const { id } of trail.read(context)) ids.push(id);
  return { ids: ids.sort(), gaps, covered: covered.sort(), marks };
}
const everything = ACCOUNTS.flatMap((account) =>
  REGIONS.flatMap((region) => ['00', '05', '10', '15', '20'].map((minute) => `${account} ${region} ${minute}`)),
);
const everyPlace = ACCOUNTS.flatMap((account) => REGIONS.map((region) => `${account} ${region}`));

test('every account and region of an organisation under a prefix, over many pages, without the digests', async () => {
  const { ids, gaps, covered } = await read();
  expect(gaps).toEqual([]);
  expect(ids).toEqual(everything);
  expect(covered).toEqual(everyPlace);
  expect(asked.filter((path) => path.includes('continuation-token')).length).toBeGreaterThanOrEqual(8);
  expect(asked.some((path) => path.includes('Digest'))).toBe(false);
});

test('a second read fetches only what has been delivered since, however late', async () => {
  const { marks } = await read();
  asked = [];
  const [account = '', region = ''] = [ACCOUNTS[0], REGIONS[0]];
  await put(keyOf(account, region, '2026-07-01T10:20', 'ZZZZ'), fileOf(account, region, 'neighbour of a file that was read'));
  await put(keyOf(account, region, '2026-07-01T11:20', 'LATE'), fileOf(account, region, 'an hour late'));
  expect((await read(marks)).ids).toEqual(['an hour late', 'neighbour of a file that was read']);
  expect(asked.filter((path) => path.includes('GetObject') || path.endsWith('.json.gz?x-id=GetObject'))).toHaveLength(2);
});

test('an account that may not be listed, and a file that may not be read, are gaps of their own', async () => {
  refuse = (path) => path.includes(`prefix=${ROOT}${ACCOUNTS[1]}/`) || /AAAA10\.json\.gz/.test(path);
  const { ids, gaps, covered, marks } = await read(new Map(), { regions: undefined });
  expect(gaps.map(({ account, region, reason }) => `${account} ${region ?? 'all'} ${reason}`).sort()).toEqual([
    `${ACCOUNTS[0]} eu-west-1 denied`,
    `${ACCOUNTS[0]} us-east-1 denied`,
    `${ACCOUNTS[1]} all denied`,
  ]);
  expect(ids.every((id) => !id.endsWith(' 10') && !id.startsWith(ACCOUNTS[1] ?? ''))).toBe(true);
  expect(ids.length).toBeGreaterThanOrEqual(8);
  expect(covered).toEqual([]);
  expect(marks.size).toBe(0);
});

test('a bucket that is not there is a gap with its name', async () => {
  const { gaps, ids } = await read(new Map(), { bucket: 'no-such-bucket' });
  expect(ids).toEqual([]);
  expect(gaps).toMatchObject([{ reason: 'invalid', detail: expect.stringContaining('no-such-bucket') }]);
});
