/** The identity policies that a change or a call wrote, each with what stood there before. */
import type { AuditEvent, Change, Json } from '../model.ts';
import { pointer, segmentsOf, valueAt } from '../pointer.ts';
import { policiesIn } from './policy.ts';

export interface WrittenPolicy {
  /** The inline policy's name; '' for a managed policy's document or what a call carries. */
  readonly name: string;
  readonly before: Json;
  readonly after: Json;
}

const HOLDER = /^aws\.iam\.(user|role|group|policy)$/;

/** Trust policies are not among them: they say who, not what. Calls that write a policy carry it whole. */
export function policiesWritten(change: Change | undefined, event: AuditEvent | undefined): readonly WrittenPolicy[] {
  return [
    ...(change === undefined || !HOLDER.test(change.ref.kind) ? [] : ofChange(change)),
    ...(event === undefined ? [] : policiesIn(event.request).map((after) => ({ name: '', before: null, after }))),
  ];
}

function ofChange({ before, after, edits }: Change): readonly WrittenPolicy[] {
  const sides: readonly (readonly [Json, Json])[] = before === undefined && after === undefined ? [] : [[before ?? null, after ?? null]];
  const paths = new Set(sides.flatMap(([old, now]) => [...pathsIn(old), ...pathsIn(now)]));
  for (const edit of edits) for (const path of edit.path === '' ? pathsIn(edit.after ?? edit.before) : pathOf(edit.path)) paths.add(path);
  return [...paths]
    .map((path) => {
      const edit = edits.find((one) => one.path === path || one.path === '');
      const inEdit = (side: Json | undefined) => (edit?.path === '' ? valueAt(side, path) : side) ?? null;
      return {
        name: segmentsOf(path)[1] ?? '',
        before: valueAt(before, path) ?? inEdit(edit?.before),
        after: valueAt(after, path) ?? inEdit(edit?.after),
      };
    })
    .filter((written) => JSON.stringify(written.before) !== JSON.stringify(written.after));
}

/** The policy that an edit, however deep, is in. */
function pathOf(path: string): readonly string[] {
  const [group, name] = segmentsOf(path);
  if (group === 'document') return [pointer('document')];
  return group === 'inlinePolicies' && name !== undefined ? [pointer('inlinePolicies', name)] : [];
}

function pathsIn(config: Json): readonly string[] {
  const inline = valueAt(config, '/inlinePolicies');
  return [
    ...(valueAt(config, '/document') === undefined ? [] : [pointer('document')]),
    ...(typeof inline === 'object' && inline !== null ? Object.keys(inline).map((name) => pointer('inlinePolicies', name)) : []),
  ];
}
