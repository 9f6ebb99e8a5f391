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

function quiet(event: AuditEvent, others: Others): Rank {
  const surroundings = surroundingsOf({ ref: undefined, config: undefined }, NO_NEIGHBOURS);
  const { actor } = event;
  const { points, reasons } = adjust({ actor, events: [event], others, surroundings, opens: false, protects: false, kind: undefined });
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
