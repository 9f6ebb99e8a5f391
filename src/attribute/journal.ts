/** All writes with their effects, in order, found by the resource they touch. */
import type { AuditEvent, Effect, Json, Ref, UnmappedEvent } from '../model.ts';
import { isObject } from '../pointer.ts';
import { byRef } from './by-ref.ts';
import { createLookup, effectsOf, indexRules } from './effects.ts';
import type { AttributeInput } from './input.ts';
import type { Act } from './order.ts';
import { inWindow, millis } from './window.ts';

export interface Journal {
  readonly actsOn: (ref: Ref) => readonly Act[];
  readonly touched: () => Iterable<{ readonly ref: Ref; readonly value: readonly Act[] }>;
  readonly effects: ReadonlyMap<string, readonly Effect[]>;
  /** Successful writes of tracked services whose effects are not known. */
  readonly unknown: readonly AuditEvent[];
  /** Those of them that mention the id of a changed resource: as a whole string or key of what was asked or answered. */
  readonly mentioning: (id: string) => readonly AuditEvent[];
  /** All successful writes, oldest first. */
  readonly writes: readonly AuditEvent[];
}

export function keepJournal({ changes, events, kinds, base }: Pick<AttributeInput, 'changes' | 'events' | 'kinds' | 'base'>): Journal {
  const rules = indexRules(kinds);
  const { lookup, learn } = createLookup(base, kinds);
  const touched = byRef<Act[]>();
  const effects = new Map<string, readonly Effect[]>();
  const unknown: AuditEvent[] = [];
  const writes = inOrder(newest(events).filter((event) => !event.readOnly && event.error === undefined));
  for (const { event, at } of writes) {
    const matching = rules.rulesFor(event);
    const found = effectsOf(event, matching, lookup);
    if (!found.mapped && rules.tracks(event.source)) unknown.push(event);
    if (!found.mapped) continue;
    effects.set(event.id, found.effects);
    for (const effect of found.effects) {
      const known = touched.get(effect.ref);
      if (known === undefined) touched.set(effect.ref, [{ event, effect, at }]);
      else known.push({ event, effect, at });
    }
    for (const rule of matching) if (rule.secondaryIds !== undefined) learn((earlier) => rule.secondaryIds?.(event, earlier) ?? {});
  }
  return {
    actsOn: (ref) => touched.get(ref) ?? [],
    touched: touched.entries,
    effects,
    unknown,
    mentioning: mentions(unknown, new Set(changes.map(({ change }) => change.ref.id))),
    writes: writes.map(({ event }) => event),
  };
}

/** Looked through once for all ids that may be asked for, when the first is: most changes are explained without. */
function mentions(events: readonly AuditEvent[], ids: ReadonlySet<string>): (id: string) => readonly AuditEvent[] {
  let byId: Map<string, AuditEvent[]> | undefined;
  const index = () => {
    const found = new Map<string, AuditEvent[]>([...ids].map((id) => [id, []]));
    for (const event of events) {
      const mention = (word: string) => {
        const others = found.get(word);
        if (others !== undefined && others.at(-1) !== event) others.push(event);
      };
      eachWord(event.request, mention);
      eachWord(event.response, mention);
    }
    return found;
  };
  return (id) => {
    byId ??= index();
    return byId.get(id) ?? [];
  };
}

function eachWord(value: Json, use: (word: string) => void): void {
  if (typeof value === 'string') use(value);
  else if (Array.isArray(value)) for (const item of value) eachWord(item as Json, use);
  else if (isObject(value)) {
    for (const [key, inner] of Object.entries(value)) {
      use(key);
      eachWord(inner, use);
    }
  }
}

/** Trails deliver more than once; a correction (`addendum`) replaces what it corrects. */
function newest(events: readonly AuditEvent[]): AuditEvent[] {
  const byId = new Map<string, AuditEvent>();
  for (const event of events) if (!byId.has(event.id) || event.addendum === true) byId.set(event.id, event);
  return [...byId.values()];
}

const FIRST = /^(Create|Allocate|Run|Associate|Authorize|Attach|Add|Put|Enable)/;
const LAST = /^(Delete|Disassociate|Revoke|Detach|Remove|Release|Terminate|Disable)/;

/** Within one second: what makes ids before what names them. */
function inOrder(events: readonly AuditEvent[]): { event: AuditEvent; at: number }[] {
  return events
    .map((event) => ({ event, at: millis(event.time), rank: rank(event.name) }))
    .sort((a, b) => a.at - b.at || a.rank - b.rank || (a.event.id < b.event.id ? -1 : a.event.id > b.event.id ? 1 : 0));
}

function rank(name: string): number {
  return FIRST.test(name) ? 0 : LAST.test(name) ? 2 : 1;
}

export function countUnmapped(unknown: readonly AuditEvent[], window: AttributeInput['window']): UnmappedEvent[] {
  const counts = new Map<string, UnmappedEvent>();
  for (const event of unknown) {
    if (!inWindow(event, window, 0)) continue;
    const key = `${event.source} ${event.name}`;
    counts.set(key, { name: event.name, source: event.source, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count);
}
