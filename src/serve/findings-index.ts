/** The findings of the whole history in memory: derived from the notes, kept up to date, thrown away at the end. */
import { FINDINGS_NOTES, type Store } from '../store/store.ts';
import type { Row } from './row.ts';
import { type Blobs, type Entry, readEntries, scan, type Titles } from './scan.ts';
import { createTable, type Table } from './table.ts';

export interface FindingsIndex {
  /** Looks whether the history or its notes have moved on, and reads what is new. */
  readonly refresh: () => Promise<void>;
  /** Tells of every commit that comes, and of every finding that comes later to a known one. The answer ends it. */
  readonly listen: (listener: (news: News) => void) => () => void;
  /** Stands for the history and its notes as they were at the last refresh; undefined before they have been read. */
  readonly mark: () => string | undefined;
  /** What has come since a mark: nothing, or what is known of it, which is no more than that there is something when the mark is of another history. */
  readonly since: (mark: string) => Promise<News | undefined>;
  /** Whether all commits since then have been read. Waits for it, but not longer than `patience` milliseconds. */
  readonly reaches: (from: string, patience: number) => Promise<boolean>;
  /** What has been read so far, as of the last refresh. */
  readonly table: () => Table;
  readonly complete: () => boolean;
  /** Ends what is being read. */
  readonly close: () => Promise<void>;
}

export interface News {
  /** Of the history as it is with them. */
  readonly mark: string;
  readonly commits: readonly string[];
  readonly rows: readonly Row[];
}

interface State {
  readonly tip: string | null;
  readonly notes: string | null;
}

/** Before every date: all has been read. After every date: nothing has. */
const ALL = '';
const NOTHING = '9';

