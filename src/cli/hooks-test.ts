/** Sends one test message through the configured hooks, past the outbox: the answer is wanted now. */
import type { Deployment } from '../deployment.ts';
import { describeError } from '../errors.ts';
import type { Receipt } from '../model.ts';
import { deadlineOf } from '../notify/deadline.ts';
import { testMessage } from '../notify/message.ts';
import { delivererOf, stateTellerOf } from '../pipeline/outlet.ts';
import { statusOf } from '../pipeline/status.ts';
import { hooksNamed } from './hooks-named.ts';

const NOTHING: Receipt = { status: 'rejected', detail: 'the plug-in tells neither changes nor a state' };
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
      const { signal: limited, clear } = deadlineOf(DEADLINE, signal);
      try {
        const deliver = delivererOf(deployment, hook);
        if (deliver !== undefined) return { hook: use, ...(await deliver(message, limited)) };
        // What shows a state is shown the state: there is no message to it.
        const receipt = await stateTellerOf(deployment, hook)?.(await statusOf(deployment), limited);
        return { hook: use, ...(receipt ?? NOTHING) };
      } catch (error) {
        return { hook: use, status: 'rejected', detail: describeError(error) };
      } finally {
        clear();
      }
    }),
  );
}
