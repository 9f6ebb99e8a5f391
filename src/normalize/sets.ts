/** Arrays that are sets: written as objects under their natural key, or sorted, so that order never shows as a change. */
import canonical from 'fast-json-stable-stringify';
import type { Json, JsonObject, SetRule } from '../model.ts';
import { isObject, valueAt } from '../pointer.ts';

/** One member as it will be written, and its key, which was read from it as it came. */
export interface Member {
  readonly clean: Json;
  /** '' where the set has no key. */
  readonly key: string;
}

/** Any order of the members gives the same result. Members that share a key are told apart by ` #2`, ` #3` in canonical order. */
export function setOf(members: readonly Member[], rule: SetRule): Json {
  if (rule.key === undefined) return sortedMembers(members);
  const object: Record<string, Json> = {};
  for (const member of members) {
    if (Object.hasOwn(object, member.key)) return withTwins(members, rule);
    setOwn(object, member.key, partOf(member, rule));
  }
  return object;
}

function withTwins(members: readonly Member[], rule: SetRule): JsonObject {
  const groups = new Map<string, Json[]>();
  for (const member of members) {
    const group = groups.get(member.key);
    if (group) group.push(partOf(member, rule));
    else groups.set(member.key, [partOf(member, rule)]);
  }
  const entries: [string, Json][] = [];
  for (const [key, values] of groups) {
    let number = 1;
    for (const value of values.length === 1 ? values : sorted(values)) {
      let name = number === 1 ? key : `${key} #${number}`;
      while (number > 1 && groups.has(name)) name = `${key} #${++number}`;
      entries.push([name, value]);
      number++;
    }
  }
  return Object.fromEntries(entries);
}

function partOf({ clean }: Member, { value }: SetRule): Json {
  return (value === undefined ? clean : field(clean, value)) ?? null;
}

/** Assigns, also to `__proto__`, which would else change what the object is. */
export function setOwn(object: Record<string, Json>, key: string, value: Json): void {
  if (key === '__proto__') Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  else object[key] = value;
}

/** The fields of the key in order, joined by a space; `-` stands for one that is missing. */
export function memberKey(member: Json, parts: readonly (string | readonly string[])[]): string {
  if (!isObject(member)) return canonical(member);
  let key = '';
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index] as string | readonly string[];
    const text = (typeof part === 'string' ? fieldText(member, part) : firstText(member, part)) ?? '-';
    key = index === 0 ? text : `${key} ${text}`;
  }
  return key;
}

function firstText(member: JsonObject, alternatives: readonly string[]): string | undefined {
  for (const name of alternatives) {
    const text = fieldText(member, name);
    if (text !== undefined) return text;
  }
  return undefined;
}

function fieldText(member: JsonObject, name: string): string | undefined {
  const value = field(member, name);
  if (value === undefined || value === null || value === '') return undefined;
  return typeof value === 'object' ? canonical(value) : String(value);
}

/** A field by name, or by pointer when it begins with a slash. */
function field(member: Json, name: string): Json | undefined {
  if (name.startsWith('/')) return valueAt(member, name);
  return isObject(member) && Object.hasOwn(member, name) ? member[name] : undefined;
}

function sortedMembers(members: readonly Member[]): Json[] {
  return sorted(members.map((member) => member.clean));
}

function sorted(values: readonly Json[]): Json[] {
  if (values.every((value) => typeof value === 'string')) return [...values].sort();
  return values
    .map((value) => ({ value, text: canonical(value) }))
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .map((entry) => entry.value);
}
