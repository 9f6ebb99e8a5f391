/** Writes that left no diff: done and undone between two snapshots, made and deleted, or without any visible trace. */
import type { Attribution, AuditEvent, Change, Effect, Json, Ref } from '../model.ts';
import { contains, valueAt } from '../pointer.ts';
import { describeActor } from './actor.ts';
import { byRef } from './by-ref.ts';
import { personBehind, refTo } from './person.ts';
import { refKey } from './effects.ts';
import type { AttributedTransient, AttributeInput } from './input.ts';
import type { Journal } from './journal.ts';
import type { Act } from './order.ts';
import { chain, effective, sameWrite } from './replay.ts';
import { sameValue } from './values.ts';
import { millis, SKEW } from './window.ts';

interface Group {
  readonly ref: Ref;
  readonly path: string;
  readonly acts: readonly Act[];
}

export function findTransients(input: AttributeInput, journal: Journal, attributions: readonly Attribution[]): AttributedTransient[] {
  const changes = byRef<{ change: Change; causes: ReadonlySet<string> }>();
  input.changes.forEach(({ change }, index) => {
    const causes = new Set(Object.values(attributions[index]?.edits ?? {}).flatMap(({ eventIds }) => eventIds));
    changes.set(change.ref, { change, causes });
  });
  const groups = [...journal.touched()].flatMap(({ ref, value }) => groupsOn(ref, value, input, changes.get(ref)));
  return groups
    .map((group) => describe(group, input, journal))
    .sort(
      (a, b) =>
        compareText(a.attribution.events[0]?.time, b.attribution.events[0]?.time) ||
        compareText(refKey(a.transient.ref) + a.transient.path, refKey(b.transient.ref) + b.transient.path),
    );
}

function groupsOn(
  ref: Ref,
  touching: readonly Act[],
  input: AttributeInput,
  changed: { change: Change; causes: ReadonlySet<string> } | undefined,
): Group[] {
  const [from, to] = [millis(input.window.from), millis(input.window.to)];
  const all = touching.filter(({ at }) => at > from - SKEW && at <= to);
  // What was done to another thing is told of that one.
  const acts = all.filter(({ effect }) => effect.cascade === undefined);
  if (acts.length === 0 || changed?.change.type === 'created' || changed?.change.type === 'deleted') return [];
  const [before, after] = [changed?.change.before ?? input.base.before(ref), changed?.change.after ?? input.base.after(ref)];
  if (before === undefined && after === undefined) return wholeLife(ref, all, from);
  if (before === undefined || after === undefined) return []; // Came or went without a change: its kind was not complete.
  return merge(
    nest(
      byLeaf(acts).flatMap(({ path, member, acts: leaf }) => {
        const start = stateOf(before, path, member);
        if (!sameState(start, stateOf(after, path, member))) return [];
        const there = typeof start === 'boolean' && member !== undefined ? start : start !== undefined;
        const ordered = withEffect(chain(leaf, path, valueAt(before, path), there), path, valueAt(before, path));
        // A call that made other edits may have written this leaf along; told is only what was different for a while.
        const known = changed !== undefined && leaf.every(({ event }) => changed.causes.has(event.id));
        if (known && ordered.every(({ effect }) => leaves(effect, start) !== false)) return [];
        return isVisible(ordered, start, from, to) ? [{ ref, path, acts: ordered }] : [];
      }),
    ),
  );
}

/** What was done to a part of a thing that came and went is told with the thing, between its coming and its going. */
function nest(groups: readonly Group[]): Group[] {
  const things = groups.filter(comesAndGoes).sort((a, b) => a.path.length - b.path.length);
  const around = ({ path }: Group) => things.find((thing) => thing.path !== path && contains(thing.path, path));
  return groups.flatMap((group) => {
    if (around(group) !== undefined) return [];
    const parts = groups.filter((other) => around(other) === group).flatMap(({ acts }) => acts);
    const [last] = group.acts.slice(-1);
    if (last === undefined || parts.length === 0) return [group];
    return [{ ...group, acts: [...group.acts.slice(0, -1), ...parts, last].sort((a, b) => a.at - b.at) }];
  });
}

function comesAndGoes({ acts }: Group): boolean {
  const ops = new Set(acts.map(({ effect }) => effect.op));
  return ops.has('set') && ops.has('unset');
}

/** A resource that neither snapshot saw, made or deleted in between. What came and went with another is told of that one. */
function wholeLife(ref: Ref, acts: readonly Act[], from: number): Group[] {
  const ends = acts.filter(({ effect }) => effect.op === 'create' || effect.op === 'delete');
  const lived = new Set(ends.map(({ effect }) => effect.op)).size === 2 && ends.some(({ effect }) => effect.cascade === undefined);
  const inside = acts.some(({ at }) => at > from);
  return lived && inside ? [{ ref, path: '', acts: chain(acts, '', undefined) }] : [];
}

interface Leaf {
  readonly path: string;
  /** Of the list at `path` only this one is meant: others may come and go meanwhile. */
  readonly member: Json | undefined;
  readonly acts: Act[];
}

function byLeaf(acts: readonly Act[]): readonly Leaf[] {
  const leaves = new Map<string, Leaf>();
  for (const act of acts) {
    const path = act.effect.path.replace(/\/\*\*$/, '');
    const member = path === act.effect.path ? undefined : act.effect.value;
    const key = `${path}\n${member === undefined ? '' : JSON.stringify(member)}`;
    const leaf = leaves.get(key) ?? { path, member, acts: [] };
    leaf.acts.push(act);
    leaves.set(key, leaf);
  }
  return [...leaves.values()];
}

