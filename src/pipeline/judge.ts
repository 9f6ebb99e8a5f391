/** From changes, transients and events to findings: who, how bad, and how to undo it. */
import { sameActor } from '../attribute/actor.ts';
import { refKey } from '../attribute/effects.ts';
import type { Weigh } from '../attribute/lead.ts';
import type { Deployment } from '../deployment.ts';
import { type Attribution, type AuditEvent, type Change, type Effect, type Finding, kindNamed, type Transient } from '../model.ts';
import type { Neighbours } from '../rank/neighbours.ts';
import type { Others } from '../rank/context.ts';
import { rank, weigh } from '../rank/rank.ts';
import type { RuleSet } from '../rank/rules.ts';
import type { CommitInfo } from '../store/log.ts';
import type { Base } from './base.ts';
import type { Events } from './events.ts';
import { findingId } from './finding-id.ts';
import { ignoringOf, placesOf } from './ignore.ts';
import { earliest, latest, type Span } from './windows.ts';

export interface Judging {
  readonly deployment: Deployment;
  readonly rules: RuleSet;
  readonly base: Base;
  readonly events: ReadonlyMap<string, AuditEvent>;
  /** By resource, the event that made it, where the window tells. */
  readonly creations: ReadonlyMap<string, AuditEvent>;
  /** By event id, what is new about its actor. */
  readonly newness: Events['newness'];
  readonly now: string;
  readonly problem: (text: string) => void;
}

export function judgeChange(change: Change, attribution: Attribution, commit: CommitInfo, window: Span, judging: Judging): Finding {
  const kind = kindNamed(judging.deployment.kinds, change.ref.kind);
  const undo = kind?.undo?.(change, { before: judging.base.before }) ?? [];
  return rankFinding(
    {
      // The run's id rather than the commit's: a commit rebuilt after a lost push race keeps its findings' ids.
      id: findingId([commit.trailers['Drifttrail-Run'] ?? commit.sha, change.path]),
      commit: commit.sha,
      change,
      window,
      attribution,
      ...(undo.length === 0 ? {} : { undo }),
    },
    judging,
  );
}

export function judgeTransient(transient: Transient, attribution: Attribution, window: Span, judging: Judging): Finding {
  const events = attribution.events.map(({ id }) => id).sort();
  const times = attribution.events.map(({ time }) => time);
  // Its own span rather than that of the looks around it, which grows with every look.
  const own = times.length === 0 ? window : { from: earliest(times), to: latest(times) };
  return rankFinding(
    { id: findingId(['transient', transient.path, ...events]), commit: null, transient, window: own, attribution },
    judging,
  );
}

/** What a part of a change would weigh alone. */
export function weigher(base: Base, rules: RuleSet): Weigh {
  const neighbours = neighboursIn(base);
  return (change, events) => weigh({ change, events, neighbours }, rules);
}

function neighboursIn({ before, after, list }: Base): Neighbours {
  return { get: (ref) => after(ref) ?? before(ref), list };
}

/** Its level, score and reasons by the rules, and whether the configuration sets it aside: such a one is no part of another. */
export function rankFinding(finding: Omit<Finding, 'level' | 'score' | 'rules' | 'reasons'>, judging: Judging): Finding {
  const { change, transient, attribution } = finding;
  const neighbours = neighboursIn(judging.base);
  const ranked = rank(
    {
      ...(change === undefined ? {} : { change }),
      ...(transient === undefined ? {} : { transient }),
      attribution,
      events: attribution.events.flatMap(({ id }) => judging.events.get(id) ?? []),
      neighbours,
      others: { ...sinceCreation(finding, judging), ...strangeness(finding.attribution, judging.newness) },
    },
    judging.rules,
  );
  for (const problem of ranked.problems) judging.problem(problem);
  const ignored = ignoringOf(judging.deployment.config.ignore, judging.deployment.kinds, judging.now)(placesOf(finding));
  const { level, score, rules, reasons } = ranked;
  return { ...finding, level, score, rules, reasons, ...(ignored === undefined ? {} : { ignored }) };
}

export function creationsOf(
  effects: ReadonlyMap<string, readonly Effect[]>,
  events: ReadonlyMap<string, AuditEvent>,
): Map<string, AuditEvent> {
  const creations = new Map<string, AuditEvent>();
  for (const [id, own] of effects) {
    const event = events.get(id);
    if (event !== undefined) for (const { op, ref } of own) if (op === 'create') creations.set(refKey(ref), event);
  }
  return creations;
}

/** How long before the act its actor had made the very thing. */
function sinceCreation({ change, attribution }: Pick<Finding, 'change' | 'attribution'>, { events, creations }: Judging): Others {
  const lead = events.get(attribution.events[0]?.id ?? '');
  if (change === undefined || change.type === 'created' || lead === undefined) return {};
  const creation = creations.get(refKey(change.ref));
  if (creation === undefined || creation.id === lead.id || !sameActor(creation.actor, lead.actor)) return {};
  return { createdBySameActor: Math.max(0, Date.parse(lead.time) - Date.parse(creation.time)) };
}

/** What is new about whoever made a finding, as ranking weighs it. */
export function strangeness({ actor, events }: Attribution, newness: Events['newness']): Others {
  const found = newness.get(events[0]?.id ?? '');
  if (found === undefined || actor === undefined) return {};
  return { firstSeen: found.principal, newAddress: found.address, newCountry: found.country, newChannel: found.channel };
}
