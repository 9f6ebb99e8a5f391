/** Java properties: one object of texts, escapes resolved. */
import type { Json } from '../../model.ts';

const BLANK = ' \t\f';
const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

/** Of a name that stands twice Java takes the last: both are told, as a list. */
export function readProperties(text: string): Json | undefined {
  const found = new Map<string, string[]>();
  for (const line of logicalLines(text)) {
    const end = endOfName(line);
    const name = unescaped(line.slice(0, end));
    const value = unescaped(line.slice(end).replace(/^[ \t\f]*[=:]?[ \t\f]*/, ''));
    if (name === undefined || value === undefined) return undefined;
    const values = found.get(name);
    if (values === undefined) found.set(name, [value]);
    else values.push(value);
  }
  return Object.fromEntries([...found].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]));
}

/** Comments and blank lines left out; a line that ends in an odd number of backslashes goes on. */
function logicalLines(text: string): string[] {
  const lines: string[] = [];
  let open = false;
  for (const natural of text.split(/\r\n|\n|\r/)) {
    const line = natural.replace(/^[ \t\f]+/, '');
    if (!open && (line === '' || line.startsWith('#') || line.startsWith('!'))) continue;
    const goesOn = backslashesAtEnd(line) % 2 === 1;
    const part = goesOn ? line.slice(0, -1) : line;
    if (open) lines[lines.length - 1] += part;
    else lines.push(part);
    open = goesOn;
  }
  return lines;
}

function backslashesAtEnd(line: string): number {
  let count = 0;
  while (line.charAt(line.length - 1 - count) === '\\') count++;
  return count;
}

function endOfName(line: string): number {
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at);
    if (character === '\\') at++;
    else if (character === '=' || character === ':' || BLANK.includes(character)) return at;
  }
  return line.length;
}

/** Undefined for a `\u` without four hex digits, at which Java refuses the file. */
function unescaped(text: string): string | undefined {
  let broken = false;
  const plain = text.replace(/\\(?:u([\da-fA-F]{4})|([\s\S]))/g, (_all, hex: string | undefined, one = '') => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    if (one === 'u') broken = true;
    return ESCAPES[one] ?? one;
  });
  return broken ? undefined : plain;
}
