/** Reads one regular file without ever hanging, following a link, or leaving the root. */
import { createHash, type Hash } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { codeOf, type FileSystem, isAbsent, Unreadable, unreadable } from './filesystem.ts';

export interface Content {
  /** The bytes of a small text file. */
  readonly bytes?: Uint8Array;
  /** What stands for the bytes of a large or binary file. */
  readonly digest?: { readonly size: number; readonly sha256?: string; readonly sha256OfEnds?: string };
}

export interface Limits {
  readonly maxContent: number;
  readonly maxHash: number;
}

const CHUNK = 1024 * 1024;
const ATTEMPTS = 3;
// O_NONBLOCK: a FIFO that took the file's place since lstat must not block us. O_NOFOLLOW: nor a link lead us away.
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW | constants.O_NOCTTY;

/**
 * What a regular file holds; undefined when it is gone or no longer a regular file. A file that grows while it is read
 * (a log) counts as it stood when it was opened; one that is rewritten meanwhile is read again, three times at most.
 * `root` is the real path of the root and `real` tells the file's own real path by descriptor, '' when unknown.
 * Throws Unreadable.
 */
export function readFile(fs: FileSystem, path: Buffer | string, shown: string, root: string, limits: Limits): Content | undefined {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const content = readOnce(fs, path, shown, root, limits);
    if (content !== 'changed') return content;
  }
  throw neverStill(shown);
}

export function neverStill(shown: string): Unreadable {
  return new Unreadable(shown, `changed ${ATTEMPTS} times while it was read`, 'truncated');
}

function readOnce(fs: FileSystem, path: Buffer | string, shown: string, root: string, limits: Limits): Content | 'changed' | undefined {
  const descriptor = open(fs, path, shown);
  if (descriptor === undefined) return undefined;
  try {
    const before = fs.fstatSync(descriptor);
    if (!before.isFile()) return undefined;
    assertInside(fs, descriptor, shown, root);
    const content =
      before.size > limits.maxContent ? { digest: digest(fs, descriptor, before.size, limits) } : small(fs, descriptor, before.size);
    if (content === 'changed') return 'changed';
    return rewritten(before, fs.fstatSync(descriptor)) ? 'changed' : content;
  } catch (error) {
    throw unreadable(shown, error);
  } finally {
    fs.closeSync(descriptor);
  }
}

function open(fs: FileSystem, path: Buffer | string, shown: string): number | undefined {
  try {
    return fs.openSync(path, FLAGS);
  } catch (error) {
    // ELOOP: it has become a link. ENXIO, ENODEV: it has become a socket or a device.
    if (isAbsent(error) || ['ELOOP', 'ENXIO', 'ENODEV'].includes(codeOf(error))) return undefined;
    throw unreadable(shown, error);
  }
}

/** A folder on the way may have been replaced by a link after we entered it; the kernel knows where the descriptor really is. */
function assertInside(fs: FileSystem, descriptor: number, shown: string, root: string): void {
  if (root === '/') return;
  let real: string;
  try {
    real = fs.readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch (error) {
    if (isAbsent(error)) return; // no procfs on this system: O_NOFOLLOW is the guard that is left
    throw error;
  }
  if (!real.startsWith(`${root}/`)) throw new Unreadable(shown, `leads out of ${root}`, 'invalid');
}

/** Only growth keeps what was read true: the same first bytes, then more. */
function rewritten(before: Stats, after: Stats): boolean {
  if (after.size > before.size) return false;
  return after.size < before.size || after.mtimeMs !== before.mtimeMs;
}

function small(fs: FileSystem, descriptor: number, size: number): Content | 'changed' {
  const bytes = Buffer.allocUnsafe(size);
  let filled = 0;
  while (filled < size) {
    const count = fs.readSync(descriptor, bytes, filled, size - filled, filled);
    if (count === 0) return 'changed';
    filled += count;
  }
  return contentOf(bytes);
}

/** Of a file that is small: text is kept, bytes with a NUL are not. */
export function contentOf(bytes: Uint8Array): Content {
  return bytes.includes(0) ? digestOf(bytes) : { bytes };
}

/** Of bytes that are all there. */
export function digestOf(bytes: Uint8Array): Content {
  return { digest: { size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') } };
}

/** Past `maxHash` (a sparse terabyte) size and both ends stand for the file: no read of it all could end in time. */
function digest(fs: FileSystem, descriptor: number, size: number, { maxHash }: Limits): NonNullable<Content['digest']> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(Math.min(size, CHUNK));
  if (size <= maxHash) {
    hashRange(fs, descriptor, hash, buffer, 0, size);
    return { size, sha256: hash.digest('hex') };
  }
  hashRange(fs, descriptor, hash, buffer, 0, Math.min(size, CHUNK));
  hashRange(fs, descriptor, hash, buffer, Math.max(0, size - CHUNK), size);
  return { size, sha256OfEnds: hash.digest('hex') };
}

function hashRange(fs: FileSystem, descriptor: number, hash: Hash, buffer: Buffer, from: number, to: number): void {
  let position = from;
  while (position < to) {
    const count = fs.readSync(descriptor, buffer, 0, Math.min(buffer.length, to - position), position);
    if (count === 0) return; // shorter by now: the second fstat tells
    hash.update(buffer.subarray(0, count));
    position += count;
  }
}
