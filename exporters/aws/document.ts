/** Reading documents whose shape is AWS's word: typed access to fields, and what differs between two of them. */
import { isDeepStrictEqual } from 'node:util';
import { type Change, isObject, type Json, type JsonObject, valueAt } from 'drifttrail';

export function textOf(value: Json | undefined, ...path: readonly string[]): string | undefined {
  const found = fieldOf(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

export function flagOf(value: Json | undefined, ...path: readonly string[]): boolean | undefined {
  const found = fieldOf(value, ...path);
  return typeof found === 'boolean' ? found : undefined;
}

export function fieldOf(value: Json | undefined, ...path: readonly string[]): Json | undefined {
  let current = value;
  for (const name of path) current = isObject(current) ? current[name] : undefined;
  return current;
}

/** The objects of an array; none when there is no array. */
export function objectsOf(value: Json | undefined, ...path: readonly string[]): JsonObject[] {
  const found = fieldOf(value, ...path);
  return Array.isArray(found) ? found.filter(isObject) : [];
}

export function textsOf(value: Json | undefined, ...path: readonly string[]): string[] {
  const found = fieldOf(value, ...path);
  return Array.isArray(found) ? found.filter((item) => typeof item === 'string') : [];
}

export function entriesOf(value: Json | undefined, ...path: readonly string[]): [string, Json][] {
  const found = fieldOf(value, ...path);
  return isObject(found) ? Object.entries(found) : [];
}

export function omit(object: JsonObject, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

/** Leaves out what is undefined. */
export function defined(object: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(object).filter((entry): entry is [string, Json] => entry[1] !== undefined));
}

/** `{ [pointer prefix]: … }` for the members of an object: `secondaryIds` of kinds whose keys are the ids. */
export function keysAs(config: Json, name: string, path: (key: string) => string): Record<string, string> {
  return Object.fromEntries(entriesOf(config, name).map(([key]) => [key, path(key)]));
}

export interface Members {
  readonly added: readonly (readonly [string, Json])[];
  readonly removed: readonly (readonly [string, Json])[];
  readonly changed: readonly { readonly key: string; readonly before: Json; readonly after: Json }[];
}

/** Objects of an array under one of their fields, which they then need not repeat; `without` names what else is left out. */
export function keyed(items: readonly JsonObject[], field: string, ...without: readonly string[]): JsonObject {
  return Object.fromEntries(items.map((item) => [textOf(item, field) ?? '', omit(item, field, ...without)]));
}

/** What happened to the members of the object at a pointer; the arrays of scalars count as sets of keys. */
export function membersOf(change: Change, path: string): Members {
  return membersBetween(valueAt(change.before, path), valueAt(change.after, path));
}

export function membersBetween(was: Json | undefined, is: Json | undefined): Members {
  const [before, after] = [membersIn(was), membersIn(is)];
  return {
    added: [...after].filter(([key]) => !before.has(key)),
    removed: [...before].filter(([key]) => !after.has(key)),
    changed: [...before].flatMap(([key, value]) => {
      const now = after.get(key);
      return now === undefined || isDeepStrictEqual(value, now) ? [] : [{ key, before: value, after: now }];
    }),
  };
}

/** Whether the value at a pointer is another one than before. */
export function differs(change: Change, path: string): boolean {
  return !isDeepStrictEqual(valueAt(change.before, path), valueAt(change.after, path));
}

function membersIn(value: Json | undefined): Map<string, Json> {
  if (Array.isArray(value)) return new Map(value.filter((item) => typeof item === 'string').map((item) => [item, item]));
  return new Map(isObject(value) ? Object.entries(value) : []);
}
