/** What changed between two looks, and what the exporter says that undoes it. */
import { isDeepStrictEqual } from 'node:util';
import exporter from '../../../exporters/aws/index.ts';
import type { Change } from '../../../src/model.ts';
import { type Documents, keyOf } from '../attribution/documents.ts';

export function changesBetween(before: Documents, after: Documents): Change[] {
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((key): Change[] => {
    const [old, now] = [before.get(key), after.get(key)];
    const ref = (old ?? now)?.ref;
    if (ref === undefined || isDeepStrictEqual(old?.config, now?.config)) return [];
    return [
      {
        type: old === undefined ? 'created' : now === undefined ? 'deleted' : 'modified',
        ref,
        path: key,
        edits: [],
        ...(old === undefined ? {} : { before: old.config }),
        ...(now === undefined ? {} : { after: now.config }),
      },
    ];
  });
}

export function undoOf(change: Change, before: Documents): readonly string[] {
  const context = { before: (ref: Change['ref']) => before.get(keyOf(ref))?.config };
  return exporter.kinds[change.ref.kind]?.undo?.(change, context) ?? [];
}