/** What stands at the leaf; of one member of a list, whether it is there. */
function stateOf(document: Json, path: string, member: Json | undefined): Json | undefined {
  const value = valueAt(document, path);
  if (member === undefined || (value !== undefined && !Array.isArray(value))) return value;
  return value?.some((one: Json) => sameValue(member, one)) ?? false;
}

/**
 * Who writes again what is there had no part in it; unless nobody had, and writing is all that is to be told. Of equal
 * writes in one second nobody can tell which came first: all are told.
 */
function withEffect(acts: readonly Act[], path: string, start: Json | undefined): readonly Act[] {
  const changing = effective(acts, path, start);
  if (changing.size === 0) return acts;
  const possible = (act: Act) => [...changing].some((other) => other.at === act.at && sameWrite(other.effect, act.effect));
  return acts.filter((act) => changing.has(act) || possible(act));
}

/** Leaves that the very same events touched are one transient; a member is told with its list where the same events changed that. */
function merge(groups: readonly Group[]): Group[] {
  const merged = new Map<string, Group>();
  for (const group of groups) {
    const key = [...eventsOf(group)].sort().join(' ');
    const other = merged.get(key);
    merged.set(key, other === undefined ? group : { ...other, acts: [...other.acts, ...group.acts] });
  }
  const all = [...merged.values()].map((group) => ({ group, events: eventsOf(group) }));
  const isToldWith = (one: (typeof all)[number], other: (typeof all)[number]) =>
    other.events.size > one.events.size &&
    contains(other.group.path, one.group.path) &&
    [...one.events].every((id) => other.events.has(id));
  return all.filter((one) => !all.some((other) => isToldWith(one, other))).map(({ group }) => group);
}

const eventsOf = ({ acts }: Group): Set<string> => new Set(acts.map(({ event }) => event.id));

/**
 * Near the edges a lone write proves nothing: just after `from` the first snapshot may have seen it already, and just
 * before `to` the second may not have seen it yet; the neighbouring window then tells of it as a change.
 */
function isVisible(acts: readonly Act[], start: Json | undefined, from: number, to: number): boolean {
  const inside = acts.filter(({ at }) => at > from);
  const last = acts.at(-1);
  if (inside.length === 0 || last === undefined) return false;
  const settled = leaves(last.effect, start);
  if (new Set(acts.map(({ event }) => event.id)).size > 1) return settled !== false || last.at <= to - SKEW;
  if (settled === true) return last.at > from + SKEW;
  return last.at <= to - SKEW;
}

/** Whether the act leaves the state (see `stateOf`) as it was at the start; undefined when its value is not told. */
function leaves(effect: Effect, start: Json | undefined): boolean | undefined {
  const isMember = effect.path.endsWith('/**');
  if (isMember && effect.value !== undefined && typeof start === 'boolean') return start === (effect.op === 'set');
  if (isMember || (effect.op === 'set' && effect.value === undefined)) return undefined;
  return effect.op === 'unset' || effect.op === 'delete'
    ? start === undefined
    : effect.value === undefined || sameValue(effect.value, start);
}

function sameState(a: Json | undefined, b: Json | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && sameValue(a, b) && sameValue(b, a));
}

function describe({ ref, path, acts }: Group, input: AttributeInput, journal: Journal): AttributedTransient {
  const events = [...new Map(acts.map(({ event }) => [event.id, event])).values()];
  const [done, undone] = [events[0] as AuditEvent, events.length > 1 ? events.at(-1) : undefined];
  const actor = personBehind(done, input, journal);
  const duration = undone === undefined ? undefined : millis(undone.time) - millis(done.time);
  const known = acts.every(({ effect }) => effect.op !== 'set' || effect.value !== undefined);
  const grade = known ? 'exact' : 'leaf';
  const name = nameOf(input.base.after(ref) ?? input.base.before(ref));
  const edits = Object.fromEntries(
    [...new Set(acts.map(({ effect }) => effect.path))].map((at) => [at, { eventIds: events.map(({ id }) => id), grade }] as const),
  );
  return {
    transient: {
      ref,
      path: input.pathOf(ref),
      ...(name === undefined ? {} : { name }),
      effects: acts.map(({ effect }) => effect),
      ...(duration === undefined ? {} : { duration }),
    },
    attribution: {
      status: 'attributed',
      grade,
      actor,
      events: events.map(refTo),
      edits: path === '' ? { '': { eventIds: events.map(({ id }) => id), grade } } : edits,
      because: tell(done, undone, duration, actor.name, input, journal),
    },
    window: input.window,
  };
}

function tell(
  done: AuditEvent,
  undone: AuditEvent | undefined,
  duration: number | undefined,
  doer: string,
  input: AttributeInput,
  journal: Journal,
): string {
  if (undone === undefined || duration === undefined) return `${done.name} succeeded and left no visible difference`;
  const undoer = personBehind(undone, input, journal);
  const by = undoer.name === doer ? '' : ` by ${describeActor(undoer)}`;
  return `${done.name} was undone by ${undone.name}${by} ${Math.round(duration / 1000)} s later, before the next snapshot`;
}

function nameOf(config: Json | undefined): string | undefined {
  const name = valueAt(config, '/tags/Name') ?? valueAt(config, '/name');
  return typeof name === 'string' ? name : undefined;
}

function compareText(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
