/** `drifttrail serve` as a process: what it says, what it refuses, how it ends. */
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ARGV, cli, deployment, write } from './run.ts';

test('it answers, tells its address as JSON, and ends cleanly when it is told to, with a page open', async () => {
  const { dir } = await deployment({ 'etc/motd': 'hello\n' });
  const child = spawn(process.execPath, [...ARGV, '--dir', dir, 'serve', '--listen', '127.0.0.1:0', '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 30_000,
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const said = await new Promise<string>((resolve) => child.stdout.once('data', (text: Buffer) => resolve(text.toString('utf8'))));
  const { url } = JSON.parse(said) as { url: string };
  expect((await fetch(url)).status).toBe(200);
  // What has no body, and methods that no page has, are told apart from a failure of ours.
  const asked = async (path: string, init: RequestInit) => (await fetch(`${url}${path}`, init)).status;
  const json = { 'content-type': 'application/json' };
  expect(await asked('/', { method: 'POST' })).toBe(405);
  expect(await asked('/', { method: 'OPTIONS' })).toBe(405);
  expect(await asked('/api/report', { method: 'DELETE' })).toBe(405);
  expect(await asked('/nowhere', { method: 'DELETE' })).toBe(404);
  expect(await asked('/api/alerts', { method: 'POST', headers: json })).toBe(400);
  expect(await asked('/api/alerts', { method: 'POST', headers: json, body: 'x'.repeat(1_100_000) })).toBe(413);
  const stream = await fetch(`${url}/api/stream`);
  expect(stream.headers.get('content-type')).toBe('text/event-stream');
  const start = performance.now();
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(performance.now() - start).toBeLessThan(10_000);
  expect(stderr).toContain(`the dashboard is at ${url}`);
  expect(stderr).not.toContain('Cannot read');
  expect(await stream.text()).toContain('retry: 5000');
});

test('what cannot be is one line with what to do, and exit code 1', async () => {
  const { dir } = await deployment({ 'etc/motd': 'hello\n' });
  write(dir, { short: 'secret\n' });
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const taken = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const cases: readonly (readonly [args: readonly string[], line: RegExp])[] = [
    [
      ['--listen', taken],
      /^drifttrail: cannot listen on 127\.0\.0\.1:\d+: the port is in use; end what uses it, or choose another: --listen 127\.0\.0\.1:0\n$/,
    ],
    [['--listen', 'everywhere:80'], /^drifttrail: --listen everywhere:80 is not an address and a port; write /],
    [['--listen', '0.0.0.0:0'], /^drifttrail: 0\.0\.0\.0 can be reached from other machines, .*; give --token /],
    [
      ['--token', 'secret'],
      /^drifttrail: a secret on the command line can be read by every user of the machine; write env:NAME or file:PATH/,
    ],
    [['--token', 'env:NOT_SET_ANYWHERE'], /^drifttrail: the environment variable NOT_SET_ANYWHERE is not set; /],
    [
      ['--token', `file:${join(dir, 'short')}`],
      /^drifttrail: the token is shorter than 16 characters, .*; make one: openssl rand -hex 32\n$/,
    ],
  ];
  const ends = await Promise.all(cases.map(([args]) => cli(['--dir', dir, 'serve', ...args])));
  await new Promise((resolve) => server.close(resolve));
  for (const [index, { code, stdout, stderr }] of ends.entries()) {
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(cases[index]?.[1] ?? /^$/);
    expect(stderr.trimEnd()).not.toContain('\n');
  }
});
