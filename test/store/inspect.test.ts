import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spawn } from '../../src/spawn.ts';
import { initStore, openStore, type Store } from '../../src/store/store.ts';
import { git, newStore, surroundingsAt, temporaryFolder, write } from './repository.ts';

const PATH = 'aws/1/eu/ec2.vpc/vpc-1.json';
const OTHER = 'aws/1/eu/ec2.vpc/vpc-2.json';
const packs = (dir: string, ending: string) => {
  const folder = join(dir, '.git', 'objects', 'pack');
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));
};
const each = (files: string[], act: (file: string) => void) => {
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) {
    chmodSync(file, 0o600);
    act(file);
  }
};
const inGit = (store: Store, ...parts: string[]) => join(store.dir, '.git', ...parts);

/** Each damage and the word it is found under. */
const damages: readonly (readonly [name: string, code: string, act: (store: Store) => Promise<unknown> | unknown])[] = [
  ['an empty HEAD', 'head-broken', (store) => writeFileSync(inGit(store, 'HEAD'), '')],
  ['a garbled HEAD', 'head-broken', (store) => writeFileSync(inGit(store, 'HEAD'), '\0\0\0\0')],
  ['a detached HEAD', 'head-detached', (store) => git(store.dir, 'checkout', '-q', '--detach')],
  ['another branch', 'head-elsewhere', (store) => git(store.dir, 'checkout', '-q', '-b', 'mine')],
  ['a lost branch', 'branch-missing', (store) => rmSync(inGit(store, 'refs/heads/main'))],
  ['an empty branch file', 'branch-missing', (store) => writeFileSync(inGit(store, 'refs/heads/main'), '')],
  ['a branch to nowhere', 'tip-unreadable', (store) => writeFileSync(inGit(store, 'refs/heads/main'), `${'1'.repeat(40)}\n`)],
  ['garbled packed refs', 'refs-broken', (store) => writeFileSync(inGit(store, 'packed-refs'), 'garbage\n')],
  ['an empty config', 'config-broken', (store) => writeFileSync(inGit(store, 'config'), '')],
  ['a garbled config', 'config-broken', (store) => writeFileSync(inGit(store, 'config'), '[core\n')],
  ['a bare repository', 'config-bare', (store) => git(store.dir, 'config', 'core.bare', 'true')],
  [
    'an empty object',
    'object-empty',
    (store) => {
      mkdirSync(inGit(store, 'objects/aa'), { recursive: true });
      writeFileSync(inGit(store, `objects/aa/${'b'.repeat(38)}`), '');
    },
  ],
  ['cut-off packs', 'pack-broken', (store) => each(packs(store.dir, '.pack'), (file) => truncateSync(file, 40))],
  ['packs without index', 'pack-unindexed', (store) => each(packs(store.dir, '.idx'), (file) => rmSync(file))],
  ['lost packs', 'pack-missing', (store) => each(packs(store.dir, '.pack'), (file) => rmSync(file))],
  ['a garbled index', 'index-broken', (store) => writeFileSync(inGit(store, 'index'), 'garbage')],
  ['an edited file', 'worktree-edited', (store) => writeFileSync(join(store.dir, PATH), 'mine')],
  ['a removed file', 'worktree-edited', (store) => rmSync(join(store.dir, PATH))],
  ['a file put there', 'worktree-edited', (store) => writeFileSync(join(store.dir, 'notes.txt'), 'mine')],
  [
    'a staged edit',
    'worktree-edited',
    async (store) => {
      writeFileSync(join(store.dir, PATH), 'mine');
      await git(store.dir, 'add', '.');
    },
  ],
  ['a begun merge', 'operation-begun', (store) => writeFileSync(inGit(store, 'MERGE_HEAD'), `${'1'.repeat(40)}\n`)],
  ['a lock left behind', 'lock-left', (store) => writeFileSync(inGit(store, 'index.lock'), '')],
  [
    'lost alternates',
    'alternate-missing',
    (store) => {
      mkdirSync(inGit(store, 'objects/info'), { recursive: true });
      writeFileSync(inGit(store, 'objects/info/alternates'), '/nowhere/objects\n');
    },
  ],
  ['a shallow history', 'history-shallow', async (store) => writeFileSync(inGit(store, 'shallow'), `${await store.tip()}\n`)],
  ['a repository open to others', 'repository-exposed', (store) => chmodSync(store.dir, 0o755)],
  ['a lost object folder', 'repository-missing', (store) => renameSync(inGit(store, 'objects'), inGit(store, 'elsewhere'))],
];

/** One repository with some history, made once and copied; its folder's name is one that a careless command would trip over. */
let template = '';
const clock = { time: '2026-03-01T00:00:00Z' };
beforeAll(async () => {
  template = mkdtempSync(join(tmpdir(), 'drifttrail-inspect-'));
  const dir = join(template, 'snapshots');
  await initStore(dir, surroundingsAt(clock));
  const store = await openStore(dir, surroundingsAt(clock));
  await write(store, { [PATH]: 'x' });
  await write(store, { [PATH]: 'y', [OTHER]: 'z' });
  await store.refreshWorktree();
  await git(template, 'clone', '-q', '--mirror', dir, 'backup.git');
});
afterAll(() => rmSync(template, { recursive: true, force: true }));

