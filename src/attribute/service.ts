/** A service that acts with its own role does so because somebody asked for something: finds who. */
import type { Actor, AuditEvent, Json } from '../model.ts';
import { isObject } from '../pointer.ts';
import { millis } from './window.ts';

/** A service follows its request within this time. Milliseconds. */
const DELAY = 15 * 60_000;
const ROLE_ARN = /^arn:[^:]*:iam::\d{12}:role\//;
const ID = /\b[a-z]{1,8}(?:-[a-z]{1,8})?-[0-9a-f]{8,17}\b/g;

export function isService(actor: Actor): boolean {
  return actor.type === 'AWSService' || actor.role?.startsWith('AWSServiceRoleFor') === true;
}

/** Tags set nothing off. */
const TAGGING = /^(Create|Delete)Tags$|^(Tag|Untag)[A-Z]/;

/**
 * The last human write before it that shares an id with it; for a service in a role that was lent to it, the one that asked
 * this service and named the role. `writes` are oldest first.
 */
export function triggerOf(event: AuditEvent, writes: readonly AuditEvent[]): AuditEvent | undefined {
  if (isService(event.actor)) {
    const ids = idsOf(event);
    return ids.size === 0 ? undefined : lastBefore(event, writes, (other) => [...idsOf(other)].some((id) => ids.has(id)));
  }
  const { service, role, nameFrom } = event.actor;
  if (service === undefined || role === null || nameFrom !== undefined) return undefined;
  return lastBefore(event, writes, (other) => other.source === service && other.region === event.region && namesRole(other.request, role));
}

/** Whether the ARN of the role stands among what was asked. */
function namesRole(value: Json, role: string): boolean {
  if (typeof value === 'string') return ROLE_ARN.test(value) && value.endsWith(`/${role}`);
  if (Array.isArray(value)) return value.some((item: Json) => namesRole(item, role));
  return isObject(value) && Object.values(value).some((item) => namesRole(item, role));
}

function lastBefore(event: AuditEvent, writes: readonly AuditEvent[], setsOff: (other: AuditEvent) => boolean): AuditEvent | undefined {
  const [from, to] = [millis(event.time) - DELAY, millis(event.time)];
  for (let index = upperBound(writes, to) - 1; index >= 0; index--) {
    const other = writes[index] as AuditEvent;
    if (millis(other.time) < from) return undefined;
    if (other.account !== event.account || isService(other.actor) || TAGGING.test(other.name)) continue;
    if (setsOff(other)) return other;
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
