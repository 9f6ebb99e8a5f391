/** Tells the hooks: what is due goes to the durable outbox first, and from there to each outlet. */
import { announceAll } from './announce.ts';
import type { Deployment } from './deployment.ts';
import { readNotes } from './pipeline/notes.ts';
import { delivererOf, outboxOf, outletName } from './pipeline/outlet.ts';

export { announceAll };

export interface DeliverOptions {
  readonly signal: AbortSignal;
  /** Told of what an outlet refused, or did not take yet. */
  readonly problem: (text: string) => void;
}

/** Announces the findings of one commit. */
export async function announce(deployment: Deployment, sha: string): Promise<void> {
  const note = (await readNotes(deployment, [sha])).get(sha);
  await announceAll(deployment, note?.findings ?? []);
}

/** Delivers what is due. A bad outlet delays nobody; what it refuses for good becomes a dead letter. */
export async function deliver(
  deployment: Deployment,
  options: DeliverOptions,
): Promise<{ delivered: number; waiting: number; dead: number }> {
  const { hooks } = deployment;
  if (hooks.length === 0) return { delivered: 0, waiting: 0, dead: 0 };
  const outbox = outboxOf(deployment);
  const outlets = Object.fromEntries(
    hooks.flatMap((hook, index) => {
      const told = delivererOf(deployment, hook);
      return told === undefined ? [] : [[outletName(hook, index), told]];
    }),
  );
  const deliveries = await outbox.deliver(outlets, options.signal);
  for (const { outlet, status, detail } of deliveries) if (status !== 'delivered') options.problem(`${outlet}: ${detail}`);
  const [waiting, dead] = await Promise.all([outbox.pending(), outbox.dead()]);
  return { delivered: deliveries.filter(({ status }) => status === 'delivered').length, waiting: waiting.length, dead: dead.length };
}
