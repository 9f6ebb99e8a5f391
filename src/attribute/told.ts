/** What one commit shows as a change, no commit must tell once more as a write without a diff. */
import { type Finding, withParts } from '../model.ts';
import { contains } from '../pointer.ts';
import { refKey } from './effects.ts';

interface Cause {
  readonly path: string;
  readonly eventIds: ReadonlySet<string>;
}

/**
 * Whether a finding is a transient all of whose events are told, at that very place, as the causes of a change in
 * `findings`. An event that made a change elsewhere may still have done here what was undone.
 */
export function toldAsChange(findings: readonly Finding[]): (finding: Finding) => boolean {
  const causes = new Map<string, Cause[]>();
  for (const { change, attribution } of withParts(findings)) {
    if (change === undefined) continue;
    const key = refKey(change.ref);
    const own = causes.get(key) ?? [];
    for (const [path, { grade, eventIds }] of Object.entries(attribution.edits)) {
      if (grade !== 'candidate') own.push({ path, eventIds: new Set(eventIds) });
    }
    causes.set(key, own);
  }
  return ({ transient, attribution }) => {
    if (transient === undefined) return false;
    const places = transient.effects.map(({ path }) => path.replace(/\/\*\*$/, ''));
    const here = (causes.get(refKey(transient.ref)) ?? []).filter(({ path }) =>
      places.some((place) => contains(place, path) || contains(path, place)),
    );
    return attribution.events.every(({ id }) => here.some(({ eventIds }) => eventIds.has(id)));
  };
}
