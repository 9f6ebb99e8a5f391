/** Differences of two captured files: as data where both are data of one syntax, else as lines. */
import type { Change, Edit, Json } from '../model.ts';
import { isObject, pointer } from '../pointer.ts';
import { documentOf, type FileDocument } from './document.ts';
import { diffJson } from './json.ts';
import { diffText } from './text.ts';

export type FileDifference = Pick<Change, 'edits' | 'readAs' | 'sameMeaning'>;

/** Where the data is the same and the text is not, the edits are the lines, and `sameMeaning` says so. */
export function diffFiles(path: string, before: string, after: string): FileDifference {
  if (before === after) return { edits: [] };
  const old = documentOf(path, before);
  const now = old === undefined ? undefined : documentOf(path, after);
  if (old === undefined || now === undefined) return { edits: diffText(before, after) };
  const edits = diffDocuments(old, now);
  if (edits.length > 0) return { edits, readAs: now.syntax };
  return { edits: diffText(before, after), readAs: now.syntax, sameMeaning: true };
}

/** Edits from one document to another of the same syntax; none when they say the same. */
export function diffDocuments(before: FileDocument, after: FileDocument): Edit[] {
  const edits = diffJson(before.config, after.config);
  return after.syntax === 'xml' ? [...edits, ...moved(before.config, after.config, '')] : edits;
}

/** Elements of XML stand in an order: of those that both sides have, one edit with the names before and after. */
function moved(before: Json, after: Json, path: string): Edit[] {
  // Of lists of different lengths nobody knows which element was which.
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length)
    return before.flatMap((item: Json, index) => moved(item, (after as readonly Json[])[index] ?? null, path + pointer(index)));
  if (!isObject(before) || !isObject(after)) return [];
  const shared = Object.keys(before).filter((key) => Object.hasOwn(after, key));
  const old = shared.filter((key) => !key.startsWith('@'));
  const now = Object.keys(after).filter((key) => !key.startsWith('@') && Object.hasOwn(before, key));
  const below = shared.flatMap((key) => moved(before[key] ?? null, after[key] ?? null, path + pointer(key)));
  return old.some((key, index) => key !== now[index]) ? [{ path, before: old, after: now }, ...below] : below;
}
