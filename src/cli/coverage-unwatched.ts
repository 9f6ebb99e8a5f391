/** What exists and nobody watches: things that a captured resource mentions, and of which there is no snapshot. */
import type { Deployment } from '../deployment.ts';
import { kindNamed, type Sight } from '../model.ts';

export interface Unwatched extends Omit<Sight, 'aliases'> {
  readonly scope: string;
  /** The file that shows that it exists. */
  readonly seenIn: string;
}

/**
 * A thing is watched when a host, or whatever else gives a scope its last name, is called by its id or by one of its
 * addresses and names. One that has several mentions is listed once.
 */
export async function unwatched({ store, layout, kinds }: Deployment): Promise<Unwatched[]> {
  const tip = await store.tip();
  const telling = [...(tip === null ? [] : await store.tree(tip))].flatMap(([path, blob]) => {
    const ref = layout.refOf(path);
    const kind = ref === undefined ? undefined : kindNamed(kinds, ref.kind);
    return ref === undefined || kind?.sights === undefined ? [] : [{ path, blob, ref, kind, sights: kind.sights }];
  });
  if (telling.length === 0) return [];
  const [{ parse }, { observations }, blobs] = await Promise.all([
    import('../normalize/normalize.ts'),
    store.readObserved(),
    store.read(telling.map(({ blob }) => blob)),
  ]);
  const watched = new Set(Object.keys(observations).flatMap((scope) => namesOf(scope.split('/').at(-1) ?? '')));
  const found = new Map<string, { readonly sight: Unwatched; watched: boolean }>();
  for (const { path, blob, ref, kind, sights } of telling) {
    const bytes = blobs.get(blob);
    for (const { title, id, aliases } of bytes === undefined ? [] : sights(parse(bytes, kind), ref)) {
      const known = [id, ...aliases].some((name) => namesOf(name).some((one) => watched.has(one)));
      const before = found.get(`${ref.scope} ${id}`);
      found.set(`${ref.scope} ${id}`, {
        sight: before?.sight ?? { title, id, scope: ref.scope, seenIn: path },
        watched: known || before?.watched === true,
      });
    }
  }
  return [...found.values()].filter((entry) => !entry.watched).map(({ sight }) => sight);
}

/** `ip-10-0-1-5.eu-west-1.compute.internal` is also `ip-10-0-1-5`; an address is nobody's short name. */
function namesOf(name: string): string[] {
  const whole = name.toLowerCase();
  return /^[\d.]+$/.test(whole) || !whole.includes('.') ? [whole] : [whole, whole.slice(0, whole.indexOf('.'))];
}
