/** What a request wrote, leaf by leaf, in the words of our files: from a whole object, or from a patch of any kind. */
import {
  type Effect,
  isObject,
  type Json,
  type JsonObject,
  keyed,
  type ListRule,
  matchesPattern,
  pointer,
  type Ref,
  segmentsOf,
  valueAt,
} from 'drifttrail';

/** The resource in the snapshots around the request. */
export interface Around {
  readonly ref: Ref;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
  readonly lists: readonly ListRule[];
}

/** The whole object was sent: what differs from the one before or after it, and what it lacks. */
export function fromObject(sent: JsonObject, around: Around): Effect[] {
  const body = keyed(sent, around);
  return compared(body, around.before, '', around).filter((effect) => !isUnchanged(effect, around));
}

function compared(sent: Json | undefined, before: Json | undefined, path: string, around: Around): Effect[] {
  if (isObject(sent) && isObject(before)) {
    const keys = [...new Set([...Object.keys(sent), ...Object.keys(before)])].sort();
    return keys.flatMap((key) => compared(sent[key], before[key], path + pointer(key), around));
  }
  if (sent === undefined) return isBookkeeping(path) ? [] : unset(path, around);
  return set(path, sent, around);
}

/** A patch that names what it changes: strategic, merge, or applied by the server. */
export function fromPatch(patch: JsonObject, around: Around): Effect[] {
  const effects = merged(keyed(patch, around), '', around);
  // Who applies sends all that they manage, changed or not; who patches means what they send.
  return Object.hasOwn(patch, 'apiVersion') ? effects.filter((effect) => !isUnchanged(effect, around)) : effects;
}

function merged(patch: Json, path: string, around: Around): Effect[] {
  if (patch === null) return unset(path, around);
  if (!isObject(patch)) return set(path, patch, around);
  if (patch.$patch === 'delete') return unset(path, around);
  const inner = Object.entries(patch).filter(([key]) => !key.startsWith('$'));
  const named = around.lists.some((list) => matchesPattern(list.path, path));
  const there = isObject(valueAt(around.before, path));
  // A whole that was not there is one leaf; the elements of a named list are each their own.
  if (path !== '' && !there && !named) return set(path, patch, around);
  return inner.flatMap(([key, value]) =>
    isBookkeeping(path + pointer(key)) ? [] : merged(value, path + pointer(named ? elementKey(key, value, path, around) : key), around),
  );
}

/** A patch tells an element by fewer fields than our key has: `443 TCP` by its port alone. */
function elementKey(key: string, element: Json, path: string, { before, after }: Around): string {
  for (const list of [valueAt(after, path), valueAt(before, path)]) {
    if (!isObject(list) || Object.hasOwn(list, key) || !isObject(element)) continue;
    const told = Object.entries(element).filter(([name]) => IDENTITY.has(name));
    const found = Object.entries(list).find(
      ([, other]) => isObject(other) && told.length > 0 && told.every(([name, value]) => other[name] === value),
    );
    if (found !== undefined) return found[0];
  }
  return key;
}

/** By these the API tells the elements of lists apart when it merges a patch. */
const IDENTITY: ReadonlySet<string> = new Set(['name', 'containerPort', 'port', 'mountPath']);

/** A patch by places (RFC 6902): elements are named by number, as they stood before. */
export function fromSteps(steps: readonly Json[], around: Around): Effect[] {
  return steps.flatMap((step) => {
    if (!isObject(step) || typeof step.path !== 'string' || step.op === 'test') return [];
    if (step.path.endsWith('/-')) return appended(step.path.slice(0, -2), step.value ?? null, around);
    const path = placeOf(step.path, around);
    if (path === undefined) return [{ ref: around.ref, op: 'set', path: `${listAbove(step.path)}/**` } satisfies Effect];
    if (isBookkeeping(path)) return [];
    const value = step.value ?? null;
    return step.op === 'remove'
      ? unset(path, around)
      : set(path, isObject(value) ? (keyedAt(value, path, around) ?? value) : value, around);
  });
}

/** At the end of a list: an element of its own name, or of a list that has none, somewhere in it. */
function appended(path: string, value: Json, around: Around): Effect[] {
  const list = placeOf(path, around);
  const elements = list === undefined ? undefined : keyedAt([value], list, around);
  const [key, element] = isObject(elements) ? (Object.entries(elements)[0] ?? []) : [];
  if (list === undefined || key === undefined || element === undefined)
    return [{ ref: around.ref, op: 'set', path: `${listAbove(path)}/**` }];
  return set(list + pointer(key), element, around);
}

/** Undefined where a number cannot be told to be which element. */
function placeOf(path: string, { before, lists }: Around): string | undefined {
  let here = '';
  for (const segment of segmentsOf(path)) {
    const value = valueAt(before, here);
    const isNamed = isObject(value) && lists.some((list) => matchesPattern(list.path, here));
    if (isNamed) {
      const key = Object.keys(value)[Number(segment)];
      if (key === undefined) return undefined;
      here += pointer(key);
    } else here += pointer(segment);
  }
  return here;
}

function listAbove(path: string): string {
  return path.slice(0, path.lastIndexOf('/')).replace(/\/\d+(\/.*)?$/, '');
}

/** A value as it stands at its place: its own named lists keyed. */
function keyedAt(value: Json, path: string, { lists }: Around): Json | undefined {
  const wrapped = segmentsOf(path).reduceRight<Json>((inner, segment) => ({ [segment]: inner }), value);
  return valueAt(keyed(wrapped, { lists }), path);
}

/** What the API server writes of itself, or needs to know which object is meant. */
function isBookkeeping(path: string): boolean {
  return ['/apiVersion', '/kind', '/metadata/name', '/metadata/namespace', '/status'].includes(path);
}

function set(path: string, value: Json, { ref }: Around): Effect[] {
  return [{ ref, op: 'set', path, value }];
}

/** Written as it stands before and after: no leaf that anybody changed. */
function isUnchanged({ path, value }: Effect, { before, after }: Around): boolean {
  const texts = [valueAt(before, path), valueAt(after, path), value].map((side) => JSON.stringify(side ?? null));
  return texts.every((text) => text === texts[0]);
}

function unset(path: string, { ref, before }: Around): Effect[] {
  const old = valueAt(before, path);
  return old === undefined ? [] : [{ ref, op: 'unset', path, value: old }];
}
