/** Sends one test message through the configured hooks, past the outbox: the answer is wanted now. */
import type { Deployment } from '../deployment.ts';
import { DrifttrailError, describeError } from '../errors.ts';
import type { Receipt } from '../model.ts';
import { testMessage } from '../notify/message.ts';
import { delivererOf } from '../pipeline/outlet.ts';
import { suggestion } from '../suggest.ts';

const STATE_ONLY: Receipt = { status: 'delivered', detail: 'tells the state at each look, and no messages' };
const DEADLINE = 30_000; // milliseconds a hook

export interface TestReceipt extends Receipt {
  readonly hook: string;
}

/** Throws `hooks-none` and `hook-unknown`. */
export async function testHooks(deployment: Deployment, only: string | undefined, signal: AbortSignal): Promise<TestReceipt[]> {
  const { surroundings } = deployment;
  const names = deployment.hooks.map(({ use }) => use);
  if (names.length === 0) {
    throw new DrifttrailError({
      code: 'hooks-none',
      message: 'the deployment has no hooks',
      remedy: 'add one under hooks: in drifttrail.yaml',
    });
  }
  if (only !== undefined && !names.includes(only)) {
    throw new DrifttrailError({ code: 'hook-unknown', message: `the deployment has no hook ${only}`, remedy: suggestion(only, names) });
  }
  const message = testMessage(surroundings.now().toISOString());
  const wanted = deployment.hooks.filter(({ use }) => only === undefined || use === only);
  return Promise.all(
    wanted.map(async (hook): Promise<TestReceipt> => {
      const { use } = hook;
      const limited = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE)]);
      try {
        return { hook: use, ...((await delivererOf(deployment, hook)?.(message, limited)) ?? STATE_ONLY) };
      } catch (error) {
        return { hook: use, status: 'rejected', detail: describeError(error) };
      }
    }),
  );
}
