/** Entries of the configuration that read one place and find different things there: nobody knows which of them is true. */
import { type Gap, type Kind, kindNamed, type Resource, type Snapshot } from '../model.ts';
import { normalize } from '../normalize/normalize.ts';
import type { Redactor } from '../normalize/redact.ts';
import { blobId } from '../store/objects.ts';

interface Deps {
  readonly kinds: Readonly<Record<string, Kind>>;
  readonly redactor: Redactor;
}

const REMEDY = 'give each entry a name of its own, or make them one';

/**
 * Each snapshot is one entry's. Where two disagree about a scope's kind, or about whose a scope is, it becomes a gap and what they
 * read there is left out: else each run would write the one over the other. Two that agree may read the same.
 */
export function withoutRivals(snapshots: readonly Snapshot[], deps: Deps): Snapshot[] {
  const foreign = contestedScopes(snapshots);
  const kinds = contestedKinds(snapshots, deps);
  const gaps: Gap[] = [
    ...[...foreign].map(([scope, [one, other]]): Gap => {
      const detail = `two entries of exporters: call ${one} and ${other} by this name; ${REMEDY}`;
      return { scope, reason: 'invalid', detail };
    }),
    ...[...kinds.values()].map((place): Gap => {
      const detail = `two entries of exporters: read this and find different things; ${REMEDY}`;
      return { ...place, reason: 'invalid', detail };
    }),
  ];
  if (gaps.length === 0) return [...snapshots];
  const isForeign = (scope: string) => [...foreign.keys()].some((above) => scope === above || scope.startsWith(`${above}/`));
  const isContested = ({ scope, kind }: Place) => isForeign(scope) || kinds.has(keyOf({ scope, kind }));
  return snapshots.map((snapshot, index) => ({
    ...snapshot,
    resources: snapshot.resources.filter(({ ref }) => !isContested(ref)),
    complete: snapshot.complete.filter((place) => !isContested(place)),
    identities: Object.fromEntries(Object.entries(snapshot.identities).filter(([scope]) => !foreign.has(scope))),
    gaps: index === 0 ? [...snapshot.gaps, ...gaps] : snapshot.gaps,
  }));
}

interface Place {
  readonly scope: string;
  readonly kind: string;
}
const keyOf = ({ scope, kind }: Place): string => `${scope}\n${kind}`;

/** By scope, two of the identities that were found behind it. */
function contestedScopes(snapshots: readonly Snapshot[]): Map<string, readonly [string, string]> {
  const known = new Map<string, string>();
  const contested = new Map<string, readonly [string, string]>();
  for (const [scope, identity] of snapshots.flatMap(({ identities }) => Object.entries(identities))) {
    const other = known.get(scope);
    if (other !== undefined && other !== identity) contested.set(scope, [other, identity]);
    known.set(scope, identity);
  }
  return contested;
}

function contestedKinds(snapshots: readonly Snapshot[], deps: Deps): Map<string, Place> {
  const readers = new Map<string, Snapshot[]>();
  for (const snapshot of snapshots) {
    const places = [...snapshot.complete, ...snapshot.resources.map(({ ref }) => ref)];
    for (const key of new Set(places.map(keyOf))) readers.set(key, [...(readers.get(key) ?? []), snapshot]);
  }
  const contested = new Map<string, Place>();
  for (const [key, [first, ...others]] of readers) {
    const [scope = '', kind = ''] = key.split('\n');
    const place = { scope, kind };
    if (first === undefined || others.length === 0) continue;
    const reading = readingOf(first, place, deps);
    if (others.some((other) => differ(reading, readingOf(other, place, deps)))) contested.set(key, place);
  }
  return contested;
}

interface Reading {
  readonly isComplete: boolean;
  /** By id, the digest of what would be stored. */
  readonly digests: ReadonlyMap<string, string>;
}

function readingOf({ resources, complete }: Snapshot, { scope, kind }: Place, { kinds, redactor }: Deps): Reading {
  const definition = kindNamed(kinds, kind);
  const digest = (resource: Resource) => (definition === undefined ? '' : blobId(normalize(resource, definition, redactor).bytes));
  const own = resources.filter(({ ref }) => ref.scope === scope && ref.kind === kind);
  return {
    isComplete: complete.some((place) => place.scope === scope && place.kind === kind),
    digests: new Map(own.map((resource) => [resource.ref.id, digest(resource)])),
  };
}

/** Of what only one has seen, the other may just have been unable to read it. */
function differ(one: Reading, other: Reading): boolean {
  const lacks = (reading: Reading, id: string, from: Reading) => reading.isComplete && from.isComplete && !reading.digests.has(id);
  return (
    [...one.digests].some(([id, digest]) => (other.digests.get(id) ?? digest) !== digest || lacks(other, id, one)) ||
    [...other.digests.keys()].some((id) => lacks(one, id, other))
  );
}
