/** The credentials whose issuing is still to be found, and what has been found. */
import type { AuditEvent } from 'drifttrail';

export interface Search {
  readonly offer: (event: AuditEvent) => void;
  readonly missing: () => readonly string[];
  readonly found: () => readonly AuditEvent[];
  /** The places, as account and region, in which a credential signed a call. */
  readonly usedIn: (credential: string) => ReadonlySet<string>;
}

/** Signed with a role's credential, and nothing in the record says who held it. */
export function hidesPerson({ actor }: Pick<AuditEvent, 'actor'>): boolean {
  return actor.type === 'AssumedRole' && actor.nameFrom === undefined;
}

/** `ours` are the accounts whose trails are read. */
export function openSearch(writes: readonly AuditEvent[], ours: ReadonlySet<string>): Search {
  const seen = new Map<string, AuditEvent[]>();
  const found = new Map<string, AuditEvent>();
  const used = new Map<string, Set<string>>();
  const missing = new Set<string>();
  const take = (event: AuditEvent) => {
    if (found.has(event.id)) return;
    found.set(event.id, event);
    // The role's account only learns from which account it was assumed; that account's own record names the caller.
    const told = event.actor.type !== 'AWSAccount' || !ours.has(event.actor.name);
    if (told && event.issued !== undefined) missing.delete(event.issued);
    else if (event.issued !== undefined) usesOf(event.issued).add(`${event.actor.name} ${event.region}`);
    want(event);
  };
  const usesOf = (credential: string): Set<string> => {
    const known = used.get(credential) ?? new Set();
    used.set(credential, known);
    return known;
  };
  const want = (event: AuditEvent) => {
    const { credential } = event.actor;
    if (!hidesPerson(event) || credential === undefined) return;
    const first = !used.has(credential);
    usesOf(credential).add(`${event.account} ${event.region}`);
    if (!first) return;
    missing.add(credential);
    for (const issuing of seen.get(credential) ?? []) take(issuing);
  };
  writes.forEach(want);
  return {
    offer: (event) => {
      if (event.issued === undefined) return;
      seen.set(event.issued, [...(seen.get(event.issued) ?? []), event]);
      if (used.has(event.issued)) take(event);
    },
    missing: () => [...missing],
    found: () => [...found.values()],
    usedIn: (credential) => used.get(credential) ?? new Set(),
  };
}
