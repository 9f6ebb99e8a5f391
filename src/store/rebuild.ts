/** Puts what only this clone has on top of what the remote has: own files, own notes, own observations and acknowledgements, own order. */
import { ACKS, rebuildAcks } from './acks.ts';
import { importCommits, type Move, moveRefs, type NewCommit } from './fast-import.ts';
import type { Git } from './git.ts';
import { BRANCH } from './init.ts';
import { splitAtNul } from './log.ts';
import { FINDINGS_NOTES, readNotes, TEXT_NOTES } from './notes.ts';
import { readBlobs, readTree } from './objects.ts';
import { mergeObserved, OBSERVED, PUSHED_OBSERVED, readObserved, writeObserved } from './observed.ts';
import { refOrNull } from './refs.ts';
import type { PushOptions } from './push.ts';
import { signed } from './signing.ts';

const REMOTE_BRANCH = 'refs/drifttrail/remote/heads/main';
const REMOTE_NOTES = {
  [TEXT_NOTES]: 'refs/drifttrail/remote/notes/drifttrail',
  [FINDINGS_NOTES]: 'refs/drifttrail/remote/notes/drifttrail-findings',
};

/** Commits that are made, and the refs that are to become them. */
interface Draft {
  readonly moves: readonly Move[];
  readonly held: readonly string[];
}

const NOTHING: Draft = { moves: [], held: [] };

/**
 * `before`: what the remote had of each ref when we looked last. The branch and the notes that speak of its commits move
 * together: only here is known what each commit is called now.
 */
export async function rebuild(git: Git, before: ReadonlyMap<string, string>, options: PushOptions): Promise<void> {
  const { renamed, ...branch } = await rebuildBranch(git, options);
  const drafts: Draft[] = [branch];
  for (const [ref, remote] of Object.entries(REMOTE_NOTES))
    drafts.push(await rebuildNotes(git, ref, remote, before.get(ref), renamed, options));
  const moves = drafts.flatMap((draft) => draft.moves);
  // Lost to a commit made here meanwhile: the next attempt starts with it.
  if (moves.length > 0) {
    const held = drafts.flatMap((draft) => draft.held);
    await moveRefs(git, moves, held, 'rebuilt on the remote tip');
  }
  await rebuildAcks(git, before.get(ACKS), options.now(), options.author);
  const [ours, theirs] = await Promise.all([readObserved(git), readObserved(git, PUSHED_OBSERVED)]);
  if ((await refOrNull(git, OBSERVED)) !== null) await writeObserved(git, mergeObserved(theirs, ours), options.now(), options.author);
}

interface Step {
  readonly sha: string;
  readonly seconds: number;
  readonly message: string;
  readonly author: { readonly name: string; readonly email: string };
}

/** Replays own commits on the remote's tip and returns what each is called now. */
async function rebuildBranch(git: Git, { owned }: PushOptions): Promise<Draft & { readonly renamed: ReadonlyMap<string, string> }> {
  const renamed = new Map<string, string>();
  const [local, remote] = await Promise.all([refOrNull(git, BRANCH), refOrNull(git, REMOTE_BRANCH)]);
  if (local === null || remote === null) return { ...NOTHING, renamed };
  if ((await git.run(['merge-base', '--is-ancestor', remote, local], { codes: [0, 1] })).code === 0) return { ...NOTHING, renamed };
  const steps = await ownSteps(git, local, remote);
  const tree = await readTree(git, remote);
  let seconds = Number(await git.text(['log', '-1', '--no-show-signature', '--format=%ct', remote]));
  let tip = remote;
  const commits: NewCommit[] = [];
  const from: Step[] = [];
  const standing: string[] = [];
  for (const step of steps) {
    const { writes, deletes } = await changesOf(git, step.sha, tree, owned);
    if (writes.length === 0 && deletes.length === 0) {
      standing.push(step.sha); // There already, such as the template's files.
      continue;
    }
    seconds = Math.max(seconds, step.seconds);
    // A mark stands for the commit before in the same stream.
    commits.push({
      ref: BRANCH,
      expected: remote,
      parent: commits.length === 0 ? remote : `:${commits.length}`,
      message: step.message,
      seconds,
      author: step.author,
      writes,
      deletes,
    });
    from.push(step);
  }
  const { ids, held } = commits.length === 0 ? { ids: [], held: [] } : await importCommits(git, commits);
  for (const [index, id] of ids.entries()) {
    tip = await signed(git, id, tip);
    renamed.set(from[index]?.sha ?? '', tip);
  }
  for (const sha of standing) renamed.set(sha, remote);
  return { moves: [{ ref: BRANCH, to: tip, from: local }], held, renamed };
}

