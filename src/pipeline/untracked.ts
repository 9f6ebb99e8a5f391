/**
 * Dangerous acts on what no exporter reads: logging stopped, a bucket opened, a snapshot shared, anything in an account or a
 * region that is not looked at. No diff will ever show them.
 */
import { resolveActor } from '../attribute/actor.ts';
import { refTo } from '../attribute/person.ts';
import type { Attribution, AuditEvent, Effect, Finding, Ref } from '../model.ts';
import { atLeast } from '../rank/levels.ts';
import { rankEvent } from '../rank/rank-events.ts';
import type { RuleSet } from '../rank/rules.ts';
import { untrackedRef } from './event-resource.ts';
import type { Events } from './events.ts';
import { findingId } from './finding-id.ts';
import { strangeness } from './judge.ts';
import type { Span } from './windows.ts';

export interface UntrackedInput {
  readonly events: Events;
  /** By event id, what is known to have been done to something of a kind that can be read. */
  readonly effects: ReadonlyMap<string, readonly Effect[]>;
  /** Whether a resource would stand in the snapshots. */
  readonly isWatched: (ref: Ref) => boolean;
  readonly window: Span;
  readonly rules: RuleSet;
  /** Told of rules that cannot be evaluated. */
  readonly problem: (text: string) => void;
}

/** Those in (from, to] that a rule knows and calls medium or worse; each is a finding of its own, without a commit. */
export function untrackedActs({ events, effects, isWatched, window: within, rules, problem }: UntrackedInput): Finding[] {
  const [from, to] = [Date.parse(within.from), Date.parse(within.to)];
  return events.all.flatMap((event) => {
    const at = Date.parse(event.time);
    if (at <= from || at > to || event.readOnly || event.error !== undefined) return [];
    const known = effects.get(event.id) ?? [];
    if (known.some(({ ref }) => isWatched(ref))) return [];
    const attribution = attributionOf(event, events);
    const { problems, ...rank } = rankEvent(event, known, rules, { others: strangeness(attribution, events.newness) });
    for (const text of problems) problem(text);
    if (rank.rules.length === 0 || !atLeast(rank.level, 'medium')) return [];
    const transient = { ref: known[0]?.ref ?? untrackedRef(event), path: '', effects: [] };
    const window = { from: event.time, to: event.time };
    return [{ id: findingId(['act', event.id]), commit: null, transient, window, attribution, ...rank }];
  });
}

function attributionOf(event: AuditEvent, { issuers }: Events): Attribution {
  return {
    status: 'attributed',
    grade: 'exact',
    actor: resolveActor(event.actor, (credential) => issuers.get(credential)),
    events: [refTo(event)],
    edits: {},
    because: 'the audit record itself',
  };
}
