/** What a ref points at, read from git's files: a run asks a dozen times, and each process of git costs as much as reading a folder. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Git } from './git.ts';

const ID = /^[0-9a-f]{40}$/;
const NOT_ZERO = /^(?!0{40})[0-9a-f]{40}$/;
/** Empty after the last newline; a comment, what a tag stands for, a ref. */
const PACKED_LINE = /^(?:|#.*|\^[0-9a-f]{40}|[0-9a-f]{40} refs\/\S+)$/;

/**
 * The commit that a ref or another name stands for; null when there is none.
 * @throws {DrifttrailError} `git-failed` when it is broken
 */
export async function refOrNull(git: Git, ref: string): Promise<string | null> {
  const stored = storedRef(join(git.dir, '.git'), ref);
  if (stored !== undefined) return stored;
  const found = await git.run(['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`], { codes: [0, 1] });
  return found.code === 0 ? found.stdout.toString('latin1').trim() : null;
}

/**
 * Undefined when only git can tell: no full name of a ref, a symbolic or broken one, or a repository that keeps refs in
 * other ways. A loose ref counts before the packed one, and is looked at first: packing removes it last.
 * https://git-scm.com/docs/gitrepository-layout
 */
function storedRef(gitDir: string, ref: string): string | null | undefined {
  if (!ref.startsWith('refs/') || /[\^~:@{]|\.\./.test(ref) || existsSync(join(gitDir, 'reftable'))) return undefined;
  const loose = textOf(join(gitDir, ref));
  if (loose !== null) return loose === undefined ? undefined : idOrUndefined(loose.trim());
  const packed = textOf(join(gitDir, 'packed-refs'));
  if (packed === undefined) return undefined;
  if (packed === null) return existsSync(join(gitDir, 'refs')) ? null : undefined;
  const line = packed.split('\n').find((entry) => entry.endsWith(` ${ref}`));
  return line === undefined ? null : idOrUndefined(line.slice(0, line.length - ref.length - 1));
}

/** Whether every ref is an id in its place. False also where only git can tell, such as of a symbolic one. */
export function refsAreSound(gitDir: string): boolean {
  if (existsSync(join(gitDir, 'reftable')) || !existsSync(join(gitDir, 'refs'))) return false;
  const packed = textOf(join(gitDir, 'packed-refs')) ?? '';
  if (!packed.split('\n').every((line) => PACKED_LINE.test(line))) return false;
  const files = readdirSync(join(gitDir, 'refs'), { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory());
  return files.every(({ name, parentPath }) => name.endsWith('.lock') || NOT_ZERO.test((textOf(join(parentPath, name)) ?? '').trim()));
}

function idOrUndefined(text: string): string | undefined {
  return ID.test(text) ? text : undefined;
}

/** Null when there is no such file; undefined when it cannot be read, such as a folder of further refs. */
function textOf(file: string): string | null | undefined {
  try {
    return readFileSync(file, 'latin1');
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'ENOENT' ? null : undefined;
  }
}
