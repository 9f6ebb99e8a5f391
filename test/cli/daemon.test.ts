import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Health } from '../../src/schedule/health.ts';
import { ARGV, cli, deployment } from './run.ts';

test('catches up at start, keeps a second daemon out, and ends cleanly', async () => {
  const { dir } = await deployment({ 'etc/motd': 'hello\n' });
  const child = spawn(process.execPath, [...ARGV, '--dir', dir, 'daemon', '--health-port', '0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let log = '';
  const line = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve) => {
      const look = () => {
        const found = pattern.exec(log);
        if (found !== null) resolve(found);
      };
      child.stderr.on('data', look);
      look();
    });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));

  const [, url = ''] = await line(/health at (\S+)/);
  await line(/host: \d+ changes?, commit [0-9a-f]{12}/);
  const answer = await fetch(url);
  expect(answer.status).toBe(200);

  const second = await cli(['--dir', dir, 'daemon']);
  expect(second.code).toBe(75);
  expect(second.stderr).toContain(`process ${child.pid} on `);

  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  const health = JSON.parse(readFileSync(join(dir, 'state/health.json'), 'utf8')) as Health;
  expect(health.stopped).toBeDefined();
  expect(health.jobs.host).toMatchObject({ schedule: '*/5 * * * *', gaps: 0, failuresInARow: 0 });
  expect(health.jobs.host?.lastCommit).toMatch(/^[0-9a-f]{40}$/);
  // Its lock is free again.
  expect((await cli(['--dir', dir, 'snapshot'])).code).toBe(0);
});
