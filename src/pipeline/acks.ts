/** A person says that a finding is fine, or takes it back. */
import type { Deployment } from '../deployment.ts';
import type { Ack } from '../store/acks.ts';
import { type Lock, acquireLock } from '../store/lock.ts';
import { lockUnlessHeld } from './outlet.ts';

/** Milliseconds that a run is waited for: mostly it holds the lock for seconds. */
const PATIENCE = 8000;

/** Under the run's lock. False when nothing was there to be taken back. @throws {DrifttrailError} `locked` (75) during a long run */
export async function acknowledge(
  { stateDir, store, surroundings }: Pick<Deployment, 'stateDir' | 'store' | 'surroundings'>,
  ack: Ack | Pick<Ack, 'finding'>,
  by: string,
): Promise<boolean> {
  const lock = await waitForTurn(stateDir, surroundings);
  try {
    return await store.writeAck(ack, by);
  } finally {
    await lock.release();
  }
}

async function waitForTurn(stateDir: string, surroundings: Deployment['surroundings']): Promise<Lock> {
  for (let waited = 0; waited < PATIENCE; waited += 250) {
    const lock = await lockUnlessHeld(stateDir, surroundings);
    if (lock !== undefined) return lock;
    await surroundings.sleep(250);
  }
  return acquireLock(stateDir, surroundings); // says who has it
}
