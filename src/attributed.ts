/** Keeps the branch `attributed` up to the last commit whose attribution has settled. */
import type { Deployment } from './deployment.ts';
import { authoredCommits, NOTE, noteDigest, SOURCE } from './pipeline/attributed.ts';
import { type CommitNote, LOOK_BACK, readNotes } from './pipeline/notes.ts';
import { shift } from './pipeline/windows.ts';
import { ATTRIBUTED, type DerivedCommit, type FileChanges } from './store/derived.ts';
import type { CommitInfo } from './store/log.ts';

/** Commits that are derived before any is written: bounds memory. */
const BATCH = 2000;

/** Later than a day no note changes any more; the second day is for clocks. */
const REVISED = 2 * LOOK_BACK;

/**
 * Goes on where the branch ends. What a late or corrected record has changed since is derived anew from there; `anew`
 * derives all of it. The caller holds the deployment's lock. Resolves to the number of commits made.
 */
export async function deriveAttributed(deployment: Deployment, { anew = false } = {}): Promise<number> {
  const { store } = deployment;
  if (deployment.trails.length === 0) return 0;
  const expected = await store.ref(ATTRIBUTED);
  let { source, parent } = anew || expected === null ? { source: undefined, parent: null } : await standing(deployment);
  let [from, made] = [expected, 0];
  for (;;) {
    const batch: FileChanges[] = [];
    for await (const changes of store.fileChanges(source)) {
      batch.push(changes);
      if (batch.length >= BATCH) break;
    }
    const { commits, last } = await derive(deployment, batch);
    if (commits.length === 0 && parent === from) return made;
    if (!(await store.writeAttributed({ expected: from, parent, commits }))) return made;
    made += commits.length;
    from = await store.ref(ATTRIBUTED);
    parent = from;
    if (last === undefined || batch.length < BATCH || last !== batch.at(-1)?.sha) return made;
    source = last;
  }
}

/** As far as the notes are settled. */
async function derive(
  { store, kinds, surroundings }: Deployment,
  batch: readonly FileChanges[],
): Promise<{ commits: DerivedCommit[]; last: string | undefined }> {
  const notes = await readNotes(
    { store },
    batch.map(({ sha }) => sha),
  );
  const yesterday = shift(surroundings.now().toISOString(), -LOOK_BACK);
  const commits: DerivedCommit[] = [];
  let last: string | undefined;
  for (const changes of batch) {
    const note = notes.get(changes.sha);
    // Another writer's commit may come before its note; nothing waits for one for ever.
    if (note === undefined ? changes.date > yesterday && !changes.root : !isSettled(note)) break;
    commits.push(...authoredCommits(changes, note, kinds));
    last = changes.sha;
  }
  return { commits, last };
}

/** Nothing is awaited any more: what nobody is named for may still be corrected for a day, and is then derived anew. */
function isSettled({ settled, findings }: CommitNote): boolean {
  return settled || (findings.length > 0 && findings.every(({ attribution }) => attribution.status !== 'pending'));
}

/** The last commit of the branch that still says what the notes say, and what it was derived from. */
async function standing(deployment: Deployment): Promise<{ source: string | undefined; parent: string | null }> {
  const { store, surroundings } = deployment;
  const revised = shift(surroundings.now().toISOString(), -REVISED);
  const tip = await store.tip();
  const recent: CommitInfo[] = [];
  for await (const commit of store.log({ ref: ATTRIBUTED })) {
    recent.push(commit);
    // One more group than can have changed.
    if (commit.date < revised && commit.trailers[SOURCE] !== recent[0]?.trailers[SOURCE]) break;
  }
  const notes = await readNotes(
    { store },
    recent.flatMap(({ trailers }) => trailers[SOURCE] ?? []),
  );
  const holds = new Map<string, boolean>();
  for (const { trailers } of recent) {
    const source = trailers[SOURCE] ?? '';
    if (!holds.has(source))
      holds.set(source, tip !== null && (await store.isAncestor(source, tip)) && trailers[NOTE] === noteDigest(notes.get(source)));
  }
  const broken = recent.findLastIndex(({ trailers }) => holds.get(trailers[SOURCE] ?? '') !== true);
  const base = recent[broken + 1];
  return base === undefined ? { source: undefined, parent: null } : { source: base.trailers[SOURCE], parent: base.sha };
}
