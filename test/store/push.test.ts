import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { withoutSecrets } from '../../src/store/push.ts';
import { mergeObserved } from '../../src/store/observed.ts';
import { initStore, openStore, type Store } from '../../src/store/store.ts';
import { amount, git, surroundingsAt, temporaryFolder, write } from './repository.ts';
import { killGroup } from '../processes.ts';

const clock = { time: '2026-01-01T00:00:00.000Z' };
const DEADLINE = 120_000;
const scope = (writer: number) => `hosts/web${writer}/`;
const observed = (writer: number, time: string) => ({
  observations: { [`hosts/web${writer}`]: { 'host.file': { tried: time, complete: { from: time, to: time } } } },
  identities: { [`hosts/web${writer}`]: String(writer) },
  held: {},
});

async function writers(count: number): Promise<{ remote: string; stores: Store[] }> {
  const folder = temporaryFolder();
  const remote = join(folder, 'remote.git');
  await git(folder, 'init', '-q', '--bare', '-b', 'main', remote);
  await git(remote, 'config', 'receive.denyNonFastForwards', 'true');
  await git(remote, 'config', 'receive.denyDeletes', 'true');
  const stores: Store[] = [];
  for (let index = 0; index < count; index += 1) {
    const dir = join(folder, `clone${index}`);
    await initStore(dir, surroundingsAt(clock));
    stores.push(await openStore(dir, surroundingsAt(clock)));
  }
  return { remote, stores };
}

async function expectAll(remote: string, count: number, each: number): Promise<void> {
  for (let writer = 0; writer < count; writer += 1) {
    const subjects = (await git(remote, 'log', '--reverse', '--format=%s', 'main', '--', scope(writer))).split('\n');
    expect(subjects).toEqual(Array.from({ length: each }, (_, index) => `writer ${writer} commit ${index}`));
  }
  expect(await git(remote, 'rev-list', '--merges', '--count', 'main')).toBe('0');
  const dates = (await git(remote, 'log', '--reverse', '--format=%ct', 'main')).split('\n').map(Number);
  expect(dates).toEqual([...dates].sort((a, b) => a - b));
}

async function work(store: Store, remote: string, writer: number, each: number): Promise<void> {
  for (let index = 0; index < each; index += 1) {
    const sha = await write(
      store,
      { [`${scope(writer)}facts/packages.json`]: `${index}` },
      { message: `writer ${writer} commit ${index}\n` },
    );
    await store.writeNotes(
      new Map([[sha ?? '', { text: `by writer ${writer} at ${index}`, findings: `{"writer":${writer},"index":${index}}` }]]),
    );
    const now = observed(writer, new Date(Date.parse(clock.time) + index * 1000).toISOString());
    await store.writeObserved(mergeObserved(await store.readObserved(), now));
    const result = await store.push(remote, DEADLINE, [scope(writer), `coverage/host/hosts/web${writer}.json`]);
    expect(result).toMatchObject({ status: 'pushed', backlog: 0, detail: '' });
  }
}

