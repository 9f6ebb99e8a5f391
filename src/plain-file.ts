/**
 * What a user names to be read must be a file. A named pipe, a socket or a terminal may never answer, and Node waits for it
 * in a thread that no signal ends: the process would have to be killed, and would leave its lock behind.
 */
import { type Stats, statSync } from 'node:fs';
import { DrifttrailError } from './errors.ts';

/** Lets a folder and what is not there pass: reading them fails at once. @throws {DrifttrailError} `not-a-file` */
export function requirePlain(path: string): void {
  const what = specialOf(path);
  if (what === undefined) return;
  throw new DrifttrailError({
    code: 'not-a-file',
    message: `${path} is ${what}, not a file`,
    remedy: 'write what it gives into a file and name that one',
  });
}

/** `a named pipe`, `a socket`, `a device`; undefined for files, folders and what is not there or not to be seen. */
function specialOf(path: string): string | undefined {
  let found: Stats | undefined;
  try {
    found = statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined; // who opens it is told why
  }
  if (found === undefined || found.isFile() || found.isDirectory()) return undefined;
  return found.isFIFO() ? 'a named pipe' : found.isSocket() ? 'a socket' : 'a device';
}
