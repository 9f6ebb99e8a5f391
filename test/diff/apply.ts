/** The other direction of a diff: the new config from the old one and its edits. */
import type { Edit, Json } from '../../src/model.ts';
import { isObject, segmentsOf } from '../../src/pointer.ts';

interface Branch {
  edit: Edit | undefined;
  /** Members that went; for array items their index in the old array, so that they cannot be children. */
  readonly removed: Set<string>;
  readonly children: Map<string, Branch>;
}

/** `applyJson(diffJson(before, after), before)` is `after`, with members that are null left out. */
export function applyJson(edits: readonly Edit[], before: Json): Json {
  const root = branch();
  for (const edit of edits) insert(root, segmentsOf(edit.path), edit);
  return change(root, before);
}

function branch(): Branch {
  return { edit: undefined, removed: new Set(), children: new Map() };
}

function insert(root: Branch, segments: readonly string[], edit: Edit): void {
  let node = root;
  for (const [depth, segment] of segments.entries()) {
    if (edit.after === null && depth === segments.length - 1) {
      node.removed.add(segment);
      return;
    }
    const next = node.children.get(segment) ?? branch();
    node.children.set(segment, next);
    node = next;
  }
  node.edit = edit;
}

function change(node: Branch, before: Json): Json {
  if (node.edit !== undefined) return node.edit.after;
  if (Array.isArray(before)) return changeArray(node, before);
  return isObject(before) ? changeObject(node, before) : before;
}

function changeObject(node: Branch, before: Readonly<Record<string, Json>>): Json {
  const entries = new Map(Object.entries(before));
  for (const key of node.removed) entries.delete(key);
  for (const [key, child] of node.children) entries.set(key, change(child, entries.get(key) ?? null));
  return Object.fromEntries(entries);
}

function changeArray(node: Branch, before: readonly Json[]): Json {
  const items = before.filter((_, index) => !node.removed.has(String(index)));
  const rest = [...node.children].map(([segment, child]) => [Number(segment), child] as const).sort((a, b) => a[0] - b[0]);
  for (const [index, child] of rest) {
    const { edit } = child;
    if (edit === undefined) items[index] = change(child, items[index] ?? null);
    else if (edit.before === null) items.splice(index, 0, edit.after);
    else items[index] = edit.after;
  }
  return items;
}
