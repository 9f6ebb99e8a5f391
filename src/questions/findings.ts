/** Finds findings and commits by what people have in hand: an id, the beginning of a sha, a path. */
import type { Deployment } from '../deployment.ts';
import { DrifttrailError } from '../errors.ts';
import { type AttributionStatus, type Finding, withParts } from '../model.ts';
import { setAside } from '../pipeline/aside.ts';
import { placesOf } from '../pipeline/ignore.ts';
import { decodeNote } from '../pipeline/notes.ts';
import { clean } from '../report/clean.ts';
import type { CommitInfo } from '../store/store.ts';

const BATCH = 500; // commits per question to the notes

export interface Entry {
  readonly commit: CommitInfo;
  readonly findings: readonly Finding[];
}

/** The history, newest first, each commit with its findings. */
export async function* history(deployment: Deployment, query: Parameters<Deployment['store']['log']>[0]): AsyncGenerator<Entry> {
  let batch: CommitInfo[] = [];
  for await (const commit of deployment.store.log(query)) {
    batch.push(commit);
    if (batch.length < BATCH) continue;
    yield* withFindings(deployment, batch);
    batch = [];
  }
  yield* withFindings(deployment, batch);
}

async function* withFindings(deployment: Deployment, commits: readonly CommitInfo[]): AsyncGenerator<Entry> {
  if (commits.length === 0) return;
  const notes = await deployment.store.readFindings(commits.map(({ sha }) => sha));
  const acks = await deployment.store.readAcks();
  for (const commit of commits) {
    yield { commit, findings: setAside(deployment, decodeNote(notes.get(commit.sha))?.findings ?? [], placesOf, acks) };
  }
}

/** By its id or the beginning of it. Throws `finding-unknown` and `finding-ambiguous`. */
export async function findingById(deployment: Deployment, id: string): Promise<Entry & { readonly finding: Finding }> {
  if (!ENOUGH.test(id)) {
    throw new DrifttrailError({
      code: 'finding-unknown',
      message: `"${id}" is not the id of a finding`,
      remedy: 'write f- and at least 4 of its 12 digits; drifttrail report lists the findings with their ids',
    });
  }
  for await (const entry of history(deployment, {})) {
    const matching = withParts(entry.findings).filter((candidate) => candidate.id.startsWith(id));
    const [finding] = matching;
    if (finding === undefined) continue;
    if (matching.length > 1) {
      throw new DrifttrailError({
        code: 'finding-ambiguous',
        message: `${id} stands for ${matching.length} findings: ${matching.map((one) => one.id).join(', ')}`,
        remedy: 'give more digits',
      });
    }
    return { ...entry, finding };
  }
  throw new DrifttrailError({
    code: 'finding-unknown',
    message: `there is no finding ${id}`,
    remedy: 'drifttrail report lists the findings with their ids',
  });
}

/** With fewer digits the newest of many would be taken for the one that was meant. */
const ENOUGH = /^f-[0-9a-f]{4,12}$/;

export function isFindingId(text: string): boolean {
  return /^f-[0-9a-f]{1,12}$/.test(text);
}

/** The file of the snapshots repository that a finding is about; none for an act on what nobody reads. */
export function pathOf(finding: Finding): string | undefined {
  const path = finding.change?.path ?? finding.transient?.path;
  return path === '' ? undefined : path;
}

const NOBODY: Readonly<Record<AttributionStatus, string>> = {
  attributed: 'nobody named',
  ambiguous: 'nobody known for sure',
  pending: 'not known yet',
  unattributed: 'nobody known',
  'not-applicable': 'no trail tells who',
};

/** `alice (console)`, or why nobody is named; never more than what is known. */
export function whoDidIt({ attribution }: Finding): string {
  const { actor, status } = attribution;
  if (actor === undefined) return NOBODY[status];
  return clean(`${status === 'attributed' ? '' : 'perhaps '}${actor.name} (${actor.via})`);
}

export function countStatuses(findings: readonly Finding[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { attribution } of findings) counts[attribution.status] = (counts[attribution.status] ?? 0) + 1;
  return counts;
}
