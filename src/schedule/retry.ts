/** Between snapshots: looks again for the actors of recent changes, and delivers what waits in the outbox. */
import { correlateRecent } from '../correlate.ts';
import type { Deployment } from '../deployment.ts';
import { DrifttrailError } from '../errors.ts';
import { announceAll, deliver, tellState } from '../outlets.ts';
import { acquireLock } from '../store/lock.ts';

/** Does nothing while a snapshot holds the lock: that run looks by itself. Resolves to what did not go well, a line each. */
export async function retryAttribution(deployment: Deployment, signal: AbortSignal): Promise<readonly string[]> {
  const { stateDir, surroundings } = deployment;
  const lock = await acquireLock(stateDir, surroundings).catch((error: unknown) => {
    if (error instanceof DrifttrailError && error.exitCode === 75) return undefined;
    throw error;
  });
  if (lock === undefined) return [];
  const problems: string[] = [];
  const problem = (text: string) => void problems.push(text);
  try {
    const findings = await correlateRecent(deployment, { signal, progress: () => undefined, problem });
    // What has its actor by now, or has waited long enough, does not wait for the next snapshot.
    await announceAll(deployment, findings);
    await deliver(deployment, { signal, problem });
    await tellState(deployment, { signal, problem });
    return problems;
  } finally {
    await lock.release();
  }
}
