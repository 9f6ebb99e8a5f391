/** Arrays that are sets: written as objects under their natural key, or sorted, so that order never shows as a change. */
import canonical from 'fast-json-stable-stringify';
import type { Json, JsonObject, SetRule } from '../model.ts';
import { isObject, valueAt } from '../pointer.ts';

/** One member: `raw` as it came, from which its key is read, and `clean` as it will be written. */
export interface Member {
  readonly raw: Json;
  readonly clean: Json;
}

/** Any order of the members gives the same result. Members that share a key are told apart by ` #2`, ` #3` in canonical order. */
export function setOf(members: readonly Member[], rule: SetRule): Json {
  if (rule.key === undefined) return sortedMembers(members);
  const groups = new Map<string, Json[]>();
  for (const { raw, clean } of members) {
    const key = memberKey(raw, rule.key);
    const value = rule.value === undefined ? clean : field(clean, rule.value);
    const group = groups.get(key);
    if (group) group.push(value ?? null);
    else groups.set(key, [value ?? null]);
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
  return Object.fromEntries(entries) satisfies JsonObject;
}

/** The fields of the key in order, joined by a space; `-` stands for one that is missing. */
export function memberKey(member: Json, parts: readonly (string | readonly string[])[]): string {
  if (!isObject(member)) return canonical(member);
  return parts.map((part) => keyPart(member, typeof part === 'string' ? [part] : part)).join(' ');
}

function keyPart(member: JsonObject, alternatives: readonly string[]): string {
  for (const name of alternatives) {
    const value = field(member, name);
    if (value !== undefined && value !== null && value !== '') return typeof value === 'object' ? canonical(value) : String(value);
  }
  return '-';
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
