/** S9 as a property: any one of the ways to tamper, anywhere in the chain, is found; an untouched chain never alarms. */
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { amount } from '../store/repository.ts';
import { verifyFiles } from './bucket.ts';
import {
  addBackfill,
  type Delivery,
  deliver,
  type Files,
  logFile,
  logKey,
  newKey,
  sharedKey,
  signedFile,
  type Stored,
} from './delivered.ts';

const HOUR = 3_600_000;
const FROM = Date.parse('2026-07-01T20:01:31Z');
const HOURS = 36;
const foreign = newKey();
const base: Delivery = deliver({ from: FROM, hours: HOURS });
const early = addBackfill(base, FROM + 4 * HOUR);
addBackfill(base, FROM + 20 * HOUR, early.object);
const given = { now: base.end + 70 * 60_000, since: FROM - HOUR, keys: [sharedKey()] };

type Mutation = (files: Files, random: { digest: string; other: string; log: string; second: string; bit: number; part: number }) => void;

const stored = (files: Files, key: string): Stored => {
  const file = files.get(key);
  if (file === undefined) throw new Error(`no ${key}`);
  return file;
};
const bytes = (files: Files, key: string, change: (bytes: Buffer) => Buffer) => {
  const file = stored(files, key);
  files.set(key, { ...file, bytes: change(Buffer.from(file.bytes)) });
};
const flip = (buffer: Buffer, bit: number): Buffer => {
  const index = Math.floor(bit / 8) % buffer.length;
  buffer[index] = (buffer[index] ?? 0) ^ (1 << (bit % 8));
  return buffer;
};
const content = (files: Files, key: string, change: (content: Buffer) => Buffer) =>
  bytes(files, key, (packed) => gzipSync(change(gunzipSync(packed))));
const swap = (files: Files, one: string, two: string) => {
  const [a, b] = [stored(files, one), stored(files, two)];
  files.set(one, b);
  files.set(two, a);
};

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'a bit of a log': (files, { log, bit }) => content(files, log, (plain) => flip(plain, bit)),
  'a bit of a packed log': (files, { log, bit }) => bytes(files, log, (packed) => flip(packed, bit)),
  'a bit of a digest': (files, { digest, bit }) => content(files, digest, (plain) => flip(plain, bit)),
  'a bit of a packed digest': (files, { digest, bit }) => bytes(files, digest, (packed) => flip(packed, bit)),
  'a digit of a signature': (files, { digest, part }) => {
    const file = stored(files, digest);
    const signature = file.metadata['signature'] ?? '';
    const index = Math.floor(part * signature.length);
    const digit = ((Number.parseInt(signature.charAt(index), 16) + 1) % 16).toString(16);
    files.set(digest, { ...file, metadata: { signature: `${signature.slice(0, index)}${digit}${signature.slice(index + 1)}` } });
  },
  'no signature': (files, { digest }) => files.set(digest, { ...stored(files, digest), metadata: {} }),
  'a deleted log': (files, { log }) => files.delete(log),
  'a deleted digest': (files, { digest }) => files.delete(digest),
  'deleted digests in a row': (files, { digest, part }) => {
    const start = base.digests.indexOf(digest);
    for (const key of base.digests.slice(start, start + 2 + Math.floor(part * 8))) files.delete(key);
  },
  'two digests swapped': (files, { digest, other }) => swap(files, digest, other),
  'two logs swapped': (files, { log, second }) => swap(files, log, second),
  'an older digest in place of one': (files, { digest, other }) => files.set(digest, stored(files, other)),
  'signed by another': (files, { digest }) => files.set(digest, signedFile(stored(files, digest).bytes, foreign)),
  'a changed digest signed by another': (files, { digest }) => {
    const changed = gunzipSync(stored(files, digest).bytes).toString('utf8').replace(sharedKey().fingerprint, foreign.fingerprint);
    files.set(digest, signedFile(gzipSync(changed), foreign));
  },
  'a fake log': (files, { part }) => {
    files.set(logKey(FROM + Math.ceil((part * (HOURS - 2) + 0.1) * 60) * 60_000, 'fake'), { bytes: logFile('fake'), metadata: {} });
  },
  'a copied log': (files, { log, part }) => {
    const at = FROM + Math.ceil((part * (HOURS - 2) + 0.1) * 60) * 60_000;
    files.set(logKey(at, 'copy'), stored(files, log));
  },
  'a renamed log': (files, { log }) => {
    files.set(log.replace(/_([^_]+)\.json\.gz$/, '_renamed$1.json.gz'), stored(files, log));
    files.delete(log);
  },
  'a cut log': (files, { log, part }) => bytes(files, log, (packed) => packed.subarray(0, Math.floor(part * packed.length))),
  'something behind a log': (files, { log, bit }) => bytes(files, log, (packed) => Buffer.concat([packed, Buffer.from([bit % 256])])),
  'records behind a log': (files, { log }) => bytes(files, log, (packed) => Buffer.concat([packed, gzipSync('{"Records":[]}')])),
  'a log without records': (files, { log }) => content(files, log, () => Buffer.from('{"Records":[]}')),
  'a log taken out of its digest': (files, { digest }) =>
    content(files, digest, (plain) => Buffer.from(plain.toString('utf8').replace(/"logFiles":\[.*\]/, '"logFiles":[]'))),
};

