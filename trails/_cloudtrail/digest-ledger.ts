/** Which log files nothing vouches for: a ledger of what digests list, day by day, so that a year costs no more memory than a week. */
import { dayOf, HOUR, logTime } from './digest-names.ts';

/** A file is named after its delivery; the digest of the next hour may be the one that lists it. */
const MARGIN = HOUR;
/** Ends and beginnings that are this close continue each other. Milliseconds. */
export const TOUCHING = 60_000;

/** Unlisted files of hours that no digest covers, as one. */
export interface Heap {
  /** Milliseconds; undefined before the first digest and after the last. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly count: number;
  readonly first: string;
}

export interface Ledger {
  readonly listed: (key: string) => void;
  /** The hours of a digest. In order for each trail. */
  readonly covered: (from: number, to: number) => void;
  /** The log files of one day: those that a digest covers and does not list. `growing`: later digests may still list the newest. */
  readonly settle: (day: string, keys: readonly string[], growing: boolean) => string[];
  readonly heaps: () => Heap[];
}

interface Span {
  readonly from: number;
  to: number;
}

/** `since` in milliseconds: what was delivered before is not looked at. */
export function createLedger(since: number): Ledger {
  const listed = new Map<string, Set<string>>();
  const spans: Span[] = [];
  const heaps = new Map<number, { count: number; first: string }>();
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
    settle: (day, keys, growing) => {
      const known = listed.get(day);
      listed.delete(day);
      const orphans: string[] = [];
      for (const key of keys) {
        const at = logTime(key);
        if (at === undefined || at < since || known?.has(key) === true) continue;
        const index = spans.findLastIndex(({ from }) => from <= at);
        const span = spans[index];
        const newest = growing && index === spans.length - 1;
        if (span !== undefined && at <= span.to) {
          if (!newest || at <= span.to - MARGIN) orphans.push(key);
        } else {
          const after = span?.to ?? Number.NEGATIVE_INFINITY;
          const heap = heaps.get(after);
          heaps.set(after, { count: (heap?.count ?? 0) + 1, first: heap?.first ?? key });
        }
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
