/** Many small pieces as few large ones: each write to a pipe costs as much as working out a small file. */

/** Bytes. What a pipe of Linux takes at once. https://man7.org/linux/man-pages/man7/pipe.7.html */
const SIZE = 64 * 1024;

export interface Joined {
  /** What the last large piece returned when it was written; undefined when there is room. */
  readonly add: (piece: Uint8Array | string) => Promise<void> | undefined;
  readonly flush: () => Promise<void> | undefined;
}

export function joined(write: (chunk: Uint8Array) => Promise<void> | undefined): Joined {
  let chunk = Buffer.allocUnsafe(SIZE);
  let used = 0;
  const flush = (): Promise<void> | undefined => {
    if (used === 0) return undefined;
    const full = chunk.subarray(0, used);
    // The old one belongs to the pipe until it is written.
    chunk = Buffer.allocUnsafe(SIZE);
    used = 0;
    return write(full);
  };
  const add = (piece: Uint8Array | string): Promise<void> | undefined => {
    const length = typeof piece === 'string' ? Buffer.byteLength(piece) : piece.byteLength;
    const wait = used + length > SIZE ? flush() : undefined;
    if (length > SIZE) return write(typeof piece === 'string' ? Buffer.from(piece) : piece) ?? wait;
    if (typeof piece === 'string') chunk.write(piece, used);
    else chunk.set(piece, used);
    used += length;
    return wait;
  };
  return { add, flush };
}
