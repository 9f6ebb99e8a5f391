/** Whether anybody looked: where nothing was, an empty answer says nothing. */
import type { Deployment } from '../deployment.ts';
import type { Unseen } from '../report/unseen.ts';
import type { CommitInfo } from '../store/log.ts';

interface Span {
  readonly from: string;
  readonly to: string;
}

/** Milliseconds after the last look until it is worth a word; as `check` has it. */
const STALE = 24 * 3_600_000;

/** What of a span nobody looked at; null when it was seen. `stale`: how much may lie between the last look and its end. */
export async function unseenIn(deployment: Deployment, { from, to }: Span, stale = STALE): Promise<Unseen | null> {
  const last = await lastLook(deployment);
  if (last === undefined) return { reason: 'never', at: null };
  if (last < from || Date.parse(to) - Date.parse(last) > stale) return { reason: 'since', at: last };
  if ((await newest(deployment, { until: to })) !== undefined) return null;
  return { reason: 'before', at: await firstLook(deployment) };
}

/** The end of the last complete look at anything; a clone knows only of those that led to a commit. */
async function lastLook(deployment: Deployment): Promise<string | undefined> {
  const { observations } = await deployment.store.readObserved();
  const seen = Object.values(observations).flatMap((kinds) => Object.values(kinds).flatMap(({ complete }) => complete?.to ?? []));
  const commit = await newest(deployment, {});
  return [...seen, ...(commit === undefined ? [] : [commit.date])].sort().at(-1);
}

async function firstLook(deployment: Deployment): Promise<string | null> {
  let first: CommitInfo | undefined;
  for await (const commit of deployment.store.log()) if (isLook(commit)) first = commit;
  return first?.date ?? null;
}

async function newest({ store }: Deployment, query: { readonly until?: string }): Promise<CommitInfo | undefined> {
  for await (const commit of store.log(query)) if (isLook(commit)) return commit;
  return undefined;
}

/** The template's commit, and those of people, are none. */
function isLook({ trailers }: CommitInfo): boolean {
  return trailers['Drifttrail-Run'] !== undefined;
}
