/** Between snapshots: looks again for the actors of recent changes, and delivers what waits in the outbox. */
import { correlate } from '../correlate.ts';
import type { Deployment } from '../deployment.ts';
import { DrifttrailError } from '../errors.ts';
import { deliver } from '../outlets.ts';
import { acquireLock } from '../store/lock.ts';

/** Late and corrected records reopen a change for this long. */
const REOPENED = 24 * 3_600_000; // milliseconds

/** Does nothing while a snapshot holds the lock: that run looks by itself. */
export async function retryAttribution(deployment: Deployment, signal: AbortSignal, say: (text: string) => void): Promise<void> {
  const { stateDir, surroundings } = deployment;
  const lock = await acquireLock(stateDir, surroundings).catch((error: unknown) => {
    if (error instanceof DrifttrailError && error.exitCode === 75) return undefined;
    throw error;
  });
  if (lock === undefined) return;
  try {
    const now = surroundings.now();
    const window = { from: new Date(now.getTime() - REOPENED).toISOString(), to: now.toISOString() };
    await correlate(deployment, window, { signal, progress: () => undefined });
    await deliver(deployment, { signal, progress: say });
  } finally {
    await lock.release();
  }
}
