/** Attribution beside the commits: text that `git log` shows, and the same findings as JSON for machines. */
import type { Git } from './git.ts';
import { importCommits, moveRefs, type NewCommit, type Signature } from './fast-import.ts';
import { blobId, readBlobs, readTree } from './objects.ts';
import { refOrNull } from './observed.ts';

export interface NoteEntry {
  readonly text: string;
  /** JSON. */
  readonly findings: string;
}

export const TEXT_NOTES = 'refs/notes/drifttrail';
export const FINDINGS_NOTES = 'refs/notes/drifttrail-findings';

/** Notes by commit, as blob ids. A notes tree fans out into folders of two digits as it grows. */
export async function readNotes(git: Git, ref: string): Promise<Map<string, string>> {
  const tree = (await refOrNull(git, ref)) === null ? new Map<string, string>() : await readTree(git, ref);
  return new Map([...tree].map(([path, id]) => [path.replaceAll('/', ''), id]));
}

/** Writes what differs from what is there; nothing at all when nothing does. */
export async function writeNotes(git: Git, entries: ReadonlyMap<string, NoteEntry>, seconds: number, author: Signature): Promise<void> {
  if (entries.size === 0) return;
  for (;;) {
    const [text, findings] = await Promise.all([
      draft(git, TEXT_NOTES, entries, (entry) => entry.text, seconds, author),
      draft(git, FINDINGS_NOTES, entries, (entry) => entry.findings, seconds, author),
    ]);
    const commits = [text, findings].filter((commit) => commit !== undefined);
    if (commits.length === 0) return;
    const { ids, held } = await importCommits(git, commits);
    const moves = commits.map(({ ref, expected }, index) => ({ ref, from: expected, to: ids[index] ?? '' }));
    // Somebody annotated by hand meanwhile: look again and add to theirs.
    if (await moveRefs(git, moves, held, 'notes')) return;
  }
}

async function draft(
  git: Git,
  ref: string,
  entries: ReadonlyMap<string, NoteEntry>,
  pick: (entry: NoteEntry) => string,
  seconds: number,
  author: Signature,
): Promise<NewCommit | undefined> {
  const [expected, known] = await Promise.all([refOrNull(git, ref), readNotes(git, ref)]);
  const notes: [string, Uint8Array][] = [];
  for (const [sha, entry] of entries) {
    const bytes = Buffer.from(pick(entry), 'utf8');
    if (bytes.length === 0 && !known.has(sha)) continue; // `git log` would show a heading with nothing under it
    if (known.get(sha) !== blobId(bytes)) notes.push([sha, bytes]);
  }
  return notes.length === 0 ? undefined : { ref, expected, message: 'Notes\n', seconds, author, writes: [], notes };
}

/** The findings of each commit that has some, as JSON. */
export async function readFindings(git: Git, shas: Iterable<string>): Promise<Map<string, string>> {
  const known = await readNotes(git, FINDINGS_NOTES);
  const wanted = [...shas].flatMap((sha) => {
    const id = known.get(sha);
    return id === undefined ? [] : [[sha, id] as const];
  });
  const blobs = await readBlobs(
    git,
    wanted.map(([, id]) => id),
  );
  return new Map(wanted.map(([sha, id]) => [sha, blobs.get(id)?.toString('utf8') ?? '']));
}
