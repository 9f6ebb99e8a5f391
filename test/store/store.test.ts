import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { spawn } from '../../src/spawn.ts';
import { blobId } from '../../src/store/objects.ts';
import { initStore, openStore } from '../../src/store/store.ts';
import { git, newStore, surroundingsAt, temporaryFolder, write } from './repository.ts';

const PATH = 'aws/123456789012/eu-west-1/ec2.route-table/rtb-1.json';
async function gather<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
const OTHER = 'aws/123456789012/eu-west-1/ec2.route-table/rtb-2.json';

describe('what does not exist', () => {
  it('is said of a commit, with what lists them', async () => {
    const store = await newStore();
    for (const name of ['deadbeef', 'f-zz', '--all', 'main^9']) {
      await expect(store.info(name)).rejects.toMatchObject({ code: 'commit-unknown', message: `there is no commit ${name}` });
    }
    expect((await store.info('HEAD')).sha).toBe(await store.tip());
  });

  it('is said of a remote, without its password, and an empty one answers', async () => {
    const store = await newStore();
    const remote = temporaryFolder();
    expect(await store.remoteProblem(`${remote}/none.git`, 10_000)).toContain('does not appear to be a git repository');
    expect(await store.remoteProblem('http://user:hunter2@127.0.0.1:1/x.git', 10_000)).not.toContain('hunter2');
    await git(remote, 'init', '-q', '--bare', 'ours.git');
    expect(await store.remoteProblem(join(remote, 'ours.git'), 10_000)).toBeUndefined();
  });
});

describe('initStore', () => {
  it('makes a private repository with the template checked out and clean', async () => {
    const store = await newStore();
    expect(statSync(store.dir).mode & 0o777).toBe(0o700);
    expect([...(await store.tree((await store.tip()) ?? '')).keys()]).toEqual(['.gitattributes', '.gitignore', 'README.md']);
    expect(await git(store.dir, 'status', '--porcelain')).toBe('');
    expect(await git(store.dir, 'config', 'notes.displayRef')).toBe('refs/notes/drifttrail');
    expect(await store.inspect()).toEqual([]);
  });

  it('changes nothing when repeated', async () => {
    const store = await newStore();
    const tip = await store.tip();
    await initStore(store.dir, surroundingsAt({ time: '2027-01-01T00:00:00Z' }));
    expect(await store.tip()).toBe(tip);
  });

  it('refuses a repository and a folder that are not ours', async () => {
    const dir = temporaryFolder();
    await git(dir, 'init', '-q', 'theirs');
    writeFileSync(join(dir, 'theirs', 'file'), 'x');
    await git(join(dir, 'theirs'), 'add', '.');
    const surroundings = surroundingsAt({ time: '2026-01-01T00:00:00Z' });
    await expect(initStore(join(dir, 'theirs'), surroundings)).rejects.toMatchObject({ code: 'repository-foreign' });
    await expect(openStore(join(dir, 'theirs'), surroundings)).rejects.toMatchObject({ code: 'repository-foreign' });
    mkdirSync(join(dir, 'full'));
    writeFileSync(join(dir, 'full', 'file'), 'x');
    await expect(initStore(join(dir, 'full'), surroundings)).rejects.toMatchObject({ code: 'repository-foreign' });
    await expect(openStore(join(dir, 'none'), surroundings)).rejects.toMatchObject({ code: 'repository-missing' });
  });

  it('never uses a repository further up', async () => {
    const dir = temporaryFolder();
    await git(dir, 'init', '-q', '.');
    await initStore(join(dir, 'snapshots'), surroundingsAt({ time: '2026-01-01T00:00:00Z' }));
    expect(existsSync(join(dir, 'snapshots', '.git'))).toBe(true);
    expect(await git(dir, 'for-each-ref')).toBe('');
  });
});

