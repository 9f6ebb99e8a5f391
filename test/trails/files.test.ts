/** Files of every form give the same events; a bad one is named by file and line and does not hide the others. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AuditEvent, TrailContext, TrailGap } from '../../src/model.ts';
import { realSurroundings } from '../../src/surroundings.ts';
import trail, { readTrailFiles } from '../../trails/files/index.ts';
import { writeRecord } from './record.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'drifttrail-files-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const record = (id: string, eventTime = '2026-07-01T10:00:00Z') => writeRecord(id, { eventTime });
const write = (name: string, content: string | Buffer) => {
  mkdirSync(join(dir, name, '..'), { recursive: true });
  writeFileSync(join(dir, name), content);
};
async function ids(events: AsyncIterable<AuditEvent>): Promise<string[]> {
  const found: string[] = [];
  for await (const { id } of events) found.push(id);
  return found;
}

test('every form, plain and compressed, in folders; digests and other files are left out', async () => {
  write('a.json', JSON.stringify({ Records: [record('a1'), record('a2')] }));
  write('b.json.gz', gzipSync(JSON.stringify({ Records: [record('b1')] })));
  write('c.jsonl', `${JSON.stringify(record('c1'))}\n\n${JSON.stringify({ detail: record('c2') })}\n`);
  write('sub/d.jsonl.gz', gzipSync(`${JSON.stringify(record('d1'))}\n`));
  write('sub/e.json', JSON.stringify({ Events: [{ CloudTrailEvent: JSON.stringify(record('e1')) }] }));
  write('f.json', `${JSON.stringify(record('f1'))}\n${JSON.stringify(record('f2'))}\n`);
  write('CloudTrail-Digest/g.json', '{"digest":true}');
  write('notes.txt', 'no records');
  expect(await ids(readTrailFiles([dir]))).toEqual(['a1', 'a2', 'b1', 'c1', 'c2', 'f1', 'f2', 'd1', 'e1']);
  expect(await ids(readTrailFiles([join(dir, '*.json')]))).toEqual(['a1', 'a2', 'f1', 'f2']);
  expect(await ids(readTrailFiles([join(dir, '**', '*.gz'), join(dir, 'b.json.gz')]))).toEqual(['b1', 'd1']);
});

test.each<[string, string, string, number | undefined]>([
  ['broken.jsonl', `${JSON.stringify(record('a'))}\n{"cut\n`, 'trail-file-invalid', 2],
  ['broken.json', '{\n  "Records": [\n    oops\n  ]\n}', 'trail-file-invalid', 3],
  ['other.json', '{"hello": "world"}', 'trail-file-invalid', undefined],
  ['broken.json.gz', 'not compressed', 'trail-file-invalid', 1],
])('%s says where', async (name, content, code, line) => {
  write(name, content);
  const position = { file: join(dir, name), ...(line === undefined ? {} : { line }) };
  await expect(ids(readTrailFiles([join(dir, name)]))).rejects.toMatchObject({ code, position });
});

test('exports of other tools: a mark of the encoding, times before lines, documents one behind the other', async () => {
  const text = (id: string) => JSON.stringify(record(id));
  write('a.json', `\uFEFF${JSON.stringify({ Records: [record('a1')] })}`);
  write('b.jsonl', `\uFEFF2026-07-01T10:00:00.000Z ${text('b1')}\n2026-07-01T10:00:01.000Z ${text('b2')}\n`);
  write('c.json', `2026-07-01T10:00:00.000000+00:00 111_CloudTrail_eu-west-1 ${text('c1')}\n`);
  write('d.json', [record('d1'), record('d2')].map((one) => JSON.stringify(one, null, 2)).join('\n'));
  write('e.json', text('e1') + text('e2'));
  write('000000.gz', gzipSync(`2026-07-01T10:00:00.000Z ${text('f1')}\n`));
  expect(await ids(readTrailFiles([dir]))).toEqual(['a1', 'b1', 'b2', 'c1', 'd1', 'd2', 'e1', 'e2']);
  expect(await ids(readTrailFiles([join(dir, '000000.gz')]))).toEqual(['f1']);
});

test('what is no record among records is one problem of the file, with how many there are', async () => {
  write('a.json', JSON.stringify({ Records: [null, record('a1'), 'x'] }));
  const problems: string[] = [];
  expect(await ids(readTrailFiles([dir], { problem: ({ message }) => problems.push(message) }))).toEqual(['a1']);
  expect(problems).toEqual([expect.stringContaining('2 of 3 things in it are no audit records')]);
});

test('a download of the event history as a table says what is missing in it', async () => {
  write('event_history.csv', 'Event name,Event time,User name,Event source\nDeleteRoute,"July 01, 2026",alice,ec2.amazonaws.com\n');
  await expect(ids(readTrailFiles([join(dir, 'event_history.csv')]))).rejects.toMatchObject({
    code: 'trail-file-invalid',
    message: expect.stringContaining('it is CSV'),
  });
});

test('a byte order mark is no part of the records', async () => {
  const mark = '\uFEFF';
  write('a.json', `${mark}${JSON.stringify({ Records: [record('a1')] })}`);
  write('b.jsonl', `${mark}${JSON.stringify(record('b1'))}\n${JSON.stringify(record('b2'))}\n`);
  write('c.json.gz', gzipSync(`${mark}${JSON.stringify([record('c1')])}`));
  write('d.json', `${mark}${JSON.stringify(record('d1'))}\n${JSON.stringify(record('d2'))}\n`);
  expect(await ids(readTrailFiles([dir], { reads: () => false }))).toEqual(['a1', 'b1', 'b2', 'c1', 'd1', 'd2']);
});

test('an empty file holds no records, and an empty archive was cut off, whatever they are called', async () => {
  for (const name of ['a.json', 'b.jsonl', 'c.json.gz', 'd.jsonl.gz']) write(name, '');
  write('e.jsonl', '\n\n');
  const problems: string[] = [];
  expect(await ids(readTrailFiles([dir], { problem: ({ message }) => problems.push(message) }))).toEqual([]);
  expect(problems.map((text) => text.replace(/[,:].*/, ''))).toEqual([
    'the file is empty',
    'the file is empty',
    'the archive is cut off',
    'the archive is cut off',
    'the file is empty',
  ]);
});

