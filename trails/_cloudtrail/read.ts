/** Reads untyped records: every getter answers with the wanted type or nothing. */
import { isObject, type Json, type JsonObject } from 'drifttrail';

const NONE: JsonObject = {};

export function objectAt(value: Json | undefined, ...keys: readonly string[]): JsonObject {
  let current: Json | undefined = value;
  for (const key of keys) current = isObject(current) && Object.hasOwn(current, key) ? current[key] : undefined;
  return isObject(current) ? current : NONE;
}

export function textAt(value: JsonObject, key: string): string | undefined {
  const found = Object.hasOwn(value, key) ? value[key] : undefined;
  if (typeof found === 'number') return String(found);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

/** `true`, `"true"`, `"True"`; `false`, `"false"`; anything else is not said. */
export function flagAt(value: JsonObject, key: string): boolean | undefined {
  const found = Object.hasOwn(value, key) ? value[key] : undefined;
  if (typeof found === 'boolean') return found;
  if (typeof found !== 'string') return undefined;
  const word = found.toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : undefined;
}
