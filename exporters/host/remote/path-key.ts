/** Paths as keys: every byte one character, relative to the root, so that names that are no UTF-8 are names like others. */

/** Of text (as UTF-8) or bytes, with or without the leading slash. */
export function keyOf(path: string | Buffer): string {
  const key = typeof path === 'string' && isAscii(path) ? path : bytesOf(path).toString('latin1');
  return key.replace(/^\/+/, '');
}

export function bytesOf(path: string | Buffer): Buffer {
  return typeof path === 'string' ? Buffer.from(path, 'utf8') : path;
}

/** The bytes that a key stands for. */
export function nameOf(key: string): Buffer {
  return Buffer.from(key, 'latin1');
}

/** As Node tells names as text: bytes that are no UTF-8 become U+FFFD. */
export function textOfKey(key: string): string {
  return isAscii(key) ? key : nameOf(key).toString('utf8');
}

function isAscii(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text);
}
