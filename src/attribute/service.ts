/** A service that acts with its own role does so because somebody asked for something: finds who. */
import type { Actor, AuditEvent, Json } from '../model.ts';
import { isObject } from '../pointer.ts';
import { sameActor } from './actor.ts';
import { millis } from './window.ts';

/** A service follows its request within this time. Milliseconds. */
const DELAY = 15 * 60_000;
/** It alone acts at once and for one request; other services go on acting in a role long after somebody set them up with it. */
const STACKS = 'cloudformation.amazonaws.com';
const ROLE_ARN = /^arn:[^:]*:iam::\d{12}:role\//;
const ID = /\b[a-z]{1,8}(?:-[a-z]{1,8})?-[0-9a-f]{8,17}\b/g;

export function isService(actor: Actor): boolean {
  return actor.type === 'AWSService' || actor.role?.startsWith('AWSServiceRoleFor') === true;
}

/** Tags set nothing off. */
const TAGGING = /^(Create|Delete)Tags$|^(Tag|Untag)[A-Z]/;

/**
 * The last human write before it that shares an id with it; for stacks built in a role that was lent to them, what asked for one
 * and named the role, unless several people did. `writes` are oldest first.
 */
export function triggerOf(event: AuditEvent, writes: readonly AuditEvent[]): AuditEvent | undefined {
  const { service, role, nameFrom } = event.actor;
  if (isService(event.actor)) {
    const ids = idsOf(event);
    return ids.size === 0 ? undefined : requestsBefore(event, writes).find((other) => [...idsOf(other)].some((id) => ids.has(id)));
  }
  if (service !== STACKS || role === null || nameFrom !== undefined) return undefined;
  const asked = requestsBefore(event, writes).filter((other) => other.source === service && namesRole(other.request, role));
  const [last] = asked;
  return last !== undefined && asked.every(({ actor, region }) => sameActor(actor, last.actor) && region === event.region)
    ? last
    : undefined;
}

/** Whether the ARN of the role stands among what was asked. */
function namesRole(value: Json, role: string): boolean {
  if (typeof value === 'string') return ROLE_ARN.test(value) && value.endsWith(`/${role}`);
  if (Array.isArray(value)) return value.some((item: Json) => namesRole(item, role));
  return isObject(value) && Object.values(value).some((item) => namesRole(item, role));
}

/** Newest first. */
function requestsBefore(event: AuditEvent, writes: readonly AuditEvent[]): AuditEvent[] {
  const [from, to] = [millis(event.time) - DELAY, millis(event.time)];
  const end = upperBound(writes, to);
  const within = writes.slice(upperBound(writes, from - 1), end).reverse();
  return within.filter(({ account, actor, name }) => account === event.account && !isService(actor) && !TAGGING.test(name));
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
