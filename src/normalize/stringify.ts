/** The one way to turn a config into JSON text: keys in code-unit order, two spaces, a last newline; one pass. */
import { isObject } from '../pointer.ts';

const PLAIN = /^[ !#-[\]-~]*$/; // printable ASCII without the two characters that JSON escapes
const INDENTS = Array.from({ length: 32 }, (_, depth) => `\n${'  '.repeat(depth)}`);

/** Equal data gives equal text, whatever the order of keys. Members that JSON cannot hold are left out, as JSON.stringify does. */
export function stringify(value: unknown): string {
  return `${print(value, 0) ?? 'null'}\n`;
}

function print(value: unknown, depth: number): string | undefined {
  switch (typeof value) {
    case 'string':
      return quote(value);
    case 'number':
      return Number.isFinite(value) ? `${value}` : 'null';
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      break;
    default:
      return undefined;
  }
  if (value === null) return 'null';
  if (Array.isArray(value)) return printArray(value, depth);
  if ('toJSON' in value && typeof value.toJSON === 'function') return print(value.toJSON(), depth);
  return isObject(value) ? printObject(value, depth) : undefined;
}

function printArray(items: readonly unknown[], depth: number): string {
  if (items.length === 0) return '[]';
  const inner = indent(depth + 1);
  let out = '[';
  for (let index = 0; index < items.length; index++) out += `${index === 0 ? '' : ','}${inner}${print(items[index], depth + 1) ?? 'null'}`;
  return `${out}${indent(depth)}]`;
}

function printObject(object: Readonly<Record<string, unknown>>, depth: number): string {
  const inner = indent(depth + 1);
  let out = '';
  for (const key of sortedKeys(object)) {
    const text = print(object[key], depth + 1);
    if (text !== undefined) out += `${out === '' ? '{' : ','}${inner}${quote(key)}: ${text}`;
  }
  return out === '' ? '{}' : `${out}${indent(depth)}}`;
}

/** Most answers come in the same order every time and many in order already: look before sorting. */
export function sortedKeys(object: object): string[] {
  const keys = Object.keys(object);
  for (let index = 1; index < keys.length; index++) {
    if ((keys[index - 1] as string) > (keys[index] as string)) return keys.sort();
  }
  return keys;
}

function quote(text: string): string {
  return text.length < 64 && PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}

function indent(depth: number): string {
  return INDENTS[depth] ?? `\n${'  '.repeat(depth)}`;
}
