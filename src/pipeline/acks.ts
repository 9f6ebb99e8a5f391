/** A person says that a finding is fine, or takes it back. */
import type { Deployment } from '../deployment.ts';
import type { Ack } from '../store/acks.ts';
import { acquireLock } from '../store/lock.ts';

/** Under the run's lock. False when nothing was there to be taken back. @throws {DrifttrailError} `locked` (75) during a run */
export async function acknowledge(
  { stateDir, store, surroundings }: Pick<Deployment, 'stateDir' | 'store' | 'surroundings'>,
  ack: Ack | Pick<Ack, 'finding'>,
  by: string,
): Promise<boolean> {
  const lock = await acquireLock(stateDir, surroundings);
  try {
    return await store.writeAck(ack, by);
  } finally {
    await lock.release();
  }
}
