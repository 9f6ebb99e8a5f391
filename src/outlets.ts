/** Tells the hooks: what is due goes to the durable outbox first, and from there to each outlet. */
import { announceAll } from './announce.ts';
import type { ConfiguredHook, Deployment } from './deployment.ts';
import { describeError } from './errors.ts';
import { deadlineOf } from './notify/deadline.ts';
import { readNotes } from './pipeline/notes.ts';
import { delivererOf, outboxOf, stateTellerOf } from './pipeline/outlet.ts';
import { statusOf } from './pipeline/status.ts';

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
    hooks.flatMap((hook) => {
      // What there is for it stays in the outbox, untried.
      if (lacksSecret(hook, options)) return [];
      const told = delivererOf(deployment, hook);
      return told === undefined ? [] : [[hook.outlet, told]];
    }),
  );
  const deliveries = await outbox.deliver(outlets, options.signal);
  for (const { outlet, status, detail } of deliveries) if (status !== 'delivered') options.problem(`${outlet}: ${detail}`);
  const [waiting, dead] = await Promise.all([outbox.pending(), outbox.dead()]);
  return { delivered: deliveries.filter(({ status }) => status === 'delivered').length, waiting: waiting.length, dead: dead.length };
}

/** Told once a run, also when there is nothing for it: its messages would wait unseen. */
function lacksSecret({ outlet, unset }: ConfiguredHook, { problem }: DeliverOptions): boolean {
  if (unset !== undefined) problem(`${outlet}: ${describeError(unset)}`);
  return unset !== undefined;
}

/** Milliseconds that one outlet may take to show the state. */
const STATE_DEADLINE = 30_000;

/** Shows the state of things to the outlets that want it. One that fails is told of, and shown the next state. */
export async function tellState(deployment: Deployment, options: DeliverOptions, duration?: number): Promise<void> {
  const tellers = deployment.hooks.flatMap((hook) => {
    const tell = stateTellerOf(deployment, hook);
    return tell === undefined || hook.unset !== undefined ? [] : [{ outlet: hook.outlet, tell }];
  });
  if (tellers.length === 0) return;
  const status = await statusOf(deployment, duration);
  await Promise.all(
    tellers.map(async ({ outlet, tell }) => {
      const { signal, clear } = deadlineOf(STATE_DEADLINE, options.signal);
      try {
        const receipt = await tell(status, signal);
        if (receipt.status !== 'delivered') options.problem(`${outlet}: ${receipt.detail}`);
      } catch (error) {
        options.problem(`${outlet}: ${describeError(error)}`);
      } finally {
        clear();
      }
    }),
  );
}
