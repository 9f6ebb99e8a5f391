/** Joins commits with audit events: changes get their actor, events without a diff become transients, all are ranked. */
import { toldAsChange } from './attribute/told.ts';
import { inWindow } from './attribute/window.ts';
import type { Deployment } from './deployment.ts';
import type { Finding } from './model.ts';
import { type CommitWork, prepareWork, spansOf } from './pipeline/commit-work.ts';
import type { ReadOptions } from './pipeline/events.ts';
import type { Tree } from './pipeline/base.ts';
import type { JudgeContext } from './pipeline/judge-commit.ts';
import { type CommitNote, encodeNote, LOOK_BACK, readNotes, withoutAside } from './pipeline/notes.ts';
import { isOfTrail, lookedAt, type Sighted } from './pipeline/trail-findings.ts';
import { type Span, shift } from './pipeline/windows.ts';
import { renderNote } from './report/note.ts';
import { titlesOf } from './report/words.ts';
import type { CommitInfo } from './store/log.ts';
import { type Look, readSights, writeSights } from './trail/sight.ts';

export type CorrelateOptions = ReadOptions;

/**
 * (Re)correlates the commits of a span and writes their notes; the same events give the same bytes. The caller holds
 * the deployment's lock. Resolves to the findings of those commits.
 */
export async function correlate(deployment: Deployment, span: Span, options: CorrelateOptions): Promise<Finding[]> {
  const { store } = deployment;
  const now = deployment.surroundings.now().toISOString();
  const within: CommitInfo[] = [];
  for await (const commit of store.log({ since: span.from, until: span.to })) within.unshift(commit);
  const tip = await store.tip();
  if (tip !== null && within.at(-1)?.sha !== tip && span.to >= shift(now, -MOMENT)) within.push(await store.info(tip));
  if (within.length === 0) return [];

  const notes = await readNotes(deployment, withParents(within));
  const anew = span.from < shift(now, -LOOK_BACK);
  const commits = anew ? within : [...(await leftOver(deployment, within[0]?.parent ?? null, notes, now)), ...within];
  const watched = deployment.trails.length > 0 ? tip : null;
  const open = commits.filter(({ sha }) => anew || sha === watched || notes.get(sha)?.settled !== true);
  const context = { notes, tip, observed: await store.readObserved(), anew };
  const work = await Promise.all(open.map((commit) => prepareWork(deployment, commit, context)));
  const closed = commits.filter(({ sha }) => notes.get(sha)?.settled === true);
  const reopen = () => Promise.all(closed.map((commit) => prepareWork(deployment, commit, { ...context, anew: true })));
  const titles = titlesOf(deployment.kinds);
  const judged = new Map<string, CommitNote>();
  const written = new Map(notes);
  const write = async (from: number, to: number) => {
    const due = [...withoutSpent(judged, notes)].slice(from, to);
    const changed = due.filter(([sha, note]) => !sameButQuiet(note, written.get(sha)));
    for (const [sha, note] of changed) written.set(sha, note);
    await store.writeNotes(
      new Map(changed.map(([sha, note]) => [sha, { text: renderNote(note.findings, titles), findings: encodeNote(note) }])),
    );
  };
  // A run that was killed may have told of a trail beside a commit that is the last one no more.
  const toldBefore = new Set(commits.flatMap(({ sha }) => notes.get(sha)?.findings.map(({ id }) => id) ?? []));
  let sighted: Sighted | undefined;
  const sights = deployment.trails.length === 0 ? {} : readSights(deployment.stateDir);
  for await (const { sha, note, looks } of judgeAll(deployment, { work, reopen }, now, options)) {
    // What the trails could not read stands beside the last commit, as do writes without a diff.
    if (sha === watched) sighted = lookedAt(sights, looks, now);
    const fresh = sighted?.findings.filter(({ id }) => !toldBefore.has(id)) ?? [];
    judged.set(sha, withTrails(note, [...(notes.get(sha)?.findings ?? []), ...(sha === watched ? fresh : [])]));
    // A page behind: what a later commit shows as a change is not told by its neighbours.
    const page = judged.size - WRITTEN;
    if (page > 0 && page % WRITTEN === 0) await write(page - WRITTEN, page);
  }
  await write(0, judged.size);
  // Last: what a kill leaves out is found again, with the same ids.
  if (sighted !== undefined) writeSights(deployment.stateDir, sighted.sights);
  return commits.flatMap(({ sha }) => written.get(sha)?.findings ?? []);
}

/** A span that ends "now" was said a moment ago. Milliseconds. */
const MOMENT = 60_000;

/** Commits whose notes are written at once: after hundreds of commits that were not judged, a kill does not begin anew. */
const WRITTEN = 20;

const withParents = (commits: readonly CommitInfo[]) =>
  new Set(commits.flatMap(({ sha, parent }) => [sha, ...(parent === null ? [] : [parent])]));

/** How far back a run looks for what the one before it could not finish: an outage over a holiday. Milliseconds. */
const CATCH_UP = 14 * LOOK_BACK;
/** Commits whose notes are read at once. */
const PAGE = 10;

/**
 * Commits from `newest` back to the first that is final, oldest first: a run was killed, or failed to read its trail, and
 * the next came more than a day later. Their notes are added to `notes`.
 */
