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
  const outbox = outboxOf(deployment);
  const revived = await outbox.revive(outlets);
  const { delivered } = await deliver(deployment, options);
  // Of those that were asked for: another outlet's troubles are not theirs.
  const of = (items: readonly { readonly outlet: string }[]) => items.filter(({ outlet }) => outlets.includes(outlet)).length;
  const [waiting, dead] = await Promise.all([outbox.pending(), outbox.dead()]);
  return { revived, delivered, waiting: of(waiting), dead: of(dead) };
}