/** Bits of an archive's own header (its time, the system it was made on) are no part of what was delivered. */
function unchanged(before: Files, after: Files): boolean {
  if (before.size !== after.size) return false;
  return [...before].every(([key, file]) => {
    const now = after.get(key);
    if (now === undefined || now.metadata !== file.metadata) return false;
    if (now.bytes.equals(file.bytes)) return true;
    try {
      const { buffer, engine } = gunzipSync(now.bytes, { info: true }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
      return engine.bytesWritten === now.bytes.length && buffer.equals(gunzipSync(file.bytes));
    } catch {
      return false;
    }
  });
}

const pick = <Value>(values: readonly Value[]) => fc.constantFrom(...values);
const random = fc.record({
  name: pick(Object.keys(MUTATIONS)),
  digest: pick(base.digests),
  other: pick(base.digests),
  log: pick(base.logs),
  second: pick(base.logs),
  bit: fc.nat(100_000),
  part: fc.double({ min: 0, max: 0.999, noNaN: true }),
});

test('any single mutation of 36 digests and their logs is found (S9)', async () => {
  const counts = { found: 0, none: 0 };
  const runs = amount(60, 3000);
  await fc.assert(
    fc.asyncProperty(random, async ({ name, ...how }) => {
      const files: Files = new Map(base.files);
      MUTATIONS[name]?.(files, how);
      const { problems, gaps } = await verifyFiles(files, given);
      expect(gaps).toEqual([]);
      // A swap with itself, or a bit that no content depends on, is nothing that happened.
      const same = unchanged(base.files, files);
      counts[same ? 'none' : 'found'] += 1;
      expect(problems.length > 0, name).toBe(!same);
    }),
    { numRuns: runs },
  );
  expect(counts.found + counts.none).toBe(runs);
  if (runs > 60) console.log(`${counts.found} mutations found, ${counts.none} that changed nothing gave no alarm`);
}, 600_000);

test('each kind of mutation is found by itself', async () => {
  for (const [name, mutate] of Object.entries(MUTATIONS)) {
    const files: Files = new Map(base.files);
    mutate(files, {
      digest: base.digests[17] ?? '',
      other: base.digests[3] ?? '',
      log: base.logs[41] ?? '',
      second: base.logs[7] ?? '',
      bit: 333,
      part: 0.4,
    });
    expect((await verifyFiles(files, given)).problems.length, name).toBeGreaterThan(0);
  }
});

test('an untouched chain gives no alarm, whenever it is looked at and however far back', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 119 }), fc.integer({ min: 0, max: 30 * 60 }), async (minutes, later) => {
      const verdict = await verifyFiles(base.files, { ...given, now: base.end + minutes * 60_000, since: FROM - HOUR + later * 60_000 });
      expect(verdict.problems).toEqual([]);
      expect(verdict.gaps).toEqual([]);
    }),
    { numRuns: amount(10, 300) },
  );
}, 600_000);
