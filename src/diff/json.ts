/** Differences of two configs as edits of leaves. */
import canonical from 'fast-json-stable-stringify';
import type { Edit, Json, JsonObject } from '../model.ts';
import { escapeSegment, isObject } from '../pointer.ts';
import { align } from './align.ts';

/**
 * Edits in order of path. A member that came or went is one edit with its whole value; absent counts as null.
 * In arrays a removal's index is the one in `before`, every other index the one in `after`; an array that holds
 * nulls is replaced as a whole, since null there is a value.
 */
export function diffJson(before: Json, after: Json): Edit[] {
  const edits: Edit[] = [];
  compare(before, after, '', edits);
  return edits;
}

function compare(before: Json, after: Json, path: string, edits: Edit[]): void {
  if (before === after) return;
  if (isObject(before) && isObject(after)) compareObjects(before, after, path, edits);
  else if (Array.isArray(before) && Array.isArray(after)) compareArrays(before, after, path, edits);
  else edits.push({ path, before, after });
}

function compareObjects(before: JsonObject, after: JsonObject, path: string, edits: Edit[]): void {
  const differing: string[] = [];
  for (const key of Object.keys(before)) if (before[key] !== after[key] || !Object.hasOwn(after, key)) differing.push(key);
  for (const key of Object.keys(after)) if (!Object.hasOwn(before, key)) differing.push(key);
  for (const key of differing.sort()) compare(member(before, key), member(after, key), `${path}/${escapeSegment(key)}`, edits);
}

function compareArrays(before: readonly Json[], after: readonly Json[], path: string, edits: Edit[]): void {
  const [old, now] = [before.map(textOf), after.map(textOf)];
  const hunks = align(old, now);
  if (hunks.length === 0) return;
  if (before.includes(null) || after.includes(null)) {
    edits.push({ path, before, after });
    return;
  }
  for (const hunk of hunks) {
    const paired = Math.min(hunk.beforeEnd - hunk.beforeStart, hunk.afterEnd - hunk.afterStart);
    for (let offset = 0; offset < paired; offset++) {
      const at = hunk.afterStart + offset;
      compare(before[hunk.beforeStart + offset] ?? null, after[at] ?? null, `${path}/${at}`, edits);
    }
    for (let at = hunk.beforeStart + paired; at < hunk.beforeEnd; at++)
      edits.push({ path: `${path}/${at}`, before: before[at] ?? null, after: null });
    for (let at = hunk.afterStart + paired; at < hunk.afterEnd; at++)
      edits.push({ path: `${path}/${at}`, before: null, after: after[at] ?? null });
  }
}

function textOf(value: Json): string {
  return typeof value === 'string' ? `"${value}` : canonical(value);
}

function member(object: JsonObject, key: string): Json {
  return Object.hasOwn(object, key) ? (object[key] ?? null) : null;
}
