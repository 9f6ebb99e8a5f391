/** The joint of store and diff: what a plan that is not committed yet changes. */
import { diffTrees } from '../diff/diff.ts';
import type { Change } from '../model.ts';
import { parse } from '../normalize/normalize.ts';
import type { Layout } from '../store/layout.ts';
import type { Plan } from '../store/plan.ts';
import type { Store } from '../store/store.ts';
import type { Tree } from './base.ts';

/** The new contents stand under their own paths until the commit gives them ids. */
export async function changesOf(
  { writes, known, deletes }: Pick<Plan, 'writes' | 'known' | 'deletes'>,
  tree: Tree,
  { layout, store }: { readonly layout: Layout; readonly store: Pick<Store, 'read'> },
): Promise<Change[]> {
  const before = new Map<string, string>();
  for (const path of [...writes.keys(), ...deletes]) {
    const id = tree.get(path);
    if (id !== undefined) before.set(path, id);
  }
  const after = new Map([...writes.keys()].map((path) => [path, path]));
  const read = async (ids: readonly string[]) => {
    const found = new Map<string, Uint8Array>(await store.read(ids.filter((id) => !writes.has(id))));
    for (const id of ids) {
      const content = writes.get(id);
      if (content instanceof Uint8Array) found.set(id, content);
    }
    return found;
  };
  return diffTrees({ before, after, read, refOf: layout.refOf, kindOf: layout.kindOf, parse, known });
}
