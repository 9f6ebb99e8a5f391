/** Joins commits with audit events: changes get their actor, events without a diff become transients, all are ranked. */
import type { Deployment } from './deployment.ts';
import { attribute } from './attribute/attribute.ts';
import { diffTrees } from './diff/diff.ts';
import type { Attribution, AuditEvent, Finding, TrailGap } from './model.ts';
import { parse } from './normalize/normalize.ts';
import { type Base, type ConfigCache, loadBase, type Tree } from './pipeline/base.ts';
import { baselines, coverageFindings } from './pipeline/coverage-findings.ts';
import { redactEvent } from './pipeline/redact-event.ts';
import { type Judging, judgeChange, judgeTransient } from './pipeline/judge.ts';
import { type CommitNote, encodeNote, readNotes, type UnmappedCount, windowKey } from './pipeline/notes.ts';
import { earliest, hull, latest, type Span, shift } from './pipeline/windows.ts';
import { renderNote } from './report/note.ts';
import type { CommitInfo } from './store/log.ts';
import type { Observed } from './store/observed.ts';
import { type EventStore, openEventStore } from './trail/events.ts';
import { readTrail } from './trail/read.ts';

export interface CorrelateOptions {
  readonly signal: AbortSignal;
  readonly progress: (text: string) => void;
}

const SKEW = 90_000;
const SETTLE = 15 * 60_000;
/** Trails deliver within minutes; a day leaves room for an outage of ours. */
const LOOK_BACK = 24 * 3_600_000;
const KEEP_EVENTS = 90 * 24 * 3_600_000;

interface Work {
  readonly commit: CommitInfo;
  readonly windows: CommitNote['windows'];
  readonly startedAt: string;
  readonly quietFrom: string;
  readonly quietTo: string;
  readonly before: Tree;
  readonly after: Tree;
}

/**
 * (Re)correlates the commits of a span and writes their notes; the same events give the same bytes. The caller holds
 * the deployment's lock. Resolves to the findings of those commits.
 */
export async function correlate(deployment: Deployment, span: Span, options: CorrelateOptions): Promise<Finding[]> {
  const { store } = deployment;
  const now = deployment.surroundings.now().toISOString();
  const commits: CommitInfo[] = [];
  for await (const commit of store.log({ since: span.from, until: span.to })) commits.unshift(commit);
  const tip = await store.tip();
  if (tip !== null && commits.at(-1)?.sha !== tip && span.to >= now) commits.push(await store.info(tip));
  if (commits.length === 0) return [];

  const notes = await readNotes(deployment, commits);
  const watched = deployment.trails.length > 0 ? tip : null;
  const open = commits.filter(({ sha }) => notes.get(sha)?.settled !== true || sha === watched || span.from < shift(now, -LOOK_BACK));
  if (open.length === 0) return commits.flatMap(({ sha }) => notes.get(sha)?.findings ?? []);
  const work = await Promise.all(open.map((commit) => prepare(deployment, commit, notes, tip)));
  const events = await readEvents(deployment, work, now, options);
  const settledElsewhere = commits.filter((commit) => !open.includes(commit)).flatMap(({ sha }) => notes.get(sha)?.findings ?? []);
  const judged = (await judgeAll(deployment, work, events, settledElsewhere, now, options)).filter(
    ({ sha, note }) => !sameButQuiet(note, notes.get(sha)),
  );
  await store.writeNotes(new Map(judged.map(({ sha, note }) => [sha, { text: renderNote(note.findings), findings: encodeNote(note) }])));
  for (const { sha, note } of judged) notes.set(sha, note);
  return commits.flatMap(({ sha }) => notes.get(sha)?.findings ?? []);
}

/** Correlates what may still change: the last day and the tip. Part of every snapshot. */
export function correlateRecent(deployment: Deployment, options: CorrelateOptions): Promise<Finding[]> {
  const now = deployment.surroundings.now().toISOString();
  return correlate(deployment, { from: shift(now, -LOOK_BACK), to: now }, options);
}

