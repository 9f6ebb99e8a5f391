/** S10: a history that was rewritten, set back, unsigned, added to by hand or taken from the remote is found. */
import { chmodSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { spawn } from '../../src/spawn.ts';
import { type HistoryReport, initStore, openStore, type Store } from '../../src/store/store.ts';
import { appendTip, readTips, type Tip } from '../../src/store/tips.ts';
import { git, surroundingsAt, temporaryFolder, write } from './repository.ts';

const PATH = 'aws/1/eu/ec2.vpc/vpc-1.json';
const at = '2026-01-02T00:00:00.000Z';
const signal = new AbortController().signal;
const surroundings = surroundingsAt({ time: '2026-01-01T00:00:00.000Z' });
let store: Store;
/** What was the tip after each snapshot. */
let tips: Tip[];

async function snapshot(text: string, more: object = {}): Promise<string> {
  const sha = (await write(store, { [PATH]: text }, more)) ?? '';
  tips.push({ at, tip: sha, state: 'local' });
  return sha;
}

async function verify(more: { readonly tips?: readonly Tip[]; readonly remote?: string } = {}): Promise<HistoryReport> {
  return store.verify({
    tips,
    fileKind: (path) => (path.startsWith('aws/') ? 'known' : path.startsWith('hosts/') ? 'unconfigured' : 'foreign'),
    progress: () => undefined,
    deadline: 30_000,
    signal,
    ...more,
  });
}
const codes = ({ problems }: HistoryReport) => problems.map(({ code }) => code);
const inRepository = (...args: string[]) => git(store.dir, '-c', 'user.name=mallory', '-c', 'user.email=m@example.com', ...args);
/** A commit by hand on what `git commit-tree` is told. */
async function commitTree(tree: string, ...parents: string[]): Promise<string> {
  return inRepository('commit-tree', tree, '-m', 'by hand', ...parents.flatMap((parent) => ['-p', parent]));
}

/** Three snapshots, made once and copied. */
let template = '';
let written: Tip[] = [];
beforeAll(async () => {
  template = mkdtempSync(join(tmpdir(), 'drifttrail-history-'));
  const dir = join(template, 'snapshots');
  await initStore(dir, surroundings);
  store = await openStore(dir, surroundings);
  tips = [];
  for (const text of ['a', 'b', 'c']) await snapshot(text);
  written = tips;
});
afterAll(() => rmSync(template, { recursive: true, force: true }));
beforeEach(async () => {
  const dir = join(temporaryFolder(), 'snapshots');
  cpSync(join(template, 'snapshots'), dir, { recursive: true, preserveTimestamps: true });
  store = await openStore(dir, surroundings);
  tips = [...written];
});

describe('verify (S10)', () => {
  it('finds nothing in a history as it was written', async () => {
    await store.writeNotes(new Map([[tips[1]?.tip ?? '', { text: 'who', findings: '[]' }]]));
    expect(await verify()).toMatchObject({ problems: [], gaps: [], commits: 4 });
  });

  it('finds a tip that was set back, amended or replaced', async () => {
    const [first, second, third] = tips.map(({ tip }) => tip);
    await inRepository('update-ref', 'refs/heads/main', second ?? '');
    expect((await verify()).problems).toEqual([expect.objectContaining({ code: 'history-rewritten', commit: third })]);
    const tree = await inRepository('rev-parse', `${third}^{tree}`);
    const other = await commitTree(tree, first ?? '');
    await inRepository('update-ref', 'refs/heads/main', other);
    const found = (await verify()).problems.filter(({ code }) => code === 'history-rewritten');
    expect(found.map(({ commit }) => commit)).toEqual([second, third]);
  });

  it('takes our own commits that a push put on those of another writer for what they are, and nothing else', async () => {
    const gone = '1'.repeat(40);
    const now = await snapshot('d');
    const waiting: Tip = { at, tip: gone, state: 'waiting' };
    expect(codes(await verify({ tips: [waiting, { at, tip: now, state: 'pushed', rebuilt: true }] }))).toEqual([]);
    expect(codes(await verify({ tips: [waiting, { at, tip: now, state: 'pushed' }] }))).toEqual(['history-rewritten']);
    expect(
      codes(
        await verify({
          tips: [
            { ...waiting, state: 'pushed' },
            { at, tip: now, state: 'pushed', rebuilt: true },
          ],
        }),
      ),
    ).toEqual(['history-rewritten']);
  });

  it('finds merges, dates that go back, and what is no resource', async () => {
    const tip = tips.at(-1)?.tip ?? '';
    writeFileSync(join(store.dir, 'notes.txt'), 'mine');
    await inRepository('add', 'notes.txt');
    const tree = await inRepository('write-tree');
    const side = await commitTree(tree, tips[0]?.tip ?? '');
    const merge = await commitTree(tree, tip, side);
    const early = await git(
      store.dir,
      ...['-c', 'user.name=m', '-c', 'user.email=m@example.com', 'commit-tree', tree, '-m', 'old', '-p', merge],
    );
    await inRepository('update-ref', 'refs/heads/main', early);
    const report = await verify();
    expect(codes(report)).toContain('commit-merge');
    expect(report.problems).toContainEqual(expect.objectContaining({ code: 'file-foreign', commit: merge }));
    const backwards = (await write(store, { [PATH]: 'e' }, { date: at })) ?? '';
    expect(codes(await verify())).not.toContain('date-backwards');
    const { code, stdout } = await spawn('git', ['-C', store.dir, 'commit-tree', `${backwards}^{tree}`, '-m', 'x', '-p', backwards], {
      env: {
        ...process.env,
        ...{ GIT_AUTHOR_NAME: 'm', GIT_AUTHOR_EMAIL: 'm', GIT_COMMITTER_NAME: 'm', GIT_COMMITTER_EMAIL: 'm' },
        GIT_COMMITTER_DATE: '2020-01-01T00:00:00Z',
      },
    });
    expect(code).toBe(0);
    await inRepository('update-ref', 'refs/heads/main', stdout.toString().trim());
    expect(codes(await verify())).toContain('date-backwards');
  });

  it('says which files belong to nothing that is configured, and finds a link', async () => {
    await write(store, { 'hosts/web01/files/etc/motd': 'hello' });
    expect(await verify()).toMatchObject({ problems: [], notes: expect.arrayContaining([expect.stringContaining('wrote hosts/')]) });
    const link = await inRepository('rev-parse', `main:${PATH}`);
    await inRepository('update-index', '--add', '--cacheinfo', `120000,${link},aws/1/eu/link.json`);
    const made = await commitTree(await inRepository('write-tree'), (await store.tip()) ?? '');
    await inRepository('update-ref', 'refs/heads/main', made);
    expect((await verify()).problems).toContainEqual(
      expect.objectContaining({ code: 'file-foreign', message: expect.stringContaining('link') }),
    );
  });

  it('finds a note that speaks of no commit of the history', async () => {
    const apart = await commitTree(`${tips[0]?.tip}^{tree}`);
    await store.writeNotes(new Map([[apart, { text: 'who', findings: '[]' }]]));
    expect(codes(await verify())).toEqual(['note-orphaned', 'note-orphaned']);
  });
});

describe('signatures by ssh (S10)', () => {
  async function signing(): Promise<string> {
    const folder = temporaryFolder();
    for (const name of ['ours', 'theirs']) {
      const { code } = await spawn('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', join(folder, name)], {
        timeout: 30_000,
      });
      expect(code).toBe(0);
    }
    const { stdout } = await spawn('cat', [join(folder, 'ours.pub')]);
    writeFileSync(join(folder, 'allowed'), `drifttrail@localhost ${stdout.toString()}`);
    await inRepository('config', 'gpg.format', 'ssh');
    await inRepository('config', 'gpg.ssh.allowedSignersFile', join(folder, 'allowed'));
    await inRepository('config', 'user.signingKey', join(folder, 'ours'));
    await inRepository('config', 'commit.gpgSign', 'true');
    chmodSync(join(folder, 'ours'), 0o600);
    return folder;
  }

  it('proves signed commits, finds unsigned ones after them and those of another key', async () => {
    const folder = await signing();
    expect(codes(await verify())).toEqual(Array(4).fill('commit-unsigned'));
    await snapshot('signed');
    await snapshot('signed again');
    expect(await verify()).toMatchObject({
      problems: [],
      gaps: [],
      signatures: 2,
      notes: [expect.stringContaining('4 commits are from before')],
    });
    const tip = (await store.tip()) ?? '';
    const unsigned = await commitTree(`${tip}^{tree}`, tip);
    await inRepository('update-ref', 'refs/heads/main', unsigned);
    await inRepository('config', 'user.signingKey', join(folder, 'theirs'));
    const theirs = await snapshot('by another');
    expect((await verify()).problems).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ code: 'signature-invalid', commit: theirs }),
        expect.objectContaining({ code: 'commit-unsigned', commit: unsigned }),
      ]),
    );
    // The same commit with other words under the old signature.
    await inRepository('config', 'user.signingKey', join(folder, 'ours'));
    const good = await snapshot('good');
    const { stdout } = await spawn('git', ['-C', store.dir, 'cat-file', 'commit', good]);
    const { stdout: forged } = await spawn('git', ['-C', store.dir, 'hash-object', '-t', 'commit', '-w', '--stdin'], {
      input: stdout.toString().replace(/\nTest\n$/, '\nTost\n'),
    });
    await inRepository('update-ref', 'refs/heads/main', forged.toString().trim());
    expect((await verify()).problems).toContainEqual(
      expect.objectContaining({ code: 'signature-invalid', commit: forged.toString().trim(), message: expect.stringContaining('altered') }),
    );
  });

  it('says when signatures cannot be checked', async () => {
    await signing();
    await inRepository('config', '--unset', 'gpg.ssh.allowedSignersFile');
    expect(await verify()).toMatchObject({ problems: [], gaps: [expect.stringContaining('allowedSignersFile')] });
  });
});