describe('push (R5)', () => {
  it('brings everything of two machines at once, in own order, without force or merge', async () => {
    const each = amount(8, 40);
    const { remote, stores } = await writers(2);
    await Promise.all(stores.map((store, writer) => work(store, remote, writer, each)));
    await expectAll(remote, 2, each);
    for (const [writer, store] of stores.entries()) await store.push(remote, DEADLINE, [scope(writer)]);
    // Each note speaks of the commit that carries its change, wherever that stands by now.
    const shas = (await git(remote, 'log', '--format=%H %s', 'main')).split('\n').filter((line) => line.includes(' writer '));
    for (const line of shas) {
      const [, writer, index] = /writer (\d+) commit (\d+)/.exec(line) ?? [];
      expect(await git(remote, 'notes', '--ref=drifttrail', 'show', line.slice(0, 40))).toBe(`by writer ${writer} at ${index}`);
    }
    const seen = JSON.parse(await git(remote, 'show', 'refs/drifttrail/observed:observed.json')) as { identities: object };
    expect(seen.identities).toEqual({ 'hosts/web0': '0', 'hosts/web1': '1' });
  }, 240_000);

  it('brings a backlog of many writers', async () => {
    const count = amount(4, 20);
    const { remote, stores } = await writers(count);
    for (const [writer, store] of stores.entries()) {
      for (let index = 0; index < 5; index += 1)
        await write(store, { [`${scope(writer)}facts/packages.json`]: `${index}` }, { message: `writer ${writer} commit ${index}\n` });
    }
    const results = await Promise.all(stores.map((store, writer) => store.push(remote, DEADLINE, [scope(writer)])));
    expect(results.map(({ status }) => status)).toEqual(stores.map(() => 'pushed'));
    await expectAll(remote, count, 5);
  }, 240_000);

  it('never takes what is not its own to the remote', async () => {
    const { remote, stores } = await writers(2);
    const [one, two] = stores as [Store, Store];
    await write(one, { [`${scope(0)}x`]: 'theirs' });
    await one.push(remote, DEADLINE);
    await write(two, { [`${scope(0)}x`]: 'forged', [`${scope(1)}x`]: 'ours' });
    expect(await two.push(remote, DEADLINE, [scope(1)])).toMatchObject({ status: 'pushed' });
    expect(await git(remote, 'show', `main:${scope(0)}x`)).toBe('theirs');
    expect(await git(remote, 'show', `main:${scope(1)}x`)).toBe('ours');
  });

  it('moves the branch and the notes that speak of it together, or neither', async () => {
    const { remote, stores } = await writers(2);
    const [one, two] = stores as [Store, Store];
    await write(one, { [`${scope(0)}x`]: '1' });
    await one.push(remote, DEADLINE);
    const sha = (await write(two, { [`${scope(1)}x`]: '2' })) ?? '';
    await two.writeNotes(new Map([[sha, { text: 'by two', findings: '{}' }]]));
    // The notes cannot move: then the branch must not have moved either, for nobody would find the notes again.
    const lock = join(two.dir, '.git/refs/notes/drifttrail.lock');
    writeFileSync(lock, '');
    const living = spawn('git', ['-c', 'alias.hold=!sleep 60', 'hold'], { cwd: two.dir, detached: true });
    onTestFinished(() => killGroup(living));
    expect(await two.push(remote, DEADLINE)).toMatchObject({
      status: 'failed',
      backlog: 1,
      detail: expect.stringContaining('notes/drifttrail.lock'),
    });
    expect(await two.tip()).toBe(sha);
    rmSync(lock);
    expect(await two.push(remote, DEADLINE)).toMatchObject({ status: 'pushed' });
    const moved = await git(remote, 'rev-parse', 'main');
    expect(moved).not.toBe(sha);
    expect(await git(remote, 'notes', '--ref=drifttrail', 'show', moved)).toBe('by two');
  });

  it('tells a remote that is gone, counts the backlog, and catches up (R6)', async () => {
    const { remote, stores } = await writers(1);
    const [store] = stores as [Store];
    await store.push(remote, DEADLINE);
    for (let index = 0; index < 3; index += 1) await write(store, { [`${scope(0)}x`]: String(index) });
    expect(await store.push(`${remote}-gone`, DEADLINE)).toMatchObject({
      status: 'failed',
      backlog: 3,
      detail: expect.stringContaining('does not appear to be a git repository'),
    });
    expect(await store.push(remote, DEADLINE)).toMatchObject({ status: 'pushed', backlog: 0 });
    expect(await store.push(remote, DEADLINE)).toMatchObject({ status: 'up-to-date' });
    await expect(store.push('--receive-pack=x', DEADLINE)).rejects.toMatchObject({ code: 'remote-invalid' });
  });

  it('stops at the deadline and tells no password', async () => {
    const { stores } = await writers(1);
    const [store] = stores as [Store];
    const { createServer } = await import('node:net');
    const server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const begun = performance.now();
    const late = await store.push(`http://user:hunter2@127.0.0.1:${port}/x.git`, 500);
    expect(late).toMatchObject({ status: 'late', backlog: 1 });
    expect(performance.now() - begun).toBeLessThan(5000);
    server.unref();
    const refused = await store.push('http://user:hunter2@127.0.0.1:1/x.git', 5000);
    expect(refused.status).toBe('failed');
    expect(JSON.stringify([late, refused])).not.toContain('hunter2');
  });

  it.each([
    ['https://joe:p@ss/w0rd!x@git.example/r.git', /p@ss|w0rd!x/],
    ['https://joe:p%40ssw0rd@git.example/r.git', /p%40ss|p@ss/],
    ['https://ghp_0123456789@git.example/r.git', /ghp_/],
    ['ssh://deploy:sesame12@git.example/r.git', /sesame12/],
  ])('tells nothing of the login in %s, however it is repeated', (remote, secret) => {
    const password = decodeURIComponent(remote.replace(/^[^:]+:\/\/(?:[^:@]*:)?(.*)@.*$/, '$1'));
    for (const said of [`unable to access '${remote}/'`, `fatal: ${remote}: 403`, `remote: bad password ${password}`])
      expect(withoutSecrets(said, remote)).not.toMatch(secret);
    expect(withoutSecrets(`fatal: could not read from ${remote}`, remote)).toContain('git.example/r.git');
  });
});