describe('commit', () => {
  it('writes, deletes, and reads back by ids computed in process', async () => {
    const store = await newStore();
    await write(store, { [PATH]: '{"a":1}\n', [OTHER]: 'x' });
    const second = await write(store, { [PATH]: '{"a":2}\n', [OTHER]: null });
    const tree = await store.tree(second ?? '');
    expect(tree.get(PATH)).toBe(blobId(Buffer.from('{"a":2}\n')));
    expect(tree.has(OTHER)).toBe(false);
    const id = tree.get(PATH) ?? '';
    expect((await store.read([id, id])).get(id)?.toString()).toBe('{"a":2}\n');
    expect(await store.patch(second ?? '', [PATH])).toContain('-{"a":1}\n+{"a":2}');
    expect(await store.patch(second ?? '', [PATH])).not.toContain('rtb-2');
  });

  it('makes no commit of nothing', async () => {
    const store = await newStore();
    const tip = await store.tip();
    expect(await write(store, {})).toBeNull();
    expect(await store.tip()).toBe(tip);
  });

  it('refuses a plan made for another tip and leaves no trace', async () => {
    const store = await newStore();
    const parent = await store.tip();
    const theirs = await write(store, { [PATH]: 'theirs' });
    await expect(write(store, { [PATH]: 'ours' }, { parent })).rejects.toMatchObject({ code: 'tip-moved', exitCode: 75 });
    expect(await store.tip()).toBe(theirs);
    expect(await git(store.dir, 'for-each-ref', 'refs/drifttrail/incoming')).toBe('');
  });

  it('keeps refs as durable as objects, and refuses to begin at a tip that is gone', async () => {
    const store = await newStore();
    expect(await git(store.dir, 'config', 'core.fsync')).toBe('committed,reference');
    await expect(write(store, { [PATH]: 'x' }, { parent: null })).rejects.toMatchObject({ code: 'tip-moved' });
  });

  it('never dates a commit before its parent', async () => {
    const store = await newStore();
    await write(store, { [PATH]: '1' }, { date: '2026-05-01T00:00:00Z' });
    const sha = await write(store, { [PATH]: '2' }, { date: '2026-04-01T00:00:00Z' });
    expect((await store.info(sha ?? '')).date).toBe('2026-05-01T00:00:00.000Z');
  });

  it('refuses paths that would leave the repository or steer git', async () => {
    const store = await newStore();
    for (const path of ['../x', 'a/../x', '.git/config', 'a/.GIT/hooks/x', '/x', 'a//b', 'a\nb', 'a b', '"a"']) {
      await expect(write(store, { [path]: 'x' })).rejects.toMatchObject({ code: 'path-unsafe' });
    }
  });

  it('runs post-commit, and a failing one undoes nothing', async () => {
    const store = await newStore();
    const hook = join(store.dir, '.git', 'hooks', 'post-commit');
    writeFileSync(hook, '#!/bin/sh\ngit rev-parse HEAD > "$GIT_DIR/seen"\necho "$DRIFTTRAIL_RUN" > "$GIT_DIR/run"\nexit 3\n');
    chmodSync(hook, 0o755);
    const said: string[] = [];
    const heard = await openStore(store.dir, surroundingsAt({ time: '2026-01-01T00:00:00Z' }), { progress: (text) => said.push(text) });
    const sha = await write(heard, { [PATH]: 'x' });
    expect(readFileSync(join(store.dir, '.git', 'seen'), 'utf8').trim()).toBe(sha);
    expect(readFileSync(join(store.dir, '.git', 'run'), 'utf8')).toBe('1\n');
    expect(said.join()).toContain('post-commit exited with 3');
  });

  it('signs when the user asks git to', async () => {
    const store = await newStore();
    const key = join(temporaryFolder(), 'key');
    const made = await import('node:child_process').then(({ spawnSync }) =>
      spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key], { timeout: 10_000 }),
    );
    if (made.error !== undefined) return; // No ssh on this machine.
    for (const [name, value] of [
      ['gpg.format', 'ssh'],
      ['user.signingKey', `${key}.pub`],
      ['commit.gpgSign', 'true'],
    ] as const)
      await git(store.dir, 'config', name, value);
    const sha = await write(store, { [PATH]: 'x' }, { message: 'Subject\n\nDrifttrail-Run: 1\n' });
    expect(await git(store.dir, 'cat-file', 'commit', sha ?? '')).toContain('BEGIN SSH SIGNATURE');
    expect((await store.info(sha ?? '')).trailers).toEqual({ 'Drifttrail-Run': '1' });
  });
});

