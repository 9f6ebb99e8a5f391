import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { blobId } from '../../src/store/objects.ts';
import { openFeed, type Place, readOutput, runOverNetwork } from '../../src/store/streams.ts';
import { temporaryFolder } from './repository.ts';

const place = (): Place => ({ dir: temporaryFolder(), env: { PATH: process.env['PATH'] ?? '' } });
const nowhere = (): Place => ({ dir: temporaryFolder(), env: { PATH: '/nonexistent' } });
const CHUNK = Buffer.alloc(64 * 1024, 'x');

async function drained(chunks: AsyncIterable<Buffer>): Promise<void> {
  for await (const chunk of chunks) expect(chunk.length).toBeGreaterThan(0);
}

describe('openFeed', () => {
  it('hands on every byte, however slowly the child reads', async () => {
    const feed = openFeed(place(), ['hash-object', '--stdin']);
    const count = 300;
    let waited = 0;
    for (let index = 0; index < count; index += 1) {
      const wait = feed.write(CHUNK);
      if (wait !== undefined) waited += 1;
      await wait;
    }
    expect((await feed.end()).toString()).toBe(`${blobId(Buffer.alloc(count * CHUNK.length, 'x'))}\n`);
    expect(waited).toBeGreaterThan(0);
  });

  it('lets go of its feeder when the child leaves early, and says why at the end', async () => {
    const feed = openFeed(place(), ['no-such-command']);
    for (let index = 0; index < 300; index += 1) await feed.write(CHUNK);
    await expect(feed.end()).rejects.toMatchObject({ code: 'git-failed', message: expect.stringContaining('no-such-command') });
  });

  it('can be ended at once', async () => {
    const feed = openFeed(place(), ['hash-object', '--stdin']);
    await feed.write(CHUNK);
    await feed.kill();
    await expect(feed.end()).rejects.toMatchObject({ code: 'git-failed', message: 'git hash-object was killed: it said nothing' });
  });
});

it('says in each of its ways that git cannot be started', async () => {
  const failed = { code: 'spawn-failed', remedy: 'install git or put it on the PATH' };
  await expect(openFeed(nowhere(), ['version']).end()).rejects.toMatchObject(failed);
  await expect(openFeed(nowhere(), ['version']).kill()).resolves.toBeUndefined();
  await expect(drained(readOutput(nowhere(), ['version']))).rejects.toMatchObject(failed);
  await expect(runOverNetwork(nowhere(), ['version'], new AbortController().signal)).rejects.toMatchObject(failed);
});

it('ends a reading whose reader has left, and says what failed to one who stays', async () => {
  const ended = place();
  for await (const chunk of readOutput(ended, ['config', '--list', '--file', '-'], '[a]\nb=c\n')) {
    expect(chunk.toString()).toBe('a.b=c\n');
    break;
  }
  await expect(drained(readOutput(ended, ['rev-parse', '--verify', 'x']))).rejects.toMatchObject({ code: 'git-failed' });
});

it('gives a remote up when it is told to, and the helper that hangs with it', async () => {
  const controller = new AbortController();
  const { dir, env } = place();
  const asked = runOverNetwork({ dir, env: { ...env, GIT_ALLOW_PROTOCOL: 'ext' } }, ['ls-remote', 'ext::sleep 50'], controller.signal);
  setTimeout(() => controller.abort(), 50);
  const begun = performance.now();
  await expect(asked).rejects.toMatchObject({ code: 'git-failed', message: expect.stringContaining('was killed') });
  expect(performance.now() - begun).toBeLessThan(10_000);
  await expect(runOverNetwork({ dir, env }, ['version'], controller.signal)).rejects.toMatchObject({ name: 'AbortError' });
});

it('waits for no helper that outlives its git and holds its pipes open', async () => {
  const { dir, env } = place();
  // As ssh leaves the master of its shared connections behind: in a group of its own.
  const script = [
    "const left = require('child_process').spawn('sleep', ['60'], { detached: true, stdio: 'inherit' });",
    'left.unref();',
    "require('fs').writeFileSync('helper.new', String(left.pid));",
    "require('fs').renameSync('helper.new', 'helper');",
  ];
  writeFileSync(join(dir, 'git'), `#!${process.execPath}\n${script.join('\n')}\n`);
  chmodSync(join(dir, 'git'), 0o755);
  const controller = new AbortController();
  const asked = runOverNetwork({ dir, env: { PATH: `${dir}:${env['PATH']}` } }, ['push'], controller.signal);
  const helper = await vi.waitFor(() => readFileSync(join(dir, 'helper'), 'utf8'), { timeout: 20_000, interval: 20 });
  // Nothing but the helper is left; were it waited for, this would take a minute.
  setTimeout(() => controller.abort(), 200);
  await Promise.allSettled([asked]);
  expect(Number(helper)).toBeGreaterThan(1); // 0 would be the test's own group
  expect(process.kill(Number(helper))).toBe(true);
});
