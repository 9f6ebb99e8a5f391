/** A trail's bucket: which files are read, once each, late ones too, and what a bad one does. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import type { TrailGap } from '../../src/model.ts';
import { realSurroundings } from '../../src/surroundings.ts';
import type { Bucket } from '../../trails/s3/bucket.ts';
import trail from '../../trails/s3/index.ts';
import { dayFolders, mayHold, rootOf } from '../../trails/s3/layout.ts';
import { readBucket } from '../../trails/s3/read.ts';

const ACCOUNT = '123456789012';
const ROOT = `AWSLogs/${ACCOUNT}/CloudTrail/`;
/** `2026-07-01T10:05` */
const keyOf = (at: string, suffix = 'AAAAAAAAAAAAAAAA', region = 'eu-west-1', root = ROOT) =>
  `${root}${region}/${at.slice(0, 10).replaceAll('-', '/')}/${ACCOUNT}_CloudTrail_${region}_${at.replaceAll(/[-:]/g, '')}Z_${suffix}.json.gz`;
const file = (...times: string[]) =>
  gzipSync(
    JSON.stringify({
      Records: times.map((time) => ({
        eventID: time,
        eventTime: `2026-07-${time}Z`,
        eventSource: 'ec2.amazonaws.com',
        eventName: 'DeleteRoute',
        awsRegion: 'eu-west-1',
        recipientAccountId: ACCOUNT,
        readOnly: false,
      })),
    }),
  );

function bucketOf(files: Map<string, Uint8Array>): Bucket & { got: string[]; listed: string[] } {
  const got: string[] = [];
  const listed: string[] = [];
  return {
    got,
    listed,
    list: async (prefix, { folders, startAfter = '' }) => {
      const keys = [...files.keys()].filter((key) => key.startsWith(prefix) && key > startAfter).sort();
      if (folders !== true) listed.push(...keys);
      if (folders !== true) return { keys, folders: [] };
      const below = keys.map((key) => key.slice(prefix.length)).filter((rest) => rest.includes('/'));
      return { keys: [], folders: [...new Set(below.map((rest) => rest.slice(0, rest.indexOf('/'))))] };
    },
    get: async (key) => {
      got.push(key);
      const found = files.get(key);
      if (found === undefined) throw new Error('NoSuchKey');
      return found;
    },
    close: () => undefined,
  };
}

async function read(
  bucket: Bucket,
  marks = new Map<string, string>(),
  window = { from: '2026-07-01T10:00:00Z', to: '2026-07-01T11:00:00Z' },
  more = {},
) {
  const gaps: TrailGap[] = [];
  const covered: { account: string; region: string }[] = [];
  const ids: string[] = [];
  const context = {
    window,
    signal: new AbortController().signal,
    mark: (key: string) => marks.get(key),
    setMark: (key: string, value: string) => void marks.set(key, value),
    gap: (gap: TrailGap) => void gaps.push(gap),
    covered: (span: { account: string; region: string }) => void covered.push(span),
  };
  for await (const { id } of readBucket(bucket, { bucket: 'trail', ...more }, context)) ids.push(id);
  return { ids, gaps, covered, marks };
}

test('prefix and organisation stand where CloudTrail puts them', () => {
  expect(rootOf({})).toBe('AWSLogs/');
  expect(rootOf({ prefix: 'audit/', organization: 'o-abcde12345' })).toBe('audit/AWSLogs/o-abcde12345/');
});

test('the days are those of delivery: an event near midnight may stand under the next', () => {
  expect(dayFolders('2026-06-30T23:00:00Z', '2026-06-30T23:30:00Z')).toEqual(['2026/06/30/', '2026/07/01/']);
  expect(dayFolders('2026-07-01T00:10:00Z', '2026-07-01T00:20:00Z')).toEqual(['2026/06/30/', '2026/07/01/']);
});

