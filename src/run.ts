/** One snapshot from start to finish: collect, normalize, store, diff; then attribute, rank and notify. */
import { randomUUID } from 'node:crypto';
import { holdSuspicious } from './collect/suspicious.ts';
import { correlateRecent } from './correlate.ts';
import type { Deployment } from './deployment.ts';
import { DrifttrailError } from './errors.ts';
import type { Change, Finding, Gap, Json, Ref, Snapshot } from './model.ts';
import type { Tree } from './pipeline/base.ts';
import { changesOf } from './pipeline/changes.ts';
import { contentsOf } from './pipeline/contents.ts';
import { observe } from './pipeline/observe.ts';
import { startNote } from './pipeline/start-note.ts';
import { isTrailGap, trailGaps } from './pipeline/trail-findings.ts';
import { keepTip } from './pipeline/tips.ts';
import { collectAll } from './pipeline/snapshots.ts';
import type { DeliverOptions } from './outlets.ts';
import type { Ahead } from './store/ahead.ts';
import { acquireLock } from './store/lock.ts';
import { commitMessage } from './store/message.ts';
import type { Problem } from './store/problem.ts';
import type { Observed } from './store/observed.ts';
import { planSnapshot } from './pipeline/plan.ts';
import { suggestion } from './suggest.ts';

export interface RunOptions {
  /** Names of exporters (`use`); all by default. */
  readonly only?: readonly string[];
  readonly dryRun?: boolean;
  readonly signal: AbortSignal;
  readonly progress: (text: string) => void;
}

export interface RunResult {
  readonly commit: string | null;
  readonly changes: readonly Change[];
  readonly findings: readonly Finding[];
  readonly gaps: readonly Gap[];
  /** What did not go well without harming the snapshot: a trail or an outlet that refuses, a push that failed, a person's edit in the tree. */
  readonly problems: readonly string[];
  /** Commits that the remote lacks. */
  readonly backlog: number;
  readonly exitCode: 0 | 3;
}

/** Milliseconds that a push may take; collecting never waits for the remote. */
const PUSH_DEADLINE = 60_000;

/** @throws {DrifttrailError} `locked` (exit 75) while another process works on the deployment */
export async function run(deployment: Deployment, options: RunOptions): Promise<RunResult> {
  const chosen = choose(deployment, options.only);
  const lock = await acquireLock(deployment.stateDir, deployment.surroundings);
  const begun = deployment.surroundings.now().getTime();
  const ahead = options.dryRun === true ? undefined : deployment.store.ahead();
  try {
    const { store } = deployment;
    await store.recover();
    const noticed = refuseBroken(await store.inspect());
    const [parent, observed] = await Promise.all([store.tip(), store.readObserved()]);
    const tree: Tree = parent === null ? new Map() : await store.tree(parent);
    const collected = await collectAll(deployment, chosen, { ...options, tree });
    // Somebody stopped us: what was not read then is no gap, and nothing was written.
    options.signal.throwIfAborted();
    const { snapshots, next } = judgeHonesty(deployment, tree, collected, observed);
    const written = await write(deployment, tree, snapshots, ahead);
    const changes = await changesOf(written, tree, deployment);
    if (options.dryRun === true)
      return { commit: null, changes, findings: [], gaps: written.gaps, problems: noticed, backlog: 0, exitCode: exitCodeOf(written.gaps) };

    const note = startNote(snapshots, changes, observed, next);
    const date = deployment.surroundings.now().toISOString();
    const message = commitMessage({ changes, run: randomUUID(), window: note.window, gaps: written.gaps, kinds: deployment.kinds });
    const commit = await store.commit({ parent, writes: written.writes, deletes: written.deletes, message, date, ahead });
    if (commit !== null) await store.writeNotes(new Map([[commit, note.entry]]));
    await store.writeObserved(next, { here: commit === null && deployment.config.remote === undefined });
    // Also without a commit: a run that was killed may have left the files behind its own.
    await store.refreshWorktree();

    // Also without a commit: events come late, and a run may have been killed before it told of its commit.
    const troubles: string[] = [];
    const telling = { signal: options.signal, progress: options.progress, problem: (text: string) => troubles.push(text) };
    const findings = await correlateRecent(deployment, telling);
    await tell(deployment, findings, telling, begun);
    const { problem, backlog } = await pushed(deployment, snapshots, options.signal);
    await keepTip(deployment, { before: commit ?? parent, pushed: problem.length === 0 });
    const problems = [...noticed, ...troubles, ...problem];
    if (commit !== null) await store.maintain();
    const gaps = [...written.gaps, ...trailGaps(deployment)];
    return { commit, changes, findings, gaps, problems, backlog, exitCode: exitCodeOf(gaps) };
  } finally {
    await ahead?.abandon();
    await lock.release();
  }
}

/** The people's branch and the hooks; most of the code behind them is for deployments that have a trail or a hook. */
async function tell(deployment: Deployment, findings: readonly Finding[], options: DeliverOptions, begun: number): Promise<void> {
  if (deployment.trails.length > 0) await (await import('./attributed.ts')).deriveAttributed(deployment);
  if (deployment.hooks.length === 0) return;
  const { announceAll, deliver, tellState } = await import('./outlets.ts');
  await announceAll(deployment, findings);
  await deliver(deployment, options);
  await tellState(deployment, options, deployment.surroundings.now().getTime() - begun);
}

