/** Elements that only changed places: of lists that are kept in order, and told by key. */
import type { Edit, Json, Kind } from '../model.ts';
import { isObject, matchesPattern, pointer } from '../pointer.ts';

/** For each list whose keys are the same in another order, one edit with the keys before and after. */
export function orderEdits(before: Json, after: Json, lists: Kind['lists'] = []): Edit[] {
  return lists.length === 0 ? [] : compare(before, after, '', lists);
}

function compare(before: Json, after: Json, path: string, lists: NonNullable<Kind['lists']>): Edit[] {
  if (Array.isArray(before) && Array.isArray(after))
    return before.flatMap((item: Json, index) => compare(item, after[index] ?? null, path + pointer(index), lists));
  if (!isObject(before) || !isObject(after)) return [];
  const [old, now] = [Object.keys(before), Object.keys(after)];
  const moved = old.some((key, index) => key !== now[index]) && lists.some((list) => matchesPattern(list.path, path));
  const below = old.flatMap((key) => compare(before[key] ?? null, after[key] ?? null, path + pointer(key), lists));
  return moved ? [{ path, before: old, after: now }, ...below] : below;
}
