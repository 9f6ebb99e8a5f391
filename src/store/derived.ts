/** The derived branch `attributed`: the same trees as the snapshots' own, in commits that somebody else arranges. */
import { importCommits, moveRefs, type NewCommit, type Signature } from './fast-import.ts';
import type { Git } from './git.ts';
import { splitAtNul } from './log.ts';

export const ATTRIBUTED = 'refs/heads/attributed';

/** A commit with the files it changed; the id after is null for a deleted one. */
export interface FileChanges {
  readonly sha: string;
  readonly root: boolean;
  /** When it was committed, UTC. */
  readonly date: string;
  readonly subject: string;
  readonly files: readonly { readonly path: string; readonly after: string | null }[];
}

export interface DerivedCommit {
  readonly author: Signature;
  /** Seconds since 1970: when it was done, */
  readonly authored: number;
  /** and when it was seen. */
  readonly seconds: number;
  readonly message: string;
  /** Path and blob id. */
  readonly writes: readonly (readonly [path: string, blob: string])[];
  readonly deletes: readonly string[];
}

const BATCH = 1000;

/** The commits of a range, oldest first, against their first parents. */
export async function* readFileChanges(git: Git, range: readonly string[]): AsyncIterable<FileChanges> {
  // A header, the subject, then per file `:<mode> <mode> <id> <id> <letter>` and its path; all end with NUL.
  const format = ['-z', '--raw', '--no-abbrev', '--no-renames', '--root', '-m', '--first-parent', '--format=tformat:=%H %ct %P%x00%s'];
  const args = ['log', '--reverse', '--topo-order', '--no-notes', '--no-show-signature', ...format, '--end-of-options', ...range];
  let current: (FileChanges & { files: FileChanges['files'][number][] }) | undefined;
  let raw: string | undefined;
  let header: readonly string[] | undefined;
  for await (const field of splitAtNul(git.read(args))) {
    if (header !== undefined) {
      const [sha = '', seconds = '0', parent = ''] = header;
      current = { sha, root: parent === '', date: new Date(Number(seconds) * 1000).toISOString(), subject: field, files: [] };
      header = undefined;
    } else if (raw !== undefined) {
      const [, , , after = '', letter] = raw.split(' ');
      current?.files.push({ path: field, after: letter === 'D' ? null : after });
      raw = undefined;
    } else if (field.trimStart().startsWith('=')) {
      if (current !== undefined) yield current;
      header = field.trimStart().slice(1).split(' ');
    } else if (field.trimStart().startsWith(':')) raw = field.trimStart();
  }
  if (current !== undefined) yield current;
}

/**
 * Puts commits on `parent` and moves the branch there from `expected`. Nothing in them depends on when or where it is
 * done, so that anybody who derives the branch gets the same ids. False when somebody moved it meanwhile.
 */
export async function writeDerived(
  git: Git,
  {
    expected,
    parent,
    commits,
  }: { readonly expected: string | null; readonly parent: string | null; readonly commits: readonly DerivedCommit[] },
  committer: Signature,
): Promise<boolean> {
  let tip = parent;
  const holds: string[] = [];
  for (let start = 0; start < commits.length; start += BATCH) {
    const batch: NewCommit[] = commits.slice(start, start + BATCH).map((commit, index) => ({
      ...commit,
      ref: ATTRIBUTED,
      expected: null,
      // A mark stands for the commit before in the same stream.
      parent: index === 0 ? tip : `:${index}`,
      committer,
    }));
    const { ids, held } = await importCommits(git, batch);
    holds.push(...held);
    tip = ids.at(-1) ?? tip;
  }
  if (tip === null || tip === expected) return true;
  return moveRefs(git, [{ ref: ATTRIBUTED, to: tip, from: expected }], holds, 'attributed');
}
