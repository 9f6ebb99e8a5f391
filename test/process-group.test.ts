/** Nobody is signalled in place of a child that never started. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test, vi } from 'vitest';
import { killChild } from '../src/process-group.ts';
import { spawn as run } from '../src/spawn.ts';

test('a child that could not be started is not signalled: its number would be that of our own group', async () => {
  const child = spawn('/nowhere/no-such-program');
  const signalled = vi.spyOn(child, 'kill').mockReturnValue(true);
  const failed = once(child, 'error');
  killChild(child);
  expect(signalled).not.toHaveBeenCalled();
  expect(await failed).toMatchObject([{ code: 'ENOENT' }]);
});

test('a child that runs is', async () => {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)']);
  const ended = once(child, 'exit');
  killChild(child);
  expect(await ended).toEqual([null, 'SIGKILL']);
});

test('a program that is missing and given up before it began is told of, and we live on', async () => {
  await expect(run('/nowhere/no-such-program', [], { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'spawn-failed' });
});
