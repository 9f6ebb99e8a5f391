/** What there is to judge about one commit: its windows, and how much of it is final already. */
import type { Deployment } from '../deployment.ts';
import type { Finding } from '../model.ts';
import type { CommitInfo } from '../store/log.ts';
import type { Observed } from '../store/observed.ts';
import { baselines } from './coverage-findings.ts';
import { type CommitNote, LOOK_BACK } from './notes.ts';
import { latest, type Span, shift } from './windows.ts';

export interface CommitWork {
  readonly commit: CommitInfo;
  readonly windows: CommitNote['windows'];
  /** Start of the run that made the commit. */
  readonly startedAt: string;
  /** Writes without a diff that this commit's run may tell of happened between these two. */
  readonly quietFrom: string;
  readonly quietTo: string;
  /** Of the time after the commit, what is judged again: all of it at first, then a day, as trails are never later. */
  readonly againFrom: string;
  /** The note whose changes are final; undefined while all of it is to be judged. */
  readonly settled?: CommitNote;
}

export interface WorkContext {
  readonly notes: ReadonlyMap<string, CommitNote>;
  readonly tip: string | null;
  readonly observed: Observed;
  /** Whether what is final is to be judged once more all the same. */
  readonly anew: boolean;
}

export async function prepareWork(deployment: Deployment, commit: CommitInfo, context: WorkContext): Promise<CommitWork> {
  const { notes, tip, observed, anew } = context;
  const known = notes.get(commit.sha);
  const told = windowOfCommit(commit);
  const startedAt = known?.startedAt ?? told.to;
  const lastRun = commit.sha === tip ? lastLook(observed) : undefined;
  const quietTo = latest([startedAt, known?.quietTo, lastRun].filter((time) => time !== undefined));
  const parentNote = notes.get(commit.parent ?? '');
  const settled = known?.settled === true && !anew ? known : undefined;
  return {
    commit,
    windows: known?.windows ?? (await windowsFromCoverage(deployment, commit)),
    startedAt,
    quietFrom: parentNote?.quietTo ?? (commit.parent === null ? startedAt : told.from),
    quietTo,
    againFrom: settled === undefined ? startedAt : latest([startedAt, shift(quietTo, -LOOK_BACK)]),
    ...(settled === undefined ? {} : { settled }),
  };
}

/** For a commit made by a run that was killed before its note: coverage still tells what was seen for the first time. */
async function windowsFromCoverage({ store, layout }: Deployment, { sha, parent }: CommitInfo): Promise<CommitNote['windows']> {
  const [before, after] = [parent === null ? new Map() : await store.tree(parent), await store.tree(sha)];
  return baselines({ before, after }, { layout, read: store.read });
}

/** What the findings that are final say, and not again: all of the commit, and the writes without a diff of earlier days. */
export function keptFindings({ settled, againFrom }: CommitWork): readonly Finding[] {
  return settled?.findings.filter(({ transient, window }) => transient === undefined || window.from < againFrom) ?? [];
}

/** The spans whose events are needed. */
export function spansOf({ commit, windows, quietFrom, quietTo, againFrom, settled }: CommitWork): Span[] {
  if (settled !== undefined) return [{ from: againFrom, to: quietTo }];
  return [windowOfCommit(commit), { from: quietFrom, to: quietTo }, ...Object.values(windows).filter((window) => window !== null)];
}

/** From its trailer; a commit without one has its own second. */
export function windowOfCommit(commit: CommitInfo): Span {
  const [from, to] = (commit.trailers['Drifttrail-Window'] ?? '').split('/');
  return from === undefined || to === undefined || from === '' ? { from: commit.date, to: commit.date } : { from, to };
}

/** Start of the latest complete look at anything. */
function lastLook(observed: Observed): string | undefined {
  const times = Object.values(observed.observations)
    .flatMap((kinds) => Object.values(kinds).map(({ complete }) => complete?.from))
    .filter((time) => time !== undefined);
  return times.length === 0 ? undefined : latest(times);
}
