/** How well an effect explains an edit: same leaf and value, same leaf, a consequence, or not at all. */
import type { Change, Edit, Effect, Grade, Json } from '../model.ts';
import { contains, valueAt } from '../pointer.ts';
import { isMasked, sameValue } from './values.ts';

export const GRADES: readonly Grade[] = ['exact', 'leaf', 'cascade', 'candidate'];

export const weakest = (grades: readonly Grade[]): Grade | undefined =>
  grades.length === 0 ? undefined : GRADES[Math.max(...grades.map((grade) => GRADES.indexOf(grade)))];

/** The grade with which an effect on the changed resource explains an edit; undefined when it is about another leaf. */
export function gradeOf(effect: Effect, edit: Edit, change: Pick<Change, 'type' | 'before' | 'after'>): Grade | undefined {
  const grade = change.type === 'modified' ? modified(effect, edit, change) : whole(effect, change.type);
  return grade === 'exact' || grade === 'leaf' ? (effect.cascade === undefined ? grade : 'cascade') : grade;
}

/** A resource that came or went has one edit, whose cause is the act of creating or deleting. */
function whole(effect: Effect, type: 'created' | 'deleted'): Grade | undefined {
  return effect.op === (type === 'created' ? 'create' : 'delete') ? 'exact' : undefined;
}

function modified(effect: Effect, edit: Edit, change: Pick<Change, 'before' | 'after'>): Grade | undefined {
  // A name that was deleted and made again is another resource: every leaf may differ.
  if (effect.op === 'create') return 'leaf';
  if (effect.op === 'delete') return undefined;
  const below = effect.path.endsWith('/**');
  const path = below ? effect.path.slice(0, -3) : effect.path;
  if (!contains(path, edit.path) && !contains(edit.path, path)) return undefined;
  const [before, after] = [valueAt(change.before, path), valueAt(change.after, path)];
  if (!contains(path, edit.path) && same(before, after)) return undefined;
  if (below) return member(effect, edit, before, after);
  if (effect.op === 'unset') return after === undefined ? 'exact' : undefined;
  if (effect.value === undefined) return after === undefined ? undefined : 'leaf';
  if (isMasked(after)) return 'leaf';
  return sameValue(effect.value, after) ? 'exact' : undefined;
}

/** `/groups/**` with a value is about one member of a list; without, about anything below. */
function member(effect: Effect, edit: Edit, before: Json | undefined, after: Json | undefined): Grade | undefined {
  const { value } = effect;
  if (value === undefined) return 'leaf';
  const has = (list: Json | undefined) => Array.isArray(list) && list.some((item: Json) => sameValue(value, item));
  if (has(after) !== (effect.op === 'set') || has(before) === has(after)) return undefined;
  const side = effect.op === 'set' ? edit.after : edit.before;
  return has(side) || (side !== null && sameValue(value, side)) ? 'exact' : undefined;
}

/** Whether an effect wrote something into a part of the edit that is not there after it. */
export function contradicts(effect: Effect, edit: Edit, { type, after }: Pick<Change, 'type' | 'after'>): boolean {
  if (type !== 'modified' || effect.path === edit.path || !contains(edit.path, effect.path) || effect.path.endsWith('/**')) return false;
  const value = valueAt(after, effect.path);
  if (effect.op === 'unset') return value !== undefined;
  return effect.op === 'set' && effect.value !== undefined && !isMasked(value) && !sameValue(effect.value, value);
}

/** Whether an effect is about this leaf at all, with whatever value: its history. */
export function touches(effect: Effect, edit: Edit): boolean {
  if (effect.op === 'create' || effect.op === 'delete') return true;
  const path = effect.path.endsWith('/**') ? effect.path.slice(0, -3) : effect.path;
  return contains(path, edit.path) || contains(edit.path, path);
}

function same(a: Json | undefined, b: Json | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && sameValue(a, b) && sameValue(b, a));
}
