/** How things stand after a look: what outlets show that tell a state rather than changes. */
import type { Deployment } from '../deployment.ts';
import type { Status } from '../model.ts';
import { countLevels, stands } from '../report/order.ts';
import { outletCounts } from './outlet-counts.ts';
import { readReport } from './report.ts';
import { earliest, shift } from './windows.ts';

/** Milliseconds of findings that count. */
const RECENT = 24 * 3_600_000;

/** `duration`: milliseconds of the run that has just looked. */
export async function statusOf(deployment: Deployment, duration?: number): Promise<Status> {
  const { store, surroundings } = deployment;
  const generatedAt = surroundings.now().toISOString();
  const { findings, gaps } = await readReport(deployment, { since: shift(generatedAt, -RECENT), until: generatedAt });
  const standing = findings.filter(stands);
  const { observations } = await store.readObserved();
  const scopes = Object.entries(observations).map(([scope, kinds]) => {
    const times = Object.values(kinds).map(({ complete }) => complete?.to);
    const known = times.filter((time) => time !== undefined);
    return { scope, complete: known.length === 0 || known.length < times.length ? null : earliest(known) };
  });
  return {
    generatedAt,
    scopes: scopes.sort((a, b) => (a.scope < b.scope ? -1 : 1)),
    levels: countLevels(standing),
    pending: standing.filter(({ attribution }) => attribution.status === 'pending').length,
    gaps,
    outlets: await outletCounts(deployment),
    ...(duration === undefined ? {} : { duration }),
  };
}