async function copied(): Promise<Store> {
  const dir = join(temporaryFolder(), "it's $(touch canary) here");
  cpSync(join(template, 'snapshots'), dir, { recursive: true, preserveTimestamps: true });
  chmodSync(dir, 0o700);
  return openStore(dir, surroundingsAt(clock));
}

/** The repair as a person carries it out: word for word, with a backup where it asks for a remote and init where it names it. */
async function carryOut(store: Store, repair: string): Promise<void> {
  const backup = join(template, 'backup.git');
  const script = repair
    .replaceAll(/<(?:remote|a clone)[^>]*>/g, backup)
    .replaceAll(/; keep what you need elsewhere, then: /g, '\n')
    .replaceAll(/ && drifttrail (?:init|doctor)/g, '');
  const { code, stderr } = await spawn('sh', ['-c', script], { cwd: store.dir, env: process.env, timeout: 30_000 });
  expect(code, `${script}\n${stderr}`).toBe(0);
  if (repair.includes('drifttrail init')) await initStore(store.dir, surroundingsAt(clock));
}

/** What no command here brings back. */
const BEYOND = new Set(['a lost object folder']);

describe('inspect (R12)', () => {
  it.each(damages)('finds %s, begins nothing anew over it, and names the repair', async (name, code, act) => {
    const store = await copied();
    expect(await store.inspect()).toEqual([]);
    const tip = await store.tip();
    await act(store);
    const problems = await store.inspect();
    expect(problems.map((problem) => problem.code)).toContain(code);
    const log = readFileSync(inGit(store, 'logs/refs/heads/main'), 'utf8');
    await initStore(store.dir, surroundingsAt(clock)).catch(() => undefined);
    expect(readFileSync(inGit(store, 'logs/refs/heads/main'), 'utf8').startsWith(log)).toBe(true);
    if (BEYOND.has(name)) return expect(problems[0]?.repair).toMatch(/^restore .* from the remote or a backup/);
    for (let round = 0, left = problems; left.length > 0 && round < 4; round += 1) {
      await carryOut(store, left[0]?.repair ?? '');
      left = await store.inspect({ deep: true });
    }
    expect(await store.inspect({ deep: true })).toEqual([]);
    expect(await store.tip()).toBe(tip);
    expect(existsSync(join(store.dir, 'canary'))).toBe(false);
  });

  it('names the commit that a lost branch stood on', async () => {
    const store = await copied();
    const sha = await store.tip();
    rmSync(inGit(store, 'refs/heads/main'));
    const found = (await store.inspect()).find(({ code }) => code === 'branch-missing');
    expect(found?.repair).toContain(`update-ref refs/heads/main ${sha}`);
    await expect(initStore(store.dir, surroundingsAt(clock))).rejects.toMatchObject({ code: 'repository-broken' });
    expect(await (await openStore(store.dir, surroundingsAt(clock))).tip()).toBeNull();
  });

  it('takes what a killed git left half-written for no damage', async () => {
    const store = await newStore();
    await write(store, { [PATH]: 'x' });
    mkdirSync(inGit(store, 'objects/aa'), { recursive: true });
    writeFileSync(inGit(store, 'objects/aa/tmp_obj_x1Y2z3'), '');
    expect(await store.inspect()).toEqual([]);
  });

  it('knows a history by its objects when every ref and log is lost, and an init that was killed by its own', async () => {
    const store = await copied();
    for (const name of ['refs', 'logs']) rmSync(inGit(store, name), { recursive: true });
    mkdirSync(inGit(store, 'refs/heads'), { recursive: true });
    await expect(initStore(store.dir, surroundingsAt(clock))).rejects.toMatchObject({ code: 'repository-broken' });
    const fresh = await newStore();
    for (const name of ['refs', 'logs']) rmSync(inGit(fresh, name), { recursive: true });
    mkdirSync(inGit(fresh, 'refs/heads'), { recursive: true });
    await initStore(fresh.dir, surroundingsAt(clock));
    expect(await fresh.tip()).toMatch(/^[0-9a-f]{40}$/);
  });

  it('finds a flipped bit in a pack when it reads everything', async () => {
    const store = await copied();
    each(packs(store.dir, '.pack'), (file) => {
      const bytes = readFileSync(file);
      bytes[bytes.length - 30] = (bytes[bytes.length - 30] ?? 0) ^ 1;
      writeFileSync(file, bytes);
    });
    expect((await store.inspect({ deep: true })).map(({ code }) => code)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^(?:object-broken|object-missing|tip-unreadable)$/)]),
    );
  });

  it("takes an interrupted refresh of the files for what it is, and a person's edit after it for what that is", async () => {
    const store = await copied();
    const tip = await write(store, { [PATH]: 'next' });
    writeFileSync(inGit(store, 'drifttrail-refreshing'), `${tip}\n`);
    writeFileSync(join(store.dir, PATH), 'ne');
    expect(await store.inspect()).toEqual([]);
    expect(await store.refreshWorktree()).toEqual([]);
    // Killed between the last two steps: the marker is left, all is done.
    writeFileSync(inGit(store, 'drifttrail-refreshing'), `${tip}\n`);
    expect(await store.refreshWorktree()).toEqual([]);
    writeFileSync(join(store.dir, PATH), 'mine');
    expect((await store.inspect()).map(({ code }) => code)).toEqual(['worktree-edited']);
  });
});
