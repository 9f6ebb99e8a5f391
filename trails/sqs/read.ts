/** Reads a queue into the event store; a message is deleted only when its events are stored, so that a kill loses none. */
import type { AuditEvent, TrailContext } from 'drifttrail';
import pLimit from 'p-limit';
import { faultOf } from '../../exporters/_aws/errors.ts';
import { continueFrom, coverPlaces, newestByPlace, type Poll } from './cover.ts';
import { drain } from './drain.ts';
import { openMessage } from './message.ts';
import { BATCH, type Message, type Queue, type QueueState } from './queue.ts';
import { knownRefusals, type Refusals, reportRefusals } from './refused.ts';

export interface Source {
  /** The queue's address: marks are kept by it. */
  readonly queue: string;
  readonly region: string;
  /** The rules behind it pass on every write. */
  readonly complete: boolean;
}

type Context = Pick<TrailContext, 'now' | 'mark' | 'setMark' | 'gap' | 'covered' | 'signal' | 'progress' | 'stored'>;

/** Messages whose events are stored, and which are then deleted, at once. */
const STORE = 500;
/** Milliseconds: a backlog of days must not hold up a snapshot; the next run goes on. */
const LONGEST = 120_000;

/** What one reading has met. */
interface Tally {
  readonly refusals: Refusals;
  readonly newest: Map<string, AuditEvent>;
  /** Deliveries whose events have been given, and are to be deleted once these are stored. */
  readonly done: string[];
  readonly started: number;
  messages: number;
  /** When the message that waited longest was sent. */
  oldest: number;
}

export async function* readQueue(queue: Queue, source: Source, context: Context): AsyncGenerator<AuditEvent> {
  const { stored, now } = context;
  if (stored === undefined) {
    const detail = `${source.queue} is emptied by reading, and nothing would be stored: only snapshot, daemon and attribute read it`;
    context.gap({ reason: 'invalid', detail });
    return;
  }
  const before = await attempt('sqs:GetQueueAttributes', source, context, (signal) => queue.state(signal));
  if (before === undefined) return;
  const started = now().getTime();
  const tally: Tally = { refusals: new Map(), newest: new Map(), done: [], started, messages: 0, oldest: started };
  const late = () => now().getTime() - started > LONGEST;
  const rounds = drain(queue, { started, late, signal: context.signal });
  let emptied: boolean | undefined;
  while (emptied === undefined) {
    const round = await attempt('sqs:ReceiveMessage', source, context, () => rounds.next());
    if (round === undefined || round.done === true) {
      emptied = round?.value ?? false;
      if (round !== undefined && !emptied) leftOver(source, before, context);
    } else yield* take(round.value, tally);
    if (tally.done.length >= STORE || emptied !== undefined) {
      await stored();
      await forget(queue, tally.done.splice(0), source, context);
    }
  }
  conclude(source, before, tally, emptied, context);
}

function* take(messages: readonly Message[], tally: Tally): Generator<AuditEvent> {
  for (const { id, handle, body, sentAt } of messages) {
    tally.messages++;
    const opened = openMessage(body);
    if ('refused' in opened) {
      tally.refusals.set(id, opened);
      continue;
    }
    if (sentAt > 0) tally.oldest = Math.min(tally.oldest, sentAt);
    for (const event of opened.events) newestByPlace(tally.newest, event, tally.started);
    yield* opened.events;
    tally.done.push(handle);
  }
}

/** What the reading says of the queue, and what silence in it is worth from now on. */
function conclude(source: Source, before: QueueState, tally: Tally, emptied: boolean, context: Context): void {
  const { queue, complete } = source;
  const { started, newest, refusals, messages, oldest } = tally;
  const { retention } = before;
  const held = Math.max(0, before.inFlight - knownRefusals(queue, context).length) + before.delayed;
  if (held > 0) context.progress(`${queue}: ${held} messages are held by another reader or one that was killed, and come later`);
  if (messages > 0) context.progress(`${queue}: ${messages} messages, the oldest sent ${new Date(oldest).toISOString()}`);
  const lost = reportRefusals(queue, refusals, before, emptied, context);
  const poll: Poll = { started, finished: context.now().getTime(), whole: emptied && held === 0, lost, retention };
  const broken = continueFrom(queue, poll, context);
  if (broken !== undefined) {
    const detail = `${queue} was not read from ${broken.from} to ${broken.to} and has forgotten what came then; read it more often, or raise its retention`;
    context.gap({ partial: true, reason: 'truncated', detail });
  } else if (started - oldest > retention / 2) {
    context.progress(`${queue}: a message waited more than half of what the queue keeps; read it more often, or raise its retention`);
  }
  if (complete && poll.whole && !lost) coverPlaces(queue, newest, context);
}

/** What could not be deleted comes again, and is stored once all the same. */
async function forget(queue: Queue, handles: readonly string[], source: Source, context: Context): Promise<void> {
  const limit = pLimit(8);
  const batches = Array.from({ length: Math.ceil(handles.length / BATCH) }, (_, index) =>
    handles.slice(index * BATCH, (index + 1) * BATCH),
  );
  const removing = async (signal: AbortSignal) => {
    const failed = await Promise.all(batches.map((batch) => limit(() => queue.remove(batch, signal))));
    return failed.reduce((sum, count) => sum + count, 0);
  };
  const failed = await attempt('sqs:DeleteMessage', source, context, removing, true);
  if (failed !== undefined && failed > 0) context.progress(`${source.queue}: ${failed} messages could not be deleted and will come again`);
}

/** Undefined and a gap when the queue refuses. */
async function attempt<T>(
  action: string,
  { queue, region }: Source,
  { signal, gap }: Context,
  work: (signal: AbortSignal) => Promise<T>,
  partial = false,
): Promise<T | undefined> {
  try {
    return await work(signal);
  } catch (error) {
    signal.throwIfAborted();
    const fault = faultOf(error, { action, region });
    gap({ ...fault, ...(partial ? { partial } : {}), detail: `${queue}: ${fault.detail}` });
    return undefined;
  }
}

function leftOver({ queue }: Source, { waiting }: QueueState, { gap }: Context): void {
  const detail = `${queue} had about ${waiting} messages and could not be emptied within ${LONGEST / 1000} s; the next run goes on`;
  gap({ reason: 'truncated', detail });
}
