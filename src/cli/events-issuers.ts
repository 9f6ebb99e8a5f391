/** Who asked for the credentials that calls were signed with, for reports that keep no events. */
import { type IssuedBy, resolveActor } from '../attribute/actor.ts';
import type { Actor, AuditEvent, Finding } from '../model.ts';

export interface Issuers {
  readonly add: (event: AuditEvent) => void;
  /** The finding with the person at the end of the chain: once all records were read, because they come in any order. */
  readonly named: (finding: Finding) => Finding;
}

/** The longest that credentials of a role may last. Milliseconds. */
export const LONGEST_SESSION = 12 * 3_600_000;

/**
 * Of a million records every tenth may have issued credentials, most of them for machines, by a service: the chain ends there
 * anyway, so nothing is kept of those, and of the others only who it was.
 */
export function createIssuers(): Issuers {
  const actors = new Map<string, Actor>();
  const issuedBy: IssuedBy = (credential) => {
    const actor = actors.get(credential);
    return actor === undefined ? undefined : { actor };
  };
  return {
    add: ({ issued, error, actor }) => {
      if (issued === undefined || error !== undefined || actor.type === 'AWSService') return;
      // A role assumed from another account is on record in both; the role's account knows of the caller only the account.
      if (actor.type === 'AWSAccount' && actors.has(issued)) return;
      actors.set(issued, lean(actor));
    },
    named: (finding) => {
      const { actor } = finding.attribution;
      const person = actor === undefined ? undefined : resolveActor(actor, issuedBy);
      return person === undefined || person === actor ? finding : { ...finding, attribution: { ...finding.attribution, actor: person } };
    },
  };
}

/** What a chain is followed by. */
function lean({ name, type, mfa, credential, nameFrom }: Actor): Actor {
  return {
    ...{ name, type, mfa, arn: null, role: null, via: 'unknown', sourceIp: null, userAgent: null },
    ...(credential === undefined ? {} : { credential }),
    ...(nameFrom === undefined ? {} : { nameFrom }),
  };
}
