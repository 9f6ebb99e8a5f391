/** The snapshots repository as the other stages see it. */
import { existsSync } from 'node:fs';
import { DrifttrailError, describeError } from '../errors.ts';
import type { Surroundings } from '../model.ts';
import { type Ack, readAcks, writeAck } from './acks.ts';
import { type Ahead, openAhead } from './ahead.ts';
import { type CommitPlan, commit } from './commit.ts';
import { type DerivedCommit, type FileChanges, readFileChanges, writeDerived } from './derived.ts';
import type { Signature } from './fast-import.ts';
import { boundGit, createGit, type Git } from './git.ts';
import { requireGit } from './git-version.ts';
import { BRANCH, DEFAULT_AUTHOR, requireOurs } from './init.ts';
import { type HistoryOptions, type HistoryReport, verifyHistory } from './history.ts';
import { inspect } from './inspect.ts';
import { clearLeftovers } from './leftovers.ts';
import { clearStaleLocks } from './locks.ts';
import { type CommitInfo, type LogOptions, readLog } from './log.ts';
import { type MaintenanceResult, maintain } from './maintain.ts';
import { changedFindings, type NoteEntry, readFindings, readNoteIds, writeNotes } from './notes.ts';
import { fileAt, readBlobs, rememberTree } from './objects.ts';
import { keepObserved, type Observed, readObserved, writeObserved } from './observed.ts';
import { refOrNull } from './refs.ts';
import type { Problem } from './problem.ts';
import { backlog, type PushResult, push } from './push.ts';
import { remoteProblem } from './remote.ts';
import { type Rewriting, rewriting, verifyRemote } from './remote-history.ts';
import { refreshWorktree } from './worktree.ts';

export type { Ahead } from './ahead.ts';
export type { CommitPlan } from './commit.ts';
export { initStore } from './init.ts';
export type { HistoryReport } from './history.ts';
export type { CommitInfo, LogOptions } from './log.ts';
export type { Observed } from './observed.ts';
export type { Problem } from './problem.ts';
export type { PushResult } from './push.ts';
export { FINDINGS_NOTES } from './notes.ts';