test('a damaged archive is a problem of that file only', async () => {
  write('a.jsonl.gz', gzipSync(`${JSON.stringify(record('a1'))}\n`).subarray(0, 30));
  write('b.json', JSON.stringify(record('b1')));
  const problems: string[] = [];
  expect(await ids(readTrailFiles([dir], { problem: (error) => problems.push(error.position?.file ?? '') }))).toEqual(['b1']);
  expect(problems).toEqual([join(dir, 'a.jsonl.gz')]);
});

test('a path that names nothing is an error', async () => {
  await expect(ids(readTrailFiles([join(dir, 'none')]))).rejects.toMatchObject({ code: 'trail-file-missing' });
  await expect(ids(readTrailFiles([join(dir, '*.json')]))).rejects.toMatchObject({ code: 'trail-file-missing' });
});

async function read(options: unknown, window = { from: '2026-07-01T00:00:00Z', to: '2026-07-02T00:00:00Z' }) {
  const gaps: TrailGap[] = [];
  const covered: unknown[] = [];
  const context: TrailContext<never> = {
    ...realSurroundings(dir),
    options: trail.options.parse(options) as never,
    signal: new AbortController().signal,
    window,
    mark: () => undefined,
    setMark: () => undefined,
    gap: (gap) => gaps.push(gap),
    covered: (span) => covered.push(span),
    progress: () => undefined,
  };
  return { events: await ids(trail.read(context)), gaps, covered };
}

test('the trail keeps to its window, ends included, and covers the places it speaks of', async () => {
  write(
    'a.json',
    JSON.stringify([
      record('before', '2026-06-30T23:59:59Z'),
      record('first', '2026-07-01T00:00:00Z'),
      record('last', '2026-07-02T00:00:00Z'),
    ]),
  );
  const { events, covered, gaps } = await read({ files: ['a.json'] });
  expect(events).toEqual(['first', 'last']);
  expect(covered).toEqual([{ account: '123456789012', region: 'eu-west-1', from: '2026-07-01T00:00:00Z', to: '2026-07-02T00:00:00Z' }]);
  expect(gaps).toEqual([]);
});

test('a folder covers no more than its newest record or delivery shows, also a record that is not wanted', async () => {
  const until = async () => (await read({ files: ['trail'] })).covered.map((span) => (span as { to: string }).to);
  write('trail/a.json', JSON.stringify(record('a', '2026-07-01T10:00:00Z')));
  expect(await until()).toEqual(['2026-07-01T10:00:00Z']);
  write('trail/123456789012_CloudTrail_eu-west-1_20260701T1205Z_AAAA.json.gz', gzipSync(JSON.stringify({ Records: [] })));
  expect(await until()).toEqual(['2026-07-01T12:05:00Z']);
  const reading = { ...record('r', '2026-07-01T13:00:00Z'), eventName: 'DescribeVpcs', readOnly: true };
  write('trail/b.json', JSON.stringify(reading));
  expect(await until()).toEqual(['2026-07-01T13:00:00Z']);
  write('trail/c.json', JSON.stringify(record('c', '2026-07-03T00:00:00Z')));
  expect(await until()).toEqual(['2026-07-02T00:00:00Z']);
  rmSync(join(dir, 'trail'), { recursive: true });
  write('trail/a.json', JSON.stringify(record('a', '2026-06-30T10:00:00Z')));
  expect(await until()).toEqual([]);
});

