/** Empties a queue, round by round, until nothing is left that was sent before the reading began. */
import { BATCH, type Message, type Queue } from './queue.ts';

/** Calls at a time while batches come back full. */
const WIDEST = 8;
/** Rounds running that bring nothing older: a busy queue is never empty. */
const QUIET = 3;

export interface DrainDeps {
  /** Milliseconds since 1970. */
  readonly started: number;
  readonly late: () => boolean;
  readonly signal: AbortSignal;
}

/**
 * Yields what each round received. Returns true when everything sent before `started` has been received: a call that
 * waits asks all servers of the queue, so that an empty answer means an empty queue. False when it was `late` first.
 */
export async function* drain(queue: Pick<Queue, 'receive'>, { started, late, signal }: DrainDeps): AsyncGenerator<Message[], boolean> {
  const seen = new Set<string>();
  let width = 1;
  let quiet = 0;
  while (!late()) {
    const batches = await Promise.all(Array.from({ length: width }, () => queue.receive(signal)));
    const messages = batches.flat();
    if (messages.length === 0) return true;
    const news = messages.some(({ id, sentAt }) => sentAt <= started && !seen.has(id));
    for (const { id } of messages) seen.add(id);
    quiet = news ? 0 : quiet + 1;
    yield messages;
    if (quiet >= QUIET) return true;
    width = batches.every(({ length }) => length >= BATCH) ? Math.min(width * 2, WIDEST) : 1;
  }
  return false;
}
