/** The way in through kubectl, which here is a process that binds its socket before it listens on it. */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { connect, type Surroundings } from '../../../exporters/kubernetes/connect.ts';
import exporter from '../../../exporters/kubernetes/index.ts';

/** Bound, and listened to by nobody any more. */
const BIND = "require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))";

test('a socket that is there and not yet listened to is waited for', async () => {
  const server = createServer((_request, answer) => answer.end('{"gitVersion":"v1.33.1"}'));
  onTestFinished(() => void server.close());
  let refusing = false;
  const kubectl: Surroundings['spawn'] = async (_command, args, { signal } = {}) => {
    const path = args.find((arg) => arg.startsWith('--unix-socket='))?.slice('--unix-socket='.length) ?? '';
    spawnSync(process.execPath, ['-e', BIND, path]);
    refusing = existsSync(path);
    await sleep(100);
    rmSync(path);
    server.listen(path);
    await new Promise((ended) => signal?.addEventListener('abort', ended));
    return { code: 1, stdout: Buffer.alloc(0), stderr: '' };
  };
  const around = {
    dir: '.',
    env: {},
    spawn: kubectl,
    sleep: (milliseconds: number) => sleep(milliseconds),
    signal: AbortSignal.timeout(20_000),
  };
  const connection = await connect(exporter.options.parse({ name: 'prod' }), around);
  expect(refusing).toBe(true);
  const answer = await connection.send('/version', 'application/json', { signal: around.signal, timeout: 5000 });
  expect(answer).toMatchObject({ status: 200, body: '{"gitVersion":"v1.33.1"}' });
  await connection.close();
});
