/** One CloudTrail call, read alike whether its service logs flat lowerCamel fields or a wrapped PascalCase document. */
import { type AuditEvent, isObject, type Json, type JsonObject, type Lookup, type Ref, valueAt } from 'drifttrail';

export interface Act {
  readonly event: AuditEvent;
  readonly lookup: Lookup;
  readonly request: JsonObject;
  readonly response: JsonObject;
}

export function actOf(event: AuditEvent, lookup: Lookup): Act {
  return { event, lookup, request: unwrap(event.request), response: unwrap(event.response) };
}

/** The value at a dotted path such as `routeTable.routeTableId`. */
export function at(value: Json | undefined, path: string): Json | undefined {
  if (!path.includes('.')) return isObject(value) && Object.hasOwn(value, path) ? value[path] : undefined;
  let current = value;
  for (const key of path.split('.')) current = isObject(current) && Object.hasOwn(current, key) ? current[key] : undefined;
  return current;
}

/** Text at the first of the paths that has some; numbers and `{content}` elements count, empty text does not. */
export function text(value: Json | undefined, ...paths: readonly string[]): string | undefined {
  for (const path of paths) {
    const found = at(value, path);
    const plain = isObject(found) ? (found.content ?? found.value) : found;
    if (typeof plain === 'number' || typeof plain === 'boolean') return String(plain);
    if (typeof plain === 'string' && plain !== '') return plain;
  }
  return undefined;
}

/** One answer calls its items after their type. */
const WRAPPERS = ['items', 'item', 'content', 'assignedPrivateIpAddressSetType'] as const;

/** `{items: […]}`, `{item: x}`, an array, one element or nothing, always as a list. */
export function list(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === null || value === '') return [];
  if (Array.isArray(value)) return value.some(wraps) ? value.flatMap(list) : value;
  if (!isObject(value)) return [value];
  for (const key of WRAPPERS) if (Object.hasOwn(value, key)) return list(value[key]);
  return isEmpty(value) ? [] : [value];
}

/** Whether an element of a list stands for another number of elements than one, itself. */
function wraps(value: Json): boolean {
  if (!isObject(value)) return value === null || value === '' || Array.isArray(value);
  return isEmpty(value) || WRAPPERS.some((key) => Object.hasOwn(value, key));
}

function isEmpty(value: JsonObject): boolean {
  for (const _ in value) return false;
  return true;
}

/** The texts of a list whose elements are texts, objects with the field, or objects with one field of any name. */
export function texts(value: Json | undefined, field: string): string[] {
  return list(value).flatMap((item) => {
    if (!isObject(item)) return String(item);
    const found = text(item, field);
    if (found !== undefined) return found;
    const [only, ...others] = Object.keys(item);
    return only === undefined || others.length > 0 ? [] : (text(item, only) ?? []);
  });
}

export function fields(value: Json): JsonObject {
  return isObject(value) ? value : {};
}

/** Only the named fields that are there. */
export function pick(value: Json | undefined, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(
    names.flatMap((name) => {
      const found = at(value, name);
      return found === undefined || found === null || found === '' ? [] : [[name, found]];
    }),
  );
}

export const regionalScope = (event: AuditEvent): string => `aws/${event.account}/${event.region}`;
export const globalScope = (event: AuditEvent): string => `aws/${event.account}/global`;

/** The same call, looked at from another account or region that it reaches into. */
export function seenFrom(act: Act, account: string, region: string): Act {
  return { ...act, event: { ...act.event, account, region } };
}

/** The part of something in the call's region that a secondary id stands for: an association, a rule of a group. */
export function partOf(act: Act, secondaryId: string | undefined): ReturnType<Lookup['resolve']> {
  return secondaryId === undefined ? undefined : act.lookup.resolve(regionalScope(act.event), secondaryId);
}

/** The resources of a kind in the call's region that satisfy a test on their config. */
export function those(act: Act, kind: string, test: (config: Json, ref: Ref) => boolean): Ref[] {
  return [...act.lookup.list(regionalScope(act.event), kind)].filter(({ ref, config }) => test(config, ref)).map(({ ref }) => ref);
}

/** The keys of an object at a pointer, in the snapshot before or after, whose value satisfies a test. */
export function keysAt(act: Act, ref: Ref, path: string, test: (value: Json) => boolean): string[] {
  const found = new Set<string>();
  for (const config of [act.lookup.before(ref), act.lookup.after(ref)]) {
    const container = valueAt(config, path);
    if (isObject(container)) for (const [key, value] of Object.entries(container)) if (test(value)) found.add(key);
  }
  return [...found].sort();
}

/**
 * Newer EC2 actions put the whole document under `<Action>Request` and `<Action>Response`, one irregularly
 * (`DelTGwVpcAttachReq`): a lone key in PascalCase with an object under it. Copies may have lost that envelope.
 */
function unwrap(value: Json): JsonObject {
  if (!isObject(value)) return {};
  const [only, ...others] = Object.keys(value);
  if (only === undefined || [only, ...others].some((key) => !/^[A-Z]/.test(key))) return value;
  const inner = others.length > 0 ? value : value[only];
  return camel(isObject(inner) ? inner : value) as JsonObject;
}

/** XML turned into JSON carries `tag: <ordinal>` beside the fields, which would collide with `Tag`. */
function camel(value: Json): Json {
  if (Array.isArray(value)) return value.map(camel);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(([key, item]) => !(key === 'tag' && typeof item === 'number'));
  if (entries.length === 1 && entries[0]?.[0] === 'content') return entries[0][1];
  return Object.fromEntries(entries.map(([key, item]) => [key.charAt(0).toLowerCase() + key.slice(1), camel(item)]));
}
