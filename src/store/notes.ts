/** Attribution beside the commits: text that `git log` shows, and the same findings as JSON for machines. */
import type { Git } from './git.ts';
import { importCommits, moveRefs, type NewCommit, type Signature } from './fast-import.ts';
import { blobId, readBlobs, readTree } from './objects.ts';
import { refOrNull } from './refs.ts';

export interface NoteEntry {
  readonly text: string;
  /** JSON. */
  readonly findings: string;
}

export const TEXT_NOTES = 'refs/notes/drifttrail';
export const FINDINGS_NOTES = 'refs/notes/drifttrail-findings';

/** So many notes are asked for one by one. */
const FEW = 32;
/** Folders of two digits each above a note: one comes with each factor of 256 notes, so this is enough for billions. */
const FAN_OUTS = [0, 1, 2, 3, 4] as const;

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
  const wanted = [...new Set(shas)];
  if (wanted.length === 0 || (await refOrNull(git, FINDINGS_NOTES)) === null) return new Map();
  if (wanted.length <= FEW) return readByName(git, FINDINGS_NOTES, wanted);
  const known = await readNotes(git, FINDINGS_NOTES);
  const ids = wanted.flatMap((sha) => {
    const id = known.get(sha);
    return id === undefined ? [] : [[sha, id] as const];
  });
  const blobs = await readBlobs(
    git,
    ids.map(([, id]) => id),
  );
  return new Map(ids.map(([sha, id]) => [sha, blobs.get(id)?.toString('utf8') ?? '']));
}

/** By commit, the blob that holds its findings; of some commits without listing those of a whole history. */
export async function readNoteIds(git: Git, shas?: readonly string[]): Promise<Map<string, string>> {
  if (shas === undefined) return readNotes(git, FINDINGS_NOTES);
  if ((await refOrNull(git, FINDINGS_NOTES)) === null) return new Map();
  const asked = questions(FINDINGS_NOTES, shas);
  const { stdout } = await git.run(['cat-file', '--batch-check'], { input: asked.map(({ line }) => line).join('') });
  // In the order of the questions: `<id> blob <size>`, or `<question> missing`
  const answers = stdout.toString('latin1').split('\n');
  return new Map(
    asked.flatMap(({ sha }, index) => {
      const [id = '', type] = (answers[index] ?? '').split(' ');
      return type === 'blob' ? [[sha, id] as const] : [];
    }),
  );
}

/**
 * The commits whose findings differ between two commits of the notes, with the blob they are in now; null for none. So a
 * long history is read once, and after a run only what that run wrote.
 */
export async function changedFindings(git: Git, since: string, until: string): Promise<Map<string, string | null>> {
  const { stdout } = await git.run(['diff-tree', '-r', '-z', '--no-renames', since, until]);
  // `:<modes> <old id> <new id> <letter>\0<path>\0`
  const fields = stdout.toString('utf8').split('\0');
  const changed = new Map<string, string | null>();
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [, , , id = '', letter] = (fields[at] ?? '').split(' ');
    const commit = (fields[at + 1] ?? '').replaceAll('/', '');
    // A tree that fans out moves its notes: gone under one name, there under another.
    if (letter !== 'D') changed.set(commit, id);
    else if (!changed.has(commit)) changed.set(commit, null);
  }
  return changed;
}

/** Asks for each under all the names that it may have in the tree: for a few, listing the notes of a whole history costs more. */
async function readByName(git: Git, ref: string, shas: readonly string[]): Promise<Map<string, string>> {
  const asked = questions(ref, shas);
  const { stdout } = await git.run(['cat-file', '--batch'], { input: asked.map(({ line }) => line).join('') });
  const found = new Map<string, string>();
  let at = 0;
  // In the order of the questions: `<id> blob <size>\n<bytes>\n`, or `<question> missing\n`
  for (const { sha } of asked) {
    const end = stdout.indexOf(10, at);
    const [, type, size] = stdout.toString('latin1', at, end).split(' ');
    at = end + 1;
    if (type === 'missing') continue;
    if (type === 'blob') found.set(sha, stdout.toString('utf8', at, at + Number(size)));
    at += Number(size) + 1;
  }
  return found;
}

function questions(ref: string, shas: readonly string[]): { readonly sha: string; readonly line: string }[] {
  return shas.flatMap((sha) => FAN_OUTS.map((digits) => ({ sha, line: `${ref}:${fannedOut(sha, digits)}\n` })));
}

/** `abcd…` in a folder for each of the first pairs of digits: `ab/cd/…`. https://git-scm.com/docs/git-notes */
function fannedOut(sha: string, folders: number): string {
  const pairs = Array.from({ length: folders }, (_, index) => `${sha.slice(2 * index, 2 * index + 2)}/`);
  return `${pairs.join('')}${sha.slice(2 * folders)}`;
}
