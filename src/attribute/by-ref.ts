/** A map whose keys are resources: three small maps, so that no key has to be put together from scope, kind and id. */
import type { Ref } from '../model.ts';

export interface ByRef<T> {
  readonly get: (ref: Ref) => T | undefined;
  readonly set: (ref: Ref, value: T) => void;
  /** In the order of scopes, kinds and ids as they came first. */
  readonly entries: () => Iterable<{ readonly ref: Ref; readonly value: T }>;
}

export function byRef<T>(): ByRef<T> {
  const scopes = new Map<string, Map<string, Map<string, { ref: Ref; value: T }>>>();
  return {
    get: ({ scope, kind, id }) => scopes.get(scope)?.get(kind)?.get(id)?.value,
    set: (ref, value) => {
      const kinds = within(scopes, ref.scope);
      within(kinds, ref.kind).set(ref.id, { ref, value });
    },
    *entries() {
      for (const kinds of scopes.values()) for (const ids of kinds.values()) yield* ids.values();
    },
  };
}

function within<T>(map: Map<string, Map<string, T>>, key: string): Map<string, T> {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = new Map<string, T>();
  map.set(key, made);
  return made;
}