async function leftOver(deployment: Deployment, newest: string | null, notes: Map<string, CommitNote>, now: string): Promise<CommitInfo[]> {
  if (newest === null || notes.get(newest)?.settled === true) return [];
  const found: CommitInfo[] = [];
  for await (const commit of deployment.store.log({ ref: newest, since: shift(now, -CATCH_UP) })) {
    found.unshift(commit);
    if (found.length % PAGE !== 0) continue;
    if (await settledAmong(found.slice(0, PAGE), deployment, notes)) break;
  }
  await settledAmong(found.slice(0, found.length % PAGE), deployment, notes);
  return found.slice(found.findLastIndex(({ sha }) => notes.get(sha)?.settled === true) + 1);
}

async function settledAmong(commits: readonly CommitInfo[], deployment: Deployment, notes: Map<string, CommitNote>): Promise<boolean> {
  for (const [sha, note] of await readNotes(deployment, withParents(commits))) notes.set(sha, note);
  return commits.some(({ sha }) => notes.get(sha)?.settled === true);
}

/** Correlates what may still change: the last day, the tip, and what earlier runs left over. Part of every snapshot. */
export function correlateRecent(deployment: Deployment, options: CorrelateOptions): Promise<Finding[]> {
  const now = deployment.surroundings.now().toISOString();
  return correlate(deployment, { from: shift(now, -LOOK_BACK), to: now }, options);
}

async function* judgeAll(
  deployment: Deployment,
  { work, reopen }: { readonly work: readonly CommitWork[]; readonly reopen: () => Promise<readonly CommitWork[]> },
  now: string,
  options: CorrelateOptions,
): AsyncGenerator<Judged> {
  if (work.length === 0) return;
  // Judging is a third of the code; mostly there is nothing to judge.
  const [{ readEvents }, { judgeCommit }] = await Promise.all([import('./pipeline/events.ts'), import('./pipeline/judge-commit.ts')]);
  let events = await readEvents(deployment, work.flatMap(spansOf), now, options);
  // What was final is not, where the trail has corrected what it said.
  const again =
    events.corrected.length === 0 ? [] : (await reopen()).filter((item) => events.corrected.some((time) => isWithin(time, item)));
  if (again.length > 0) events = await readEvents(deployment, [...work, ...again].flatMap(spansOf), now, options);
  const context = {
    deployment,
    rules: await deployment.ruleset(),
    events,
    now,
    cache: new Map(),
    coverage: new Map(),
    tree: treeReader(deployment),
    problem: once(options.problem),
  };
  const reopened = new Set(again.map(({ commit }) => commit.sha));
  const ordered = [...again, ...work.filter(({ commit }) => !reopened.has(commit.sha))].sort((a, b) =>
    a.commit.date < b.commit.date ? -1 : a.commit.date > b.commit.date ? 1 : 0,
  );
  for (const item of ordered) yield { sha: item.commit.sha, note: withoutAside(await judgeCommit(item, context)), looks: events.looks };
}

function isWithin(time: string, work: CommitWork): boolean {
  return spansOf(work).some((span) => inWindow({ time }, span));
}

interface Judged {
  readonly sha: string;
  readonly note: CommitNote;
  /** What each trail could not read. */
  readonly looks: readonly Look[];
}

/** Judging makes anew what diffs and events tell; what was told of trails stays, the latest last. */
function withTrails(note: CommitNote, told: readonly Finding[]): CommitNote {
  const ofTrails = new Map(told.filter(isOfTrail).map((finding) => [finding.id, finding]));
  if (ofTrails.size === 0) return note;
  const others = note.findings.filter((finding) => !isOfTrail(finding));
  return { ...note, findings: [...others, ...[...ofTrails.values()].sort((a, b) => (a.window.to < b.window.to ? -1 : 1))] };
}

/** One rule that cannot be evaluated is wrong for each of a thousand changes. */
function once(tell: (text: string) => void): (text: string) => void {
  const told = new Set<string>();
  return (text) => {
    if (told.has(text)) return;
    told.add(text);
    tell(text);
  };
}

/** Keeps the last two trees: a commit's parent is mostly the commit before. */
function treeReader({ store }: Deployment): JudgeContext['tree'] {
  const held = new Map<string, Tree>();
  return async (sha) => {
    if (sha === null) return new Map();
    const tree = held.get(sha) ?? (await store.tree(sha));
    held.delete(sha);
    held.set(sha, tree);
    for (const old of [...held.keys()].slice(0, -2)) held.delete(old);
    return tree;
  };
}

/** What one commit shows as a change, its neighbour must not tell as a write without a diff. */
function withoutSpent(judged: ReadonlyMap<string, CommitNote>, known: ReadonlyMap<string, CommitNote>): Map<string, CommitNote> {
  const isTold = toldAsChange([...new Map([...known, ...judged]).values()].flatMap(({ findings }) => findings));
  return new Map([...judged].map(([sha, note]) => [sha, { ...note, findings: note.findings.filter((finding) => !isTold(finding)) }]));
}

/** A later look that found nothing is no news, but once a day: the next commit's window begins where the note says. */
function sameButQuiet(note: CommitNote, known: CommitNote | undefined): boolean {
  if (known === undefined || note.quietTo >= shift(known.quietTo, LOOK_BACK)) return false;
  return encodeNote({ ...note, quietTo: known.quietTo }) === encodeNote(known);
}
