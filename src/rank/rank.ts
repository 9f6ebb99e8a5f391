/** Judges one finding: every rule that matches, the highest of them, and what the circumstances add or take. */
import type { Attribution, AuditEvent, Change, Effect, Level, Ref, Transient } from '../model.ts';
import { leaves } from './access.ts';
import type { Variables } from './cel.ts';
import { adjust, type Circumstances, type Others } from './context.ts';
import { actionOf, factsOf, openingsIn, pseudoChange, type Subject } from './facts.ts';
import { directionOf, onlyStrengthens } from './direction.ts';
import { guessChange, guessEvent } from './fallback.ts';
import { atLeast, bandOf, levelOf, neighbourLevel } from './levels.ts';
import { NO_NEIGHBOURS, type Neighbours } from './neighbours.ts';
import { isForeignPrincipal } from './principals.ts';
import type { Rule, RuleSet } from './rules.ts';
import { settings } from './settings.ts';
import { surroundingsOf } from './surroundings.ts';

export interface RankInput {
  readonly change?: Change;
  readonly transient?: Transient;
  /** The events that explain the finding, cause first. */
  readonly events?: readonly AuditEvent[];
  readonly attribution: Attribution;
  readonly neighbours?: Neighbours;
  readonly others?: Others;
}

export interface Rank {
  readonly level: Level;
  /** 0–100, inside the level's band. */
  readonly score: number;
  /** Ids of all matching rules, the highest first. */
  readonly rules: readonly string[];
  /** The reasons of those rules in the same order, then the circumstances; never empty. */
  readonly reasons: readonly string[];
  /** Rules that could not be judged, and why: a defect of the rule, shown by `doctor`. */
  readonly problems: readonly string[];
}

interface Match {
  readonly rule: Rule;
  readonly reason: string;
}

interface Judged {
  readonly matches: readonly Match[];
  readonly problems: readonly string[];
}

/** Judges a change or a transient by its effects and by the events that explain it. Pure; throws nothing. */
export function rank(input: RankInput, rules: RuleSet): Rank {
  const events = causes(input.events ?? [], input.attribution);
  const changes = input.change !== undefined ? [input.change] : changesOf(input.transient?.effects ?? [], input.transient);
  const judged = judge(changes, events, input, rules);
  const subject = changes[0];
  const undone = input.transient?.duration;
  return settle(judged, subject === undefined ? (events[0] ?? undefined) : subject, {
    actor: input.attribution.actor ?? events[0]?.actor,
    events,
    others: undone === undefined ? (input.others ?? {}) : { undoneAfter: undone, ...input.others },
    change: subject,
    config: subject?.after ?? subject?.before,
    neighbours: input.neighbours ?? NO_NEIGHBOURS,
  });
}

/** How bad a change is by itself, whoever made it: by the rule that says most of it, else by the guess. */
export function weigh({ change, events = [], neighbours = NO_NEIGHBOURS }: Weighed, rules: RuleSet): number {
  const attribution = { status: 'attributed', events: [], edits: {}, because: '' } as const;
  const around: Neighbours = { ...neighbours, get: (ref) => (sameRef(ref, change.ref) ? change.after : neighbours.get(ref)) };
  const { matches } = judge([change], events, { change, attribution, neighbours: around }, rules);
  return matches[0]?.rule.score ?? guessChange(change).score;
}

type Weighed = Pick<RankInput, 'events' | 'neighbours'> & { readonly change: Change };

const sameRef = (a: Ref, b: Ref): boolean => a.id === b.id && a.kind === b.kind && a.scope === b.scope;

/** The events that did it: a candidate is not asserted, and what a parent's deletion drags along is judged at the parent. */
function causes(events: readonly AuditEvent[], attribution: Attribution): readonly AuditEvent[] {
  if (attribution.status !== 'attributed') return [];
  const edits = Object.values(attribution.edits);
  if (edits.length === 0) return attribution.grade === 'candidate' || attribution.grade === 'cascade' ? [] : events;
  const sure = new Set(edits.flatMap(({ grade, eventIds }) => (grade === 'exact' || grade === 'leaf' ? eventIds.slice(0, 1) : [])));
  return events.filter(({ id }) => sure.has(id));
}

/** The pseudo changes that effects amount to, one a resource. */
export function changesOf(effects: readonly Effect[], known?: { readonly path: string }): readonly Change[] {
  const byRef = new Map<string, { ref: Ref; effects: Effect[] }>();
  for (const effect of effects) {
    const key = `${effect.ref.scope}\0${effect.ref.kind}\0${effect.ref.id}`;
    const entry = byRef.get(key) ?? { ref: effect.ref, effects: [] };
    entry.effects.push(effect);
    byRef.set(key, entry);
  }
  return [...byRef.values()].map((entry) => pseudoChange(entry.ref, entry.effects, known?.path ?? ''));
}

/**
 * Rules for a kind judge the net change and are believed over what single calls did; rules for events judge the calls,
 * unless the same rule has already judged the kind: a grant made and withdrawn in one window leaves nothing.
 */
