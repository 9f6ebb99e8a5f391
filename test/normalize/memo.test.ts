import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Json, Kind, Resource } from '../../src/model.ts';
import { openMemo } from '../../src/normalize/memo.ts';

const folder = mkdtempSync(join(tmpdir(), 'drifttrail-memo-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const kind: Kind = { format: 'json', title: 'thing', sets: [{ path: '/tags', key: ['key'] }] };
const resource = (config: Json | Uint8Array, id = 'a'): Resource => ({ ref: { scope: 's/1', kind: 'k.thing', id }, config });
const BLOB = 'b'.repeat(40);
const key = Buffer.alloc(32, 7);
let files = 0;
const options = () => ({ file: join(folder, `memo-${files++}`), key, build: '1' });
const digestIn = (given: ReturnType<typeof options>, of: Resource, definition: Kind = kind) => openMemo(given).digest(of, definition) ?? '';

describe('openMemo', () => {
  it('recalls what an earlier run learnt and forgets what no run asks for any more', () => {
    const given = options();
    const [kept, gone] = [resource({ a: 1 }), resource({ a: 2 })];
    const first = openMemo(given);
    for (const each of [kept, gone]) first.learn(first.digest(each, kind) ?? '', BLOB);
    first.save();
    expect(statSync(given.file).mode & 0o777).toBe(0o600);
    const second = openMemo(given);
    expect(second.recall(second.digest(kept, kind) ?? '')).toBe(BLOB);
    second.learn(second.digest(resource({ a: 3 }), kind) ?? '', BLOB);
    second.save();
    expect(openMemo(given).recall(digestIn(given, kept))).toBe(BLOB);
    expect(openMemo(given).recall(digestIn(given, gone))).toBeUndefined();
  });

  it('knows nothing under another build, key, definition of the kind, id, or for another reading', () => {
    const given = options();
    const usual = digestIn(given, resource({ a: 1 }));
    expect(digestIn(given, resource({ a: 1 }))).toBe(usual);
    const others = [
      digestIn({ ...given, build: '2' }, resource({ a: 1 })),
      digestIn({ ...given, key: Buffer.alloc(32, 8) }, resource({ a: 1 })),
      digestIn(given, resource({ a: 1 }), { ...kind, sets: [] }),
      digestIn(given, resource({ a: 1 }), { ...kind, secret: ['/a'] }),
      digestIn(given, resource({ a: 1 }), { ...kind, volatile: [{ path: '/a', because: 'noise' }] }),
      digestIn(given, resource({ a: 1 }, 'b')),
      digestIn(given, resource({ a: '1' })),
      digestIn(given, resource({ a: 1, b: null })),
      digestIn(given, resource('{"a":1}')),
      digestIn(given, resource(Buffer.from('{"a":1}'))),
    ];
    expect(new Set([usual, ...others]).size).toBe(others.length + 1);
  });

  it('does not remember a kind that only code can tell', () => {
    expect(openMemo(options()).digest(resource({}), { ...kind, canonical: (config) => config })).toBeUndefined();
  });

  it('takes a damaged file for one that knows less', () => {
    const given = options();
    const memo = openMemo(given);
    const digests = [1, 2, 3].map((a) => memo.digest(resource({ a }), kind) ?? '');
    for (const digest of digests) memo.learn(digest, BLOB);
    memo.save();
    truncateSync(given.file, readFileSync(given.file).length - 10);
    expect(digests.map((digest) => openMemo(given).recall(digest))).toEqual([BLOB, BLOB, undefined]);
    appendFileSync(given.file, 'x'.repeat(300));
    expect(openMemo(given).recall(digests[0] ?? '')).toBe(BLOB);
  });

  it('leaves the file alone when nothing was learnt', () => {
    const given = options();
    openMemo(given).save();
    expect(existsSync(given.file)).toBe(false);
  });
});
