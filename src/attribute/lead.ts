/** Several people changed one thing: whose part of the change it is that matters, so that nobody is named for another's. */
import type { Actor, AuditEvent, Change, Edit, Json } from '../model.ts';
import { isObject, segmentsOf } from '../pointer.ts';
import { sameActor } from './actor.ts';
import { compareEvents } from './order.ts';

/** How much a part of a change matters; `events` are those that made it. */
export type Weigh = (part: Change, events: readonly AuditEvent[]) => number;

/** What one person did of a change. */
export interface Share {
  readonly actor: Actor;
  readonly edits: readonly Edit[];
  /** The events that made them, newest first. */
  readonly events: readonly AuditEvent[];
}

/** By person, whoever acted last first. */
export function sharesOf(made: readonly { readonly edit: Edit; readonly event: AuditEvent; readonly actor: Actor }[]): readonly Share[] {
  const shares: { actor: Actor; edits: Edit[]; events: AuditEvent[] }[] = [];
  for (const { edit, event, actor } of [...made].sort((a, b) => compareEvents(b.event, a.event))) {
    const known = shares.find((share) => sameActor(share.actor, actor));
    if (known === undefined) shares.push({ actor, edits: [edit], events: [event] });
    else {
      known.edits.push(edit);
      if (!known.events.includes(event)) known.events.push(event);
    }
  }
  return shares;
}

/** The share that matters most, the latest of equals; undefined when what nobody is known to have done matters more. */
export function decisive(
  change: Change,
  shares: readonly Share[],
  unclaimed: readonly Edit[],
  weigh: Weigh | undefined,
): Share | undefined {
  const [latest] = shares;
  const parts = shares.length + Math.min(unclaimed.length, 1);
  if (weigh === undefined || change.type !== 'modified' || parts < 2) return latest;
  let most = unclaimed.length === 0 ? Number.NEGATIVE_INFINITY : weigh(partOf(change, unclaimed), []);
  let lead: Share | undefined;
  for (const share of shares) {
    const weight = weigh(partOf(change, share.edits), share.events);
    if (weight > most || (weight === most && lead === undefined)) [most, lead] = [weight, share];
  }
  return lead;
}

/** The change as if nothing but these edits had been made. */
function partOf(change: Change, edits: readonly Edit[]): Change {
  const { before } = change;
  return isObject(before) ? { ...change, edits, after: edits.reduce<Json>(edited, before) } : { ...change, edits };
}

function edited(document: Json, { path, after }: Edit): Json {
  return put(document, segmentsOf(path), after);
}

/** Null takes a member away, as in an edit. */
function put(value: Json | undefined, [first, ...rest]: readonly string[], leaf: Json): Json {
  if (first === undefined) return leaf;
  if (Array.isArray(value))
    return (value as readonly Json[]).map((item, index) => (String(index) === first ? put(item, rest, leaf) : item));
  const { [first]: inner, ...others } = isObject(value) ? value : {};
  const next = rest.length === 0 ? leaf : put(inner, rest, leaf);
  return next === null ? others : { ...others, [first]: next };
}