export interface Store {
  readonly dir: string;
  readonly tip: () => Promise<string | null>;
  readonly ref: (name: string) => Promise<string | null>;
  /** Every file with its blob id. */
  readonly tree: (commit: string) => Promise<Map<string, string>>;
  readonly read: (blobIds: Iterable<string>) => Promise<Map<string, Uint8Array>>;
  /** For `CommitPlan.ahead`. Starts nothing before there is much to take. */
  readonly ahead: () => Ahead;
  /** The new tip; null when there is nothing to do. @throws {DrifttrailError} `tip-moved` when the parent is not the tip any more */
  readonly commit: (plan: CommitPlan) => Promise<string | null>;
  readonly info: (commit: string) => Promise<CommitInfo>;
  readonly log: (options?: LogOptions) => AsyncIterable<CommitInfo>;
  /** Commits with the files each changed, oldest first; `after`: those that it leads to are left out. */
  readonly fileChanges: (after?: string) => AsyncIterable<FileChanges>;
  /** False when the branch was moved by somebody else meanwhile. */
  readonly writeAttributed: (plan: {
    readonly expected: string | null;
    readonly parent: string | null;
    readonly commits: readonly DerivedCommit[];
  }) => Promise<boolean>;
  /** Whether one commit leads to the other. */
  readonly isAncestor: (older: string, newer: string) => Promise<boolean>;
  readonly writeNotes: (entries: ReadonlyMap<string, NoteEntry>) => Promise<void>;
  readonly readFindings: (shas: Iterable<string>) => Promise<Map<string, string>>;
  /** The blob with the findings of each commit that has some, of all or of a few: `read` reads them, in the caller's portions. */
  readonly findingIds: (shas?: readonly string[]) => Promise<Map<string, string>>;
  /** What differs of that between two commits of `FINDINGS_NOTES`; null where nothing is noted any more. */
  readonly changedFindings: (since: string, until: string) => Promise<Map<string, string | null>>;
  readonly readObserved: () => Promise<Observed>;
  /** `here`: for this machine only, at a fraction of the cost; the next one without it tells the others. */
  readonly writeObserved: (observed: Observed, options?: { readonly here?: boolean }) => Promise<void>;
  readonly readAcks: () => Promise<Ack[]>;
  /** `by` becomes the author. Without a reason it is taken back: false when there was none. */
  readonly writeAck: (ack: Ack | Pick<Ack, 'finding'>, by: string) => Promise<boolean>;
  /** Brings the checked-out files to the tip; what a person edited stands in the way and is returned. */
  readonly refreshWorktree: () => Promise<Problem[]>;
  /** `deadline` in milliseconds; `owned`: the path prefixes that this writer owns, all by default. */
  readonly push: (remote: string, deadline: number, owned?: readonly string[], signal?: AbortSignal) => Promise<PushResult>;
  /** Whether the remote answers: what is in the way, or undefined. `deadline` in milliseconds. */
  readonly remoteProblem: (remote: string, deadline: number, signal?: AbortSignal) => Promise<string | undefined>;
  /** Proves the history, and with a remote that it is still there; the deadline for asking it is in milliseconds. */
  readonly verify: (
    options: HistoryOptions & { readonly remote?: string; readonly deadline: number; readonly signal: AbortSignal },
  ) => Promise<HistoryReport>;
  /** Whether the remote lets its history be rewritten. */
  readonly rewriting: (remote: string) => Promise<Rewriting>;
  /** Clears at once what a git that was killed left behind; what a living one holds stays. */
  readonly recover: () => Promise<void>;
  readonly maintain: () => Promise<MaintenanceResult>;
  /** `deep` reads every object. */
  readonly inspect: (options?: { readonly deep?: boolean }) => Promise<Problem[]>;
  /** The change of a commit as `git show` prints it; of a longer one about the first `most` bytes. */
  readonly patch: (commit: string, paths?: readonly string[], most?: number) => Promise<string>;
  /** What differs between two commits in some files, as `git diff` prints it; of a longer one about the first `most` bytes. */
  readonly difference: (from: string, to: string, paths: readonly string[], most: number) => Promise<string>;
  /** A file as it stood in a commit; null when it was not there. */
  readonly fileAt: (commit: string, path: string) => Promise<Uint8Array | null>;
  /** The same store for one who may leave: with the signal the children that he waits for end. */
  readonly within: (signal: AbortSignal) => Store;
}

export interface StoreOptions {
  readonly author?: Signature;
  /** Talk for people: a hook that failed, a lock that was waited for. */
  readonly progress?: (text: string) => void;
}

