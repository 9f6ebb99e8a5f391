/** Total accessors over records of uncertain shape, so that a rule says what it means and never fails on a missing key. */
import type { Json } from '../model.ts';
import { isObject } from '../pointer.ts';

/**
 * The value at a dotted path, or null. Services disagree on the case of a name's first letter
 * (`publiclyAccessible`, `PubliclyAccessible`), so both are found; arrays take an index.
 */
export function get(value: unknown, path: string): Json {
  let current: unknown = value;
  for (const name of path === '' ? [] : path.split('.')) {
    if (Array.isArray(current)) current = current[Number(name)];
    else if (isObject(current)) current = member(current, name);
    else return null;
    if (current === undefined) return null;
  }
  return (current ?? null) as Json;
}

function member(object: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(object, name)) return object[name];
  const first = name.charAt(0);
  const other = (first === first.toLowerCase() ? first.toUpperCase() : first.toLowerCase()) + name.slice(1);
  return Object.hasOwn(object, other) ? object[other] : undefined;
}

/** The scalar at a path as text; '' when there is none. */
export function text(value: unknown, path: string): string {
  const found = get(value, path);
  if (typeof found === 'string') return found;
  return typeof found === 'number' || typeof found === 'boolean' ? String(found) : '';
}

/** `on`, `off` or '' when the record does not say: booleans, their text, and EC2's `{ value: true }`. */
export function flag(value: unknown, path: string): 'on' | 'off' | '' {
  const found = get(value, path);
  const scalar = isObject(found) ? (found.value ?? found.Value) : found;
  if (scalar === true || scalar === 'true') return 'on';
  return scalar === false || scalar === 'false' ? 'off' : '';
}

/** The number at a path; -1 when there is none. */
export function number(value: unknown, path: string): number {
  const found = get(value, path);
  const parsed = typeof found === 'string' && found.trim() !== '' ? Number(found) : found;
  return typeof parsed === 'number' && Number.isFinite(parsed) ? parsed : -1;
}

/** What stands at a path as a list: an array, EC2's `{ items: […] }` or `{ item: … }`, or one element alone. */
export function items(value: unknown, path: string): readonly Json[] {
  return asList(get(value, path));
}

function asList(found: Json): readonly Json[] {
  if (found === null || found === '') return [];
  if (Array.isArray(found)) return found as readonly Json[];
  if (!isObject(found)) return [found];
  for (const name of ['items', 'item', 'member']) if (Object.hasOwn(found, name)) return asList(found[name] ?? null);
  return Object.keys(found).length === 0 ? [] : [found];
}

/** Every scalar below a value as text, keys not included. */
export function leaves(value: unknown): readonly string[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap(leaves);
  if (typeof value === 'object') return Object.values(value).flatMap(leaves);
  return [String(value)];
}

/** The names of an object's members; empty for anything else. */
export function keysOf(value: unknown): readonly string[] {
  return isObject(value) ? Object.keys(value) : [];
}
