/** Passes over JSON in bytes by its grammar alone, without making anything of it. */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
/** One bit a level says whether it is an object. */
const DEEPEST = 30;

const ESCAPES = new Set(Buffer.from('"\\/bfnrt'));
const LITERALS = new Map(['true', 'false', 'null'].map((word) => [word.charCodeAt(0), Buffer.from(word)]));

/** The next byte that is no white space. */
export function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  for (let byte = bytes[at]; byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09; byte = bytes[at]) at++;
  return at;
}

/** Past a string that begins at `from`; -1 when it is none. */
export function skipString(bytes: Uint8Array, from: number): number {
  if (bytes[from] !== QUOTE) return -1;
  let at = from + 1;
  for (;;) {
    let byte = bytes[at] as number;
    while (byte > BACKSLASH || (byte !== QUOTE && byte >= 0x20 && byte !== BACKSLASH)) byte = bytes[++at] as number;
    if (byte === QUOTE) return at + 1;
    if (byte !== BACKSLASH) return -1;
    const escaped = bytes[at + 1] ?? 0;
    if (ESCAPES.has(escaped)) at += 2;
    else if (escaped === 0x75 && [2, 3, 4, 5].every((offset) => isHex(bytes[at + offset]))) at += 6;
    else return -1;
  }
}

/** The begin of a member's value; `from` is where its name begins. */
export function skipName(bytes: Uint8Array, from: number): number {
  const end = skipString(bytes, from);
  if (end === -1) return -1;
  const colon = skipSpace(bytes, end);
  return bytes[colon] === COLON ? skipSpace(bytes, colon + 1) : -1;
}

/** Past the value that begins at `from`; -1 when it is no JSON, cut off, or nested too deeply to be looked at. */
export function skipValue(bytes: Uint8Array, from: number): number {
  let at = from;
  let depth = 0;
  let objects = 0;
  for (;;) {
    const first = bytes[at];
    if (first === OPEN_OBJECT || first === OPEN_ARRAY) {
      const inside = skipSpace(bytes, at + 1);
      if (bytes[inside] === (first === OPEN_OBJECT ? CLOSE_OBJECT : CLOSE_ARRAY)) at = inside + 1;
      else {
        if (depth === DEEPEST) return -1;
        depth++;
        objects = (objects << 1) | (first === OPEN_OBJECT ? 1 : 0);
        at = first === OPEN_OBJECT ? skipName(bytes, inside) : inside;
        if (at === -1) return -1;
        continue;
      }
    } else {
      at = first === QUOTE ? skipString(bytes, at) : skipWord(bytes, at);
      if (at === -1) return -1;
    }
    // Behind a value: the next one, or the ends of what it stands in.
    for (;;) {
      if (depth === 0) return at;
      at = skipSpace(bytes, at);
      const inObject = (objects & 1) === 1;
      if (bytes[at] === COMMA) {
        at = skipSpace(bytes, at + 1);
        if (inObject) at = skipName(bytes, at);
        if (at === -1) return -1;
        break;
      }
      if (bytes[at] !== (inObject ? CLOSE_OBJECT : CLOSE_ARRAY)) return -1;
      at++;
      depth--;
      objects >>= 1;
    }
  }
}

/** Past a number, `true`, `false` or `null`. */
function skipWord(bytes: Uint8Array, from: number): number {
  const literal = LITERALS.get(bytes[from] ?? 0);
  if (literal !== undefined) return literal.every((byte, offset) => bytes[from + offset] === byte) ? from + literal.length : -1;
  let at = bytes[from] === 0x2d ? from + 1 : from;
  const whole = skipDigits(bytes, at);
  if (whole === at || (bytes[at] === 0x30 && whole > at + 1)) return -1;
  at = whole;
  if (bytes[at] === 0x2e) {
    const fraction = skipDigits(bytes, at + 1);
    if (fraction === at + 1) return -1;
    at = fraction;
  }
  if (bytes[at] === 0x65 || bytes[at] === 0x45) {
    const sign = bytes[at + 1] === 0x2b || bytes[at + 1] === 0x2d ? at + 2 : at + 1;
    const exponent = skipDigits(bytes, sign);
    if (exponent === sign) return -1;
    at = exponent;
  }
  return at;
}

function skipDigits(bytes: Uint8Array, from: number): number {
  let at = from;
  for (let byte = bytes[at] ?? 0; byte >= 0x30 && byte <= 0x39; byte = bytes[at] ?? 0) at++;
  return at;
}

function isHex(byte: number | undefined): boolean {
  return byte !== undefined && /[0-9a-fA-F]/.test(String.fromCharCode(byte));
}
