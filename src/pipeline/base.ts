/** What the resources around a change looked like: the configs of two trees, read at once and held by path. */
import { type Json, type Kind, kindNamed, type Ref } from '../model.ts';
import type { Layout } from '../store/layout.ts';
import { parse } from '../normalize/normalize.ts';

export type Tree = ReadonlyMap<string, string>;
export type ReadBlobs = (ids: Iterable<string>) => Promise<ReadonlyMap<string, Uint8Array>>;

export interface Base {
  readonly before: (ref: Ref) => Json | undefined;
  readonly after: (ref: Ref) => Json | undefined;
  /** Every resource of a kind in a scope, in either tree; the later config where both have it. */
  readonly list: (scope: string, kind: string) => Iterable<{ readonly ref: Ref; readonly config: Json }>;
}

interface Held {
  readonly ref: Ref;
  readonly config: Json;
}

/** Parsed configs by blob id: neighbouring trees share nearly all of them. */
export type ConfigCache = Map<string, Json>;

/** Reads those files of the two trees whose kind `wanted` says may be asked for. */
export async function loadBase(
  trees: { readonly before: Tree; readonly after: Tree },
  deps: { readonly layout: Layout; readonly kinds: Readonly<Record<string, Kind>>; readonly read: ReadBlobs; readonly cache: ConfigCache },
  wanted: (kind: Kind) => boolean,
): Promise<Base> {
  const refs = new Map<string, Ref>();
  const missing = new Map<string, Kind>();
  for (const tree of [trees.before, trees.after]) {
    for (const [path, id] of tree) {
      const ref = refs.get(path) ?? deps.layout.refOf(path);
      const kind = ref === undefined ? undefined : kindNamed(deps.kinds, ref.kind);
      if (ref === undefined || kind === undefined || !wanted(kind)) continue;
      refs.set(path, ref);
      if (!deps.cache.has(id)) missing.set(id, kind);
    }
  }
  for (const [id, bytes] of await deps.read(missing.keys())) {
    const kind = missing.get(id);
    if (kind !== undefined) deps.cache.set(id, parse(bytes, kind));
  }
  const hold = (tree: Tree): Map<string, Held> => {
    const held = new Map<string, Held>();
    for (const [path, ref] of refs) {
      const config = deps.cache.get(tree.get(path) ?? '');
      if (config !== undefined) held.set(keyOf(ref), { ref, config });
    }
    return held;
  };
  const before = hold(trees.before);
  const after = hold(trees.after);
  const groups = new Map<string, Held[]>();
  for (const held of new Map([...before, ...after]).values()) {
    const group = `${held.ref.scope}\0${held.ref.kind}`;
    const members = groups.get(group);
    if (members === undefined) groups.set(group, [held]);
    else members.push(held);
  }
  return {
    before: (ref) => before.get(keyOf(ref))?.config,
    after: (ref) => after.get(keyOf(ref))?.config,
    list: (scope, kind) => groups.get(`${scope}\0${kind}`) ?? [],
  };
}

function keyOf({ scope, kind, id }: Ref): string {
  return `${scope}\0${kind}\0${id}`;
}