export function judge(
  changes: readonly Change[],
  events: readonly AuditEvent[],
  input: Pick<RankInput, 'change' | 'transient' | 'attribution' | 'neighbours'>,
  rules: RuleSet,
): Judged {
  const found = new Map<string, Match>();
  const problems: string[] = [];
  const settled = new Set<string>();
  const actor = input.attribution.actor;
  const common: Omit<Subject, 'change' | 'event'> = {
    events,
    ...(actor === undefined ? {} : { actor }),
    ...(input.transient === undefined
      ? {}
      : { transient: input.transient.duration === undefined ? {} : { duration: input.transient.duration } }),
    ...(input.neighbours === undefined ? {} : { neighbours: input.neighbours }),
  };
  const attempt = (rule: Rule, facts: Variables, condition: Rule['onChange']): void => {
    if (found.has(rule.id)) return;
    try {
      if (condition(facts)) found.set(rule.id, { rule, reason: rule.reason(facts) });
    } catch (error) {
      problems.push(
        `rule ${rule.id} (${rule.position.file}:${rule.position.line}): ${String((error as { summary?: string }).summary ?? error).split('\n')[0]}`,
      );
    }
  };
  for (const change of changes) {
    const facts = factsOf({ ...common, change });
    for (const rule of rulesFor(change.ref.kind, rules)) {
      if (input.change !== undefined) settled.add(rule.id);
      attempt(rule, facts, rule.onChange);
    }
  }
  for (const event of events) {
    if (event.error !== undefined) continue;
    const facts = factsOf({ ...common, actor: event.actor, event });
    for (const rule of rules.forEvent(event.source, actionOf(event.name))) if (!settled.has(rule.id)) attempt(rule, facts, rule.onEvent);
  }
  return { matches: [...found.values()].sort((a, b) => b.rule.score - a.rule.score || (a.rule.id < b.rule.id ? -1 : 1)), problems };
}

/** Those for the kind, and those for every kind that begins alike: `exec.*`. */
function rulesFor(kind: string, { byKind }: RuleSet): readonly Rule[] {
  return [...(byKind.get(kind) ?? []), ...(byKind.get(`${kind.slice(0, kind.indexOf('.'))}.*`) ?? [])];
}

interface SettleContext extends Pick<Circumstances, 'actor' | 'events' | 'others'> {
  readonly change: Change | undefined;
  readonly config: Change['after'];
  readonly neighbours: Neighbours;
}

/** A second, independent threat in the same act makes it worse, but never by a level alone. */
const PER_FURTHER_THREAT = 3;

export function settle({ matches, problems }: Judged, subject: Change | AuditEvent | undefined, context: SettleContext): Rank {
  const top = matches[0];
  const guess =
    subject === undefined ? { score: 5, because: 'nothing is known of it' } : 'ref' in subject ? guessChange(subject) : guessEvent(subject);
  const base = top?.rule.score ?? guess.score;
  const threats = new Set(matches.map(({ rule }) => rule.threat));
  const { change, config, neighbours } = context;
  const openings = change === undefined ? [] : openingsIn(change, neighbours);
  const { points, reasons } = adjust({
    ...context,
    kind: change?.ref.kind,
    ...turnOf(top?.rule, context.events),
    opens: openings.some((opening) => opening.direction === 'ingress' && opening.public),
    surroundings: surroundingsOf({ ref: change?.ref, config, openings, ...(change === undefined ? {} : { change }) }, neighbours),
  });
  const level = top?.rule.level ?? levelOf(base);
  const least = floorOf(top?.rule);
  const most = bandOf(top === undefined ? 'low' : neighbourLevel(level, 'up')).to;
  const score = Math.min(Math.max(base + points + PER_FURTHER_THREAT * Math.max(threats.size - 1, 0), least), most);
  return {
    level: levelOf(score),
    score,
    rules: matches.map(({ rule }) => rule.id),
    reasons: [...(matches.length === 0 ? [guess.because] : matches.map(({ reason }) => reason)), ...reasons],
    problems,
  };
}

/** A guess has counted which way the settings turn, and a rule of a high level knows what it judges. */
function turnOf(rule: Rule | undefined, events: readonly AuditEvent[]): Pick<Circumstances, 'protects' | 'loosens'> {
  if (rule === undefined || atLeast(rule.level, 'high')) return { protects: false, loosens: false };
  const turns = events.map(({ request }) => directionOf(settings(request)));
  return {
    protects: turns.length > 0 && turns.every(onlyStrengthens) && !events.some(namesAnother),
    loosens: !atLeast(rule.level, 'medium') && turns.some(({ opens, weakens }) => opens.length + weakens.length > 0),
  };
}

function namesAnother({ request, account }: AuditEvent): boolean {
  return leaves(request).some((leaf) => isForeignPrincipal(leaf, account));
}

/** Circumstances move a finding one level at most; exposure and sharing never fall below medium, whoever did it and however briefly. */
function floorOf(rule: Rule | undefined): number {
  if (rule === undefined) return 0;
  const lowest = bandOf(neighbourLevel(rule.level, 'down')).from;
  const guarded = (rule.threat === 'exposure' || rule.threat === 'sharing') && atLeast(rule.level, 'medium');
  return guarded ? Math.max(lowest, bandOf('medium').from) : lowest;
}
