/** One walk over a config that turns sets into keyed objects and drops what is volatile. */
import type { Json, Kind, SetRule } from '../model.ts';
import { isObject } from '../pointer.ts';
import { type Active, compilePatterns, descend, type PatternNode, rulesAt } from './patterns.ts';
import { type Member, memberKey, setOf } from './sets.ts';

/** A set to be keyed, or something to be dropped. */
export type ShapeRule = { readonly set: SetRule } | 'drop';

const compiled = new WeakMap<Kind, PatternNode<ShapeRule>>();

/** Sets and volatile rules of the kind, applied; the input is left as it was. Values that nothing touches are shared with it. */
export function shape(config: Json, kind: Kind): Json {
  if ((kind.sets?.length ?? 0) + (kind.volatile?.length ?? 0) === 0) return config;
  return walk(config, [rulesOf(kind)]) ?? null;
}

function rulesOf(kind: Kind): PatternNode<ShapeRule> {
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
function walk(value: Json, active: Active<ShapeRule>): Json | undefined {
  if (active.length === 0) return value;
  const rules = rulesAt(active);
  if (rules.includes('drop')) return undefined;
  if (Array.isArray(value)) {
    const set = rules.find((rule) => rule !== 'drop')?.set;
    return set === undefined ? walkArray(value, active) : walkSet(value, set, active);
  }
  return isObject(value) ? walkObject(value, active) : value;
}

function walkArray(items: readonly Json[], active: Active<ShapeRule>): Json {
  const walked = items.map((item, index) => walk(item, descend(active, String(index))));
  return walked.every((item, index) => item === items[index]) ? items : walked.filter((item) => item !== undefined);
}

/** Members are cleaned before they are ordered, so that an inner set or a volatile field cannot decide the order. */
function walkSet(items: readonly Json[], set: SetRule, active: Active<ShapeRule>): Json {
  const members: Member[] = [];
  for (const [index, raw] of items.entries()) {
    const clean = walk(raw, descend(active, set.key === undefined ? String(index) : memberKey(raw, set.key)));
    if (clean !== undefined) members.push({ raw, clean });
  }
  return setOf(members, set);
}

function walkObject(object: Readonly<Record<string, Json>>, active: Active<ShapeRule>): Json {
  let changed: Map<string, Json> | undefined;
  for (const key of Object.keys(object)) {
    const value = object[key];
    if (value === undefined) continue;
    const walked = walk(value, descend(active, key));
    if (walked === value) continue;
    changed ??= new Map(Object.entries(object));
    if (walked === undefined) changed.delete(key);
    else changed.set(key, walked);
  }
  return changed === undefined ? object : Object.fromEntries(changed);
}