describe('the remote (S10)', () => {
  async function pushed(): Promise<string> {
    const folder = temporaryFolder();
    const remote = join(folder, 'remote.git');
    await git(folder, 'init', '-q', '--bare', '-b', 'main', remote);
    expect(await store.push(remote, 60_000)).toMatchObject({ status: 'pushed' });
    tips = tips.map((tip) => ({ ...tip, state: 'pushed' }));
    return remote;
  }

  it('finds a remote that was set back, rewritten or emptied, and leaves no refs behind', async () => {
    const remote = await pushed();
    expect(await verify({ remote })).toMatchObject({ problems: [], gaps: [] });
    const [first, second, third] = tips.map(({ tip }) => tip);
    await git(remote, 'update-ref', 'refs/heads/main', second ?? '');
    expect((await verify({ remote })).problems).toEqual([expect.objectContaining({ code: 'remote-set-back', commit: third })]);
    const other = await commitTree(`${third}^{tree}`, first ?? '');
    await inRepository('push', '-q', '--force', remote, `${other}:refs/heads/main`);
    expect(codes(await verify({ remote }))).toEqual(['remote-rewritten']);
    await git(remote, 'update-ref', '-d', 'refs/heads/main');
    expect(codes(await verify({ remote }))).toEqual(['remote-missing']);
    expect(await git(store.dir, 'for-each-ref', 'refs/drifttrail/verify')).toBe('');
    expect(await verify({ remote: join(remote, 'nowhere') })).toMatchObject({
      problems: [],
      gaps: [expect.stringContaining('could not be asked')],
    });
  });

  it('allows for commits that wait for their push, and for those of other writers', async () => {
    const remote = await pushed();
    await snapshot('waiting');
    const theirs = await commitTree(`${tips[2]?.tip}^{tree}`, tips[2]?.tip ?? '');
    await inRepository('push', '-q', remote, `${theirs}:refs/heads/main`);
    expect(await verify({ remote })).toMatchObject({
      problems: [],
      gaps: [],
      notes: expect.arrayContaining([expect.stringContaining('commits of their own')]),
    });
  });

  it('tells whether a push could rewrite it, and the commands against that', async () => {
    const remote = await pushed();
    const { allowed, fix } = await store.rewriting(remote);
    expect(allowed).toBe(true);
    const { code } = await spawn('sh', ['-c', fix], { env: process.env, timeout: 30_000 });
    expect(code).toBe(0);
    expect(await store.rewriting(remote)).toMatchObject({ allowed: false });
    expect(await store.rewriting(`file://${remote}`)).toMatchObject({ allowed: false });
    expect(await store.rewriting('git@git.example.com:ops/snapshots.git')).toMatchObject({
      allowed: undefined,
      fix: expect.stringContaining('protect'),
    });
  });
});

describe('the kept tips', () => {
  it('are appended once each, survive a line that was cut off, and tell of foreign lines', () => {
    const dir = join(temporaryFolder(), 'state');
    expect(readTips(dir)).toEqual({ tips: [], damaged: 0 });
    const tip = (digit: string, state: Tip['state'] = 'local'): Tip => ({ at, tip: digit.repeat(40), state });
    appendTip(dir, tip('a'));
    appendTip(dir, tip('a'));
    appendTip(dir, tip('b', 'waiting'));
    writeFileSync(join(dir, 'tips'), '{"at":"2026', { flag: 'a' });
    expect(readTips(dir)).toEqual({ tips: [tip('a'), tip('b', 'waiting')], damaged: 0 });
    appendTip(dir, { ...tip('b', 'pushed'), rebuilt: true });
    expect(readTips(dir)).toEqual({ tips: [tip('a'), tip('b', 'waiting'), { ...tip('b', 'pushed'), rebuilt: true }], damaged: 0 });
    writeFileSync(join(dir, 'tips'), 'not ours\n', { flag: 'a' });
    expect(readTips(dir).damaged).toBe(1);
  });
});
