/** What of a place has been read: everything delivered in a span, and near its end the files one by one. */
import { isObject, type Json } from 'drifttrail';
import { deliveredAt, MARGIN } from './layout.ts';

export interface Mark {
  /** UTC ISO 8601; windows that begin earlier are read anew. */
  readonly since: string;
  /** Milliseconds; what was delivered more than an hour before this needs no second look. */
  readonly until: number;
  /** Files read that were delivered in that last hour: their neighbours may still appear. */
  readonly recent: readonly string[];
}

export function readMark(text: string | undefined): Mark | undefined {
  if (text === undefined) return undefined;
  try {
    const value = JSON.parse(text) as Json;
    if (!isObject(value) || typeof value['since'] !== 'string' || typeof value['until'] !== 'number' || !Array.isArray(value['recent']))
      return undefined;
    return { since: value['since'], until: value['until'], recent: value['recent'].filter((key: Json) => typeof key === 'string') };
  } catch {
    return undefined; // Another version's mark: read the window anew; events are kept once anyway.
  }
}

/** Files delivered before this time, in milliseconds, need not even be listed. */
export function settledBefore(mark: Mark | undefined, from: string): number {
  const first = Date.parse(from) - MARGIN;
  return mark === undefined || Date.parse(from) < Date.parse(mark.since) ? first : Math.max(first, mark.until - MARGIN);
}

/** Whether a file needs reading for a window that begins at `from`. */
export function isNew(key: string, mark: Mark | undefined, from: string): boolean {
  if (mark === undefined || Date.parse(from) < Date.parse(mark.since)) return true;
  const at = deliveredAt(key);
  return at === undefined || (at > mark.until - MARGIN && !mark.recent.includes(key));
}

/** The mark after all `keys` of a window have been read. */
export function nextMark(previous: Mark | undefined, keys: readonly string[], from: string): Mark {
  const kept = previous !== undefined && Date.parse(from) >= Date.parse(previous.since) ? previous : undefined;
  const read = [...(kept?.recent ?? []), ...keys];
  const until = Math.max(kept?.until ?? Number.NEGATIVE_INFINITY, ...keys.map((key) => deliveredAt(key) ?? Number.NEGATIVE_INFINITY));
  return {
    since: kept?.since ?? from,
    until: Number.isFinite(until) ? until : Date.parse(from) - MARGIN,
    recent: [...new Set(read)].filter((key) => (deliveredAt(key) ?? 0) > until - MARGIN).sort(),
  };
}
