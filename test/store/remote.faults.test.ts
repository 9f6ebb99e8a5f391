/** A remote that goes down, is slow, takes the rights away and comes back, over thirty cycles (R6). */
import { renameSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createListener } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { git, newStore, temporaryFolder, write } from './repository.ts';

const DEADLINE = 400;
const CYCLES = [
  'up',
  ...Array(12).fill('down'),
  ...Array(5).fill('slow'),
  ...Array(5).fill('revoked'),
  'up',
  'up',
  ...Array(4).fill('down'),
  'up',
] as const;

it('is never waited for, and has everything within a cycle when it is back', async () => {
  const folder = temporaryFolder();
  const remote = join(folder, 'remote.git');
  await git(folder, 'init', '-q', '--bare', '-b', 'main', remote);
  const silent = createListener(() => undefined).listen(0, '127.0.0.1');
  const refusing = createServer((_request, response) => response.writeHead(403).end('no')).listen(0, '127.0.0.1');
  onTestFinished(() => {
    silent.close();
    refusing.close();
  });
  await Promise.all([silent, refusing].map((server) => new Promise((resolve) => server.once('listening', resolve))));
  silent.unref();
  const port = (server: { address: () => unknown }) => (server.address() as AddressInfo).port;
  const urls = {
    up: `file://${remote}`,
    down: `file://${remote}`,
    slow: `http://joe:sesame12@127.0.0.1:${port(silent)}/r.git`,
    revoked: `http://joe:sesame12@127.0.0.1:${port(refusing)}/r.git`,
  };
  const store = await newStore();
  let backlog = 0;
  for (const [cycle, state] of CYCLES.entries()) {
    const sha = await write(store, { 'hosts/web01/facts/packages.json': String(cycle) }, { message: `cycle ${cycle}\n` });
    backlog += 1;
    if (state === 'down') renameSync(remote, `${remote}.gone`);
    const begun = performance.now();
    const result = await store.push(urls[state as keyof typeof urls], state === 'up' ? 60_000 : DEADLINE * (state === 'slow' ? 1 : 20));
    if (state === 'down') renameSync(`${remote}.gone`, remote);
    if (state === 'up') {
      expect(result, `cycle ${cycle}`).toMatchObject({ status: 'pushed', backlog: 0 });
      expect(await git(remote, 'rev-parse', 'main')).toBe(sha);
      backlog = 0;
      continue;
    }
    expect(result, `cycle ${cycle}`).toMatchObject({
      status: state === 'slow' ? 'late' : 'failed',
      backlog: backlog + (cycle < 1 ? 1 : 0),
    });
    expect(result.detail).not.toContain('sesame12');
    if (state === 'slow') expect(performance.now() - begun).toBeLessThan(DEADLINE + 5000);
  }
  const subjects = (await git(remote, 'log', '--reverse', '--format=%s', 'main')).split('\n').slice(1);
  expect(subjects).toEqual(CYCLES.map((_, cycle) => `cycle ${cycle}`));
}, 240_000);
