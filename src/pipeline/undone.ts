/** Which changes of a report do not stand any more: a later one put every edited place back. */
import canonical from 'fast-json-stable-stringify';
import { type Change, type Edit, type Finding, type Json, withParts } from '../model.ts';
import { contains } from '../pointer.ts';
import { timeOf } from '../report/order.ts';

/** `findings` in the order of their commits, oldest first. */
export function markUndone(findings: readonly Finding[]): Finding[] {
  const byPath = new Map<string, (Finding & { readonly change: Change })[]>();
  for (const finding of withParts(findings)) {
    const { change } = finding;
    if (change !== undefined) byPath.set(placeOf(change), [...(byPath.get(placeOf(change)) ?? []), { ...finding, change }]);
  }
  return findings.map((finding) => {
    const { change } = finding;
    if (change === undefined) return finding;
    const story = byPath.get(placeOf(change)) ?? [];
    const later = story.slice(story.findIndex(({ id }) => id === finding.id) + 1);
    const undoer = undoing(change, later);
    if (undoer === undefined) return finding;
    // What is undone already must not be undone once more.
    const { undo: _done, ...rest } = finding;
    return { ...rest, undone: { by: undoer.id, at: timeOf(undoer), ...nameOf(undoer) } };
  });
}

/** What stands in no file of its own is known by what it is. */
function placeOf({ path, ref }: Change): string {
  return path === '' ? `${ref.scope} ${ref.kind} ${ref.id}` : path;
}

function nameOf({ attribution }: Finding): { readonly actor?: string } {
  return attribution.actor === undefined ? {} : { actor: attribution.actor.name };
}

/** What was changed oftener since changes all the time: whether one of its changes still stands is not asked. */
export const MOST_LATER = 1000;

/** The first later finding after which everything that `change` edited is as it was before; undefined while any of it stands. */
export function undoing<Later extends { readonly change: Pick<Change, 'edits' | 'sameMeaning'> }>(
  change: Pick<Change, 'edits'>,
  later: readonly Later[],
): Later | undefined {
  if (later.length > MOST_LATER) return undefined;
  let places = change.edits;
  let undoer: Later | undefined;
  for (const next of later) {
    if (next.change.sameMeaning) continue;
    const now = after(places, next.change);
    if (now === undefined) return undefined;
    places = now;
    undoer = places.every((place) => same(place.before, place.after)) ? (undoer ?? next) : undefined;
  }
  return undoer;
}

/**
 * What stands at the edited places after a further change; undefined when its edits do not tell. Lines move when others
 * come and go: of a text only edits of the very same places tell.
 */
function after(places: readonly Edit[], { edits }: Pick<Change, 'edits'>): readonly Edit[] | undefined {
  const isText = [...places, ...edits].some(({ path }) => path.startsWith('/lines/'));
  if (isText && edits.some(({ path }) => places.every((place) => place.path !== path))) return undefined;
  const next: Edit[] = [];
  for (const place of places) {
    const exact = edits.find(({ path }) => path === place.path);
    if (exact !== undefined && !same(exact.before, place.after)) return undefined;
    if (exact !== undefined) next.push({ ...place, after: exact.after });
    else if (edits.some(({ path }) => contains(path, place.path) || contains(place.path, path))) return undefined;
    else next.push(place);
  }
  return next;
}

function same(a: Json, b: Json): boolean {
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return a === b;
  return canonical(a) === canonical(b);
}
