/** Which log files nothing vouches for: a ledger of what digests list, day by day, so that a year costs no more memory than a week. */
import { dayOf, HOUR, logTime } from './digest-names.ts';

/** A file is named after its delivery, give or take; the digest of the next hour may be the one that lists it. Milliseconds. */
export const MARGIN = HOUR;
/** Ends and beginnings that are this close continue each other. Milliseconds. */
export const TOUCHING = 60_000;

/** Unlisted files of hours that no digest covers, as one. */
export interface Heap {
  /** Milliseconds; undefined before the first digest and after the last. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly count: number;
  readonly first: string;
  /** When the last of them was delivered, milliseconds. */
  readonly newest: number;
}

export interface Ledger {
  readonly listed: (key: string) => void;
  /** The hours of a digest. In order for each trail. */
  readonly covered: (from: number, to: number) => void;
  /** Of the log files of one day, those that a digest covers and does not list. */
  readonly settle: (day: string, keys: readonly string[]) => string[];
  readonly heaps: () => Heap[];
}

interface Span {
  readonly from: number;
  to: number;
}

/** Milliseconds: what was delivered before `since` is not looked at; what came after `until` a digest to come may list. */
export function createLedger(since: number, until: number): Ledger {
  const listed = new Map<string, Set<string>>();
  const spans: Span[] = [];
  const heaps = new Map<number, { count: number; first: string; newest: number }>();
  return {
    listed: (key) => {
      const ofDay = listed.get(dayOf(key)) ?? new Set<string>();
      listed.set(dayOf(key), ofDay.add(key));
    },
    covered: (from, to) => {
      const last = spans.at(-1);
      if (last === undefined || from > last.to + TOUCHING) spans.push({ from, to });
      else if (to > last.to) last.to = to;
    },
    settle: (day, keys) => {
      const known = listed.get(day);
      listed.delete(day);
      const orphans: string[] = [];
      for (const key of keys) {
        const at = logTime(key);
        if (at === undefined || at < since || known?.has(key) === true) continue;
        const span = spans.findLast(({ from }) => from <= at);
        if (span !== undefined && at <= span.to) {
          if (at <= until) orphans.push(key);
          continue;
        }
        const after = span?.to ?? Number.NEGATIVE_INFINITY;
        const heap = heaps.get(after);
        heaps.set(after, { count: (heap?.count ?? 0) + 1, first: heap?.first ?? key, newest: Math.max(heap?.newest ?? at, at) });
      }
      return orphans;
    },
    heaps: () =>
      [...heaps].map(([after, heap]) => ({
        from: Number.isFinite(after) ? after : undefined,
        to: spans.find(({ from }) => from > after)?.from,
        ...heap,
      })),
  };
}
