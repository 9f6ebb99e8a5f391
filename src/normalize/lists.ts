/** Arrays that a file keeps as arrays and everything else sees as objects under their key, and the way back. */
import type { Json, Kind, ListRule } from '../model.ts';
import { isObject } from '../pointer.ts';
import { compilePatterns, descend, type Place } from './patterns.ts';
import { memberKey, setOf, setOwn } from './sets.ts';

type Lists = Pick<Kind, 'lists'>;

const compiled = new WeakMap<readonly ListRule[], Place<ListRule>>();

/** The arrays as objects, in the order of the arrays. Values that no rule touches are shared with the input. */
export function keyed(config: Json, { lists }: Lists): Json {
  return lists === undefined || lists.length === 0 ? config : walk(config, placesOf(lists), toObject);
}

/** The objects as arrays again. An object's keys that look like array indices lose their order: names of things do not. */
export function listed(config: Json, { lists }: Lists): Json {
  return lists === undefined || lists.length === 0 ? config : walk(config, placesOf(lists), toArray);
}

function placesOf(lists: readonly ListRule[]): Place<ListRule> {
  const known = compiled.get(lists);
  if (known !== undefined) return known;
  const made = compilePatterns(lists.map((rule) => ({ path: rule.path, rule })));
  compiled.set(lists, made);
  return made;
}

type Turn = (value: Json, rule: ListRule, inner: (member: Json, key: string) => Json) => Json;

function walk(value: Json, place: Place<ListRule> | undefined, turn: Turn): Json {
  if (place === undefined) return value;
  const inner = (member: Json, key: string) => walk(member, descend(place, key), turn);
  const rule = place.rules[0];
  if (rule !== undefined) return turn(value, rule, inner);
  if (Array.isArray(value)) return value.map((item: Json, index) => inner(item, String(index)));
  return isObject(value) ? mapped(value, inner) : value;
}

/** Only where every element is an object: a list that says nothing of itself stays a list. */
const toObject: Turn = (value, rule, inner) => {
  if (!Array.isArray(value)) return value;
  const items: readonly Json[] = value;
  if (items.length === 0 || !items.every(isObject)) return items.map((item, index) => inner(item, String(index)));
  const members = items.map((item) => {
    const key = memberKey(item, rule.key);
    return { clean: inner(item, key), key };
  });
  return setOf(members, rule);
};

const toArray: Turn = (value, _rule, inner) => (isObject(value) ? Object.entries(value).map(([key, member]) => inner(member, key)) : value);

function mapped(object: Readonly<Record<string, Json>>, change: (member: Json, key: string) => Json): Json {
  const copy: Record<string, Json> = {};
  for (const [key, member] of Object.entries(object)) setOwn(copy, key, change(member, key));
  return copy;
}
