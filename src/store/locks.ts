/** Git's own lock files: what a killed git left is cleared, what a living one holds is waited for. */
import { readdirSync, readFileSync, readlinkSync, realpathSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DrifttrailError } from '../errors.ts';
import type { Surroundings } from '../model.ts';
import type { Git } from './git.ts';

/** Milliseconds to wait for a living git, and for a lock so fresh that its git may just have ended. */
const PATIENCE = 10_000;
const SETTLED = 1_000;
/** Where no process list can be read, only age tells. */
const OLD = 10 * 60_000;

/** Every lock file of the repository, as paths. */
export function lockFiles(gitDir: string): string[] {
  const top = ['index', 'HEAD', 'config', 'packed-refs', 'shallow', 'ORIG_HEAD', 'FETCH_HEAD'].map((name) => `${name}.lock`);
  const found = top.filter((name) => exists(join(gitDir, name))).map((name) => join(gitDir, name));
  for (const folder of ['refs', 'logs', 'objects/info', 'objects/pack']) found.push(...locksBelow(join(gitDir, folder)));
  return found;
}

/**
 * Clears the locks that nobody holds. @throws {DrifttrailError} `git-locked` (75) while a living git works in the repository
 */
export async function clearStaleLocks(
  git: Git,
  surroundings: Pick<Surroundings, 'sleep'>,
  progress: (text: string) => void,
  patience: number = PATIENCE,
): Promise<string[]> {
  const gitDir = join(git.dir, '.git');
  // Real time: file times are the machine's, whatever clock the caller has.
  const end = Date.now() + patience;
  for (;;) {
    const locks = lockFiles(gitDir).flatMap((file) => seen(file));
    if (locks.length === 0) return [];
    const users = gitProcesses(git.dir);
    const stale =
      users === undefined
        ? locks.filter(({ time }) => Date.now() - time > OLD)
        : users.length === 0
          ? locks.filter(({ time }) => Date.now() - time > SETTLED)
          : [];
    if (stale.length === locks.length) {
      for (const lock of stale) {
        // Only the very file that was judged: another may have taken its name since.
        const [now] = seen(lock.file);
        if (now === undefined || now.inode !== lock.inode || now.time !== lock.time) continue;
        rmSync(lock.file, { force: true });
        progress(`removed ${lock.file}, which a git that was killed had left`);
      }
      return stale.map(({ file }) => file);
    }
    if (Date.now() >= end) {
      const [first] = locks;
      const who = users?.[0];
      throw new DrifttrailError({
        code: 'git-locked',
        message: `${who === undefined ? 'another git' : `git (process ${who})`} holds ${first?.file ?? gitDir}`,
        remedy: 'wait for it to end and run again; nothing was lost',
        exitCode: 75,
      });
    }
    await surroundings.sleep(200);
  }
}

/** Processes of git that work in this repository; undefined where the system does not tell. */
export function gitProcesses(dir: string): number[] | undefined {
  if (process.platform !== 'linux') return undefined;
  const root = realpathSync(dir);
  const within = (path: string) => path === root || path.startsWith(`${root}/`);
  const found: number[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name) || !read(`/proc/${name}/comm`).startsWith('git')) continue;
    const env =
      read(`/proc/${name}/environ`)
        .split('\0')
        .find((entry) => entry.startsWith('GIT_DIR='))
        ?.slice('GIT_DIR='.length) ?? '';
    if (within(link(`/proc/${name}/cwd`)) || within(env) || openFiles(name).some(within)) found.push(Number(name));
  }
  return found;
}

function openFiles(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => link(`/proc/${pid}/fd/${fd}`));
  } catch {
    return []; // ended meanwhile, or another user's
  }
}

function locksBelow(folder: string): string[] {
  if (!exists(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile() && entry.name.endsWith('.lock')).map((entry) => join(entry.parentPath, entry.name));
}

function seen(file: string): { readonly file: string; readonly inode: number; readonly time: number }[] {
  const found = statSync(file, { throwIfNoEntry: false });
  return found === undefined ? [] : [{ file, inode: found.ino, time: found.mtimeMs }];
}

function exists(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false }) !== undefined;
}

/** '' for a process that has ended or belongs to another user. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function link(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return '';
  }
}
