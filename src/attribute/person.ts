/** Who is behind an event, and the event as a reference. */
import type { Actor, AuditEvent, EventRef } from '../model.ts';
import { resolveActor } from './actor.ts';
import type { AttributeInput } from './input.ts';
import type { Journal } from './journal.ts';
import { triggerOf } from './service.ts';

/** The human who set a service off, else the one at the end of the chain of credentials. */
export function personBehind(event: AuditEvent, input: Pick<AttributeInput, 'issuedBy'>, journal: Pick<Journal, 'writes'>): Actor {
  const trigger = triggerOf(event, journal.writes);
  if (trigger === undefined) return resolveActor(event.actor, input.issuedBy);
  return { ...resolveActor(trigger.actor, input.issuedBy), service: event.actor.service ?? event.actor.role ?? event.actor.name };
}

export function refTo({ id, name, source, time }: AuditEvent): EventRef {
  return { id, name, source, time };
}
