/** Who assumed the roles that wrote: AssumeRole is a reading call and must be asked for by name, in every account of a chain. */
import type { AuditEvent, TrailContext } from 'drifttrail';
import pLimit from 'p-limit';
import type { Account } from '../../exporters/_aws/api.ts';
import { lookUp } from './lookup.ts';

export interface Place {
  readonly account: Account;
  readonly region: string;
  readonly span: { readonly from: string; readonly to: string };
}

/** Places asked at a time; each has a rate of its own. */
export const PARALLEL = 8;
/** The longest that credentials of a role may last. Milliseconds. */
const LONGEST_SESSION = 12 * 3_600_000;
/** Events read in search of them; busy accounts assume roles all the time. At 50 a page and 1/s this is half a minute. */
const MOST = 1_500;

/**
 * Only when a write was signed with a credential that hides a person; newest first, so it ends as soon as all are found.
 * A credential is often issued elsewhere than it is used: first the places of the writes are asked, then the global
 * endpoint's region, then the others. `failed` hears of places that could not be read.
 */
export async function readIssuers(
  places: readonly Place[],
  writes: readonly AuditEvent[],
  { signal, progress }: Pick<TrailContext, 'signal' | 'progress'>,
  failed: (place: Place, error: unknown) => void,
): Promise<AuditEvent[]> {
  const search = openSearch(writes, new Set(places.map(({ account }) => account.id)));
  const limit = pLimit(PARALLEL);
  for (const wave of waves(places, writes)) {
    if (search.missing() === 0) break;
    await Promise.all(
      wave.map((place) =>
        limit(async () => {
          try {
            await searchPlace(place, search, signal);
          } catch (error) {
            signal.throwIfAborted();
            failed(place, error);
          }
        }),
      ),
    );
  }
  if (search.missing() > 0)
    progress(`${search.missing()} sessions were not traced to who assumed their role; they keep their session name`);
  return search.found();
}

/** Signed with a role's credential, and nothing in the record says who held it. */
export function hidesPerson({ actor }: Pick<AuditEvent, 'actor'>): boolean {
  return actor.type === 'AssumedRole' && actor.nameFrom === undefined;
}

interface Search {
  readonly offer: (event: AuditEvent) => void;
  readonly missing: () => number;
  readonly found: () => AuditEvent[];
}

function openSearch(writes: readonly AuditEvent[], ours: ReadonlySet<string>): Search {
  const seen = new Map<string, AuditEvent[]>();
  const found = new Map<string, AuditEvent>();
  const missing = new Set<string>();
  const asked = new Set<string>();
  const take = (event: AuditEvent) => {
    found.set(event.id, event);
    // The role's account only learns from which account it was assumed; that account's own record names the caller.
    const told = event.actor.type !== 'AWSAccount' || !ours.has(event.actor.name);
    if (told && event.issued !== undefined) missing.delete(event.issued);
    want(event);
  };
  const want = ({ actor }: Pick<AuditEvent, 'actor'>) => {
    const { credential } = actor;
    if (!hidesPerson({ actor }) || credential === undefined || asked.has(credential)) return;
    asked.add(credential);
    missing.add(credential);
    for (const event of seen.get(credential) ?? []) take(event);
  };
  writes.forEach(want);
  return {
    offer: (event) => {
      if (event.issued === undefined) return;
      seen.set(event.issued, [...(seen.get(event.issued) ?? []), event]);
      if (asked.has(event.issued)) take(event);
    },
    missing: () => missing.size,
    found: () => [...found.values()],
  };
}

async function searchPlace({ account, region, span }: Place, search: Search, signal: AbortSignal): Promise<void> {
  const from = new Date(Date.parse(span.from) - LONGEST_SESSION).toISOString();
  let read = 0;
  for await (const event of lookUp(account, region, ['EventName', 'AssumeRole'], { from, to: span.to }, signal)) {
    search.offer(event);
    if (search.missing() === 0 || ++read >= MOST) return;
  }
}

function waves(places: readonly Place[], writes: readonly AuditEvent[]): Place[][] {
  const wrote = new Set(writes.map(({ account, region }) => `${account} ${region}`));
  const rank = ({ account, region }: Place) => (wrote.has(`${account.id} ${region}`) ? 0 : region === account.globalRegion ? 1 : 2);
  return [0, 1, 2].map((wave) => places.filter((place) => rank(place) === wave));
}
