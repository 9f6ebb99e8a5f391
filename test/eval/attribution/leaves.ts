/** Documents as leaves: what a call changed, however an array moved around it. */
import canonical from 'fast-json-stable-stringify';
import type { Change, Edit, Json } from '../../../src/model.ts';
import { isObject, segmentsOf } from '../../../src/pointer.ts';

/** Path → value as text. A member of an array is a leaf of its own: its index says nothing about who put it there. */
export type Leaves = ReadonlyMap<string, string>;

export function leavesOf(value: Json | undefined, path = ''): Leaves {
  const found = new Map<string, string>();
  collect(value, path, found);
  return found;
}

/** The leaves that came, went or changed. */
export function changedLeaves(before: Json | undefined, after: Json | undefined, path = ''): string[] {
  const [old, now] = [leavesOf(before, path), leavesOf(after, path)];
  return [...new Set([...old.keys(), ...now.keys()])].filter((leaf) => old.get(leaf) !== now.get(leaf));
}

/** The leaves that an edit of a change is about: those that differ at its place. */
export function leavesOfEdit(edit: Edit, { before, after }: Pick<Change, 'before' | 'after'>): string[] {
  const array = arrayAbove(edit.path, [before, after]);
  if (array === undefined) return changedLeaves(absent(edit.before), absent(edit.after), edit.path);
  const isMember = edit.path.slice(array.path.length + 1).indexOf('/') < 0;
  const differing = changedLeaves(array.before, array.after, array.path);
  if (!isMember) return differing;
  const own = new Set([edit.before, edit.after].flatMap((member) => (member === null ? [] : [memberPath(array.path, member)])));
  return differing.filter((leaf) => own.has(leaf));
}

interface ArrayAt {
  readonly path: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/** The outermost array that the path leads into, in either document. */
function arrayAbove(path: string, [before, after]: readonly [Json | undefined, Json | undefined]): ArrayAt | undefined {
  let [old, now] = [before, after];
  let reached = '';
  const parts = path.split('/').slice(1);
  for (const [index, segment] of segmentsOf(path).entries()) {
    if (Array.isArray(old) || Array.isArray(now)) return { path: reached, before: old, after: now };
    reached += `/${parts[index]}`;
    [old, now] = [memberOf(old, segment), memberOf(now, segment)];
  }
  return undefined;
}

function memberOf(value: Json | undefined, name: string): Json | undefined {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

const memberPath = (path: string, member: Json): string => `${path}/=${canonical(member)}`;

/** Edits have null for what is not there. */
const absent = (value: Json): Json | undefined => (value === null ? undefined : value);

function collect(value: Json | undefined, path: string, found: Map<string, string>): void {
  if (value === undefined) return;
  if (Array.isArray(value)) {
    for (const member of value) {
      const leaf = memberPath(path, member);
      found.set(leaf, String(Number(found.get(leaf) ?? 0) + 1));
    }
  } else if (isObject(value) && Object.keys(value).length > 0) {
    for (const [name, inner] of Object.entries(value)) collect(inner, `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, found);
  } else found.set(path, canonical(value));
}
