/** The files that a program wrote: texts as they are; what is none, or leads elsewhere, is named and left out. */
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Written {
  /** Paths below the folder, parted by slashes. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** What was left out, and why. */
  readonly leftOut: readonly string[];
}

const MOST_FILES = 100_000;

/** Throws an Error in words for people when there is too much of it. */
export async function readWritten(folder: string, maxBytes: number): Promise<Written> {
  const files = new Map<string, Uint8Array>();
  const leftOut: string[] = [];
  const pending = [''];
  let bytes = 0;
  for (let below = pending.pop(); below !== undefined; below = pending.pop()) {
    const entries = await readdir(Buffer.from(join(folder, below)), { withFileTypes: true, encoding: 'buffer' });
    for (const entry of entries) {
      const name = entry.name.toString();
      const path = below === '' ? name : `${below}/${name}`;
      if (!Buffer.from(name).equals(entry.name)) leftOut.push(`${path}: its name is no UTF-8`);
      else if (entry.isDirectory()) pending.push(path);
      else if (!entry.isFile()) leftOut.push(`${path}: no plain file`);
      else {
        const whole = join(folder, path);
        bytes += (await lstat(whole)).size;
        if (bytes > maxBytes) throw new Error(`it wrote more than ${maxBytes} bytes (maxBytes)`);
        if (files.size === MOST_FILES) throw new Error(`it wrote more than ${MOST_FILES} files`);
        const content = await readFile(whole);
        if (content.includes(0)) leftOut.push(`${path}: no text`);
        else files.set(path, content);
      }
    }
  }
  return { files, leftOut: leftOut.sort() };
}