/** `problem` is told when the first reading fails; whoever asks next has it begin again. */
export function openIndex(store: Store, titles: Titles, problem: (error: unknown) => void): FindingsIndex {
  const stop = new AbortController();
  const own = store.within(stop.signal);
  let table = createTable();
  let state: State | undefined;
  /** Commits from then on have been read. */
  let reach = NOTHING;
  let first: Promise<void> | undefined;
  let refreshing: Promise<void> | undefined;
  const waiting = new Set<() => void>();
  const listeners = new Set<(news: News) => void>();

  const moved = (to: string) => {
    reach = to;
    for (const resume of waiting) resume();
  };
  const current = async (): Promise<State> => ({ tip: await own.tip(), notes: await own.ref(FINDINGS_NOTES) });

  /** The notes of a whole history take longer to list than those of the first commits to find. */
  const blobsOf = () => {
    let all: Promise<Blobs> | undefined;
    let isFirst = true;
    return (commits: readonly { readonly sha: string }[]): Promise<Blobs> => {
      if (!isFirst) all ??= own.findingIds();
      isFirst = false;
      return all ?? own.findingIds(commits.map(({ sha }) => sha));
    };
  };

  const readAll = async () => {
    state = undefined;
    table = createTable();
    reach = NOTHING;
    const seen = await current();
    if (seen.tip !== null) {
      for await (const entries of scan(own, { ref: seen.tip }, blobsOf(), titles)) {
        for (const entry of entries) table.add(entry);
        moved(entries.at(-1)?.date ?? NOTHING);
      }
    }
    state = seen;
    moved(ALL);
  };

  const start = () => {
    first ??= readAll().catch((error: unknown) => {
      first = undefined;
      moved(NOTHING);
      if (!stop.signal.aborted) problem(error);
    });
  };

  const startAgain = () => {
    first = undefined;
    start();
  };

  const readNew = async (before: State, now: State): Promise<void> => {
    if (now.tip === null || before.tip === null || now.notes === null || before.notes === null) return startAgain();
    // What is known of a history that was rewritten counts no more.
    if (!(await own.isAncestor(before.tip, now.tip))) return startAgain();
    const blobs = await own.changedFindings(before.notes, now.notes);
    const fresh: Entry[] = [];
    for await (const entries of scan(own, { ref: `${before.tip}..${now.tip}` }, async () => blobs, titles)) fresh.push(...entries);
    const again = [...blobs.keys()].flatMap((commit) => table.entry(commit) ?? []);
    const noted = new Map((await readEntries(own, again, blobs, titles)).map((entry) => [entry.sha, entry]));
    const next = createTable();
    for (const entry of fresh) next.add(entry);
    for (const entry of table.entries) next.add(noted.get(entry.sha) ?? entry);
    const known = table;
    table = next;
    state = now;
    const rows = next.rowsOf([...fresh, ...noted.values()]).filter(({ id }) => known.row(id) === undefined);
    if (fresh.length + rows.length === 0) return;
    const news = { mark: markOf(now) ?? '', commits: fresh.map(({ sha }) => sha), rows };
    for (const listener of listeners) listener(news);
  };

  const since = async (mark: string): Promise<News | undefined> => {
    const [before, now] = [stateIn(mark), state];
    const reached = now === undefined ? undefined : markOf(now);
    if (now === undefined || reached === undefined || before === undefined || reached === mark) return undefined;
    const current = table;
    const end = current.entries.findIndex(({ sha }) => sha === before.tip);
    const fresh = end === -1 ? [] : current.entries.slice(0, end);
    const nothingKnown = { mark: reached, commits: fresh.map(({ sha }) => sha), rows: current.rowsOf(fresh) };
    if (end === -1 || before.notes === null || now.notes === null) return nothingKnown;
    try {
      const [noted, former] = await Promise.all([
        own.changedFindings(before.notes, now.notes),
        own.changedFindings(now.notes, before.notes),
      ]);
      const entriesOf = (blobs: Blobs) => [...blobs.keys()].flatMap((sha) => current.entry(sha) ?? []);
      const told = new Set((await readEntries(own, entriesOf(former), former, titles)).flatMap(({ rows }) => rows.map(({ id }) => id)));
      const rows = current.rowsOf(new Set([...fresh, ...entriesOf(noted)])).filter(({ id }) => !told.has(id));
      return { ...nothingKnown, rows };
    } catch {
      // Notes of another history, or such as git has thrown away.
      return nothingKnown;
    }
  };

  const refreshOnce = async () => {
    start();
    const before = state;
    if (before === undefined) return;
    const now = await current();
    if (now.tip !== before.tip || now.notes !== before.notes) await readNew(before, now);
  };

  return {
    refresh: () => {
      refreshing ??= refreshOnce().finally(() => {
        refreshing = undefined;
      });
      return refreshing;
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    reaches: async (from, patience) => {
      start();
      const end = performance.now() + patience;
      for (;;) {
        if (reach === ALL || reach < from) return true;
        const left = end - performance.now();
        if (left <= 0 || stop.signal.aborted) return false;
        await oneOf(waiting, left);
      }
    },
    mark: () => (state === undefined ? undefined : markOf(state)),
    since,
    table: () => table,
    complete: () => reach === ALL,
    close: async () => {
      stop.abort();
      moved(reach);
      await first;
      await refreshing?.catch(() => undefined); // whoever asked has been told
    },
  };
}

function markOf({ tip, notes }: State): string | undefined {
  return tip === null ? undefined : `${tip}.${notes ?? '-'}`;
}

/** Of what a reader sends back to us; it goes to git, so it is what we have sent or nothing. */
function stateIn(mark: string): State | undefined {
  const [, tip, notes] = /^([0-9a-f]{40,64})\.([0-9a-f]{40,64}|-)$/.exec(mark) ?? [];
  return tip === undefined || notes === undefined ? undefined : { tip, notes: notes === '-' ? null : notes };
}

/** Until one of those who are waiting is called, or the milliseconds are over. */
function oneOf(waiting: Set<() => void>, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const resume = () => {
      clearTimeout(timer);
      waiting.delete(resume);
      resolve();
    };
    const timer = setTimeout(resume, milliseconds);
    waiting.add(resume);
  });
}
