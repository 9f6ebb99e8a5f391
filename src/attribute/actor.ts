/** The human behind a role: along the credentials that each call was signed with, back to who asked for them. */
import type { Actor, AuditEvent } from '../model.ts';

export type IssuedBy = (credential: string) => Pick<AuditEvent, 'actor'> | undefined;

/** Roles may assume roles, but not for ever. */
const LONGEST_CHAIN = 10;
/** A name that is known to be a person's needs no chain. */
const SETTLED = new Set(['sourceIdentity', 'session-name', 'user']);

export function resolveActor(actor: Actor, issuedBy: IssuedBy): Actor {
  if (actor.nameFrom !== undefined && SETTLED.has(actor.nameFrom)) return actor;
  const seen = new Set<string>();
  let current = actor;
  while (current.credential !== undefined && !seen.has(current.credential) && seen.size < LONGEST_CHAIN) {
    seen.add(current.credential);
    const issuer = issuedBy(current.credential);
    // A service hands a role to a machine: the chain begins there.
    if (issuer === undefined || issuer.actor.type === 'AWSService') break;
    current = issuer.actor;
    if (current.nameFrom !== undefined && SETTLED.has(current.nameFrom)) break;
  }
  if (current === actor) return actor;
  return { ...actor, name: current.name, mfa: actor.mfa ?? current.mfa, nameFrom: 'role-chain' };
}

/** Two calls by the same person in the same role. */
export function sameActor(a: Actor, b: Actor): boolean {
  return a.name === b.name && a.type === b.type && a.arn === b.arn;
}

/** `alice`, or `alice as Admin`. */
export function describeActor(actor: Actor): string {
  const role = actor.role !== null && actor.role !== actor.name ? ` as ${actor.role}` : '';
  const service = actor.service !== undefined && actor.service !== actor.name ? ` through ${actor.service}` : '';
  return `${actor.name}${role}${service}`;
}
