/** File-name segments for arbitrary strings: injective, also when case is ignored, and valid on every file system. */

/** Bytes of one file-name segment, extension included. */
export const MAX_SEGMENT = 200;

const PLAIN = /^[a-z0-9_@=+,][a-z0-9._@=+,-]*$/;
const LITERAL = /[A-Za-z0-9._@=+,-]/;
// Windows treats these as devices, with any extension. https://learn.microsoft.com/windows/win32/fileio/naming-a-file
const RESERVED = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/i;
const EMPTY = '%_';
const CASE = '%u';
const CONTINUED = '%+';

/**
 * The segments that stand for a name: one, or several when one would be longer than 200 bytes with its extension.
 * `%xx` is a byte; `%u` and hex digits at the end say which letters are upper case; `%+` joins pieces; `%_` is ''.
 */
export function encodeSegment(name: string, extension = ''): string[] {
  if (PLAIN.test(name) && !name.endsWith('.') && name.length + extension.length <= MAX_SEGMENT && !RESERVED.test(name)) {
    return [name + extension];
  }
  if (name === '') return [EMPTY + extension];
  const short = percentEncode(name, false);
  const marked = short.text + caseMark(short.text) + extension;
  if (marked.length <= MAX_SEGMENT) return [marked];
  return pieces(percentEncode(name, true).tokens, extension);
}

/** The name behind its segments (the extension taken off the last); undefined when no name has them. */
export function decodeSegments(segments: readonly string[], extension = ''): string | undefined {
  const [only] = segments;
  if (
    segments.length === 1 &&
    only !== undefined &&
    only.length + extension.length <= MAX_SEGMENT &&
    PLAIN.test(only) &&
    !only.endsWith('.') &&
    !RESERVED.test(only)
  )
    return only;
  const joined = join(segments);
  if (joined === undefined) return undefined;
  const name = joined === EMPTY ? '' : percentDecode(joined);
  // One name has one spelling, so whatever else decodes to it is somebody else's file.
  return name !== undefined && encodeSegment(name, extension).join('/') === segments.join('/') + extension ? name : undefined;
}

/** Whether the name goes on in the next segment. */
export function isContinued(segment: string): boolean {
  return segment.endsWith(CONTINUED);
}

function percentEncode(name: string, upperToo: boolean): { readonly text: string; readonly tokens: readonly string[] } {
  const hideFirst = /^(?:\.git|-)/i.test(name) || RESERVED.test(name) || name === '.';
  const tokens: string[] = [];
  let index = 0;
  for (const character of name) {
    const last = index + character.length === name.length;
    const hidden = (index === 0 && hideFirst) || (last && character === '.') || (upperToo && /[A-Z]/.test(character));
    if (!hidden && LITERAL.test(character) && character.length === 1) tokens.push(character);
    else for (const byte of bytesOf(character)) tokens.push(`%${byte.toString(16).padStart(2, '0')}`);
    index += character.length;
  }
  return { text: tokens.join(''), tokens };
}

/** WTF-8: as UTF-8, and a lone surrogate as the three bytes of its number, so that no two strings share bytes. */
function bytesOf(character: string): Uint8Array {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0xd800 || code > 0xdfff) return Buffer.from(character, 'utf8');
  return Uint8Array.of(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
}

/** `%u` and the upper-case letters as bits, first letter first; nothing when all are lower case. */
function caseMark(text: string): string {
  const letters = text.replaceAll(/%[0-9a-f]{2}/g, '').replaceAll(/[^A-Za-z]/g, '');
  if (!/[A-Z]/.test(letters)) return '';
  const bits = letters.replaceAll(/[a-z]/g, '0').replaceAll(/[A-Z]/g, '1');
  const nibbles = bits.match(/.{1,4}/g) ?? [];
  return (
    CASE +
    nibbles
      .map((nibble) => Number.parseInt(nibble.padEnd(4, '0'), 2).toString(16))
      .join('')
      .replace(/0+$/, '')
  );
}

function pieces(tokens: readonly string[], extension: string): string[] {
  const room = MAX_SEGMENT - 2 * CONTINUED.length - extension.length;
  const found: string[] = [];
  let piece = '';
  for (const token of tokens) {
    if (piece.length + token.length > room) {
      found.push(piece);
      piece = '';
    }
    piece += token;
  }
  found.push(piece);
  return found.map((text, index) => `${index === 0 ? '' : CONTINUED}${text}${index === found.length - 1 ? extension : CONTINUED}`);
}

function join(segments: readonly string[]): string | undefined {
  let text = '';
  for (const [index, segment] of segments.entries()) {
    const start = index === 0 ? 0 : CONTINUED.length;
    const end = index === segments.length - 1 ? segment.length : segment.length - CONTINUED.length;
    text += segment.slice(start, end);
  }
  return segments.length === 0 ? undefined : text;
}

function percentDecode(text: string): string | undefined {
  const body = text.replace(/%u[0-9a-f]+$/, '');
  const bytes: number[] = [];
  for (let index = 0; index < body.length; index += 1) {
    if (body[index] !== '%') {
      bytes.push(body.charCodeAt(index));
      continue;
    }
    const hex = body.slice(index + 1, index + 3);
    if (!/^[0-9a-f]{2}$/.test(hex)) return undefined;
    bytes.push(Number.parseInt(hex, 16));
    index += 2;
  }
  return fromWtf8(bytes);
}

/** Lenient on purpose: the caller encodes the answer again and compares. */
function fromWtf8(bytes: readonly number[]): string {
  let text = '';
  for (let index = 0; index < bytes.length; ) {
    const first = bytes[index] ?? 0;
    const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    let code = length === 1 ? first : first & (0xff >> (length + 1));
    for (let more = 1; more < length; more += 1) code = (code << 6) | ((bytes[index + more] ?? 0) & 0x3f);
    text += String.fromCodePoint(Math.min(code >>> 0, 0x10ffff));
    index += length;
  }
  return text;
}
