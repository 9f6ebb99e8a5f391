/** Reads the notes of the history into rows, newest first, in portions small enough that requests are answered between them. */
import { setImmediate } from 'node:timers/promises';
import type { UnmappedEvent } from '../model.ts';
import { decodeNote } from '../pipeline/notes.ts';
import type { CommitInfo, LogOptions, Store } from '../store/store.ts';
import { type Row, rowOf } from './row.ts';

/** A commit and what is noted beside it. */
export interface Entry {
  readonly sha: string;
  readonly date: string;
  /** The blob of its findings; undefined when it has none. */
  readonly blob: string | undefined;
  readonly rows: readonly Row[];
  readonly unmapped: readonly UnmappedEvent[];
  /** In the last day that it stood. */
  readonly quietUnmapped: readonly UnmappedEvent[];
}

export type Titles = Readonly<Record<string, string>>;

/** Commits. The first portion should hold a day; later ones are larger, because each starts a git. */
const FIRST = 300;
const PORTION = 1500;
/** Notes that are read into rows before others get their turn: some milliseconds of the processor. */
const TURN = 100;

/** By commit, the blob of its findings. */
export type Blobs = ReadonlyMap<string, string | null>;

/** `blobsOf` is asked for each portion. */
export async function* scan(
  store: Store,
  query: LogOptions,
  blobsOf: (commits: readonly CommitInfo[]) => Promise<Blobs>,
  titles: Titles,
): AsyncGenerator<Entry[]> {
  let portion: CommitInfo[] = [];
  let size = FIRST;
  for await (const commit of store.log(query)) {
    portion.push(commit);
    if (portion.length < size) continue;
    yield await readEntries(store, portion, await blobsOf(portion), titles);
    portion = [];
    size = PORTION;
  }
  if (portion.length > 0) yield await readEntries(store, portion, await blobsOf(portion), titles);
}

export async function readEntries(
  store: Store,
  commits: readonly Pick<CommitInfo, 'sha' | 'date'>[],
  blobs: Blobs,
  titles: Titles,
): Promise<Entry[]> {
  const texts = await store.read(commits.flatMap(({ sha }) => blobs.get(sha) ?? []));
  const entries: Entry[] = [];
  for (const { sha, date } of commits) {
    const blob = blobs.get(sha) ?? undefined;
    const bytes = blob === undefined ? undefined : texts.get(blob);
    const note = decodeNote(bytes === undefined ? undefined : Buffer.from(bytes).toString('utf8'));
    entries.push({
      sha,
      date,
      blob,
      rows: (note?.findings ?? []).map((finding) => rowOf(finding, { sha, date }, titles)),
      unmapped: note?.unmapped ?? [],
      quietUnmapped: note?.quietUnmapped ?? [],
    });
    if (entries.length % TURN === 0) await setImmediate();
  }
  return entries;
}
