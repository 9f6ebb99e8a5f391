/** Whether the git at hand is new enough: asked once of each git, not at each start. */
import { readFileSync, type Stats, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { DrifttrailError } from '../errors.ts';
import type { Git } from './git.ts';

/**
 * `git hook run` came with 2.36. https://github.com/git/git/blob/master/Documentation/RelNotes/2.36.0.txt
 * @throws {DrifttrailError} `git-too-old`
 */
export async function requireGit(git: Git): Promise<void> {
  const file = join(git.dir, '.git', 'drifttrail-git');
  const binary = binaryOf(git.env['PATH'] ?? '');
  if (binary !== undefined && binary === textOf(file)) return;
  const version = await git.text(['version']);
  const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/.exec(version) ?? [];
  if (Number(major) < 2 || (Number(major) === 2 && Number(minor) < 36)) {
    throw new DrifttrailError({
      code: 'git-too-old',
      message: `${version} is too old`,
      remedy: 'install git 2.36 or newer and put it on the PATH',
    });
  }
  if (binary !== undefined) keep(file, binary);
}

/** Which file the system would run, and its state: an update makes it another. */
function binaryOf(path: string): string | undefined {
  for (const folder of path.split(delimiter)) {
    const file = join(folder, 'git');
    const found = folder === '' ? undefined : statOf(file);
    if (found?.isFile() === true && (found.mode & 0o111) !== 0) return `${file} ${found.ino} ${found.size} ${found.mtimeMs}\n`;
  }
  return undefined;
}

/** Undefined where nothing can be started: a folder that may not be entered is passed over, as execvp(3) does. */
function statOf(file: string): Stats | undefined {
  try {
    return statSync(file);
  } catch {
    return undefined; // whatever is in the way: the system looks further, or says what is wrong when git is started
  }
}

function keep(file: string, binary: string): void {
  try {
    writeFileSync(file, binary, { mode: 0o600 });
  } catch (cause) {
    // No repository yet, or one that may only be read: git is asked again next time.
    if (!['ENOENT', 'EACCES', 'EROFS', 'ENOSPC', 'EDQUOT'].includes((cause as NodeJS.ErrnoException).code ?? '')) throw cause;
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined; // whatever is in the way: git is asked
  }
}
