/** Sends one test message through the configured hooks, past the outbox: the answer is wanted now. */
import type { Deployment } from '../deployment.ts';
import { describeError } from '../errors.ts';
import type { Receipt } from '../model.ts';
import { testMessage } from '../notify/message.ts';
import { delivererOf } from '../pipeline/outlet.ts';
import { hooksNamed } from './hooks-named.ts';

const STATE_ONLY: Receipt = { status: 'delivered', detail: 'tells the state at each look, and no messages' };
const DEADLINE = 30_000; // milliseconds a hook

export interface TestReceipt extends Receipt {
  readonly hook: string;
}

/** Throws `hooks-none` and `hook-unknown`. */
export async function testHooks(deployment: Deployment, only: string | undefined, signal: AbortSignal): Promise<TestReceipt[]> {
  const message = testMessage(deployment.surroundings.now().toISOString());
  return Promise.all(
    hooksNamed(deployment, only).map(async ({ hook }): Promise<TestReceipt> => {
      const { use } = hook;
      const limited = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE)]);
      try {
        const receipt = (await delivererOf(deployment, hook)?.(message, limited)) ?? STATE_ONLY;
        return { hook: use, ...receipt };
      } catch (error) {
        return { hook: use, status: 'rejected', detail: describeError(error) };
      }
    }),
  );
}
