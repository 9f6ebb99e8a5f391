/** Scalars of documents as values of which no two that mean different things are equal: `"8080"` is not 8080. */
import type { Json } from '../../model.ts';

/** What YAML's core schema or TOML would read as something else than a string, and what begins like a quoted one. */
const AMBIGUOUS =
  /^(?:"|(?:null|~|true|false)$|[-+]?(?:0o[0-7]+|0x[\da-f]+|(?:\.\d+|\d+(?:\.\d*)?)(?:e[-+]?\d+)?|\.inf|\.nan|inf|nan)$|\d{4}-\d\d-\d\d|\d\d:\d\d)/i;

/** Edits take null for "not there": a null that stands in a document is this word, and the string `null` has quotes. */
export const NULL: Json = 'null';

/** A string; in quotes where it could be taken for a number, a date, a truth value or null. */
export function stringValue(text: string): Json {
  return text === '' || AMBIGUOUS.test(text) ? JSON.stringify(text) : text;
}

/** A number or truth value as it is written: of `1.10`, `0644` and 12345678901234567890 nothing is lost. */
export function plainValue(source: string): Json {
  if (source === 'true' || source === 'false') return source === 'true';
  return String(Number(source)) === source ? Number(source) : source;
}

/** An object whose members may have any name; undefined when two have the same. */
export function objectOf(members: readonly (readonly [string, Json])[]): Json | undefined {
  const object = Object.fromEntries(members);
  return Object.keys(object).length === members.length ? object : undefined;
}
