/** What differs in a collection: the members of which undo commands are made. */
import { type Change, isObject, type JsonObject, type UndoContext } from 'drifttrail';

export type Undo = (change: Change, context: UndoContext) => readonly string[];

export interface Member {
  readonly key: string;
  readonly before: JsonObject | undefined;
  readonly after: JsonObject | undefined;
}

/** The members of a collection that differ between before and after, in order of their keys. */
export function membersOf({ before, after }: Pick<Change, 'before' | 'after'>): Member[] {
  const old = isObject(before) ? before : {};
  const now = isObject(after) ? after : {};
  return [...new Set([...Object.keys(old), ...Object.keys(now)])]
    .sort()
    .map((key) => ({ key, before: member(old, key), after: member(now, key) }))
    .filter((each) => JSON.stringify(each.before) !== JSON.stringify(each.after));
}

function member(document: JsonObject, key: string): JsonObject | undefined {
  const value = Object.hasOwn(document, key) ? document[key] : undefined;
  return isObject(value) ? value : undefined;
}
