/** JSON as data: every number as written, no member lost. */
import type { Json } from '../../model.ts';
import { isObject } from '../../pointer.ts';
import { isDeeper } from './depth.ts';
import { NULL, plainValue, stringValue } from './scalars.ts';

/** Of valid JSON: strings, with the colon that makes one a name; numbers; null. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"(?:\s*(:))?|-?\d[\d.eE+-]*|null/g;

/** Undefined for what is no JSON, or has a name twice in one object: readers disagree about which counts. Comments are no JSON. */
export function readJson(text: string): Json | undefined {
  // On what is no JSON the pattern for strings could take the square of its length.
  if (isDeeper(JSON.parse(text) as Json)) return undefined;
  let names = 0;
  const exact = text.replace(TOKEN, (token: string, colon: string | undefined) => {
    if (colon !== undefined) {
      names++;
      return token;
    }
    if (token.startsWith('"')) return JSON.stringify(stringValue(JSON.parse(token) as string));
    if (token === 'null') return JSON.stringify(NULL);
    return JSON.stringify(plainValue(token));
  });
  const value = JSON.parse(exact) as Json;
  return countNames(value) === names ? value : undefined;
}

function countNames(value: Json): number {
  if (Array.isArray(value)) return (value as readonly Json[]).reduce<number>((sum, item) => sum + countNames(item), 0);
  if (!isObject(value)) return 0;
  return Object.values(value).reduce<number>((sum, item) => sum + 1 + countNames(item), 0);
}
