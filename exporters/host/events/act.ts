/** One record of a Linux machine beside what the snapshots know, and the words in which the tables of this folder speak. */
import {
  type AuditEvent,
  type Effect,
  type EventRule,
  isObject,
  type Json,
  type JsonObject,
  type Lookup,
  pointer,
  type Ref,
  valueAt,
} from 'drifttrail';

export { create, implied, remove, set, unset } from '../../_shared/effects.ts';

export interface Act {
  readonly event: AuditEvent;
  readonly lookup: Lookup;
  readonly request: JsonObject;
}

type Effects = (act: Act) => readonly Effect[];

export function ruleFor(source: string, name: string, effects: Effects): EventRule {
  return {
    source,
    name,
    effects: (event, lookup) => effects({ event, lookup, request: isObject(event.request) ? event.request : {} }),
  };
}

/** Facts are one document a host, whose id is the last word of the kind. */
export function fact({ event }: Act, kind: string): Ref {
  return { scope: scopeOf(event), kind, id: kind.slice(kind.lastIndexOf('.') + 1) };
}

export const scopeOf = (event: AuditEvent): string => `hosts/${event.account}`;

export function text(value: Json | undefined, key: string): string | undefined {
  const found = isObject(value) ? value[key] : undefined;
  return typeof found === 'string' && found !== '' ? found : undefined;
}

/** The member of a document under a key, before and after. */
export function sides({ lookup }: Act, ref: Ref, path: string): { readonly before: Json | undefined; readonly after: Json | undefined } {
  return { before: valueAt(lookup.before(ref), path), after: valueAt(lookup.after(ref), path) };
}

/** The keys of a document, in either snapshot, whose member passes a test. */
export function keysOf({ lookup }: Act, ref: Ref, test: (member: Json, key: string) => boolean): string[] {
  const found = new Set<string>();
  for (const document of [lookup.before(ref), lookup.after(ref)]) {
    if (isObject(document)) for (const [key, member] of Object.entries(document)) if (test(member, key)) found.add(key);
  }
  return [...found].sort();
}

export const member = (key: string, ...more: readonly string[]): string => pointer(key, ...more);

/** Known, and about nothing that is recorded: named for those who read events without snapshots, told to nobody else. */
export function nothing(act: Act, because: string, kind: string, id: string): Effect[] {
  return [{ ref: { scope: scopeOf(act.event), kind, id }, op: 'set', path: '', cascade: because }];
}

/** What machines write again as it was all day long is no news; what people do is, even when it leaves no difference. */
export function calm(act: Act, effects: readonly Effect[]): Effect[] {
  return effects.map((effect) => {
    if (effect.cascade !== undefined) return effect;
    const { before, after } = sides(act, effect.ref, effect.path.replace(/\/\*\*$/, ''));
    return JSON.stringify(before) === JSON.stringify(after) ? { ...effect, cascade: 'written again as it was' } : effect;
  });
}
