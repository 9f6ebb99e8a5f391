/** One configured hook as an outlet: its name on disk, and how it is told within the rules for what leaves the machine. */
import { join } from 'node:path';
import type { ConfiguredHook, Deployment } from '../deployment.ts';
import { DrifttrailError, describeError } from '../errors.ts';
import type { HookContext, Json, Receipt, Status } from '../model.ts';
import { createConnector, REFUSED } from '../notify/connect.ts';
import { type Deliver, type Held, openOutbox, type Outbox } from '../notify/outbox.ts';
import { createAsker, createSender } from '../notify/sender.ts';
import { acquireLock } from '../store/lock.ts';
import { guardOf } from './secrets.ts';

export function outboxFolder(stateDir: string): string {
  return join(stateDir, 'outbox');
}

/** What it says of a delivery is kept and shown: it never repeats the secrets that it was given. */
export function delivererOf(deployment: Deployment, hook: ConfiguredHook): Deliver | undefined {
  const { deliver, answer = deliver } = hook.hook;
  if (deliver === undefined || answer === undefined) return undefined;
  return guarded(deployment, hook, (message, signal, context) =>
    message.kind === 'answer' ? answer(message, signal, context) : deliver(message, signal, context),
  );
}

/** How the outlet is shown the state of things; undefined when it tells of changes only. */
export function stateTellerOf(
  deployment: Deployment,
  hook: ConfiguredHook,
): ((status: Status, signal: AbortSignal) => Promise<Receipt>) | undefined {
  const { state } = hook.hook;
  return state === undefined ? undefined : guarded(deployment, hook, (status, signal, context) => state(status, signal, context));
}

function guarded<What>(
  { surroundings, redactor }: Deployment,
  { options: own, shape, speaking: { allowPrivate } }: ConfiguredHook,
  tell: (what: What, signal: AbortSignal, context: HookContext) => Promise<Receipt>,
): (what: What, signal: AbortSignal, rest?: Json) => Promise<Receipt> {
  const guard = guardOf(shape, redactor);
  return async (what, signal, before) => {
    const rules = { allowPrivate, signal };
    const send = createSender(surroundings, rules);
    const ask = createAsker(surroundings, rules);
    try {
      const rest = before === undefined ? {} : { rest: before };
      const context = { ...surroundings, options: own(), send, ask, ...createConnector(rules), ...rest };
      const receipt = await tell(what, signal, context);
      return {
        status: receipt.status,
        detail: guard(receipt.detail),
        ...(receipt.retryAfter === undefined ? {} : { retryAfter: receipt.retryAfter }),
        ...(receipt.rest === undefined ? {} : { rest: receipt.rest }),
      };
    } catch (error) {
      if (!(error instanceof DrifttrailError)) throw error;
      // Which program cannot be started says little without what to do.
      const said = error.code === 'spawn-failed' ? describeError(error) : error.message;
      return { status: error.code === REFUSED ? 'rejected' : 'retry', detail: guard(said) };
    }
  };
}

export function outboxOf({ stateDir, surroundings }: Pick<Deployment, 'stateDir' | 'surroundings'>): Outbox {
  return openOutbox(outboxFolder(stateDir), { now: surroundings.now, lock: (folder) => lockUnlessHeld(folder, surroundings) });
}

export async function lockUnlessHeld(folder: string, surroundings: Deployment['surroundings']): Promise<Held | undefined> {
  try {
    return await acquireLock(folder, surroundings);
  } catch (error) {
    if (error instanceof DrifttrailError && error.code === 'locked') return undefined;
    throw error;
  }
}
