/** A service that acts with its own role does so because somebody asked for something: finds who. */
import type { Actor, AuditEvent } from '../model.ts';
import { millis } from './window.ts';

/** A service follows its request within this time. Milliseconds. */
const DELAY = 15 * 60_000;
const ID = /\b[a-z]{1,8}(?:-[a-z]{1,8})?-[0-9a-f]{8,17}\b/g;

export function isService(actor: Actor): boolean {
  return actor.type === 'AWSService' || actor.role?.startsWith('AWSServiceRoleFor') === true;
}

/** The last human write before it that shares an id with it. `writes` are oldest first. */
export function triggerOf(event: AuditEvent, writes: readonly AuditEvent[]): AuditEvent | undefined {
  if (!isService(event.actor)) return undefined;
  const ids = idsOf(event);
  if (ids.size === 0) return undefined;
  const [from, to] = [millis(event.time) - DELAY, millis(event.time)];
  for (let index = upperBound(writes, to) - 1; index >= 0; index--) {
    const other = writes[index] as AuditEvent;
    if (millis(other.time) < from) return undefined;
    if (other.account !== event.account || isService(other.actor)) continue;
    if ([...idsOf(other)].some((id) => ids.has(id))) return other;
  }
  return undefined;
}

function idsOf(event: AuditEvent): Set<string> {
  return new Set(JSON.stringify([event.request, event.response]).match(ID) ?? []);
}

function upperBound(writes: readonly AuditEvent[], time: number): number {
  let [low, high] = [0, writes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (millis((writes[middle] as AuditEvent).time) <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}