test('only log files near the window are read', () => {
  const near = (key: string) => mayHold(key, '2026-07-01T10:00:00Z', '2026-07-01T11:00:00Z');
  expect([
    near(keyOf('2026-07-01T08:55')),
    near(keyOf('2026-07-01T09:05')),
    near(keyOf('2026-07-01T11:55')),
    near(keyOf('2026-07-01T12:05')),
  ]).toEqual([false, true, true, false]);
  expect(near(`${ROOT}eu-west-1/2026/07/01/readme.txt`)).toBe(false);
});

test('a file is read once; a neighbour that appears late in the same minute is still found', async () => {
  const files = new Map([[keyOf('2026-07-01T10:05', 'BBBBBBBBBBBBBBBB'), file('01T10:01:00', '01T10:02:00')]]);
  const bucket = bucketOf(files);
  const { ids, covered, marks } = await read(bucket);
  expect(ids).toEqual(['01T10:01:00', '01T10:02:00']);
  expect(covered).toMatchObject([{ account: ACCOUNT, region: 'eu-west-1' }]);
  expect((await read(bucket, marks)).ids).toEqual([]);
  files.set(keyOf('2026-07-01T10:05', 'AAAAAAAAAAAAAAAA'), file('01T10:03:00'));
  expect((await read(bucket, marks)).ids).toEqual(['01T10:03:00']);
  expect(bucket.got).toHaveLength(2);
});

test('what a file holds beyond the window is given as well, since the file is not read again', async () => {
  const bucket = bucketOf(new Map([[keyOf('2026-07-01T11:05'), file('01T10:59:00', '01T11:01:00')]]));
  expect((await read(bucket)).ids).toEqual(['01T10:59:00', '01T11:01:00']);
});

test('an earlier window than any before is read anew', async () => {
  const bucket = bucketOf(
    new Map([
      [keyOf('2026-07-01T08:05'), file('01T08:01:00')],
      [keyOf('2026-07-01T10:05'), file('01T10:01:00')],
    ]),
  );
  const { marks } = await read(bucket);
  expect((await read(bucket, marks, { from: '2026-07-01T08:00:00Z', to: '2026-07-01T11:00:00Z' })).ids).toEqual([
    '01T08:01:00',
    '01T10:01:00',
  ]);
});

test('what comes hours late is given too, though its time is before the window', async () => {
  const bucket = bucketOf(new Map([[keyOf('2026-07-01T11:30'), file('01T08:01:00', '01T11:29:00')]]));
  const window = { from: '2026-07-01T11:20:00Z', to: '2026-07-01T11:40:00Z' };
  expect((await read(bucket, undefined, window)).ids).toEqual(['01T08:01:00', '01T11:29:00']);
});

test('a day is listed from where new files can stand, not from its beginning', async () => {
  const files = new Map(
    Array.from({ length: 12 }, (_, hour) => [keyOf(`2026-07-01T${String(hour).padStart(2, '0')}:05`), file('01T10:01:00')]),
  );
  const bucket = bucketOf(files);
  const hours = () => bucket.listed.map((key) => /T(\d\d)/.exec(key.slice(key.lastIndexOf('/')))?.[1]);
  const { marks } = await read(bucket);
  expect(hours()).toEqual(['09', '10', '11']);
  bucket.listed.splice(0);
  expect((await read(bucket, marks)).ids).toEqual([]);
  expect(hours()).toEqual(['10', '11']);
});

test('of a place with a damaged file the others are given all the same', async () => {
  const files = new Map([
    [keyOf('2026-07-01T10:05', 'AAAAAAAAAAAAAAAA'), gzipSync('{"Records":[').subarray(0, 12)],
    [keyOf('2026-07-01T10:05', 'BBBBBBBBBBBBBBBB'), file('01T10:01:00')],
  ]);
  const { ids, gaps, marks } = await read(bucketOf(files));
  expect(ids).toEqual(['01T10:01:00']);
  expect(gaps).toMatchObject([{ reason: 'invalid', detail: expect.stringContaining('1 of 2 new files') }]);
  expect(marks.size).toBe(0);
});