/** What people must hear of a run, a line each. What a trail could not read is among the problems, each place by itself. */
export function troublesOf({ gaps, problems }: Pick<RunResult, 'gaps' | 'problems'>): string[] {
  const place = ({ scope, kind }: Gap) => (kind === undefined ? scope : `${scope} ${kind}`);
  return [...gaps.filter((gap) => !isTrailGap(gap)).map((gap) => `gap: ${place(gap)}: ${gap.reason}: ${gap.detail}`), ...problems];
}

/** What a snapshot can live with: it is told, and stays as it is. */
const HARMLESS = new Set(['worktree-edited', 'lock-left', 'commit-graph-broken', 'repository-exposed', 'head-detached', 'head-elsewhere']);

/** Nothing is written over a history that cannot be read. @throws {DrifttrailError} `repository-broken` */
function refuseBroken(problems: readonly Problem[]): string[] {
  const broken = problems.find(({ code }) => !HARMLESS.has(code));
  if (broken !== undefined)
    throw new DrifttrailError({ code: 'repository-broken', message: broken.message, remedy: `repair it: ${broken.repair}` });
  return problems.map(({ message, repair }) => `${message}; ${repair}`);
}

function choose(deployment: Deployment, only: readonly string[] | undefined): Deployment['exporters'] {
  if (only === undefined || only.length === 0) return deployment.exporters;
  const names = deployment.exporters.map(({ use }) => use);
  for (const name of only) {
    if (names.includes(name)) continue;
    throw new DrifttrailError({
      code: 'exporter-unknown',
      message: `no exporter "${name}" is configured`,
      remedy: suggestion(name, names),
    });
  }
  return deployment.exporters.filter(({ use }) => only.includes(use));
}

/** Holds back what is too bad to be true, and says what has been seen by now. */
function judgeHonesty(deployment: Deployment, tree: Tree, collected: readonly Snapshot[], observed: Observed) {
  let next = observed;
  const snapshots: Snapshot[] = [];
  for (const snapshot of collected) {
    const ids = (scope: string, kind: string) => idsOf(deployment, tree, scope, kind);
    const result = holdSuspicious(snapshot, { ids, identities: next.identities }, next.held);
    next = observe(next, result.snapshot, result.held);
    snapshots.push(result.snapshot);
  }
  return { snapshots, next };
}

function idsOf({ layout }: Deployment, tree: Tree, scope: string, kind: string): string[] {
  const prefix = layout.kindPrefix(scope, kind);
  const ids: string[] = [];
  for (const path of tree.keys()) {
    if (!path.startsWith(prefix)) continue;
    const ref = layout.refOf(path);
    if (ref !== undefined && ref.kind === kind && ref.scope === scope) ids.push(ref.id);
  }
  return ids;
}

interface Written {
  readonly writes: Map<string, Uint8Array | string>;
  readonly known: Map<string, { readonly ref: Ref; readonly config: Json }>;
  readonly deletes: string[];
  readonly gaps: Gap[];
}

/** Without `ahead` nothing is kept: neither files nor what was learnt of readings. */
async function write(deployment: Deployment, tree: Tree, snapshots: readonly Snapshot[], ahead: Ahead | undefined): Promise<Written> {
  const written: Written = { writes: new Map(), known: new Map(), deletes: [], gaps: [] };
  for (const snapshot of snapshots) {
    const memo = deployment.memo(snapshot.exporter);
    const plan = await planSnapshot(
      {
        tree,
        layout: deployment.layout,
        contents: contentsOf(snapshot.resources, { kinds: deployment.kinds, redactor: deployment.redactor, memo }),
        complete: snapshot.complete,
        gaps: snapshot.gaps,
        surveys: snapshot.surveys,
        exporter: snapshot.exporter,
      },
      ahead,
    );
    if (ahead !== undefined) memo?.save();
    for (const [path, bytes] of plan.writes) written.writes.set(path, bytes);
    for (const [path, resource] of plan.known) written.known.set(path, resource);
    written.deletes.push(...plan.deletes);
    written.gaps.push(...plan.gaps);
  }
  return written;
}

interface Pushed {
  readonly problem: readonly string[];
  readonly backlog: number;
}

async function pushed(deployment: Deployment, snapshots: readonly Snapshot[], signal: AbortSignal): Promise<Pushed> {
  const { remote } = deployment.config;
  if (remote === undefined) return { problem: [], backlog: 0 };
  const owned = snapshots.flatMap(({ exporter, complete, gaps }) =>
    deployment.layout.ownedPrefixes(exporter, [...new Set([...complete, ...gaps].map(({ scope }) => scope))]),
  );
  const result = await deployment.store.push(remote, PUSH_DEADLINE, owned, signal);
  const done = result.status === 'pushed' || result.status === 'up-to-date';
  const problem = done ? [] : [`not pushed: ${result.detail}; the snapshot is committed here and goes with the next push`];
  return { problem, backlog: result.backlog };
}

function exitCodeOf(gaps: readonly Gap[]): 0 | 3 {
  return gaps.length === 0 ? 0 : 3;
}
