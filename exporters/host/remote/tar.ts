/** Reads a tar archive as GNU tar writes it: header blocks of 512 bytes, long names in entries of their own. */

import { Unanswered } from './answers.ts';

const BLOCK = 512;

/**
 * Calls `file` for each regular file with its path as a key (path-key.ts). Returns where the archive ends: after its
 * zero blocks. Throws Unanswered.
 */
export function readTar(bytes: Buffer, start: number, file: (path: string, content: Buffer) => void): number {
  let at = start;
  let longName: string | undefined;
  for (;;) {
    if (at + BLOCK > bytes.length) throw new Unanswered('cut');
    const header = bytes.subarray(at, at + BLOCK);
    if (header[0] === 0) return at + 2 * BLOCK; // -b 1: two zero blocks and no padding
    check(header);
    const size = number(header.subarray(124, 136));
    const type = String.fromCharCode(header[156] ?? 0);
    const content = bytes.subarray(at + BLOCK, at + BLOCK + size);
    if (content.length < size) throw new Unanswered('cut');
    if (type === 'L') longName = text(content);
    else if (type !== 'K') {
      const path = longName ?? text(header.subarray(0, 100));
      if (type === '0' || type === '\0') file(path.startsWith('/') ? path.slice(1) : path, content);
      longName = undefined;
    }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
}

function text(field: Buffer): string {
  const end = field.indexOf(0);
  return field.toString('latin1', 0, end < 0 ? field.length : end);
}

/** Octal digits; past 8 GiB a big-endian number with the highest bit set. */
function number(field: Buffer): number {
  if (((field[0] ?? 0) & 0x80) === 0) return Number.parseInt(text(field).trim() || '0', 8);
  return field.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0);
}

/** The sum of all bytes of a header, its own field taken as spaces. */
function check(header: Buffer): void {
  const stated = number(header.subarray(148, 156));
  let sum = 0;
  for (let index = 0; index < BLOCK; index++) sum += index >= 148 && index < 156 ? 0x20 : (header[index] ?? 0);
  if (sum !== stated) throw new Unanswered('garbled');
}
