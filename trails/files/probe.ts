/** What `doctor` says about the files: whether what is named is there and may be read. */
import { accessSync, constants } from 'node:fs';
import { resolve } from 'node:path';
import { describeError, type Probe, type ProbeContext } from 'drifttrail';
import { findFiles } from './paths.ts';

interface Options {
  readonly files: readonly string[];
}

/** A probe for each path of the configuration. */
export function probeFiles({ options: { files }, dir }: Pick<ProbeContext<Options>, 'options' | 'dir'>): Probe[] {
  return files.map((file) => probePath(resolve(dir, file)));
}

function probePath(system: string): Probe {
  try {
    const found = findFiles([system]);
    for (const file of found) accessSync(file, constants.R_OK);
    return { system, ok: true, detail: `${found.length} ${found.length === 1 ? 'file' : 'files'} can be read` };
  } catch (error) {
    const { code, path = system } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM')
      return {
        system,
        ok: false,
        detail: `${path}: permission denied`,
        fix: `let the user who runs drifttrail read it: chmod -R u+rX ${path}`,
      };
    return {
      system,
      ok: false,
      detail: describeError(error),
      fix: `put the records back at ${system}, or say under trail: where they are`,
    };
  }
}
