import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Json, Kind, Resource } from '../../src/model.ts';
import { openMemo } from '../../src/normalize/memo.ts';
import { createRedactor } from '../../src/normalize/redact.ts';
import { buildId, contentsOf } from '../../src/pipeline/contents.ts';
import { blobId } from '../../src/store/objects.ts';

const folder = mkdtempSync(join(tmpdir(), 'drifttrail-contents-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const key = Buffer.alloc(32, 7);
const redactor = createRedactor(key);
const kinds: Record<string, Kind> = { 'k.thing': { format: 'json', title: 'thing', sets: [{ path: '/ports' }] } };
const resource = (config: Json): Resource => ({ ref: { scope: 's/1', kind: 'k.thing', id: 'a' }, config });
const memoAt = (name: string) => openMemo({ file: join(folder, name), key, build: '1' });
const bytesOf = (config: Json, stored: string | undefined, memo?: ReturnType<typeof memoAt>) =>
  [...contentsOf([resource(config)], { kinds, redactor, memo })][0]?.unless(stored)?.bytes;

describe('contentsOf', () => {
  it('gives bytes that differ from what is stored, with a memory as without', () => {
    const bytes = bytesOf({ ports: [2, 1] }, undefined) ?? Buffer.alloc(0);
    expect(bytes.toString()).toBe('{\n  "ports": [\n    1,\n    2\n  ]\n}\n');
    const stored = blobId(bytes);
    for (const memo of [undefined, memoAt('fresh')]) {
      expect(bytesOf({ ports: [1, 2] }, stored, memo)).toBeUndefined();
      expect(bytesOf({ ports: [1, 2] }, stored, memo)).toBeUndefined();
      expect(bytesOf({ ports: [2, 1] }, stored, memo)).toBeUndefined();
      expect(bytesOf({ ports: [1, 2] }, undefined, memo)).toEqual(bytes);
      expect(bytesOf({ ports: [1, 2] }, '0'.repeat(40), memo)).toEqual(bytes);
      expect(bytesOf({ ports: [1, 3] }, stored, memo)?.toString()).toContain('3');
    }
  });

  it('does not normalize again what it knows to be stored', () => {
    const first = memoAt('known');
    const stored = blobId(bytesOf({ ports: [1] }, undefined, first) ?? Buffer.alloc(0));
    first.save();
    const never = new Proxy(redactor, {
      get: () => {
        throw new Error('was normalized');
      },
    });
    const memo = memoAt('known');
    const again = (config: Json) => [...contentsOf([resource(config)], { kinds, redactor: never, memo })][0]?.unless(stored);
    expect(again({ ports: [1] })).toBeUndefined();
    expect(() => again({ ports: [2] })).toThrow('was normalized');
  });

  it('leaves out kinds that nobody has', () => {
    expect([...contentsOf([{ ref: { scope: 's/1', kind: 'other', id: 'a' }, config: {} }], { kinds, redactor })]).toEqual([]);
  });
});

describe('buildId', () => {
  it('is unknown while the code runs from its sources', () => {
    expect(buildId()).toBeUndefined();
  });
});
