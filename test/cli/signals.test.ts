import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { ARGV, cli, deployment } from './run.ts';

const SOON = 8000; // milliseconds; without an answer to the signal it is ended after ten seconds

interface Running {
  readonly child: ChildProcess;
  readonly stderr: () => string;
  readonly said: (pattern: RegExp) => Promise<void>;
  readonly ended: Promise<{ readonly code: number | null; readonly after: number }>;
}

function start(...args: string[]): Running {
  const child = spawn(process.execPath, [...ARGV, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const said = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (pattern.test(stderr)) resolve();
      };
      child.stderr.on('data', look);
      child.on('close', () => reject(new Error(`it ended without saying so: ${stderr}`)));
      look();
    });
  let asked = 0;
  const kill = child.kill.bind(child);
  child.kill = (signal) => {
    asked = Date.now();
    return kill(signal);
  };
  const ended = new Promise<{ code: number | null; after: number }>((resolve) =>
    child.on('close', (code) => resolve({ code, after: Date.now() - asked })),
  );
  return { child, stderr: () => stderr, said, ended };
}

/** Accepts and never answers; resolves when somebody has come. */
async function silentServer(): Promise<{ readonly port: number; readonly reached: Promise<void> }> {
  const server = createServer();
  const reached = new Promise<void>((resolve) => {
    server.on('connection', (socket) => {
      socket.on('error', () => undefined).on('data', () => resolve());
      onTestFinished(() => {
        socket.destroy();
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
  });
  const address = server.address();
  return { port: typeof address === 'object' ? (address?.port ?? 0) : 0, reached };
}

/** An exporter that says on stderr that it has begun, and then does not end before it is stopped. */
function slowExporter(dir: string, whenStopped: 'throw' | 'return'): void {
  const zod = pathToFileURL(join(import.meta.dirname, '../../node_modules/zod/index.js')).href;
  writeFileSync(
    join(dir, 'slow.mjs'),
    `import { z } from ${JSON.stringify(zod)};
export default {
  name: 'slow', summary: 'waits', options: z.object({}), scopes: { root: 'slow', depth: 1 },
  kinds: { 'slow.thing': { format: 'json', title: 'thing' } },
  async *collect({ signal, complete }) {
    process.stderr.write('collecting\\n');
    await new Promise((resolve) => { signal.addEventListener('abort', resolve); setTimeout(resolve, 60_000); });
    if (${whenStopped === 'throw'}) signal.throwIfAborted();
    complete('slow/place', 'slow.thing');
  },
};
`,
  );
  writeFileSync(join(dir, 'drifttrail.yaml'), 'exporters:\n  - use: ./slow.mjs\n');
}

test.each([
  ['SIGINT', 130, 'throw'],
  ['SIGTERM', 143, 'return'],
] as const)('%s while collecting: exit code %d, and what was not read is no gap', async (signal, code, whenStopped) => {
  const { dir } = await deployment({});
  slowExporter(dir, whenStopped);
  const run = start('--dir', dir, 'snapshot');
  await run.said(/collecting/);
  run.child.kill(signal);
  const ended = await run.ended;
  expect(ended.code, run.stderr()).toBe(code);
  expect(ended.after).toBeLessThan(SOON);
  expect(run.stderr()).toContain(`drifttrail: ${signal}: stopping`);
  expect(JSON.parse((await cli(['--dir', dir, 'log', '--json'])).stdout)).toHaveLength(1);
});

test('SIGINT while the remote hangs: the snapshot is kept, and the next run is not in its way', async () => {
  const { dir } = await deployment({ 'etc/motd': 'hello\n' });
  const { port, reached } = await silentServer();
  appendFileSync(join(dir, 'drifttrail.yaml'), `remote: http://127.0.0.1:${port}/x.git\n`);
  const run = start('--dir', dir, 'snapshot');
  await reached;
  run.child.kill('SIGINT');
  const ended = await run.ended;
  expect(ended.code, run.stderr()).toBe(130);
  expect(ended.after).toBeLessThan(SOON);
  expect(run.stderr()).toContain('the snapshot is committed here');
  const next = await cli(['--dir', dir, 'snapshot', '--dry-run']);
  expect([next.code, next.stdout]).toEqual([0, '0 changes: dry run, nothing written\n']);
});

test('SIGTERM while doctor waits for the remote', async () => {
  const { dir } = await deployment({});
  const { port, reached } = await silentServer();
  appendFileSync(join(dir, 'drifttrail.yaml'), `remote: http://127.0.0.1:${port}/x.git\n`);
  const run = start('--dir', dir, 'doctor');
  await reached;
  run.child.kill('SIGTERM');
  expect(await run.ended).toMatchObject({ code: 143, after: expect.toSatisfy((after: number) => after < SOON) });
});
