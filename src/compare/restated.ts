/** A fact that is read from a file differs where the file does: what only says again what another difference says is left out. */
import { type Json, type Kind, kindNamed } from '../model.ts';
import { type DifferentPlace, outliersOf } from './difference.ts';

export interface Differing {
  readonly kind: string;
  readonly id: string;
  readonly places: readonly DifferentPlace[];
  /** By side; absent where it lacks the resource. */
  readonly configs: ReadonlyMap<string, Json | undefined>;
}

/** The same without the places that are restated, and how many these were. What is left without a place is left out. */
export function withoutRestated<One extends Differing>(
  differences: readonly One[],
  kinds: Readonly<Record<string, Kind>>,
): { readonly left: readonly One[]; readonly restated: number } {
  const byName = new Map(differences.map((difference) => [nameOf(difference), difference]));
  let restated = 0;
  const left = differences.flatMap((difference) => {
    const places = difference.places.filter((place) => !says(place, difference, byName, kinds));
    restated += difference.places.length - places.length;
    return places.length === 0 ? [] : [{ ...difference, places }];
  });
  return { left, restated };
}

const nameOf = ({ kind, id }: Pick<Differing, 'kind' | 'id'>): string => `${kind} ${id}`;

/** Whether the same sides stand out in all that the place restates. */
function says(
  place: DifferentPlace,
  { kind, id, configs }: Differing,
  byName: ReadonlyMap<string, Differing>,
  kinds: Readonly<Record<string, Kind>>,
): boolean {
  const restates = kindNamed(kinds, kind)?.restates;
  if (restates === undefined) return false;
  const own = new Set(standingOut(place));
  const reference = place.standard ?? place.groups[0];
  const of = (one: boolean) => {
    const group = place.groups.find(({ value }) => (value === reference?.value) === one);
    return configs.get(group?.sides[0] ?? '') ?? undefined;
  };
  const [before, after] = [of(true), of(false)];
  // Of what one of two lacks as a whole, every part is told.
  const type = place.path !== '' ? 'modified' : before === undefined ? 'created' : after === undefined ? 'deleted' : 'modified';
  const refs = restates({
    type,
    ref: { scope: '', kind, id },
    path: '',
    edits: [{ path: place.path, before: null, after: null }],
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  });
  return (
    refs.length > 0 &&
    refs.every((ref) => {
      const others = byName.get(nameOf(ref))?.places.flatMap(standingOut) ?? [];
      return nameOf(ref) !== nameOf({ kind, id }) && [...own].every((side) => others.includes(side));
    })
  );
}

/** Without a standard every side does. */
function standingOut(place: DifferentPlace): readonly string[] {
  return place.standard === undefined ? [...place.values.keys()] : outliersOf(place);
}
