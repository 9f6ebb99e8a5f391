/** Sends again what outlets refused for good or never took, once somebody has mended what was wrong. */
import type { Deployment } from '../deployment.ts';
import { type DeliverOptions, deliver } from '../outlets.ts';
import { outboxOf } from '../pipeline/outlet.ts';
import { hooksNamed } from './hooks-named.ts';

export interface Retried {
  readonly revived: number;
  readonly delivered: number;
  readonly waiting: number;
  readonly dead: number;
}

/** Throws `hooks-none` and `hook-unknown`. */
export async function retryDead(deployment: Deployment, only: string | undefined, options: DeliverOptions): Promise<Retried> {
  const outlets = hooksNamed(deployment, only).map(({ outlet }) => outlet);
  const revived = await outboxOf(deployment).revive(outlets);
  return { revived, ...(await deliver(deployment, options)) };
}
