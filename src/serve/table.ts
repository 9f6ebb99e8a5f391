/** Rows by commit, id and file; commits are added from the newest to the oldest. */
import { MOST_LATER, undoing } from '../pipeline/undone.ts';
import type { Row } from './row.ts';
import type { Entry } from './scan.ts';

export interface Table {
  /** An older commit than all that are there. */
  readonly add: (entry: Entry) => void;
  /** Newest first. */
  readonly entries: readonly Entry[];
  readonly entry: (commit: string) => Entry | undefined;
  /** A finding as the newest note has it. */
  readonly row: (id: string) => Row | undefined;
  /** Of these commits, newest first; none that a newer note tells again. */
  readonly rowsOf: (entries: Iterable<Entry>) => Row[];
  /** Of all commits. */
  readonly all: () => readonly Row[];
  /** Of a file, newest first. */
  readonly story: (path: string) => readonly Row[];
  /** The row, marked when a later change has put back all that it changed. */
  readonly marked: (row: Row) => Row;
}

export function createTable(): Table {
  const entries: Entry[] = [];
  const bySha = new Map<string, Entry>();
  const byId = new Map<string, Row>();
  const byPath = new Map<string, Row[]>();
  // What came later is there before: no mark changes when an older commit is added.
  const marks = new WeakMap<Row, Row>();
  let all: readonly Row[] | undefined;
  const rowsOf = (some: Iterable<Entry>): Row[] => {
    const found: Row[] = [];
    for (const { rows } of some) for (const row of rows) if (byId.get(row.id) === row) found.push(row);
    return found;
  };
  return {
    add: (entry) => {
      all = undefined;
      entries.push(entry);
      bySha.set(entry.sha, entry);
      for (const row of entry.rows) {
        if (byId.has(row.id)) continue;
        byId.set(row.id, row);
        if (row.path === '') continue;
        const story = byPath.get(row.path);
        if (story === undefined) byPath.set(row.path, [row]);
        else story.push(row);
      }
    },
    entries,
    entry: (commit) => bySha.get(commit),
    row: (id) => byId.get(id),
    rowsOf,
    all: () => {
      all ??= rowsOf(entries);
      return all;
    },
    story: (path) => byPath.get(path) ?? [],
    marked: (row) => {
      const known = marks.get(row);
      if (known !== undefined) return known;
      const marked = withMark(row, byPath.get(row.path) ?? []);
      marks.set(row, marked);
      return marked;
    },
  };
}

/** `story`: newest first. */
function withMark(row: Row, story: readonly Row[]): Row {
  if (row.change === undefined) return row;
  const at = story.indexOf(row);
  if (at < 1 || at > MOST_LATER) return row;
  const later = story
    .slice(0, at)
    .reverse()
    .flatMap((next) => (next.change === undefined ? [] : [{ next, change: next.change }]));
  const undoer = undoing(row.change, later)?.next;
  if (undoer === undefined) return row;
  return { ...row, undone: { by: undoer.id, at: undoer.time, ...(undoer.actor === null ? {} : { actor: undoer.actor }) } };
}
