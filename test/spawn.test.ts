/** What a child leaves behind: nothing, when it leads a group of its own. */
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { spawn } from '../src/spawn.ts';

/** A killed process that nobody has waited for yet is a zombie: it holds nothing any more. */
function alive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

async function ended(pid: number): Promise<boolean> {
  for (let waited = 0; waited < 5000; waited += 20) {
    if (!alive(pid)) return true;
    await delay(20);
  }
  return false;
}

it('a group is killed with all that the child has started, at the deadline and when it is aborted', async () => {
  const program = ['-c', 'sleep 300 & echo $!; sleep 300'];
  const { code, stdout } = await spawn('/bin/sh', program, { group: true, timeout: 300 });
  expect(code).toBeNull();
  const grandchild = Number(stdout.toString());
  expect(grandchild).toBeGreaterThan(1);
  expect(await ended(grandchild)).toBe(true);
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 100);
  await expect(spawn('/bin/sh', program, { group: true, signal: stop.signal })).rejects.toThrow('was stopped');
});

it('a child of a group that ends by itself is told as any other', async () => {
  expect(await spawn('/bin/sh', ['-c', 'cat; exit 3'], { group: true, input: 'in' })).toMatchObject({ code: 3, stdout: Buffer.from('in') });
});