async function prepare(
  deployment: Deployment,
  commit: CommitInfo,
  notes: ReadonlyMap<string, CommitNote>,
  tip: string | null,
): Promise<Work> {
  const { store } = deployment;
  const known = notes.get(commit.sha);
  const [after, before, observed, older] = await Promise.all([
    store.tree(commit.sha),
    commit.parent === null ? new Map<string, string>() : store.tree(commit.parent),
    store.readObserved(),
    commit.parent === null ? undefined : readNotes(deployment, [await store.info(commit.parent)]),
  ]);
  const told = trailerWindow(commit);
  const startedAt = known?.startedAt ?? told.to;
  const lastRun = commit.sha === tip ? lastLook(observed) : undefined;
  // A commit made by a run that was killed before its note: the parent's coverage still tells what was seen for the first time.
  const windows = known?.windows ?? (await baselines({ before, after }, { layout: deployment.layout, read: store.read }));
  const quietTo = [known?.quietTo, lastRun, startedAt].reduce<string>((a, b) => (b !== undefined && b > a ? b : a), startedAt);
  const parentNote = commit.parent === null ? undefined : older?.get(commit.parent);
  return {
    commit,
    windows,
    startedAt,
    quietFrom: parentNote?.quietTo ?? (commit.parent === null ? startedAt : told.from),
    quietTo,
    before,
    after,
  };
}

/** Start of the latest complete look at anything. */
function lastLook(observed: Observed): string | undefined {
  return Object.values(observed.observations)
    .flatMap((kinds) => Object.values(kinds).map(({ complete }) => complete?.from))
    .filter((time) => time !== undefined)
    .reduce<string | undefined>((a, b) => (a === undefined || b > a ? b : a), undefined);
}

function trailerWindow(commit: CommitInfo): Span {
  const [from, to] = (commit.trailers['Drifttrail-Window'] ?? '').split('/');
  return from === undefined || to === undefined || from === '' ? { from: commit.date, to: commit.date } : { from, to };
}

interface Events {
  readonly all: readonly AuditEvent[];
  readonly byId: ReadonlyMap<string, AuditEvent>;
  readonly issuers: ReadonlyMap<string, AuditEvent>;
  readonly covered: Awaited<ReturnType<EventStore['covered']>>;
  readonly gaps: readonly TrailGap[];
}

async function readEvents(deployment: Deployment, work: readonly Work[], now: string, options: CorrelateOptions): Promise<Events> {
  const spans = work.flatMap(({ windows, commit, quietFrom, quietTo }) => [
    trailerWindow(commit),
    { from: quietFrom, to: quietTo },
    ...Object.values(windows).filter((window) => window !== null),
  ]);
  const span = hull(spans);
  if (deployment.trails.length === 0 || span === undefined) return { all: [], byId: new Map(), issuers: new Map(), covered: [], gaps: [] };
  const window = { from: shift(span.from, -SKEW), to: earliest([shift(span.to, SKEW), now]) };
  const store = await openEventStore(deployment.stateDir);
  const { redactor } = deployment;
  const guarded: EventStore = { ...store, insert: (events) => store.insert(events.map((event) => redactEvent(event, redactor))) };
  try {
    const gaps: TrailGap[] = [];
    for (const { trail, options: own } of deployment.trails) {
      const read = await readTrail(trail, own, window, guarded, { surroundings: deployment.surroundings, ...options });
      gaps.push(...read.gaps);
    }
    for (const gap of gaps) options.progress(`trail: ${[gap.account, gap.region, gap.detail].filter(Boolean).join(' ')}`);
    await store.prune(shift(now, -KEEP_EVENTS));
    const all = await store.query(window);
    const issuers = await store.issuers(all);
    return { all, byId: new Map(all.map((event) => [event.id, event])), issuers, covered: await store.covered(), gaps };
  } finally {
    store.close();
  }
}

interface Judged {
  readonly sha: string;
  readonly note: CommitNote;
  readonly spent: ReadonlySet<string>;
}

async function judgeAll(
  deployment: Deployment,
  work: readonly Work[],
  events: Events,
  known: readonly Finding[],
  now: string,
  options: CorrelateOptions,
): Promise<Judged[]> {
  const rules = await deployment.ruleset();
  const cache: ConfigCache = new Map();
  const judged: Judged[] = [];
  for (const item of work) {
    const trees = { before: item.before, after: item.after };
    const { layout, kinds, store } = deployment;
    const deps = { layout, kinds, read: store.read, cache };
    const worthReading = events.all.length > 0;
    const base = await loadBase(trees, deps, (kind) => worthReading && (kind.events?.length ?? 0) > 0);
    const judging: Judging = { deployment, rules, base, events: events.byId, now, progress: options.progress };
    judged.push(await judgeCommit(item, judging, events, deps.read));
  }
  // What one commit shows as a change, its neighbour must not tell as a write without a diff.
  const spent = new Set([...judged.flatMap((item) => [...item.spent]), ...known.flatMap(causesOf)]);
  return judged.map((item) => ({
    ...item,
    note: {
      ...item.note,
      findings: item.note.findings.filter(
        ({ transient, attribution }) => transient === undefined || !attribution.events.every(({ id }) => spent.has(id)),
      ),
    },
  }));
}

