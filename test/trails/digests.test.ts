/** S9: whatever is done to a trail's files is found and named, and an untouched trail gives no alarm. */
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { type Given, type Verdict, verifyFiles, words } from './bucket.ts';
import {
  ACCOUNT,
  addBackfill,
  addDigest,
  type Delivery,
  deliver,
  digestKey,
  type Files,
  iso,
  logFile,
  logKey,
  newKey,
  REGION,
  ROOT,
  sharedKey,
  signedFile,
} from './delivered.ts';

const HOUR = 3_600_000;
/** The chain crosses midnight twice. */
const FROM = Date.parse('2026-07-01T20:01:31Z');
const chain = (hours = 36): Delivery => deliver({ from: FROM, hours });
const short = (key: string) => key.slice(ROOT.length);
const at = (list: readonly string[], index: number): string => list.at(index) ?? '';

async function verify({ files, end }: Delivery, more: Partial<Given> = {}): Promise<Verdict> {
  const now = more.now ?? end + 70 * 60_000;
  return verifyFiles(files, { now, since: Math.min(FROM - 6 * HOUR, now - 3 * 86_400_000), ...more });
}
const replace = (files: Files, key: string, change: (bytes: Buffer) => Buffer) => {
  const file = files.get(key);
  if (file === undefined) throw new Error(`no ${key}`);
  files.set(key, { ...file, bytes: change(file.bytes) });
};
const rewrite = (files: Files, key: string, change: (text: string) => string) =>
  replace(files, key, (bytes) => gzipSync(change(gunzipSync(bytes).toString('utf8'))));

test('an untouched chain of 36 digests gives no alarm, no gap and no note', async () => {
  const delivery = chain();
  // Delivered a moment ago: the next digest will list it.
  delivery.files.set(logKey(delivery.end + 5 * 60_000, 'fresh'), { bytes: logFile('fresh'), metadata: {} });
  delivery.files.set(logKey(delivery.end - 5 * 60_000, 'late'), { bytes: logFile('late'), metadata: {} });
  expect(await verify(delivery)).toEqual({ problems: [], gaps: [], notes: [], checked: { digests: 36, 'log files': 87 } });
});

test('several regions and trails, a change of keys and backfill are no alarm', async () => {
  const next = newKey();
  const delivery = chain(20);
  deliver({ from: delivery.end, hours: 16, into: delivery, key: next });
  const other = deliver({
    from: FROM + 17 * 60_000,
    hours: 36,
    region: 'us-east-1',
    into: { ...delivery, digests: [], logs: [] },
    anew: true,
  });
  const first = addBackfill(delivery, FROM + 5 * HOUR);
  addBackfill(delivery, FROM + 9 * HOUR, first.object);
  const second = deliver({
    from: FROM,
    hours: 36,
    trail: 'second_trail',
    minutes: [48],
    into: { ...delivery, digests: [], logs: [] },
    anew: true,
  });
  expect(await verify({ ...delivery, end: Math.max(other.end, second.end) }, { keys: [sharedKey(), next] })).toMatchObject({
    problems: [],
    gaps: [],
    notes: [],
    checked: { digests: 110 },
  });
});

test('a span that begins in the middle of a chain checks the link to what is before it', async () => {
  const delivery = chain();
  const since = FROM + 20 * HOUR + 60_000;
  expect(await verify(delivery, { since })).toMatchObject({ problems: [], gaps: [], notes: [], checked: { digests: 16 } });
  rewrite(delivery.files, at(delivery.digests, 19), (text) => text.replace('"logFiles"', '"more":1,"logFiles"'));
  expect(words(await verify(delivery, { since }))).toEqual(['chain-broken']);
});

const one = (what: string, key: string) => expect.objectContaining({ what, account: ACCOUNT, region: REGION, key: short(key) });

test('a bit of a log: its content is not what was delivered', async () => {
  const delivery = chain();
  const key = at(delivery.logs, 40);
  rewrite(delivery.files, key, (text) => text.replace('DescribeVpcs', 'DescribeVpcS'));
  const { problems } = await verify(delivery);
  expect(problems).toEqual([one('log-altered', key)]);
  expect(Date.parse(problems[0]?.to ?? '') - Date.parse(problems[0]?.from ?? '')).toBe(HOUR);
});

test('a damaged, emptied, cut or extended log is altered', async () => {
  for (const change of [
    (bytes: Buffer) => bytes.subarray(0, -4),
    () => Buffer.alloc(0),
    (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(8)]),
    (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('more')]),
    (bytes: Buffer) => Buffer.concat([bytes, gzipSync('{"Records":[]}')]),
  ]) {
    const delivery = chain(4);
    replace(delivery.files, at(delivery.logs, 5), change);
    expect((await verify(delivery)).problems).toEqual([one('log-altered', at(delivery.logs, 5))]);
  }
});