describe('log', () => {
  it('gives subject, body and trailers, newest first, by time and path', async () => {
    const store = await newStore();
    await write(
      store,
      { [PATH]: '1' },
      { message: 'One\n\n- a: b\n- c\n\nDrifttrail-Run: r1\nDrifttrail-Gaps: 0\n', date: '2026-02-01T00:00:00Z' },
    );
    await write(store, { [OTHER]: '2' }, { message: 'Two\n', date: '2026-03-01T00:00:00Z' });
    const all = await gather(store.log({ since: '2026-01-15T00:00:00Z' }));
    expect(all.map(({ subject }) => subject)).toEqual(['Two', 'One']);
    expect(all[1]).toMatchObject({
      body: '- a: b\n- c',
      trailers: { 'Drifttrail-Run': 'r1', 'Drifttrail-Gaps': '0' },
      date: '2026-02-01T00:00:00.000Z',
    });
    expect((await gather(store.log({ paths: [PATH] }))).map(({ subject }) => subject)).toEqual(['One']);
    expect((await gather(store.log({ until: '2026-02-15T00:00:00Z', max: 1 }))).map(({ subject }) => subject)).toEqual(['One']);
  });

  it.each(['1969-07-20T00:00:00Z', '1970-01-01T00:00:00Z', '1971-01-01T00:00:00Z', '2001-01-01T00:00:00Z'])(
    'takes %s for what it is: git reads small numbers of seconds as something else',
    async (time) => {
      const store = await newStore();
      await write(store, { [PATH]: '1' }, { message: 'One\n', date: '2026-02-01T00:00:00Z' });
      expect(await gather(store.log({ since: time, paths: [PATH] }))).toHaveLength(1);
      expect(await gather(store.log({ until: time, paths: [PATH] }))).toHaveLength(0);
    },
  );
});

describe('notes', () => {
  it('are shown by git log, read back, and cost nothing when repeated', async () => {
    const store = await newStore();
    const sha = (await write(store, { [PATH]: '1' })) ?? '';
    const entries = new Map([[sha, { text: 'HIGH by alice\n', findings: '{"findings":[]}' }]]);
    await store.writeNotes(entries);
    expect(await git(store.dir, 'log', '-1')).toContain('HIGH by alice');
    expect(await store.readFindings([sha, 'f'.repeat(40)])).toEqual(new Map([[sha, '{"findings":[]}']]));
    const before = await git(store.dir, 'rev-parse', 'refs/notes/drifttrail', 'refs/notes/drifttrail-findings');
    await store.writeNotes(entries);
    expect(await git(store.dir, 'rev-parse', 'refs/notes/drifttrail', 'refs/notes/drifttrail-findings')).toBe(before);
    await store.writeNotes(new Map([[sha, { text: 'HIGH by bob\n', findings: '{"findings":[]}' }]]));
    expect(await git(store.dir, 'notes', '--ref=drifttrail', 'show', sha)).toBe('HIGH by bob');
    expect(await git(store.dir, 'rev-parse', 'refs/notes/drifttrail-findings')).toBe(before.split('\n')[1]);
  });

  it('leave no empty heading in git log where there is nothing to say', async () => {
    const store = await newStore();
    const sha = (await write(store, { [PATH]: '1' })) ?? '';
    await store.writeNotes(new Map([[sha, { text: '', findings: '{"findings":[]}' }]]));
    expect(await git(store.dir, 'log', '-1')).not.toContain('Notes');
    expect((await store.readFindings([sha])).get(sha)).toBe('{"findings":[]}');
  });

  it('are found again when there are so many that their tree fans out', async () => {
    const store = await newStore();
    const commits = Array.from({ length: 300 }, (_, index) => `commit refs/heads/many\ncommitter a <a@b> ${index} +0000\ndata 1\nx\n`);
    await spawn('git', ['fast-import', '--quiet'], { cwd: store.dir, env: process.env, input: commits.join('') });
    const shas = (await git(store.dir, 'rev-list', 'refs/heads/many')).split('\n');
    await store.writeNotes(new Map(shas.map((sha) => [sha, { text: sha, findings: `"${sha}"` }])));
    expect(await git(store.dir, 'ls-tree', '-r', '--name-only', 'refs/notes/drifttrail')).toContain('/');
    const found = await store.readFindings(shas);
    expect(shas.length).toBe(300);
    expect(shas.every((sha) => found.get(sha) === `"${sha}"`)).toBe(true);
    // A few are asked for by name, in whatever folder they stand.
    const [one = '', two = ''] = shas;
    expect(await store.readFindings([one, '0'.repeat(40), two])).toEqual(new Map([one, two].map((sha) => [sha, `"${sha}"`])));
  });
});

