/** Makes a folder where people ask for one, or says why it cannot be made. */
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DrifttrailError } from '../errors.ts';

const WHY: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EEXIST: 'there is a file of that name',
  ENOENT: 'no folder can be made there',
  ENOTDIR: 'a part of the path is a file',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
};

/** With the folders above it. Returns the topmost that was not there before. Throws `init-failed`. */
export function makeFolder(folder: string, mode?: number): string | undefined {
  try {
    return make(folder, mode);
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException;
    throw new DrifttrailError({
      code: 'init-failed',
      message: `cannot make ${folder}: ${WHY[code] ?? code}`,
      remedy: 'choose a folder that you may write to',
      cause,
    });
  }
}

/** One by one: where nothing can be made, as in /proc, Node's own way tries without end. */
function make(folder: string, mode: number | undefined): string | undefined {
  if (isFolder(folder)) return undefined;
  const above = dirname(folder) === folder ? undefined : make(dirname(folder), undefined);
  try {
    mkdirSync(folder, mode);
  } catch (error) {
    // Somebody else has just made it.
    if (isFolder(folder)) return above;
    throw error;
  }
  return above ?? folder;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
