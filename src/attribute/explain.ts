/** One edit: which act is its cause, which are its history, and how sure that is. */
import type { AuditEvent, Change, Edit, Grade } from '../model.ts';
import { segmentsOf, valueAt } from '../pointer.ts';
import { sameActor } from './actor.ts';
import { contradicts, GRADES, gradeOf, touches } from './match.ts';
import type { Act } from './order.ts';
import { chain, effective } from './replay.ts';

export interface Explanation {
  readonly edit: Edit;
  readonly grade: Grade;
  /** Absent for candidates: nobody is asserted. */
  readonly cause?: Act;
  /** The cause first, then the others, newest first. */
  readonly events: readonly AuditEvent[];
  /** Another actor's act in the same second explains the edit as well. */
  readonly tie: boolean;
  /** How far outside of the window it happened by its own clock. Milliseconds, negative before it. */
  readonly astray?: number;
}

/**
 * `acts` are those on the changed resource inside the change's window. In a collection, whose members are things of
 * their own, what was done to one member makes nobody a candidate for another.
 */
export function explain(edit: Edit, change: Change, acts: readonly Act[], collection = false): Explanation | undefined {
  const start = change.type === 'created' ? undefined : (valueAt(change.before, edit.path) ?? (edit.path === '' ? {} : undefined));
  const usable = acts.filter((act) => isPossible(act, change, acts));
  const about = chain(
    usable.filter(({ effect }) => touches(effect, edit)),
    edit.path,
    start,
  );
  // A call that wrote one leaf as it is now and another otherwise did not write this: somebody was there after it.
  const partial = new Set(about.flatMap(({ event, effect }) => (contradicts(effect, edit, change) ? [event.id] : [])));
  const graded = about.flatMap((act) => {
    const found = gradeOf(act.effect, edit, change);
    const grade = found === 'exact' && partial.has(act.event.id) ? 'leaf' : found;
    if (act.effect.anywhere === true && usable.some((other) => !sameActor(other.event.actor, act.event.actor))) return [];
    return grade === undefined ? [] : [{ act, grade }];
  });
  const best = GRADES.find((grade) => graded.some((item) => item.grade === grade));
  if (best === undefined) return candidates(edit, about.length > 0 ? about : collection ? acts.filter(onMemberOf(edit)) : acts);
  const causes = graded.filter(({ grade }) => grade === best).map(({ act }) => act);
  const cause = (change.type === 'created' ? bringing(about, causes) : undefined) ?? lastToChange(about, causes, change);
  const tie = causes.some(({ event, at }) => at === cause.at && !sameActor(event.actor, cause.event.actor));
  return { edit, grade: best, cause, tie, events: distinct([cause, ...[...about].reverse()]) };
}

/** Of equals the last; but who writes again what is there already changes nothing. */
function lastToChange(about: readonly Act[], causes: readonly Act[], change: Change): Act {
  const last = causes.at(-1) as Act;
  const path = last.effect.path.replace(/\/\*\*$/, '');
  const changed = effective(about, path, valueAt(change.before, path));
  return causes.findLast((act) => changed.has(act)) ?? last;
}

/** What several hold in being, such as a policy that is listed while attached, came with the first of them; `value` is the holder. */
function bringing(acts: readonly Act[], causes: readonly Act[]): Act | undefined {
  const holders = new Set<string>();
  let first: Act | undefined;
  for (const act of acts) {
    const holder = JSON.stringify(act.effect.value ?? null);
    if (act.effect.op === 'create') {
      if (holders.size === 0) first = act;
      holders.add(holder);
    }
    if (act.effect.op === 'delete') holders.delete(holder);
  }
  return first !== undefined && causes.includes(first) ? first : undefined;
}

/** Making a resource explains a leaf of one that was there already only when it was deleted in between. */
function isPossible({ effect }: Act, change: Change, acts: readonly Act[]): boolean {
  return change.type !== 'modified' || effect.op !== 'create' || acts.some((other) => other.effect.op === 'delete');
}

function onMemberOf(edit: Edit): (act: Act) => boolean {
  const [member] = segmentsOf(edit.path);
  return ({ effect }) => {
    const [other] = segmentsOf(effect.path);
    return member === undefined || other === undefined || other === member;
  };
}

function candidates(edit: Edit, acts: readonly Act[]): Explanation | undefined {
  return acts.length === 0 ? undefined : { edit, grade: 'candidate', tie: false, events: distinct([...acts].reverse()) };
}

function distinct(acts: readonly Act[]): AuditEvent[] {
  return [...new Map(acts.map(({ event }) => [event.id, event])).values()];
}