test('a deleted log, and a fake one beside it', async () => {
  const delivery = chain();
  delivery.files.delete(at(delivery.logs, 3));
  const fake = logKey(FROM + 9 * HOUR, 'fake');
  delivery.files.set(fake, { bytes: logFile('fake'), metadata: {} });
  expect((await verify(delivery)).problems).toEqual([one('log-missing', at(delivery.logs, 3)), one('log-unlisted', fake)]);
});

test('a digest that was altered, with and without another hash for a log', async () => {
  const delivery = chain();
  const key = at(delivery.digests, 11);
  rewrite(delivery.files, key, (text) => text.replace(/"hashValue":"./, '"hashValue":"0'));
  const { problems } = await verify(delivery);
  expect(problems).toContainEqual(one('signature-invalid', key));
  expect(problems).toContainEqual(one('chain-broken', key));
  expect(words({ problems, gaps: [], notes: [], checked: {} })).toContain('log-altered');
  const other = chain();
  replace(other.files, at(other.digests, 11), () => Buffer.from('junk'));
  expect((await verify(other)).problems).toContainEqual(one('digest-altered', at(other.digests, 11)));
});

test('a digest that was altered to name another bucket is an alarm, and no gap beside it', async () => {
  const delivery = chain();
  rewrite(delivery.files, at(delivery.digests, 3), (text) => text.replace(/"s3Bucket":"[^"]+"/, '"s3Bucket":"elsewhere"'));
  const { problems, gaps } = await verify(delivery);
  expect(problems.map(({ what }) => what)).toContain('signature-invalid');
  expect(gaps).toEqual([]);
});

test('deleted digests: the first, one, two in a row, the last', async () => {
  for (const gone of [[0], [7], [7, 8], [35]]) {
    const delivery = chain();
    for (const index of gone) delivery.files.delete(at(delivery.digests, index));
    const verdict = await verify(delivery);
    const last = gone.includes(35);
    expect(words(verdict)).toEqual(last ? ['digests-ended', 'log-unlisted'] : ['digest-missing', 'log-unlisted']);
    if (last) continue;
    const key = at(delivery.digests, gone.at(-1) ?? 0);
    const missing = verdict.problems.find(({ what }) => what === 'digest-missing');
    expect(missing).toEqual(one('digest-missing', key));
    // All hours that nothing vouches for, and the files delivered in them.
    expect(Date.parse(missing?.to ?? '') - Date.parse(missing?.from ?? '')).toBe(gone[0] === 0 ? 0 : gone.length * HOUR);
    expect(verdict.problems.find(({ what }) => what === 'log-unlisted')?.detail).toMatch(new RegExp(`^${gone.length * 3} log files`));
  }
});

test('two digests that changed places, with or without what the bucket keeps beside them', async () => {
  for (const together of [true, false]) {
    const delivery = chain();
    const [a, b] = [at(delivery.digests, 9), at(delivery.digests, 21)];
    const [first, two] = [delivery.files.get(a), delivery.files.get(b)];
    if (first === undefined || two === undefined) throw new Error('no digests');
    delivery.files.set(a, together ? two : { ...first, bytes: two.bytes });
    delivery.files.set(b, together ? first : { ...two, bytes: first.bytes });
    const { problems } = await verify(delivery);
    expect(problems).toContainEqual(one('digest-moved', a));
    expect(problems).toContainEqual(one('digest-moved', b));
  }
});

test('signed by another key, known by its name or not', async () => {
  const other = newKey();
  const delivery = chain();
  const key = at(delivery.digests, 30);
  delivery.files.set(key, signedFile(delivery.files.get(key)?.bytes ?? Buffer.alloc(0), other));
  expect((await verify(delivery)).problems).toContainEqual(one('signature-invalid', key));
  // All of it from there on, in good order, by somebody who has every right to the bucket.
  const rewritten = chain(20);
  deliver({ from: rewritten.end, hours: 16, into: rewritten, key: other });
  const verdict = await verify(rewritten);
  expect(words(verdict)).toEqual(['signature-invalid']);
  expect(verdict.problems).toHaveLength(16);
});

test('a signature that is lost or is none', async () => {
  for (const metadata of [{}, { signature: 'zz' }, { signature: '' }]) {
    const delivery = chain(6);
    const file = delivery.files.get(at(delivery.digests, 2));
    delivery.files.set(at(delivery.digests, 2), { bytes: file?.bytes ?? Buffer.alloc(0), metadata });
    expect((await verify(delivery)).problems).toContainEqual(one('signature-invalid', at(delivery.digests, 2)));
  }
});

test('logging stopped for some hours: the hours, and the files that appeared in them', async () => {
  const delivery = chain(12);
  const stopped = delivery.end;
  deliver({ from: stopped + 5 * HOUR, hours: 12, into: delivery, anew: true });
  const fake = logKey(stopped + 2 * HOUR, 'fake');
  delivery.files.set(fake, { bytes: logFile('fake'), metadata: {} });
  const { problems } = await verify(delivery);
  const hours = { from: iso(stopped), to: iso(stopped + 5 * HOUR) };
  expect(problems).toEqual([
    expect.objectContaining({ what: 'logging-stopped', key: short(at(delivery.digests, 12)), ...hours }),
    expect.objectContaining({ what: 'log-unlisted', key: short(fake), ...hours }),
  ]);
  // Also when all that was before stands outside of the span.
  expect(words(await verify(delivery, { since: stopped + 3 * HOUR }))).toEqual(['logging-stopped']);
});

test('a trail that was made anew and one that ended', async () => {
  const anew = chain(12);
  deliver({ from: anew.end, hours: 12, into: anew, anew: true });
  expect(words(await verify(anew))).toEqual(['logging-stopped']);
  const ended = chain(12);
  expect(words(await verify(ended, { now: ended.end + 119 * 60_000 }))).toEqual([]);
  expect(words(await verify(ended, { now: ended.end + 121 * 60_000 }))).toEqual(['digests-ended']);
  // Long before the span.
  expect(words(await verify(ended, { now: ended.end + 4 * 86_400_000, since: ended.end + 86_400_000 }))).toEqual(['digests-ended']);
});

test('a digest whose hours leave some out', async () => {
  const delivery = chain(6);
  const end = delivery.end + 2 * HOUR;
  addDigest(delivery.files, { object: digestKey(end), start: delivery.end + HOUR, end, previous: at(delivery.digests, 5), logs: [] });
  expect(words(await verify({ ...delivery, end }))).toEqual(['chain-broken']);
});

test('backfill: altered, deleted before another, or with its logs gone', async () => {
  const make = () => {
    const delivery = chain(24);
    const first = addBackfill(delivery, FROM + 5 * HOUR);
    const second = addBackfill(delivery, FROM + 9 * HOUR, first.object);
    return { delivery, first, second };
  };
  const altered = make();
  rewrite(altered.delivery.files, altered.second.object, (text) => text.replace('SHA-256', 'SHA-256'.toLowerCase()));
  expect(words(await verify(altered.delivery))).toContain('digest-altered');
  const deleted = make();
  deleted.delivery.files.delete(deleted.first.object);
  expect(words(await verify(deleted.delivery))).toEqual(['digest-missing', 'log-unlisted']);
  const emptied = make();
  emptied.delivery.files.delete(emptied.second.log);
  expect(words(await verify(emptied.delivery))).toEqual(['log-missing']);
});

test('what cannot be read or proven is a gap, not an alarm and not silence', async () => {
  const delivery = chain(6);
  const denied = await verify(delivery, { refuse: (key) => key === at(delivery.logs, 2) || key === at(delivery.digests, 4) });
  expect(denied).toMatchObject({ problems: [], gaps: [{ account: ACCOUNT, region: REGION, reason: 'denied' }] });
  expect(denied.gaps[0]?.detail).toMatch(/^2 files could not be read: AccessDenied/);
  const keyless = await verify(delivery, { keys: Object.assign(new Error('no'), { name: 'AccessDeniedException' }) });
  expect(keyless).toMatchObject({ problems: [], gaps: [{ reason: 'denied', detail: expect.stringContaining('ListPublicKeys') }] });
  const off = chain(3);
  for (const key of off.digests) off.files.delete(key);
  expect(await verify(off)).toMatchObject({ problems: [], gaps: [{ detail: expect.stringContaining('validation is off') }] });
  expect(await verify({ ...off, files: new Map() })).toMatchObject({ gaps: [{ detail: expect.stringContaining('holds no trail') }] });
});

test('files from before validation was turned on, and a bucket whose old digests have expired, are notes', async () => {
  const delivery = chain(6);
  delivery.files.set(logKey(FROM - 3 * HOUR, 'old'), { bytes: logFile('old'), metadata: {} });
  expect(await verify(delivery)).toMatchObject({ problems: [], gaps: [], notes: [expect.stringContaining('1 log file from before')] });
  const expired = chain(12);
  for (const key of expired.digests.slice(0, 6)) expired.files.delete(key);
  for (const key of expired.logs.slice(0, 15)) expired.files.delete(key);
  const verdict = await verify(expired, { since: FROM + 6 * HOUR + 60_000 });
  expect(verdict).toMatchObject({ problems: [], notes: [expect.stringContaining('are not there any more')] });
});