test('times can be moved by milliseconds or from one time to another', async () => {
  write('a.json', JSON.stringify(record('a', '2020-01-01T00:00:10Z')));
  expect((await read({ files: ['a.json'] })).events).toEqual([]);
  expect((await read({ files: ['a.json'], shift: { from: '2020-01-01T00:00:00Z', to: '2026-07-01T10:00:00Z' } })).events).toEqual(['a']);
  const by = Date.parse('2026-07-01T10:00:00Z') - Date.parse('2020-01-01T00:00:00Z');
  expect((await read({ files: ['a.json'], shift: by })).events).toEqual(['a']);
});

test('what cannot be read is a gap, and then nothing counts as covered', async () => {
  write('a.json', JSON.stringify(record('a')));
  write('b.jsonl', '{"cut');
  const { events, gaps, covered } = await read({ files: ['*.json*'] });
  expect(events).toEqual(['a']);
  expect(gaps).toMatchObject([{ reason: 'invalid', detail: expect.stringContaining('b.jsonl:1') }]);
  expect(covered).toEqual([]);
});

test('reads that nobody wants are left out, and nothing else: writes, issued credentials, what does not say', async () => {
  const read = (id: string, more: object) => ({ ...record(id), eventName: 'DescribeVpcs', readOnly: true, ...more });
  const { readOnly: _, ...silent } = read('silent', {});
  const records = [
    record('write'),
    read('describe', { eventTime: '2026-07-01T12:00:00Z' }),
    read('assume', { eventSource: 'sts.amazonaws.com', eventName: 'AssumeRole' }),
    read('secret', { eventSource: 'secretsmanager.amazonaws.com', eventName: 'GetSecretValue' }),
    silent,
    read('nested', { requestParameters: { volume: { readOnly: false } } }),
    read('elsewhere', { awsRegion: 'us-east-1' }),
    { ...record('nested write'), requestParameters: { volume: { readOnly: true } } },
  ];
  write('a.json', JSON.stringify({ Records: records }));
  const covered: string[] = [];
  const asked: string[] = [];
  const context: TrailContext<{ files: string[] }> = {
    ...realSurroundings(),
    dir,
    options: { files: ['.'] },
    signal: AbortSignal.timeout(10_000),
    window: { from: '2026-07-01T00:00:00Z', to: '2026-07-02T00:00:00Z' },
    mark: () => undefined,
    setMark: () => undefined,
    gap: ({ detail }) => expect.fail(detail),
    covered: ({ account: name, region }) => covered.push(`${name} ${region}`),
    progress: () => undefined,
    reads: ({ name, time }) => {
      asked.push(`${name} ${time}`);
      return name === 'GetSecretValue';
    },
  };
  expect(await ids(trail.read(context as TrailContext<never>))).toEqual(['write', 'assume', 'secret', 'silent', 'nested write']);
  expect(asked).toContain('DescribeVpcs 2026-07-01T12:00:00Z');
  expect(asked.some((one) => one.startsWith('AssumeRole'))).toBe(false);
  expect(covered.sort()).toEqual(['123456789012 eu-west-1', '123456789012 us-east-1']);
});

test('a probe says of each path whether it can be read, and what to do', async () => {
  write('a/a.json', JSON.stringify(record('a')));
  const probes = await trail.probe?.({
    ...realSurroundings(dir),
    options: trail.options.parse({ files: ['a', 'none'] }) as never,
    signal: AbortSignal.timeout(10_000),
  });
  const none = join(dir, 'none');
  expect(probes).toEqual([
    { system: join(dir, 'a'), ok: true, detail: '1 file can be read' },
    {
      system: none,
      ok: false,
      detail: expect.stringContaining('does not exist'),
      fix: expect.stringContaining(`put the records back at ${none}`),
    },
  ]);
});

test('a named pipe or a device is refused at once: no signal would end the wait for it', async () => {
  execFileSync('mkfifo', [join(dir, 'pipe')]);
  symlinkSync(join(dir, 'pipe'), join(dir, 'link.json'));
  for (const path of [join(dir, 'pipe'), join(dir, 'link.json'), '/dev/null'])
    await expect(ids(readTrailFiles([path]))).rejects.toMatchObject({
      code: 'not-a-file',
      message: expect.stringMatching(/ is a (named pipe|device), not a file$/),
    });
  write('a.json', JSON.stringify(record('a1')));
  expect(await ids(readTrailFiles([dir]))).toEqual(['a1']);
});