/** @throws {DrifttrailError} `repository-missing`, `repository-foreign`, `repository-broken`, `git-too-old` */
export async function openStore(dir: string, surroundings: Surroundings, options: StoreOptions = {}): Promise<Store> {
  const git = createGit(dir, surroundings);
  const author = options.author ?? DEFAULT_AUTHOR;
  const progress = options.progress ?? (() => undefined);
  const seconds = () => Math.floor(surroundings.now().getTime() / 1000);
  // Without its folder git could not even be started.
  if (existsSync(dir)) await requireGit(git);
  await requireOurs(git);
  const trees = rememberTree(git);

  /** A lock that a killed git left is cleared and the work done again; a living git's is waited for. */
  const writing = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof DrifttrailError) || error.code !== 'git-locked') throw error;
      await clearStaleLocks(git, surroundings, progress);
      return work();
    }
  };

  const storeOf = (git: Git): Store => ({
    dir,
    tip: () => refOrNull(git, BRANCH),
    ref: (name) => refOrNull(git, name),
    tree: (commit) => trees.read(commit, git),
    read: (blobIds) => readBlobs(git, blobIds),
    ahead: () => openAhead(git),
    commit: (plan) => writing(() => commit(git, plan, author, progress)),
    info: (sha) => infoOf(git, sha),
    log: (given = {}) => readLog(git, given, BRANCH),
    fileChanges: (after) => readFileChanges(git, [BRANCH, ...(after === undefined ? [] : [`^${after}`])]),
    writeAttributed: (plan) => writing(() => writeDerived(git, plan, author)),
    isAncestor: async (older, newer) =>
      (await git.run(['merge-base', '--is-ancestor', '--end-of-options', older, newer], { codes: [0, 1, 128] })).code === 0,
    writeNotes: (entries) => writing(() => writeNotes(git, entries, seconds(), author)),
    readFindings: (shas) => readFindings(git, shas),
    findingIds: (shas) => readNoteIds(git, shas),
    changedFindings: (since, until) => changedFindings(git, since, until),
    readObserved: () => readObserved(git),
    writeObserved: (observed, { here = false } = {}) =>
      here ? keepObserved(git, observed) : writing(() => writeObserved(git, observed, seconds(), author)),
    readAcks: () => readAcks(git),
    writeAck: (ack, by) => writing(() => writeAck(git, ack, by, { seconds: seconds(), committer: author })),
    refreshWorktree: () =>
      writing(async () => {
        const tip = await refOrNull(git, BRANCH);
        return tip === null ? [] : refreshWorktree(git, tip);
      }),
    push: (remote, deadline, owned, signal) => {
      const options = {
        deadline,
        author,
        now: seconds,
        ...(owned === undefined ? {} : { owned }),
        ...(signal === undefined ? {} : { signal }),
      };
      return writing(() => push(git, remote, options)).catch(async (error: unknown) => {
        if (!(error instanceof DrifttrailError) || error.code !== 'git-locked') throw error;
        return { status: 'failed', attempts: 1, backlog: await backlog(git), detail: describeError(error) } as const;
      });
    },
    remoteProblem: (remote, deadline, signal) => remoteProblem(git, remote, deadline, signal),
    verify: async ({ remote, deadline, signal, ...given }) => {
      const report = await verifyHistory(git, given);
      if (remote !== undefined) await verifyRemote(git, remote, report, { tips: given.tips, deadline, signal });
      return report;
    },
    rewriting: (remote) => rewriting(git, remote),
    recover: async () => {
      try {
        await clearStaleLocks(git, surroundings, progress, 0);
      } catch (error) {
        if (!(error instanceof DrifttrailError) || error.code !== 'git-locked') throw error;
      }
      clearLeftovers(git);
    },
    maintain: () => writing(() => maintain(git)),
    inspect: (given) => inspect(git, trees.check, given),
    patch: (sha, paths = [], most) =>
      printed(git.read(['show', '--no-color', '--no-ext-diff', '--no-textconv', '--end-of-options', sha, '--', ...paths]), most),
    difference: (from, to, paths, most) =>
      printed(git.read(['diff', '--no-color', '--no-ext-diff', '--no-textconv', '--end-of-options', from, to, '--', ...paths]), most),
    fileAt: (sha, path) => fileAt(git, sha, path),
    within: (signal) => storeOf(boundGit(git, signal)),
  });
  return storeOf(git);
}

/** @throws {DrifttrailError} `commit-unknown` */
async function infoOf(git: Git, name: string): Promise<CommitInfo> {
  const found = await git.run(['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`], { codes: [0, 1, 128] });
  const sha = found.stdout.toString('utf8').trim().split('\n').at(-1) ?? '';
  if (found.code === 0) for await (const info of readLog(git, { ref: sha, max: 1 }, BRANCH)) return info;
  throw new DrifttrailError({
    code: 'commit-unknown',
    message: `there is no commit ${name}`,
    remedy: 'drifttrail log lists the commits, drifttrail report the findings',
  });
}

/** However much it is, unless `most` bytes are enough: `run` has a bound. */
async function printed(chunks: AsyncIterable<Buffer>, most = Number.POSITIVE_INFINITY): Promise<string> {
  const all: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    all.push(chunk);
    bytes += chunk.length;
    if (bytes >= most) break;
  }
  return Buffer.concat(all).toString('utf8');
}