describe('observed', () => {
  const observed = (time: string) => ({
    observations: { 'aws/1/eu': { 'aws.ec2.vpc': { tried: time, complete: { from: time, to: time } } } },
    identities: { 'aws/1/eu': '1' },
    held: {},
  });

  it('is kept apart from the history and leaves one commit however often it is written', async () => {
    const store = await newStore();
    const tip = await store.tip();
    for (let day = 1; day <= 5; day += 1) await store.writeObserved(observed(`2026-01-0${day}T00:00:00Z`));
    expect(await store.readObserved()).toEqual(observed('2026-01-05T00:00:00Z'));
    expect(await store.tip()).toBe(tip);
    expect(await git(store.dir, 'rev-list', '--count', 'refs/drifttrail/observed')).toBe('1');
  });

  it('is kept beside the history until it is written there again', async () => {
    const store = await newStore();
    const again = await openStore(store.dir, surroundingsAt({ time: '2026-01-01T00:00:00.000Z' }));
    await store.writeObserved(observed('2026-01-01T00:00:00Z'), { here: true });
    expect(await again.readObserved()).toEqual(observed('2026-01-01T00:00:00Z'));
    expect(await git(store.dir, 'for-each-ref', 'refs/drifttrail/observed')).toBe('');
    await store.writeObserved(observed('2026-01-02T00:00:00Z'));
    expect(await again.readObserved()).toEqual(observed('2026-01-02T00:00:00Z'));
    await store.writeObserved(observed('2026-01-03T00:00:00Z'), { here: true });
    expect(await again.readObserved()).toEqual(observed('2026-01-03T00:00:00Z'));
    expect(await git(store.dir, 'show', 'refs/drifttrail/observed:observed.json')).toContain('2026-01-02');
    // A ref that others moved since counts more; a file that is not whole counts nothing.
    await git(store.dir, 'update-ref', '-d', 'refs/drifttrail/observed');
    expect(await again.readObserved()).toEqual({ observations: {}, identities: {}, held: {} });
    await store.writeObserved(observed('2026-01-04T00:00:00Z'), { here: true });
    for (const text of ['{"after":null,"obs', '', 'null\n', '[]']) {
      writeFileSync(join(store.dir, '.git', 'drifttrail-observed.json'), text);
      expect(await again.readObserved(), text).toEqual({ observations: {}, identities: {}, held: {} });
    }
  });

  it('is empty at first', async () => {
    expect(await (await newStore()).readObserved()).toEqual({ observations: {}, identities: {}, held: {} });
  });
});

