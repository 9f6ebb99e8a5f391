/** Rotated logs that are damaged are told of, and no file stays open behind them. */
import { readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { openLog } from '../../trails/_log/lines.ts';
import { folder } from '../folder.ts';

/** Files below the folder that this process has open. */
const openIn = (dir: string) =>
  readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${fd}`);
      return path.startsWith(dir) ? [path] : [];
    } catch {
      return []; // closed meanwhile
    }
  });

const packed = gzipSync(Array.from({ length: 60_000 }, (_, index) => `line ${index} ${Math.sin(index)}\n`).join(''));

test.skipIf(process.platform !== 'linux').each([
  ['cut off at the end', packed.subarray(0, packed.length - 20)],
  ['damaged inside', Buffer.concat([packed.subarray(0, 70_000), Buffer.alloc(1000), packed.subarray(71_000)])],
  ['cut off in its head', packed.subarray(0, 12)],
  ['no archive at all', Buffer.from('none')],
])('a rotated log that is %s', async (_, bytes) => {
  const dir = folder({ 'audit.log': 'newest\n' });
  writeFileSync(join(dir, 'audit.log.1.gz'), bytes);
  const told = await (async () => {
    const log = await openLog(join(dir, 'audit.log'), undefined);
    try {
      for await (const { text } of log?.lines() ?? []) if (text === 'newest') return 'newest';
      return 'nothing';
    } finally {
      await log?.close();
    }
  })().catch((error: NodeJS.ErrnoException) => String(error.code));
  expect(told).toBe('log-damaged');
  expect(openIn(dir)).toEqual([]);
});
