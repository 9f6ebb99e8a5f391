/** Who assumed the roles that wrote: their credentials' issuing is a reading call and must be asked for, in every account of a chain. */
import type { AuditEvent, TrailContext } from 'drifttrail';
import pLimit from 'p-limit';
import type { Account } from '../../exporters/_aws/api.ts';
import { lookUp } from './lookup.ts';
import { openSearch, type Search } from '../_cloudtrail/search.ts';

export interface Place {
  readonly account: Account;
  readonly region: string;
  readonly span: { readonly from: string; readonly to: string };
}

/** Places asked at a time; each has a rate of its own. */
export const PARALLEL = 8;
/** The longest that credentials of a role may last. Milliseconds. */
const LONGEST_SESSION = 12 * 3_600_000;
/** Requests of one search: with eight places at a time and 1/s each, a minute and a half. */
const BUDGET = 700;
/** With more credentials than this to find in a place, reading so many pages of AssumeRole finds most of them at once. */
const PAGES = 30;

/** What a search is told to do and has left. */
interface Errand {
  readonly search: Search;
  readonly asked: Set<string>;
  readonly scanned: Set<Place>;
  readonly signal: AbortSignal;
  left: number;
}

interface Issuers {
  readonly events: readonly AuditEvent[];
  /** Sessions that nobody was found for because there were too many to ask for. */
  readonly cut: number;
}

/**
 * Only when a write was signed with a credential that hides a person. LookupEvents finds the call that issued a
 * credential by the credential's name. It is asked where the credential was used, then in the region of global
 * services, where old clients send AssumeRole, then everywhere else. `failed` hears of places that could not be read.
 */
export async function readIssuers(
  places: readonly Place[],
  writes: readonly AuditEvent[],
  { signal, progress }: Pick<TrailContext, 'signal' | 'progress'>,
  failed: (place: Place, error: unknown) => void,
): Promise<Issuers> {
  const search = openSearch(writes, new Set(places.map(({ account }) => account.id)));
  const errand: Errand = { search, asked: new Set(), scanned: new Set(), signal, left: BUDGET };
  const readable = new Set(places);
  const limit = pLimit(PARALLEL);
  const visit = async (place: Place, rank: number) => {
    try {
      await searchPlace(place, rank, errand);
    } catch (error) {
      signal.throwIfAborted();
      readable.delete(place);
      failed(place, error);
    }
  };
  // A find may name another session that hides a person: then the likeliest places are asked for that one first.
  for (let rank = 0; rank <= 2 && search.missing().length > 0 && errand.left > 0; ) {
    const before = search.found().length;
    await Promise.all([...readable].map((place) => limit(() => visit(place, rank))));
    rank = search.found().length > before ? 0 : rank + 1;
  }
  const missing = search.missing().length;
  if (missing > 0) progress(`${missing} sessions were not traced to who assumed their role; they keep their session name`);
  return { events: search.found(), cut: errand.left > 0 ? 0 : missing };
}

async function searchPlace(place: Place, rank: number, errand: Errand): Promise<void> {
  const { search, asked, scanned } = errand;
  const key = keyOf(place);
  const wanted = () =>
    search.missing().filter((credential) => rankOf(place, search.usedIn(credential)) === rank && !asked.has(`${key} ${credential}`));
  if (rank === 0 && wanted().length > PAGES && !scanned.has(place)) {
    scanned.add(place);
    await ask(place, ['EventName', 'AssumeRole'], PAGES, errand);
  }
  for (const credential of wanted()) {
    if (errand.left <= 0) return;
    // Another place may have told of it meanwhile.
    if (!search.missing().includes(credential)) continue;
    asked.add(`${key} ${credential}`);
    await ask(place, ['ResourceName', credential], 1, errand);
  }
}

async function ask({ account, region, span }: Place, attribute: readonly [string, string], pages: number, errand: Errand): Promise<void> {
  const from = new Date(Date.parse(span.from) - LONGEST_SESSION).toISOString();
  let page = 0;
  for await (const events of lookUp(account, region, attribute, { from, to: span.to }, errand.signal)) {
    errand.left--;
    for (const event of events) errand.search.offer(event);
    if (++page >= pages || errand.search.missing().length === 0 || errand.left <= 0) return;
  }
}

function rankOf(place: Place, used: ReadonlySet<string>): number {
  return used.has(keyOf(place)) ? 0 : place.region === place.account.globalRegion ? 1 : 2;
}

const keyOf = ({ account, region }: Place): string => `${account.id} ${region}`;
