/** A change taken back as a JSON patch: edit by edit, so that what is not recorded, and what came since elsewhere, stays. */
import { type Edit, isObject, type Json, type JsonObject, type ListRule, matchesPattern, pointer, segmentsOf, valueAt } from 'drifttrail';

interface Step {
  readonly op: 'add' | 'remove' | 'replace' | 'test';
  readonly path: string;
  readonly value?: Json;
}

/** An element that comes or goes moves those after it: inner lists first, and in a list what goes from its end, then what comes. */
interface Moving {
  readonly depth: number;
  readonly order: number;
  readonly steps: readonly Step[];
}

interface Place {
  /** As the API has it: elements of lists by number. */
  readonly path: string;
  /** Where an element of a named list stands, what list it is in. */
  readonly element?: { readonly list: string; readonly index: number };
  /** A list without names on the way: it is put back as a whole. */
  readonly array?: string;
}

/** The operations in an order in which no number moves before it is used; undefined for what is no matter of edits, such as an order. */
export function patchBack(
  edits: readonly Edit[],
  before: JsonObject,
  after: JsonObject,
  lists: readonly ListRule[],
): readonly Step[] | undefined {
  const changed: Step[] = [];
  const moving: Moving[] = [];
  const arrays = new Set<string>();
  for (const edit of edits) {
    if (isOrder(edit, lists)) return undefined;
    const now = placeOf(edit.path, after, lists);
    const then = placeOf(edit.path, before, lists);
    const array = now.array ?? then.array;
    if (array !== undefined) {
      arrays.add(array);
      continue;
    }
    const depth = segmentsOf(edit.path).length;
    if (edit.before === null && now.element !== undefined)
      moving.push({ depth, order: -now.element.index, steps: [...named(now, edit.after), { op: 'remove', path: now.path }] });
    else if (edit.after === null && then.element !== undefined) {
      // Its list stands where it stands now; in the list it stood where it stood.
      const path = placeOf(then.element.list, after, lists).path + pointer(then.element.index);
      moving.push({ depth, order: then.element.index + 1, steps: [{ op: 'add', path, value: listedAt(edit.before, edit.path, lists) }] });
    } else if (edit.before === null) changed.push({ op: 'remove', path: now.path });
    else changed.push({ op: edit.after === null ? 'add' : 'replace', path: now.path, value: listedAt(edit.before, edit.path, lists) });
  }
  for (const path of arrays) changed.push(wholeArray(path, before, after, lists));
  return [
    ...guards(edits, after, lists),
    ...changed,
    ...moving.sort((a, b) => b.depth - a.depth || a.order - b.order).flatMap(({ steps }) => steps),
  ];
}

/** A patch that names elements by number holds only while they stand where they stood. */
function guards(edits: readonly Edit[], after: JsonObject, lists: readonly ListRule[]): Step[] {
  const found = new Map<string, Step>();
  for (const { path } of edits) {
    const segments = segmentsOf(path);
    for (let length = 1; length < segments.length; length += 1) {
      const inner = pointer(...segments.slice(0, length));
      const element = valueAt(after, inner);
      const place = placeOf(inner, after, lists);
      if (place.element === undefined || place.array !== undefined) continue;
      for (const step of named(place, element ?? null)) found.set(step.path, step);
    }
  }
  return [...found.values()];
}

function named({ path }: Place, element: Json): Step[] {
  return isObject(element) && typeof element.name === 'string' ? [{ op: 'test', path: `${path}/name`, value: element.name }] : [];
}

function placeOf(path: string, config: JsonObject, lists: readonly ListRule[]): Place {
  let [here, out]: [string, string] = ['', ''];
  let element: Place['element'];
  let current: Json | undefined = config;
  for (const segment of segmentsOf(path)) {
    if (Array.isArray(current)) return { path: out, array: here };
    const list = lists.some((rule) => matchesPattern(rule.path, here)) && isObject(current);
    const index: number = list && isObject(current) ? Object.keys(current).indexOf(segment) : -1;
    element = index < 0 ? undefined : { list: here, index };
    out += index < 0 ? pointer(segment) : pointer(index);
    current = isObject(current) && Object.hasOwn(current, segment) ? current[segment] : undefined;
    here += pointer(segment);
  }
  return { path: out, ...(element === undefined ? {} : { element }) };
}

function wholeArray(path: string, before: JsonObject, after: JsonObject, lists: readonly ListRule[]): Step {
  const old = valueAt(before, path);
  const at = placeOf(path, after, lists).path;
  if (old === undefined) return { op: 'remove', path: at };
  return { op: valueAt(after, path) === undefined ? 'add' : 'replace', path: at, value: listedAt(old, path, lists) };
}

function isOrder({ path, before, after }: Edit, lists: readonly ListRule[]): boolean {
  return lists.some((rule) => matchesPattern(rule.path, path)) && Array.isArray(before) && Array.isArray(after);
}

/** A value with its named lists as lists again; `path` is where it stands. */
function listedAt(value: Json, path: string, lists: readonly ListRule[]): Json {
  if (Array.isArray(value)) {
    const items: readonly Json[] = value;
    return items.map((item, index) => listedAt(item, path + pointer(index), lists));
  }
  if (!isObject(value)) return value;
  const inner = Object.entries(value).map(([key, one]) => [key, listedAt(one, path + pointer(key), lists)] as const);
  return lists.some((rule) => matchesPattern(rule.path, path)) ? inner.map(([, one]) => one) : Object.fromEntries(inner);
}
