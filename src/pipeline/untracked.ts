/** Dangerous acts on what no exporter reads: logging stopped, a bucket opened, a snapshot shared. No diff will ever show them. */
import { createHash } from 'node:crypto';
import { resolveActor } from '../attribute/actor.ts';
import { refTo } from '../attribute/person.ts';
import type { AuditEvent, Effect, Finding } from '../model.ts';
import { atLeast } from '../rank/levels.ts';
import { rankEvent } from '../rank/rank-events.ts';
import type { RuleSet } from '../rank/rules.ts';
import { untrackedRef } from './event-resource.ts';
import type { Events } from './events.ts';
import type { Span } from './windows.ts';

export interface UntrackedInput {
  readonly events: Events;
  /** By event id, what is known to have been done to something that is read. */
  readonly effects: ReadonlyMap<string, readonly Effect[]>;
  readonly window: Span;
  readonly rules: RuleSet;
}

/** Those in (from, to] that a rule knows and calls medium or worse; each is a finding of its own, without a commit. */
export function untrackedActs({ events, effects, window, rules }: UntrackedInput): Finding[] {
  const [from, to] = [Date.parse(window.from), Date.parse(window.to)];
  return events.all.flatMap((event) => {
    const at = Date.parse(event.time);
    if (at <= from || at > to || event.readOnly || event.error !== undefined || effects.has(event.id)) return [];
    const newness = events.newness.get(event.id);
    const others = newness === undefined ? {} : { firstSeen: newness.principal, newAddress: newness.address, newChannel: newness.channel };
    const rank = rankEvent(event, [], rules, { others });
    return rank.rules.length > 0 && atLeast(rank.level, 'medium') ? [findingOf(event, rank, events)] : [];
  });
}

function findingOf(event: AuditEvent, { level, score, rules, reasons }: ReturnType<typeof rankEvent>, { issuers }: Events): Finding {
  return {
    id: `f-${createHash('sha256').update(`act\0${event.id}`).digest('hex').slice(0, 12)}`,
    commit: null,
    transient: { ref: untrackedRef(event), path: '', effects: [] },
    window: { from: event.time, to: event.time },
    attribution: {
      status: 'attributed',
      grade: 'exact',
      actor: resolveActor(event.actor, (credential) => issuers.get(credential)),
      events: [refTo(event)],
      edits: {},
      because: 'the audit record itself',
    },
    level,
    score,
    rules,
    reasons,
  };
}
