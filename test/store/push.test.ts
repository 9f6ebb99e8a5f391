import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { withoutSecrets } from '../../src/store/push.ts';
import type { Store } from '../../src/store/store.ts';
import { git, write } from './repository.ts';
import { killGroup } from '../processes.ts';
import { DEADLINE, scope, writers } from './writers.ts';

describe('push', () => {
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