async function judgeCommit(item: Work, judging: Judging, events: Events, read: Deployment['store']['read']): Promise<Judged> {
  const { deployment, base, now } = judging;
  const { layout, kinds } = deployment;
  const told = trailerWindow(item.commit);
  const all = await diffTrees({ before: item.before, after: item.after, read, refOf: layout.refOf, kindOf: layout.kindOf, parse });
  const changes = all.flatMap((change) => {
    const recorded = item.windows[windowKey(change.ref.scope, change.ref.kind)];
    const window = recorded === undefined && item.commit.parent !== null ? told : recorded;
    return window === null || window === undefined ? [] : [{ change, window }];
  });
  const common = {
    events: events.all,
    kinds,
    covered: events.covered,
    trailGaps: events.gaps,
    issuedBy: (credential: string) => events.issuers.get(credential),
    now,
    pathOf: layout.pathOf,
  };
  const main = attribute({ ...common, changes, window: { from: item.quietFrom, to: item.startedAt }, base });
  const still: Base = { before: base.after, after: base.after, list: base.list };
  const quiet = attribute({ ...common, changes: [], window: { from: item.startedAt, to: item.quietTo }, base: still });

  const window = hull(changes.map((entry) => entry.window)) ?? told;
  const findings = [
    ...changes.map(({ change, window: own }, index) => {
      const attribution = main.changes[index];
      if (attribution === undefined) throw new Error('attribution left out a change');
      return judgeChange(change, deployment.trails.length === 0 ? untrailed(attribution) : attribution, item.commit, own, judging);
    }),
    ...(await coverageFindings({ before: item.before, after: item.after }, { layout, read }, item.commit, window)).filter(
      () => item.commit.parent !== null,
    ),
    ...main.transients.map((found) => judgeTransient(found.transient, found.attribution, found.window, judging)),
    ...quiet.transients
      // The last moments before a look may not have shown in it yet.
      .filter(
        ({ transient, attribution }) =>
          transient.duration !== undefined || attribution.events.every(({ time }) => time < shift(item.quietTo, -SKEW)),
      )
      .map((found) => judgeTransient(found.transient, found.attribution, found.window, { ...judging, base: still })),
  ].sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));

  const end = latest([...changes.map((entry) => entry.window.to), item.quietTo]);
  // A trail may be late: what has no actor is looked for again for a day.
  const solved = findings.every(({ attribution }) => !['pending', 'unattributed', 'ambiguous'].includes(attribution.status));
  const settled = deployment.trails.length === 0 || now >= shift(end, solved ? SETTLE + SKEW : LOOK_BACK);
  const note: CommitNote = {
    schemaVersion: 1,
    windows: item.windows,
    startedAt: item.startedAt,
    quietTo: item.quietTo,
    settled,
    findings,
    unmapped: addUp([...main.unmapped, ...quiet.unmapped]),
  };
  return { sha: item.commit.sha, note, spent: new Set(findings.flatMap(causesOf)) };
}

/** Without any trail there is nothing to wait for. */
function untrailed(attribution: Attribution): Attribution {
  if (attribution.status !== 'pending') return attribution;
  return { ...attribution, status: 'unattributed', because: 'no trail is configured that tells who changes it' };
}

/** The events that are told as the causes of a change. */
function causesOf({ change, attribution }: Finding): string[] {
  if (change === undefined) return [];
  return Object.values(attribution.edits).flatMap(({ grade, eventIds }) => (grade === 'candidate' ? [] : eventIds));
}

/** A later look that found nothing is no news: the next commit's window begins where the note says. */
function sameButQuiet(note: CommitNote, known: CommitNote | undefined): boolean {
  return known !== undefined && encodeNote({ ...note, quietTo: known.quietTo }) === encodeNote(known);
}

function addUp(counts: readonly UnmappedCount[]): UnmappedCount[] {
  const sums = new Map<string, UnmappedCount>();
  for (const { name, source, count } of counts) {
    const key = `${source} ${name}`;
    sums.set(key, { name, source, count: count + (sums.get(key)?.count ?? 0) });
  }
  return [...sums.values()].sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}
