/** Ranks raw audit events, with no snapshot at hand: through the effects they had and the rules for their names. */
import type { Attribution, AuditEvent, Effect } from '../model.ts';
import { adjust, type Others } from './context.ts';
import { actionOf, callFacts, factsOf } from './facts.ts';
import { guessEvent } from './fallback.ts';
import { bandOf, levelOf } from './levels.ts';
import { changesOf, judge, type Rank, settle } from './rank.ts';
import { NO_NEIGHBOURS, type Neighbours } from './neighbours.ts';
import type { RuleSet } from './rules.ts';
import { surroundingsOf } from './surroundings.ts';

export interface RankEventOptions {
  readonly neighbours?: Neighbours;
  readonly others?: Others;
}

/**
 * Judges one event. A call that only reads, or that was refused, changed nothing: it stays `info`, a refused attempt
 * ordered by what it would have done. Sign-ins are no writes but are judged like them.
 */
export function rankEvent(event: AuditEvent, effects: readonly Effect[], rules: RuleSet, options: RankEventOptions = {}): Rank {
  if (event.error !== undefined && !isSignIn(event)) return attempted(event, rules);
  // Most of what is read no rule asks for: that is known by its name, and known once.
  if (event.readOnly && effects.length === 0 && !isReadKnownJudged(event, rules)) return quiet(event, options.others ?? {});
  const changes = changesOf(effects);
  const attribution = attributionOf(event);
  const { error: _told, ...judgedAs } = event;
  const judged = judge(
    changes,
    [judgedAs],
    { attribution, ...(options.neighbours === undefined ? {} : { neighbours: options.neighbours }) },
    rules,
  );
  if (judged.matches.length === 0 && event.readOnly) return quiet(event, options.others ?? {});
  const first = changes[0];
  return settle(judged, event, {
    actor: event.actor,
    events: [event],
    others: options.others ?? {},
    change: first,
    config: first === undefined ? undefined : (options.neighbours ?? NO_NEIGHBOURS).get(first.ref),
    neighbours: options.neighbours ?? NO_NEIGHBOURS,
  });
}

/** Whether a rule may match a call that only read, by what is known of it before its record is looked at. */
export function isReadJudged({ source, name }: Pick<AuditEvent, 'source' | 'name'>, rules: RuleSet): boolean {
  const event = { ...callFacts({ source, name }), readOnly: true };
  return rules.forEvent(source, actionOf(name)).some(({ onEvent }) => !onEvent.excludes({ event }));
}

const judgedReads = new WeakMap<RuleSet, Map<string, boolean>>();
const MOST_READS = 5000;

function isReadKnownJudged(event: AuditEvent, rules: RuleSet): boolean {
  const known = judgedReads.get(rules) ?? new Map<string, boolean>();
  judgedReads.set(rules, known);
  const call = `${event.source} ${event.name}`;
  const judged = known.get(call) ?? isReadJudged(event, rules);
  if (known.size >= MOST_READS) known.clear();
  known.set(call, judged);
  return judged;
}

/** A sign-in that failed is no write that was refused: the failure is what happened. */
function isSignIn(event: AuditEvent): boolean {
  return event.extra?.eventType === 'AwsConsoleSignIn';
}

function attributionOf(event: AuditEvent): Attribution {
  const { id, name, source, time } = event;
  return {
    status: 'attributed',
    grade: 'exact',
    actor: event.actor,
    events: [{ id, name, source, time }],
    edits: {},
    because: 'the event itself',
  };
}

/** Most of who read something is in who and how; it stays `info` all the same. */
const PER_POINT_OF_A_READ = 1 / 3;
const NOWHERE = surroundingsOf({ ref: undefined, config: undefined }, NO_NEIGHBOURS);

function quiet(event: AuditEvent, others: Others): Rank {
  const around = { surroundings: NOWHERE, opens: false, protects: false, loosens: false, kind: undefined };
  const { points, reasons } = adjust({ ...around, actor: event.actor, events: [event], others });
  const score = Math.min(Math.max(Math.round(1 + points * PER_POINT_OF_A_READ), 0), bandOf('info').to);
  return { level: 'info', score, rules: [], reasons: [`${actionOf(event.name)} only reads`, ...reasons], problems: [] };
}

function attempted(event: AuditEvent, rules: RuleSet): Rank {
  const code = event.error?.code ?? 'error';
  const facts = factsOf({ event, actor: event.actor });
  const { error: _refused, ...asIfDone } = event;
  const judged = judge([], [asIfDone], { attribution: attributionOf(event) }, rules);
  const wouldBe = judged.matches[0]?.rule.score ?? (event.readOnly ? 1 : guessEvent(event).score);
  const score = Math.round((wouldBe / 100) * bandOf('info').to);
  const reasons = judged.matches.map(({ rule }) => `attempted, refused (${code}): ${rule.reason(facts)}`);
  return {
    level: levelOf(score),
    score,
    rules: judged.matches.map(({ rule }) => rule.id),
    reasons: reasons.length === 0 ? [`attempted, refused (${code})`] : reasons,
    problems: judged.problems,
  };
}
