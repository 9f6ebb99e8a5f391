/** Sends one test message through the configured hooks, past the outbox: the answer is wanted now. */
import type { Deployment } from '../deployment.ts';
import { describeError } from '../errors.ts';
import type { Receipt } from '../model.ts';
import { deadlineOf } from '../notify/deadline.ts';
import { testMessage } from '../notify/message.ts';
import { delivererOf, stateTellerOf } from '../pipeline/outlet.ts';
import { statusOf } from '../pipeline/status.ts';
import { hooksNamed } from './hooks-named.ts';
import { remedyFor } from './hooks-remedy.ts';

const NOTHING: Receipt = { status: 'rejected', detail: 'the plug-in tells neither changes nor a state' };
const DEADLINE = 30_000; // milliseconds a hook

export interface TestReceipt extends Receipt {
  /** Its name, as `doctor` tells it. */
  readonly hook: string;
  readonly use: string;
  /** What to do, where it was not delivered. */
  readonly remedy?: string;
}

/** Throws `hooks-none` and `hook-unknown`. */
export async function testHooks(deployment: Deployment, only: string | undefined, signal: AbortSignal): Promise<TestReceipt[]> {
  const message = testMessage(deployment.surroundings.now().toISOString());
  return Promise.all(
    hooksNamed(deployment, only).map(async (hook): Promise<TestReceipt> => {
      const { outlet, use, unset } = hook;
      const which = { hook: outlet, use };
      if (unset !== undefined) return told({ ...which, status: 'rejected', detail: unset.message }, unset.remedy);
      const { signal: limited, clear } = deadlineOf(DEADLINE, signal);
      try {
        const deliver = delivererOf(deployment, hook);
        if (deliver !== undefined) return told({ ...which, ...(await deliver(message, limited)) });
        // What shows a state is shown the state: there is no message to it.
        const receipt = await stateTellerOf(deployment, hook)?.(await statusOf(deployment), limited);
        return told({ ...which, ...(receipt ?? NOTHING) });
      } catch (error) {
        return told({ ...which, status: 'rejected', detail: describeError(error) });
      } finally {
        clear();
      }
    }),
  );
}

function told(receipt: TestReceipt, remedy: string | undefined = remedyFor(receipt)): TestReceipt {
  return remedy === undefined ? receipt : { ...receipt, remedy };
}
