/** Messages that hold no records: told once each, never deleted, and in nobody's way. */
import { isObject, type Json, type TrailContext } from 'drifttrail';
import type { Opened } from './message.ts';
import type { QueueState } from './queue.ts';

/** By message id. */
export type Refusals = Map<string, Extract<Opened, { refused: string }>>;

/** More than these in one queue are told again. */
const REMEMBERED = 1000;
const keyOf = (queue: string) => `${queue} refused`;

/** The ids that have been told. */
export function knownRefusals(queue: string, { mark }: Pick<TrailContext, 'mark'>): readonly string[] {
  const text = mark(keyOf(queue));
  if (text === undefined) return [];
  const value = JSON.parse(text) as Json;
  return isObject(value) && Array.isArray(value['ids']) ? value['ids'].filter((id: Json) => typeof id === 'string') : [];
}

/**
 * Tells of those that are new, together. True when one of the new may have been a record. `whole`: the queue was emptied,
 * so that what was not seen again is gone.
 */
export function reportRefusals(
  queue: string,
  refusals: Refusals,
  state: QueueState,
  whole: boolean,
  context: Pick<TrailContext, 'mark' | 'setMark' | 'gap'>,
): boolean {
  const known = knownRefusals(queue, context);
  const fresh = [...refusals].filter(([id]) => !known.includes(id));
  const ids = [...new Set([...(whole ? [] : known), ...refusals.keys()])].slice(-REMEMBERED);
  if (fresh.length > 0 || ids.length !== known.length) context.setMark(keyOf(queue), JSON.stringify({ ids }));
  const [first] = fresh;
  if (first === undefined) return false;
  const lost = fresh.some(([, refusal]) => refusal.lost);
  const [id, { refused }] = first;
  const others = fresh.length === 1 ? '' : ` (and ${fresh.length - 1} more)`;
  context.gap({
    reason: 'invalid',
    ...(lost ? {} : { partial: true }),
    detail: `${queue}: message ${id}${others} cannot be read: ${refused}; it is left in the queue, ${fateOf(state)}`,
  });
  return lost;
}

function fateOf({ redrive, retention }: QueueState): string {
  if (redrive !== undefined) return `whose redrive policy moves it to ${redrive.to} after ${redrive.after} receptions`;
  return `which forgets it after ${Math.round((retention / 86_400_000) * 10) / 10} days; a redrive policy would keep it in a dead-letter queue`;
}
