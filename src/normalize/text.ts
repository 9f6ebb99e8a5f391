/** Bytes as text and back without loss: UTF-8 where it is valid, UTF-16 by its mark, else one character a byte. */
import { isUtf8 } from 'node:buffer';

export type TextEncoding = 'utf8' | 'utf16le' | 'latin1';

export function encodingOf(bytes: Uint8Array): TextEncoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe && bytes.length % 2 === 0) return 'utf16le';
  return isUtf8(bytes) ? 'utf8' : 'latin1';
}

export function decodeText(bytes: Uint8Array, encoding: TextEncoding = encodingOf(bytes)): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(encoding);
}
