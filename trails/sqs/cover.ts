/**
 * What silence in a queue is worth. A queue has no history, and EventBridge may lose an event now and then: only between
 * two events of an account and region that came through the same queue, without a break, is "no event" a fair answer.
 */
import type { AuditEvent, TrailContext } from 'drifttrail';

/** Milliseconds since 1970. */
export interface Poll {
  readonly started: number;
  readonly finished: number;
  /** Everything sent before `started` was received, and nobody else held any of it. */
  readonly whole: boolean;
  /** A message that may have been a record could not be read. */
  readonly lost: boolean;
  readonly retention: number;
}

export type Marks = Pick<TrailContext, 'mark' | 'setMark'>;

export interface Break {
  readonly from: string;
  readonly to: string;
}

const iso = (time: number): string => new Date(time).toISOString();

/**
 * Moves on the time since which nothing can have been missed. Undefined without a break; else the span in which the
 * queue forgot messages before anybody asked for them.
 */
export function continueFrom(
  key: string,
  { started, finished, whole, lost, retention }: Poll,
  { mark, setMark }: Marks,
): Break | undefined {
  const [begun, read] = [mark(`${key} begun`), mark(`${key} read`)];
  const oldest = finished - retention;
  const forgot = read !== undefined && Date.parse(read) < oldest;
  if (begun === undefined) setMark(`${key} begun`, iso(started));
  else if (lost) setMark(`${key} begun`, iso(finished));
  else if (forgot) setMark(`${key} begun`, iso(oldest));
  // Before the first whole poll there is none to continue from: its start stands in for it.
  if (whole || read === undefined) setMark(`${key} read`, iso(started));
  return forgot ? { from: read, to: iso(oldest) } : undefined;
}

/** The newest event of each place; nothing of it may be in the future. */
export function newestByPlace(newest: Map<string, AuditEvent>, event: AuditEvent, now: number): void {
  const place = `${event.account} ${event.region}`;
  const time = Date.parse(event.time);
  if (time <= now && time > Date.parse(newest.get(place)?.time ?? '0001-01-01')) newest.set(place, event);
}

/** To be called after `continueFrom`, for a whole poll without a loss. */
export function coverPlaces(
  key: string,
  newest: ReadonlyMap<string, AuditEvent>,
  { mark, setMark, covered }: Marks & Pick<TrailContext, 'covered'>,
): void {
  const begun = mark(`${key} begun`) ?? '';
  for (const [place, { account, region, time }] of newest) {
    const alive = mark(`${key} alive ${place}`);
    if (alive !== undefined && Date.parse(time) <= Date.parse(alive)) continue;
    const from = alive === undefined || Date.parse(alive) > Date.parse(begun) ? alive : begun;
    if (from !== undefined && Date.parse(from) < Date.parse(time)) covered({ account, region, from, to: time });
    setMark(`${key} alive ${place}`, time);
  }
}