/** Oldest first. */
async function ownSteps(git: Git, local: string, remote: string): Promise<Step[]> {
  const fields: string[] = [];
  const args = [
    'log',
    '-z',
    '--reverse',
    '--topo-order',
    '--no-show-signature',
    '--no-notes',
    '--format=tformat:%H%x00%ct%x00%an%x00%ae%x00%B',
    local,
    `^${remote}`,
  ];
  for await (const field of splitAtNul(git.read(args))) fields.push(field);
  const steps: Step[] = [];
  for (let index = 0; index + 4 < fields.length; index += 5) {
    const [sha = '', seconds = '0', name = '', email = '', message = ''] = fields.slice(index, index + 5);
    steps.push({ sha, seconds: Number(seconds), author: { name, email }, message });
  }
  return steps;
}

/** What a commit changed, minus what is so already and what is not ours; `tree` follows along. */
async function changesOf(
  git: Git,
  sha: string,
  tree: Map<string, string>,
  owned: readonly string[] | undefined,
): Promise<{ writes: [string, string][]; deletes: string[] }> {
  const listed = (await git.run(['diff-tree', '-r', '-z', '--root', '--no-renames', '--no-commit-id', '-m', '--first-parent', sha])).stdout
    .toString('utf8')
    .split('\0');
  const writes: [string, string][] = [];
  const deletes: string[] = [];
  // `:<mode> <mode> <id> <id> <letter>`, then the path.
  for (let index = 0; index + 1 < listed.length; index += 2) {
    const [, , , id = '', letter] = (listed[index] ?? '').split(' ');
    const path = listed[index + 1] ?? '';
    if (owned !== undefined && !owned.some((prefix) => path.startsWith(prefix))) continue;
    if (letter === 'D') {
      if (tree.delete(path)) deletes.push(path);
    } else if (tree.get(path) !== id) {
      tree.set(path, id);
      writes.push([path, id]);
    }
  }
  return { writes, deletes };
}

/** The remote's notes, and over them those that were added or changed here since we knew them. */
async function rebuildNotes(
  git: Git,
  ref: string,
  remote: string,
  base: string | undefined,
  renamed: ReadonlyMap<string, string>,
  options: PushOptions,
): Promise<Draft> {
  const [local, theirs] = await Promise.all([refOrNull(git, ref), refOrNull(git, remote)]);
  if (local === null) return NOTHING;
  const [ours, known, there] = await Promise.all([
    readNotes(git, ref),
    base === undefined ? new Map<string, string>() : readNotes(git, base),
    theirs === null ? new Map<string, string>() : readNotes(git, remote),
  ]);
  const wanted = [...ours].flatMap(([sha, blob]) => {
    const now = renamed.get(sha) ?? sha;
    return (known.get(sha) === blob && now === sha) || there.get(now) === blob ? [] : [[now, blob] as const];
  });
  const blobs = await readBlobs(
    git,
    wanted.map(([, blob]) => blob),
  );
  const notes = wanted.flatMap(([sha, blob]) => {
    const bytes = blobs.get(blob);
    return bytes === undefined ? [] : [[sha, bytes] as const];
  });
  if (notes.length === 0) {
    return theirs === null || theirs === local ? NOTHING : { moves: [{ ref, to: theirs, from: local }], held: [] };
  }
  const commit: NewCommit = {
    ref,
    expected: local,
    parent: theirs,
    message: 'Notes\n',
    seconds: options.now(),
    author: options.author,
    writes: [],
    notes,
  };
  const { ids, held } = await importCommits(git, [commit]);
  return { moves: [{ ref, to: ids[0] ?? '', from: local }], held };
}
