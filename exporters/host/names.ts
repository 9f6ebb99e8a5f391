/** File names are bytes; ids are text. One reversible mapping between them. */

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The text of a name. A byte that is not valid UTF-8 is written `\xNN`; where a valid name already contains such a
 * sequence its backslash is written `\x5c`, so that no two names share a text.
 * Of a text it is the text of its UTF-8 bytes.
 */
export function textOf(name: Uint8Array | string): string {
  if (typeof name === 'string') return escaped(name);
  try {
    return escaped(utf8.decode(name));
  } catch {
    let text = '';
    let index = 0;
    while (index < name.length) {
      const length = validLength(name, index);
      if (length === 0) text += `\\x${(name[index] ?? 0).toString(16).padStart(2, '0')}`;
      else text += name[index] === 0x5c ? '\\x5c' : utf8.decode(name.subarray(index, index + length));
      index += Math.max(length, 1);
    }
    return text;
  }
}

/** The name itself where it is text, which opens the file it names; else as `textOf`. */
export function nameText(name: Uint8Array): string {
  try {
    return utf8.decode(name);
  } catch {
    return textOf(name);
  }
}

/** How many bytes the valid UTF-8 character at `index` has; 0 when there is none. */
function validLength(bytes: Uint8Array, index: number): number {
  for (let length = 1; length <= 4 && index + length <= bytes.length; length++) {
    try {
      utf8.decode(bytes.subarray(index, index + length));
      return length;
    } catch {
      // Not yet a whole character.
    }
  }
  return 0;
}

function escaped(text: string): string {
  return text.includes('\\') ? text.replaceAll(/\\(?=x[0-9a-f]{2})/g, '\\x5c') : text;
}
