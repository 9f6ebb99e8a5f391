/** Holds readings that are successful but hard to believe, until a second one or the audit trail agrees. */
import type { Gap, Ref, Snapshot } from '../model.ts';

/** What the repository holds from earlier readings. */
export interface Previous {
  /** The ids of a kind's resources; asked only for kinds that were read completely. */
  readonly ids: (scope: string, kind: string) => Iterable<string>;
  /** What was found behind each scope last time. */
  readonly identities: Readonly<Record<string, string>>;
}

/**
 * What the last reading found and was not believed: by scope and kind the ids that had vanished, by scope the
 * identity that was new. Plain data, kept between runs.
 */
export type HeldState = Readonly<Record<string, readonly string[]>>;

const MANY = 10;
const SHARE = 0.5;
const IDENTITY = 'identity';

/**
 * Ten resources and half of a kind gone at once, or another identity behind a scope, become a gap `suspicious`. The
 * same a second time is believed. `confirmed` says that an audit event deleted a resource; such ones do not count.
 */
export function holdSuspicious(
  snapshot: Snapshot,
  previous: Previous,
  held: HeldState,
  confirmed: (ref: Ref) => boolean = () => false,
): { readonly snapshot: Snapshot; readonly held: HeldState } {
  const next: Record<string, readonly string[]> = { ...held };
  const gaps: Gap[] = [];
  const identities: Record<string, string> = { ...snapshot.identities };
  const foreign = new Set<string>();

  for (const [scope, identity] of Object.entries(snapshot.identities)) {
    const known = previous.identities[scope];
    const key = keyOf(IDENTITY, scope);
    if (known === undefined || known === identity || held[key]?.[0] === identity) {
      delete next[key];
      continue;
    }
    next[key] = [identity];
    identities[scope] = known;
    foreign.add(scope);
    gaps.push({ scope, reason: 'suspicious', detail: `${scope} is ${identity} now and was ${known}; held until a second reading agrees` });
  }

  const inForeign = (scope: string) => [...foreign].some((above) => scope === above || scope.startsWith(`${above}/`));
  const present = idsByKind(snapshot);
  const complete = snapshot.complete.filter(({ scope, kind }) => {
    if (inForeign(scope)) return false;
    const key = keyOf(scope, kind);
    const { total, vanished } = compare(previous.ids(scope, kind), present.get(key) ?? new Set());
    const gone = vanished.filter((id) => !confirmed({ scope, kind, id }));
    const believed = new Set(held[key] ?? []);
    if (!isMany(gone.filter((id) => !believed.has(id)).length, total)) {
      delete next[key];
      return true;
    }
    next[key] = gone.sort();
    gaps.push({
      scope,
      kind,
      reason: 'suspicious',
      detail: `${gone.length} of ${total} vanished at once; held until a second reading or their deletion in the audit trail agrees`,
    });
    return false;
  });

  if (gaps.length === 0) return { snapshot, held: next };
  return { snapshot: { ...snapshot, complete, gaps: [...snapshot.gaps, ...gaps], identities }, held: next };
}

function isMany(vanished: number, total: number): boolean {
  return vanished >= MANY && vanished >= SHARE * total;
}

function compare(before: Iterable<string>, now: ReadonlySet<string>): { readonly total: number; readonly vanished: string[] } {
  const vanished: string[] = [];
  let total = 0;
  for (const id of before) {
    total += 1;
    if (!now.has(id)) vanished.push(id);
  }
  return { total, vanished };
}

function idsByKind(snapshot: Snapshot): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { ref } of snapshot.resources) {
    const key = keyOf(ref.scope, ref.kind);
    const ids = found.get(key) ?? new Set<string>();
    found.set(key, ids.add(ref.id));
  }
  return found;
}

function keyOf(...parts: readonly string[]): string {
  return parts.join(' ');
}