test('an account whose folder is refused is a gap of its own; the others are read', async () => {
  const other = '210987654321';
  const whole = bucketOf(
    new Map([
      [keyOf('2026-07-01T10:05'), file('01T10:01:00')],
      [keyOf('2026-07-01T10:05', 'A', 'eu-west-1', `AWSLogs/${other}/CloudTrail/`), file('01T10:02:00')],
    ]),
  );
  const list: Bucket['list'] = async (prefix, how) => {
    if (prefix.includes(other))
      throw Object.assign(new Error('Access Denied'), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
    return whole.list(prefix, how);
  };
  const { ids, gaps, covered } = await read({ ...whole, list });
  expect(ids).toEqual(['01T10:01:00']);
  expect(gaps).toMatchObject([{ account: other, reason: 'denied', detail: expect.stringContaining('s3:ListBucket') }]);
  expect(covered).toMatchObject([{ account: ACCOUNT, region: 'eu-west-1' }]);
});

test('a damaged file makes its place a gap without mark or cover; other places go on', async () => {
  const bucket = bucketOf(
    new Map([
      [keyOf('2026-07-01T10:05'), Buffer.from('junk')],
      [keyOf('2026-07-01T10:05', 'AAAAAAAAAAAAAAAA', 'us-east-1'), file('01T10:01:00')],
    ]),
  );
  const { ids, gaps, covered, marks } = await read(bucket);
  expect(ids).toEqual(['01T10:01:00']);
  expect(gaps).toMatchObject([{ account: ACCOUNT, region: 'eu-west-1', reason: 'invalid' }]);
  expect(covered.map(({ region }) => region)).toEqual(['us-east-1']);
  expect([...marks.keys()]).toEqual([`${ROOT}us-east-1/`]);
});

test('a bucket without a trail under that prefix is a gap, not silence', async () => {
  expect((await read(bucketOf(new Map()), undefined, undefined, { prefix: 'wrong' })).gaps).toMatchObject([
    { reason: 'invalid', detail: expect.stringContaining('prefix') },
  ]);
});

test('options are checked', () => {
  expect(trail.options.safeParse({ bucket: 'trail', organization: 'acme' }).success).toBe(false);
  expect(trail.options.safeParse({ bucket: 'trail', typo: 1 }).success).toBe(false);
  expect(trail.options.safeParse({ bucket: 'trail', organization: 'o-abcde12345' }).success).toBe(true);
});

test('a probe lists the folders of the bucket once, and says what to do when it may not or there is no trail', async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'test' });
  const folders = `<CommonPrefixes><Prefix>AWSLogs/${ACCOUNT}/</Prefix></CommonPrefixes>`;
  const answers = [`<ListBucketResult>${folders}</ListBucketResult>`, '<ListBucketResult></ListBucketResult>', ''];
  const server = createServer((_request, response) => {
    const answer = answers.shift() ?? '';
    response.writeHead(answer === '' ? 403 : 200, { 'content-type': 'application/xml' });
    response.end(answer === '' ? '<Error><Code>AccessDenied</Code><Message>no</Message></Error>' : answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const probe = () =>
    trail.probe?.({
      ...realSurroundings(),
      options: trail.options.parse({
        bucket: 'org-trail',
        endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      }) as never,
      signal: AbortSignal.timeout(20_000),
    });
  const system = 's3://org-trail/AWSLogs/';
  expect(await probe()).toEqual([{ system, ok: true, detail: `can be listed: ${ACCOUNT}` }]);
  expect(await probe()).toMatchObject([{ ok: false, detail: 'it holds no trail', fix: expect.stringContaining('correct bucket, prefix') }]);
  expect(await probe()).toMatchObject([
    { ok: false, detail: expect.stringContaining('s3:ListBucket'), fix: expect.stringContaining('drifttrail permissions') },
  ]);
});
