/** One walk over a config that turns sets into keyed objects and drops what is volatile. */
import type { Json, JsonObject, Kind, SetRule } from '../model.ts';
import { isObject } from '../pointer.ts';
import { compilePatterns, descend, type Place } from './patterns.ts';
import { type Member, memberKey, setOf, setOwn } from './sets.ts';

/** A set to be keyed, or something to be dropped. */
export type ShapeRule = { readonly set: SetRule } | 'drop';

const compiled = new WeakMap<Kind, Place<ShapeRule>>();

/** Sets and volatile rules of the kind, applied; the input is left as it was. Values that nothing touches are shared with it. */
export function shape(config: Json, kind: Kind): Json {
  if ((kind.sets?.length ?? 0) + (kind.volatile?.length ?? 0) === 0) return config;
  return walk(config, rulesOf(kind)) ?? null;
}

function rulesOf(kind: Kind): Place<ShapeRule> {
  const known = compiled.get(kind);
  if (known) return known;
  const made = compilePatterns<ShapeRule>([
    ...(kind.sets ?? []).map((set) => ({ path: set.path, rule: { set } })),
    ...(kind.volatile ?? []).map(({ path }) => ({ path, rule: 'drop' as const })),
  ]);
  compiled.set(kind, made);
  return made;
}

/** Undefined: dropped. */
function walk(value: Json, place: Place<ShapeRule> | undefined): Json | undefined {
  if (place === undefined) return value;
  let set: SetRule | undefined;
  for (const rule of place.rules) {
    if (rule === 'drop') return undefined;
    set ??= rule.set;
  }
  if (Array.isArray(value)) return set === undefined ? walkArray(value, place) : walkSet(value, set, place);
  return isObject(value) ? walkObject(value, place) : value;
}

function walkArray(items: readonly Json[], place: Place<ShapeRule>): Json {
  const walked = items.map((item, index) => walk(item, descend(place, String(index))));
  return walked.every((item, index) => item === items[index]) ? items : walked.filter((item) => item !== undefined);
}

/** Members are cleaned before they are ordered, so that an inner set or a volatile field cannot decide the order. */
function walkSet(items: readonly Json[], set: SetRule, place: Place<ShapeRule>): Json {
  const members: Member[] = [];
  for (let index = 0; index < items.length; index += 1) {
    const raw = items[index] as Json;
    const key = set.key === undefined ? '' : memberKey(raw, set.key);
    const clean = walk(raw, descend(place, set.key === undefined ? String(index) : key));
    if (clean !== undefined) members.push({ clean, key });
  }
  return setOf(members, set);
}

function walkObject(object: JsonObject, place: Place<ShapeRule>): Json {
  const keys = Object.keys(object);
  const walked = keys.map((key) => {
    const value = object[key];
    return value === undefined ? undefined : walk(value, descend(place, key));
  });
  if (keys.every((key, index) => walked[index] === object[key])) return object;
  const copy: Record<string, Json> = {};
  for (let index = 0; index < keys.length; index += 1) {
    const value = walked[index];
    if (value !== undefined) setOwn(copy, keys[index] as string, value);
  }
  return copy;
}
