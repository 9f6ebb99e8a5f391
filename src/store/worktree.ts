/** The checked-out files that people browse: kept at the tip, and never at the price of a person's edit. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DrifttrailError } from '../errors.ts';
import { ZERO } from './fast-import.ts';
import type { Git } from './git.ts';
import { readTree } from './objects.ts';
import { refOrNull } from './refs.ts';
import { type Problem, quoted, shown } from './problem.ts';

const BRANCH = 'refs/heads/main';
/** The commit that was checked out last. */
export const WORKTREE = 'refs/drifttrail/worktree';
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/**
 * Brings index and files from the commit checked out last to `tip`: only paths that differ are touched. What a person
 * has edited is left as it is and reported; then nothing is updated until the edit is gone.
 */
export async function refreshWorktree(git: Git, tip: string): Promise<Problem[]> {
  const known = await refOrNull(git, WORKTREE);
  const marker = markerOf(git);
  if (known === tip) {
    rmSync(marker, { force: true }); // killed after the last step but one
    return [];
  }
  const before = existsSync(marker) ? await finishInterrupted(git, known, readFileSync(marker, 'utf8').trim()) : known;
  // Read-tree goes by the index, so the index must know the files' times.
  await git.run(['update-index', '--refresh'], { codes: [0, 1] });
  writeFileSync(marker, `${tip}\n`, { mode: 0o600, flush: true });
  try {
    await git.run(['read-tree', '-m', '-u', before ?? EMPTY_TREE, tip]);
  } catch (error) {
    if (!(error instanceof DrifttrailError) || error.code !== 'git-failed') throw error;
    // All or nothing: a refusal has touched no file.
    rmSync(marker, { force: true });
    return [await blockedBy(git, error.message)];
  }
  await git.run(['update-ref', '--no-deref', WORKTREE, tip]);
  rmSync(marker, { force: true });
  return [];
}

/** Paths that differ from what was checked out, or that nobody checked out; none while a refresh that was killed is unfinished. */
export async function editedPaths(git: Git): Promise<string[]> {
  const [checkedOut, tip] = await Promise.all([refOrNull(git, WORKTREE), refOrNull(git, BRANCH)]);
  if (checkedOut !== null && checkedOut === tip && isOnBranch(git)) return existsSync(markerOf(git)) ? [] : statusPaths(git);
  await git.run(['update-index', '--refresh'], { codes: [0, 1] });
  if (existsSync(markerOf(git))) return [];
  const [changed, untracked] = await Promise.all([git.run(['diff-files', '--name-only', '-z']), git.run(['ls-files', '--others', '-z'])]);
  const staged = checkedOut === null ? Buffer.alloc(0) : (await git.run(['diff-index', '--cached', '--name-only', '-z', WORKTREE])).stdout;
  const names = [changed.stdout, untracked.stdout, staged].flatMap((list) => list.toString('utf8').split('\0'));
  return [...new Set(names.filter((name) => name !== ''))].sort();
}

/** The same by one process in place of four, for the ordinary case that HEAD is what was checked out last. */
async function statusPaths(git: Git): Promise<string[]> {
  const options = ['--porcelain', '-z', '--untracked-files=all', '--ignored=traditional', '--no-renames', '--ignore-submodules=none'];
  const { stdout } = await git.run(['status', ...options]);
  // `XY <path>`
  const names = stdout.toString('utf8').split('\0').filter(Boolean);
  return [...new Set(names.map((entry) => entry.slice(3)))].sort();
}

function isOnBranch(git: Git): boolean {
  return readFileSync(join(git.dir, '.git', 'HEAD'), 'utf8').trim() === `ref: ${BRANCH}`;
}

/**
 * A refresh was killed while it wrote: files that it was to touch may be old, new, half or missing. They are put to
 * the state it aimed at; no other path is looked at. Resolves to the commit that is checked out then.
 */
async function finishInterrupted(git: Git, before: string | null, target: string): Promise<string | null> {
  if ((await refOrNull(git, target)) === null) return before;
  const touched = (await git.run(['diff-tree', '-r', '-z', '--name-only', before ?? EMPTY_TREE, target])).stdout
    .toString('utf8')
    .split('\0')
    .filter(Boolean);
  if (touched.length > 0) {
    const tree = await readTree(git, target);
    const entries = touched.map((path) => {
      const id = tree.get(path);
      return id === undefined ? `0 ${ZERO}\t${path}` : `100644 ${id}\t${path}`;
    });
    await git.run(['update-index', '-z', '--index-info'], { input: entries.join('\0').concat('\0') });
    const kept = touched.filter((path) => tree.has(path));
    for (const path of touched) if (!tree.has(path)) rmSync(join(git.dir, path), { force: true });
    await git.run(['checkout-index', '-f', '-q', '-z', '--stdin'], { input: kept.join('\0') });
  }
  await git.run(['update-ref', '--no-deref', WORKTREE, target]);
  return target;
}

/** There while files are written: holds the commit they are brought to. */
function markerOf(git: Git): string {
  return join(git.dir, '.git', 'drifttrail-refreshing');
}

async function blockedBy(git: Git, said: string): Promise<Problem> {
  const edited = await editedPaths(git);
  return {
    code: 'worktree-edited',
    message: `${shown(edited)} in ${git.dir} differ from the last snapshot, so the files are not brought up to date (history is): ${said}`,
    repair: `git -C ${quoted(git.dir)} diff ${WORKTREE}; keep what you need elsewhere, then: git -C ${quoted(git.dir)} read-tree --reset -u ${WORKTREE} && git -C ${quoted(git.dir)} clean -fd`,
  };
}
