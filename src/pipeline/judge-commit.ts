/** From the trees of one commit and the events around it to its note. */
import { attribute } from '../attribute/attribute.ts';
import { SETTLE, SKEW } from '../attribute/window.ts';
import { diffTrees } from '../diff/diff.ts';
import type { Finding, Ref } from '../model.ts';
import { parse } from '../normalize/normalize.ts';
import type { RuleSet } from '../rank/rules.ts';
import type { Deployment } from '../deployment.ts';
import { type Base, type ConfigCache, loadBase, type Tree } from './base.ts';
import { type CommitWork, keptFindings, windowOfCommit } from './commit-work.ts';
import { coverageFindings, watchedIn } from './coverage-findings.ts';
import { divergences } from './divergence.ts';
import type { Events } from './events.ts';
import { creationsOf, type Judging, judgeChange, judgeTransient, weigher } from './judge.ts';
import { type CommitNote, LOOK_BACK, type UnmappedCount, windowKey } from './notes.ts';
import { foldParts } from './parts.ts';
import { trailedBy, untrailed } from './untrailed.ts';
import { type UntrackedInput, untrackedActs } from './untracked.ts';
import { hull, latest, type Span, shift } from './windows.ts';

export interface JudgeContext {
  readonly deployment: Deployment;
  readonly rules: RuleSet;
  readonly events: Events;
  readonly now: string;
  readonly cache: ConfigCache;
  /** By blob id of a coverage file, the kinds in it. */
  readonly coverage: Map<string, ReadonlySet<string>>;
  /** The commit's files; neighbours are asked for one after the other. */
  readonly tree: (sha: string | null) => Promise<Tree>;
  /** Told of rules that cannot be evaluated. */
  readonly problem: (text: string) => void;
}

type Watching = JudgeContext & Pick<UntrackedInput, 'isWatched'>;

export async function judgeCommit(work: CommitWork, context: JudgeContext): Promise<CommitNote> {
  const { deployment, events, cache } = context;
  const { layout, kinds, store } = deployment;
  const after = await context.tree(work.commit.sha);
  const trees = { before: work.settled === undefined ? await context.tree(work.commit.parent) : after, after };
  // Without events nothing is asked of the surroundings but by undo.
  const base = await loadBase(
    trees,
    { layout, kinds, read: store.read, cache },
    (kind) => kind.consulted === true || (events.all.length > 0 && (kind.events?.length ?? 0) > 0),
  );
  const isWatched = await watchedIn(after, { layout, read: store.read, cache: context.coverage });
  const { settled, unmapped, findings } = work.settled ?? (await judgeChanges(work, trees, base, { ...context, isWatched }));
  const kept = work.settled === undefined ? findings : keptFindings(work);
  const quiet = judgeQuiet(work, base, { ...context, isWatched });
  const told = new Set(
    kept.flatMap(({ transient, attribution }) => (transient === undefined ? [] : attribution.events.map(({ id }) => id))),
  );
  const fresh = quiet.findings.filter(({ attribution }) => !attribution.events.every(({ id }) => told.has(id)));
  return {
    schemaVersion: 1,
    windows: work.windows,
    startedAt: work.startedAt,
    quietTo: work.quietTo,
    settled,
    findings: [...kept, ...fresh].sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1)),
    unmapped,
    quietUnmapped: quiet.unmapped,
  };
}

/** What the commit shows, and the writes before it that it does not show. */
async function judgeChanges(
  work: CommitWork,
  trees: { readonly before: Tree; readonly after: Tree },
  base: Base,
  context: Watching,
): Promise<Pick<CommitNote, 'findings' | 'unmapped' | 'settled'>> {
  const { deployment, events, now } = context;
  const { layout, store } = deployment;
  const { commit } = work;
  const told = windowOfCommit(commit);
  const windowOf = ({ scope, kind }: Ref): Span | undefined => {
    const recorded = work.windows[windowKey(scope, kind)];
    return recorded ?? (recorded === undefined && commit.parent !== null ? told : undefined);
  };
  // A baseline has no window and no findings: its files, often all there are, need not be read.
  const wanted = (ref: Ref) => windowOf(ref) !== undefined;
  const all = await diffTrees({ ...trees, read: store.read, refOf: layout.refOf, kindOf: layout.kindOf, parse, wanted });
  const changes = all.flatMap((change) => {
    const window = windowOf(change.ref);
    return window === undefined ? [] : [{ change, window }];
  });
  const {
    changes: attributions,
    transients,
    unmapped,
    effects,
  } = attribute({
    ...inputOf(context),
    changes,
    window: { from: work.quietFrom, to: work.startedAt },
    base,
    weigh: weigher(base, context.rules),
  });
  const isTrailed = trailedBy(deployment.trails);
  const judging: Judging = { ...context, base, events: events.byId, creations: creationsOf(effects, events.byId), newness: events.newness };
  const window = hull(changes.map((entry) => entry.window)) ?? told;
  const findings = [
    ...changes.map(({ change, window: own }, index) => {
      const attribution = attributions[index];
      if (attribution === undefined) throw new Error('attribution left out a change');
      return judgeChange(change, isTrailed(change.ref.scope) ? attribution : untrailed(attribution), commit, own, judging);
    }),
    ...(commit.parent === null ? [] : await coverageFindings(trees, { layout, read: store.read }, commit, window)),
    ...(await divergences(trees, commit, window, judging)),
    ...transients.map((found) => judgeTransient(found.transient, found.attribution, found.window, judging)),
    ...untrackedActs({ ...context, effects, window: { from: work.quietFrom, to: work.startedAt } }),
  ];
  const end = latest([...changes.map((entry) => entry.window.to), work.startedAt]);
  // A trail may be late: what has no actor is looked for again for a day.
  const solved = findings.every(
    ({ attribution, change }) =>
      !['pending', 'unattributed', 'ambiguous'].includes(attribution.status) || (change !== undefined && !isTrailed(change.ref.scope)),
  );
  const settled = deployment.trails.length === 0 || now >= shift(end, solved ? SETTLE + SKEW : LOOK_BACK);
  return { findings: foldParts(findings, deployment.kinds), unmapped, settled };
}

/** Writes after the commit, in a time in which nothing changed. */
function judgeQuiet(work: CommitWork, base: Base, context: Watching): { findings: Finding[]; unmapped: readonly UnmappedCount[] } {
  const still: Base = { before: base.after, after: base.after, list: base.list };
  const window = { from: work.againFrom, to: work.quietTo };
  const { transients, unmapped, effects } = attribute({ ...inputOf(context), changes: [], window, base: still });
  const judging: Judging = { ...context, base: still, events: context.events.byId, creations: new Map(), newness: context.events.newness };
  // The last moments before a look may not have shown in it yet.
  const seen = transients.filter(
    ({ transient, attribution }) =>
      transient.duration !== undefined || attribution.events.every(({ time }) => time < shift(work.quietTo, -SKEW)),
  );
  const told = seen.map((found) => judgeTransient(found.transient, found.attribution, found.window, judging));
  return { findings: [...told, ...untrackedActs({ ...context, effects, window })], unmapped };
}

function inputOf({ deployment, events, now }: JudgeContext) {
  return {
    events: events.all,
    kinds: deployment.kinds,
    covered: events.covered,
    trailGaps: events.gaps,
    issuedBy: (credential: string) => events.issuers.get(credential),
    now,
    pathOf: deployment.layout.pathOf,
  };
}
