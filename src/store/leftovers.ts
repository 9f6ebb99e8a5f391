/** What a git that was killed was still writing: packs that nobody will finish, and its own account of the crash. */
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Git } from './git.ts';
import { gitProcesses } from './locks.ts';

/** Milliseconds. Processes of another container cannot be seen; what they write is younger. */
const QUIET = 60_000;
/** Where no process list can be read, only age tells. */
const OLD = 24 * 60 * 60_000;
/** In objects/pack and in .git itself. https://git-scm.com/docs/git-fast-import#_crash_reports */
const PLACES = [
  ['objects/pack', /^tmp_(?:pack|idx|rev)_/],
  ['.', /^fast_import_crash_\d+$/],
] as const;

/** Git itself would keep them for two weeks. `now` in milliseconds since 1970, by the machine's clock as file times are. */
export function clearLeftovers(git: Git, now: number = Date.now()): string[] {
  const gitDir = join(git.dir, '.git');
  const found = PLACES.flatMap(([folder, name]) => {
    const path = join(gitDir, folder);
    const entries = existsSync(path) ? readdirSync(path) : []; // What is missing is for `inspect` to say.
    return entries.filter((entry) => name.test(entry)).map((entry) => join(path, entry));
  });
  if (found.length === 0) return [];
  // Looked up after the files were: who began one of them and lives is seen, and so is nobody's file.
  const users = gitProcesses(git.dir);
  if (users !== undefined && users.length > 0) return [];
  const age = users === undefined ? OLD : QUIET;
  const gone = found.filter((file) => now - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? now) > age);
  for (const file of gone) rmSync(file, { force: true });
  return gone;
}
