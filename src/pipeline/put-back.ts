/** Which findings that an outlet was told of do not stand any more: a later snapshot put back what they changed. */
import type { Deployment } from '../deployment.ts';
import type { Change, Finding } from '../model.ts';
import { timeOf } from '../report/order.ts';
import type { Told } from './announced.ts';
import { readNotes } from './notes.ts';
import { markUndone } from './undone.ts';

export interface PutBack {
  readonly finding: Finding;
  /** The later one. */
  readonly by: Finding;
}

/** By what a finding is found again in a later one: the file, or what could not be read. */
export function placeOf({ change, coverage }: Finding): string | undefined {
  if (coverage !== undefined) return `coverage ${coverage.gap.scope} ${coverage.gap.kind ?? ''}`;
  return change?.path;
}

/**
 * `recent`: the findings of the last commits, oldest first. Only what they touch is looked at, each place once for each
 * change of it: `told` remembers how far.
 */
export async function putBack(deployment: Deployment, recent: readonly Finding[], told: Record<string, Told>): Promise<readonly PutBack[]> {
  const last = new Map<string, Finding>();
  for (const finding of recent) {
    const place = placeOf(finding);
    if (place !== undefined) last.set(place, finding);
  }
  const found: PutBack[] = [];
  for (const [id, entry] of Object.entries(told)) {
    const latest = entry.place === undefined || !stands(entry) ? undefined : last.get(entry.place);
    if (latest === undefined || latest.id === id || entry.seen === latest.id) continue;
    told[id] = { ...entry, seen: latest.id };
    const story = await storyOf(deployment, id, entry, latest, recent);
    const finding = (latest.coverage === undefined ? markUndone(story) : regained(story)).find((one) => one.id === id);
    const by = story.find((one) => one.id === finding?.undone?.by);
    if (finding !== undefined && by !== undefined) found.push({ finding, by });
  }
  return found;
}

/** What nobody was told of as a change cannot be told to be put back: what undoes a silent one is a change to be told. */
function stands({ state }: Told): boolean {
  return state !== 'undone' && state !== 'silent';
}

/** Everything that happened to the place since, oldest first; nothing when the finding itself is not known any more. */
async function storyOf(
  deployment: Deployment,
  id: string,
  { place, commit }: Told,
  latest: Finding,
  recent: readonly Finding[],
): Promise<readonly Finding[]> {
  const here = recent.filter((finding) => placeOf(finding) === place);
  if (here.some((finding) => finding.id === id)) return here;
  if (latest.coverage !== undefined) {
    const notes = commit == null ? new Map() : await readNotes(deployment, [commit]);
    const first = (notes.get(commit ?? '')?.findings ?? []).filter((finding: Finding) => finding.id === id);
    return first.length === 0 ? [] : [...first, ...here];
  }
  const { path } = latest.change as Change;
  const shas: string[] = [];
  for await (const { sha } of deployment.store.log({ paths: [path] })) {
    shas.unshift(sha);
    if (sha === commit) break;
  }
  const notes = await readNotes(deployment, shas);
  return shas.flatMap((sha) => (notes.get(sha)?.findings ?? []).filter((finding) => finding.change?.path === path));
}

function regained(story: readonly Finding[]): Finding[] {
  return story.map((finding, index) => {
    const later = story.slice(index + 1).at(-1);
    if (finding.coverage?.type !== 'lost' || later?.coverage?.type !== 'regained') return finding;
    return { ...finding, undone: { by: later.id, at: timeOf(later) } };
  });
}
