/** Acts on one leaf played again from the state before them, to tell those that changed it from those that wrote what was there. */
import type { Effect, Json } from '../model.ts';
import { contains } from '../pointer.ts';
import { type Act, compareActs } from './order.ts';
import { sameValue } from './values.ts';

/** What stands at the leaf, where that is known: after a write whose value no record tells, it is not. */
type State = { readonly known: true; readonly value: Json | undefined } | { readonly known: false };

interface Step {
  readonly state: State;
  /** Undefined: cannot be told. */
  readonly changed: boolean | undefined;
}

const UNKNOWN: Step = { state: { known: false }, changed: undefined };

/**
 * Acts on the leaf at `path`, so that within a second each one finds something to do: what is there is taken away before it
 * comes again, what is not there comes before it goes, and a value is written before the one that stood there comes back.
 * `start` is what stood there before the first; `there` whether what the acts are about did, which may be one member of a list.
 */
export function chain(acts: readonly Act[], path: string, start: Json | undefined, there = start !== undefined): readonly Act[] {
  const ordered: Act[] = [];
  let stands = there;
  let state: State = { known: true, value: start };
  for (const same of bySecond([...acts].sort(compareActs))) {
    const waiting = new Set(same);
    for (let [next] = waiting; next !== undefined; [next] = waiting) {
      const among = [...waiting];
      const act: Act =
        among.find(({ effect }) => comes(effect) !== stands) ??
        among.find(({ effect }) => play(effect, path, state).changed === true) ??
        next;
      waiting.delete(act);
      ordered.push(act);
      stands = comes(act.effect);
      state = play(act.effect, path, state).state;
    }
  }
  return ordered;
}

function bySecond(sorted: readonly Act[]): readonly Act[][] {
  const groups: Act[][] = [];
  for (const act of sorted) {
    const last = groups.at(-1);
    if (last?.[0]?.at === act.at) last.push(act);
    else groups.push([act]);
  }
  return groups;
}

const comes = (effect: Effect): boolean => effect.op === 'create' || effect.op === 'set';

/**
 * The acts that changed the leaf at `path`, or may have; `acts` in the order in which they happened, `start` what stood
 * there before the first.
 */
export function effective(acts: readonly Act[], path: string, start: Json | undefined): ReadonlySet<Act> {
  const found = new Set<Act>();
  let state: State = { known: true, value: start };
  for (const act of acts) {
    const step: Step = play(act.effect, path, state);
    if (step.changed !== false) found.add(act);
    state = step.state;
  }
  return found;
}

function play(effect: Effect, path: string, state: State): Step {
  if (effect.op === 'create') return UNKNOWN;
  if (effect.op === 'delete') return put(undefined, state);
  if (effect.path === `${path}/**`) return effect.value === undefined ? UNKNOWN : member(effect.op, effect.value, state);
  if (effect.path !== path) return contains(path, effect.path) || contains(effect.path, path) ? UNKNOWN : { state, changed: false };
  if (effect.op === 'unset') return put(undefined, state);
  return effect.value === undefined ? UNKNOWN : put(effect.value, state);
}

/** A call names only part of what it writes: what fits it already stays as it is. */
function put(value: Json | undefined, state: State): Step {
  const same = state.known && (value === undefined ? state.value === undefined : fits(value, state.value));
  return same ? { state, changed: false } : { state: { known: true, value }, changed: state.known ? true : undefined };
}

function fits(value: Json, found: Json | undefined): boolean {
  return found !== undefined && sameValue(value, found);
}

/** One member of a list comes or goes. */
function member(op: 'set' | 'unset', value: Json, state: State): Step {
  if (!state.known) return UNKNOWN;
  const list: readonly Json[] = Array.isArray(state.value) ? state.value : [];
  const has = list.some((item) => sameValue(value, item));
  if (has === (op === 'set')) return { state, changed: false };
  const next = op === 'set' ? [...list, value] : list.filter((item) => !sameValue(value, item));
  return { state: { known: true, value: next }, changed: true };
}

/** Whether two acts do the very same to a leaf. */
export function sameWrite(one: Effect, other: Effect): boolean {
  if (one.op !== other.op || one.path !== other.path) return false;
  if (one.value === undefined || other.value === undefined) return one.value === other.value && one.op === 'unset';
  return sameValue(one.value, other.value) && sameValue(other.value, one.value);
}
