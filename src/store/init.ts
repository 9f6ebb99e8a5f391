/** Makes a snapshots repository from the template, or says why a folder cannot be one. */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DrifttrailError } from '../errors.ts';
import type { Surroundings } from '../model.ts';
import { importCommits, moveRefs, type Signature } from './fast-import.ts';
import { createGit, type Git } from './git.ts';
import { requireGit } from './git-version.ts';
import { TEXT_NOTES } from './notes.ts';
import { refOrNull } from './refs.ts';
import { readSettings } from './settings.ts';
import { refreshWorktree } from './worktree.ts';

export const BRANCH = 'refs/heads/main';
export const FORMAT_VERSION = '1';
const FIRST_SUBJECT = 'Begin the snapshots';
export const DEFAULT_AUTHOR: Signature = { name: 'drifttrail', email: 'drifttrail@localhost' };

/** Settings of the repository and why each is there. */
const SETTINGS: readonly (readonly [name: string, value: string])[] = [
  ['drifttrail.version', FORMAT_VERSION], // ours; openStore looks for it
  ['core.autocrlf', 'false'], // bytes are kept as they are
  ['core.safecrlf', 'false'],
  ['core.quotePath', 'false'],
  ['core.fileMode', 'false'],
  ['core.longPaths', 'true'], // Windows
  ['core.protectNTFS', 'true'],
  ['core.protectHFS', 'true'],
  ['core.logAllRefUpdates', 'true'], // doctor finds the last good tip there
  ['notes.displayRef', TEXT_NOTES], // `git log` shows who did it
  ['core.fsync', 'committed,reference'], // else a power cut leaves refs that are empty files
  ['fastimport.unpackLimit', '1'], // never a hundred thousand loose objects
  ['gc.auto', '0'], // `maintain` does less and better, under the deployment's lock
  ['maintenance.auto', 'false'],
  ['commitGraph.changedPaths', 'true'],
  ['index.version', '4'], // paths share their beginnings: 8 MB instead of 14 for 100,000 files
  ['diff.algorithm', 'histogram'],
  ['diff.renames', 'false'], // a path is an identity: nothing is ever renamed
];

/** Template files that npm would leave out or that would steer our own git. */
const RENAMED: Readonly<Record<string, string>> = { gitattributes: '.gitattributes', gitignore: '.gitignore' };

/**
 * Safe to repeat. @throws {DrifttrailError} `repository-foreign` when the folder is somebody else's repository or
 * holds files, `git-too-old`
 */
export async function initStore(
  dir: string,
  surroundings: Pick<Surroundings, 'env' | 'spawn' | 'now'>,
  author: Signature = DEFAULT_AUTHOR,
): Promise<void> {
  const git = createGit(dir, surroundings);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  chmodSync(dir, 0o700);
  await requireGit(git);
  if (existsSync(join(dir, '.git'))) await requireOurs(git);
  else requireEmpty(dir);
  const simple = await git.simple();
  // An empty template: what /usr/share/git-core or the user's own would copy here could run at every commit.
  await simple.raw(['-c', 'init.defaultBranch=main', 'init', '--quiet', '--template=', '--initial-branch=main', '--object-format=sha1']);
  // Not by simple-git, which waits 50 ms after each command that prints nothing.
  for (const [name, value] of SETTINGS) await git.run(['config', name, value]);
  mkdirSync(join(dir, '.git', 'hooks'), { recursive: true });
  if ((await refOrNull(git, BRANCH)) !== null) return;
  // A branch that is gone is mended, never begun anew over its history.
  if (await holdsHistory(git)) {
    throw new DrifttrailError({ code: 'repository-broken', message: `${dir} has lost its branch main`, remedy: 'run `drifttrail doctor`' });
  }
  const seconds = Math.floor(surroundings.now().getTime() / 1000);
  const commit = { ref: BRANCH, expected: null, message: `${FIRST_SUBJECT}\n`, seconds, author, writes: templateFiles() };
  const { ids, held } = await importCommits(git, [commit]);
  const [tip = ''] = ids;
  if (await moveRefs(git, [{ ref: BRANCH, to: tip, from: null }], held, 'init')) await refreshWorktree(git, tip);
}

/** Whether there is a commit that is not the first one of an init that was killed; refs and logs may be lost with the branch. */
async function holdsHistory(git: Git): Promise<boolean> {
  if (existsSync(join(git.dir, '.git', 'logs', 'refs', 'heads', 'main'))) return true;
  const listed = await git.text(['cat-file', '--batch-all-objects', '--unordered', '--batch-check=%(objecttype) %(objectname)']);
  const commits = listed.split('\n').flatMap((line) => (line.startsWith('commit ') ? [line.slice('commit '.length)] : []));
  if (commits.length === 0) return false;
  const subjects = await git.text(['log', '--no-walk', '--no-show-signature', '--no-notes', '--format=%s', '--stdin'], {
    input: `${commits.join('\n')}\n`,
  });
  return subjects.split('\n').some((subject) => subject !== FIRST_SUBJECT);
}

/** @throws {DrifttrailError} `repository-missing`, `repository-foreign` */
export async function requireOurs(git: Git): Promise<void> {
  if (!existsSync(join(git.dir, '.git'))) {
    throw new DrifttrailError({
      code: 'repository-missing',
      message: `there is no snapshots repository in ${git.dir}`,
      remedy: 'run `drifttrail init`',
    });
  }
  const { values, problem } = await readSettings(git);
  const version = values.get('drifttrail.version')?.trim() ?? '';
  if (version === FORMAT_VERSION) return;
  if (problem !== undefined) {
    throw new DrifttrailError({
      code: 'repository-broken',
      message: `git cannot use ${git.dir}: ${problem}`,
      remedy: 'run `drifttrail doctor`',
    });
  }
  // Killed between `git init` and the mark: nothing was written, so it may be taken for ours.
  if (version === '' && (await git.run(['for-each-ref', '--count=1'])).stdout.length === 0 && onlyGit(git.dir)) return;
  throw new DrifttrailError({
    code: 'repository-foreign',
    message:
      version === ''
        ? `${git.dir} is a git repository, but not one of drifttrail's`
        : `${git.dir} has format ${version}; this drifttrail knows ${FORMAT_VERSION}`,
    remedy: version === '' ? 'choose another folder; drifttrail never writes into a repository it did not make' : 'update drifttrail',
  });
}

function requireEmpty(dir: string): void {
  if (onlyGit(dir)) return;
  throw new DrifttrailError({
    code: 'repository-foreign',
    message: `${dir} holds files already`,
    remedy: 'choose an empty folder, or move them away',
  });
}

function onlyGit(dir: string): boolean {
  return readdirSync(dir).every((name) => name === '.git');
}

function templateFiles(): [string, Uint8Array][] {
  const folder = templateFolder();
  return readdirSync(folder)
    .sort()
    .map((name) => [RENAMED[name] ?? name, readFileSync(join(folder, name))]);
}

/** Beside package.json: this file runs from src/ and from dist/src/. */
function templateFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); folder !== dirname(folder); folder = dirname(folder)) {
    const found = join(folder, 'snapshots-template');
    if (existsSync(found)) return found;
  }
  throw new DrifttrailError({ code: 'installation-broken', message: 'snapshots-template is missing', remedy: 'install drifttrail again' });
}
