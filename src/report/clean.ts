/** Makes text that came from the outside safe to print: names, tags and user agents are anybody's to choose. */
import { beginningOf, widthOf } from './width.ts';

/**
 * Control characters (terminal escapes), bidirectional overrides and isolates, zero-width characters and the invisible
 * tag block: with them, data could move the cursor, forge lines, or show an order of letters that is not there.
 */
const UNSAFE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about.
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;

/** One line of safe text: whitespace controls become a space, every other unsafe character its visible code point. */
export function clean(text: string): string {
  return text.replaceAll(UNSAFE, (character) =>
    /[\t\n\v\f\r\u0085\u2028\u2029]/.test(character) ? ' ' : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** Several lines of safe text; their ends and tabs stay. */
export function cleanLines(text: string): string {
  return text.replaceAll(/[^\n\t]+/g, clean);
}

/** Cuts safe text to so many columns, the cut marked by an ellipsis. */
export function cut(text: string, columns: number): string {
  if (text.length <= columns && widthOf(text) <= columns) return text;
  const kept = beginningOf(text, columns);
  return kept === text ? text : `${beginningOf(text, Math.max(columns - 1, 0))}…`;
}

/** Breaks safe text into lines of at most so many columns, at spaces where there are any; `later` begins every line but the first. */
export function wrap(text: string, columns: number, later = '', first = ''): string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  const room = () => Math.max(columns - (lines.length === 0 ? first : later).length, 8);
  for (let word of text.split(' ')) {
    let width = widthOf(word);
    if (line !== '' && used + 1 + width > room()) {
      lines.push(line);
      line = '';
    }
    while (width > room()) {
      const part = beginningOf(word, room());
      lines.push(part);
      word = word.slice(part.length);
      width = widthOf(word);
    }
    used = line === '' ? width : used + 1 + width;
    line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines.map((part, index) => (index === 0 ? first : later) + part);
}