describe('refreshWorktree', () => {
  it('brings only what changed and keeps what a person edited', async () => {
    const store = await newStore();
    await write(store, { [PATH]: '1', [OTHER]: '1' });
    expect(await store.refreshWorktree()).toEqual([]);
    expect(readFileSync(join(store.dir, PATH), 'utf8')).toBe('1');
    expect(await git(store.dir, 'status', '--porcelain')).toBe('');
    writeFileSync(join(store.dir, PATH), 'mine');
    await write(store, { [PATH]: '2', [OTHER]: '2' });
    const [problem] = await store.refreshWorktree();
    expect(problem).toMatchObject({ code: 'worktree-edited' });
    expect(problem?.message).toContain('rtb-1.json');
    expect(readFileSync(join(store.dir, PATH), 'utf8')).toBe('mine');
    expect((await store.inspect()).map(({ code }) => code)).toEqual(['worktree-edited']);
    const repair = problem?.repair.split('then: ')[1] ?? '';
    await spawn('sh', ['-c', repair], { env: process.env });
    expect(await store.refreshWorktree()).toEqual([]);
    expect(readFileSync(join(store.dir, PATH), 'utf8')).toBe('2');
    expect(await git(store.dir, 'status', '--porcelain')).toBe('');
  });

  it('does not take its own interrupted refresh for an edit', async () => {
    const store = await newStore();
    await write(store, { [PATH]: 'long text', [OTHER]: '1' });
    await store.refreshWorktree();
    const tip = await write(store, { [PATH]: 'other long text', [OTHER]: null });
    writeFileSync(join(store.dir, '.git', 'drifttrail-refreshing'), `${tip}\n`);
    writeFileSync(join(store.dir, PATH), 'other lo');
    expect(await store.refreshWorktree()).toEqual([]);
    expect(readFileSync(join(store.dir, PATH), 'utf8')).toBe('other long text');
    expect(existsSync(join(store.dir, OTHER))).toBe(false);
    expect(await git(store.dir, 'status', '--porcelain')).toBe('');
  });
});

describe('refreshWorktree after a kill', () => {
  it('goes on from what it finished, also when the history has gone on meanwhile', async () => {
    const store = await newStore();
    await write(store, { [PATH]: 'one' });
    await store.refreshWorktree();
    const tip = await write(store, { [PATH]: 'two' });
    writeFileSync(join(store.dir, '.git', 'drifttrail-refreshing'), `${tip}\n`);
    writeFileSync(join(store.dir, PATH), 'tw');
    await write(store, { [PATH]: 'three' });
    expect(await store.refreshWorktree()).toEqual([]);
    expect(readFileSync(join(store.dir, PATH), 'utf8')).toBe('three');
    expect(await git(store.dir, 'status', '--porcelain')).toBe('');
  });
});

describe('maintain', () => {
  it('forgets what a killed import held', async () => {
    const store = await newStore();
    const tip = await store.tip();
    for (const name of ['1-0', '1-1']) await git(store.dir, 'update-ref', `refs/drifttrail/incoming/${name}`, tip ?? '');
    expect(await store.maintain()).toMatchObject({ repacked: false });
    expect(await git(store.dir, 'for-each-ref', 'refs/drifttrail/incoming')).toBe('');
    expect(await store.tip()).toBe(tip);
  });

  it('joins packs past fifty and keeps every commit', async () => {
    const store = await newStore();
    for (let index = 0; index < 52; index += 1) await write(store, { [PATH]: String(index) });
    const result = await store.maintain();
    expect(result.repacked).toBe(true);
    expect(result.packs).toBeLessThan(5);
    expect(await store.maintain()).toMatchObject({ repacked: false });
    expect(await git(store.dir, 'rev-list', '--count', 'main')).toBe('53');
    expect(await store.inspect({ deep: true })).toEqual([]);
  });
});
