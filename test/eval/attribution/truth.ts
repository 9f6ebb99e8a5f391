/** What really happened: the documents of a place before and after every single deed. */
import { diffJson } from '../../../src/diff/json.ts';
import type { Change, Edit, Ref } from '../../../src/model.ts';
import { contains } from '../../../src/pointer.ts';
import type { Deed } from '../../aws/scenario/scenario.ts';
import { type Documents, keyOf, type Reader } from './account.ts';

export interface Trace {
  readonly deed: Deed;
  readonly changes: readonly Change[];
}

/** Changes of resources between two sets of documents. */
export function changesBetween(before: Documents, after: Documents, pathOf: (ref: Ref) => string): Change[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort();
  return keys.flatMap((key): Change[] => {
    const old = before.get(key);
    const now = after.get(key);
    const ref = (now ?? old)?.ref;
    if (ref === undefined) return [];
    const path = pathOf(ref);
    if (old === undefined && now !== undefined)
      return [{ type: 'created', ref, path, edits: [{ path: '', before: null, after: now.config }], after: now.config }];
    if (now === undefined && old !== undefined)
      return [{ type: 'deleted', ref, path, edits: [{ path: '', before: old.config, after: null }], before: old.config }];
    if (old === undefined || now === undefined) return [];
    const edits = diffJson(old.config, now.config);
    return edits.length === 0 ? [] : [{ type: 'modified', ref, path, edits, before: old.config, after: now.config }];
  });
}

export interface Ledger {
  readonly follow: (deed: Deed) => Promise<void>;
  readonly traces: () => readonly Trace[];
}

/** Starts from what a snapshot saw. */
export function keepLedger(reader: Reader, start: Documents, pathOf: (ref: Ref) => string): Ledger {
  const known = new Map<string, Documents>();
  const traces: Trace[] = [];
  return {
    traces: () => traces,
    follow: async (deed) => {
      const scope = `aws/${deed.place.account}/${deed.place.region}`;
      const before = known.get(scope) ?? new Map([...start].filter(([, { ref }]) => ref.scope === scope));
      const after = await reader.place(deed.place);
      known.set(scope, after);
      traces.push({ deed, changes: changesBetween(before, after, pathOf) });
    },
  };
}

/** The last deed of the round that wrote the leaf, or made or deleted the resource that came or went; undefined when nobody did. */
export function causeOf({ ref, type }: Pick<Change, 'ref' | 'type'>, edit: Edit, traces: readonly Trace[]): Deed | undefined {
  const key = keyOf(ref);
  const wrote = (change: Change) => (type === 'modified' ? change.edits.some((one) => overlap(one.path, edit.path)) : change.type === type);
  return traces.findLast(({ changes }) => changes.some((change) => keyOf(change.ref) === key && wrote(change)))?.deed;
}

/** Listed only while something else names them: what came and went is told there. */
const MIRRORS = new Set(['aws.iam.attached-managed-policy']);

/** Resources that were changed and are as they were: nobody sees it in the difference. */
export function silentWrites(traces: readonly Trace[], final: readonly Change[]): { ref: Ref; path: string; deed: Deed }[] {
  const visible = new Map(final.map((change) => [keyOf(change.ref), change]));
  const found = new Map<string, { ref: Ref; path: string; deed: Deed }>();
  for (const { deed, changes } of traces) {
    for (const { ref, edits } of changes) {
      if (MIRRORS.has(ref.kind)) continue;
      for (const { path } of edits) {
        const seen = visible.get(keyOf(ref));
        if (seen?.edits.some((one) => overlap(one.path, path))) continue;
        found.set(`${keyOf(ref)} ${path}`, { ref, path, deed });
      }
    }
  }
  return [...found.values()];
}

export function overlap(one: string, other: string): boolean {
  return contains(one, other) || contains(other, one);
}
