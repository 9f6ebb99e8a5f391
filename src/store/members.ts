/** Which resources of a kind the repository holds. */
import type { Layout } from './layout.ts';
import type { Tree } from './objects.ts';

/** Ids by scope and kind; the tree is gone through once, at the first question. */
export function membersOf(tree: Tree, layout: Layout): (scope: string, kind: string) => readonly string[] {
  let members: Map<string, string[]> | undefined;
  return (scope, kind) => {
    members ??= group(tree, layout);
    return members.get(`${scope} ${kind}`) ?? [];
  };
}

function group(tree: Tree, layout: Layout): Map<string, string[]> {
  const members = new Map<string, string[]>();
  for (const path of tree.keys()) {
    const ref = layout.refOf(path);
    if (ref === undefined) continue;
    const key = `${ref.scope} ${ref.kind}`;
    const ids = members.get(key);
    if (ids === undefined) members.set(key, [ref.id]);
    else ids.push(ref.id);
  }
  return members;
}
