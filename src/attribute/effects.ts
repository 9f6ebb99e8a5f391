/** What each event did to which leaf, by the rules that the kinds bring. */
import type { AuditEvent, Effect, EventRule, Json, Kind, Lookup, Ref } from '../model.ts';

export interface RuleIndex {
  /** The rules for an event's source and name, each once. */
  readonly rulesFor: (event: Pick<AuditEvent, 'source' | 'name'>) => readonly EventRule[];
  /** Whether any rule speaks of the source: its other events are unmapped rather than none of our business. */
  readonly tracks: (source: string) => boolean;
}

export function indexRules(kinds: Readonly<Record<string, Kind>>): RuleIndex {
  const exact = new Map<string, Set<EventRule>>();
  const prefixes = new Map<string, EventRule[]>();
  for (const kind of Object.keys(kinds).sort()) {
    for (const rule of kinds[kind]?.events ?? []) {
      if (rule.name.endsWith('*')) {
        const known = prefixes.get(rule.source) ?? [];
        if (!known.includes(rule)) prefixes.set(rule.source, [...known, rule]);
      } else {
        const key = `${rule.source} ${rule.name}`;
        exact.set(key, (exact.get(key) ?? new Set()).add(rule));
      }
    }
  }
  const sources = new Set([...prefixes.keys(), ...[...exact.keys()].map((key) => key.slice(0, key.indexOf(' ')))]);
  const answered = new Map<string, Map<string, readonly EventRule[]>>([...sources].map((source) => [source, new Map()]));
  const rulesFor = (source: string, name: string): readonly EventRule[] => [
    ...(exact.get(`${source} ${name}`) ?? []),
    ...(prefixes.get(source) ?? []).filter((rule) => name.startsWith(rule.name.slice(0, -1))),
  ];
  return {
    rulesFor: ({ source, name }) => {
      const names = answered.get(source);
      if (names === undefined) return [];
      const rules = names.get(name) ?? rulesFor(source, name);
      names.set(name, rules);
      return rules;
    },
    tracks: (source) => sources.has(source),
  };
}

/** `mapped` is false when no rule knows the event, or when none could tell what it touched. Failed and reading calls do nothing. */
export function effectsOf(event: AuditEvent, rules: readonly EventRule[], lookup: Lookup): { effects: readonly Effect[]; mapped: boolean } {
  if (event.readOnly || event.error !== undefined) return { effects: [], mapped: true };
  const [only, ...others] = rules;
  const found =
    only !== undefined && others.length === 0 ? only.effects(event, lookup) : rules.flatMap((rule) => rule.effects(event, lookup));
  const effects = dedupe(found);
  return { effects, mapped: effects.length > 0 };
}

export const refKey = (ref: Ref): string => `${ref.scope}\n${ref.kind}\n${ref.id}`;

function dedupe(effects: readonly Effect[]): readonly Effect[] {
  if (effects.length < 2) return effects;
  const seen = new Set<string>();
  return effects.filter((effect) => {
    const key = JSON.stringify([refKey(effect.ref), effect.op, effect.path, effect.value ?? null, effect.cascade ?? null]);
    return seen.size < seen.add(key).size;
  });
}

export interface Base {
  readonly before: (ref: Ref) => Json | undefined;
  readonly after: (ref: Ref) => Json | undefined;
  readonly list: (scope: string, kind: string) => Iterable<{ readonly ref: Ref; readonly config: Json }>;
}

type Part = { readonly ref: Ref; readonly path: string; readonly value?: Json };

/**
 * A lookup whose secondary ids are those of the snapshots, read scope by scope when first asked for, then of earlier events:
 * `learn` takes what tells them, which is asked once somebody wants to know.
 */
export function createLookup(
  base: Base,
  kinds: Readonly<Record<string, Kind>>,
): { lookup: Lookup; learn: (tell: (lookup: Lookup) => Readonly<Record<string, Part>>) => void } {
  const learned = new Map<string, Map<string, Part>>();
  const scopes = new Map<string, Map<string, Part>>();
  const naming = Object.entries(kinds).filter(([, kind]) => kind.secondaryIds !== undefined);
  const known = (scope: string): Map<string, Part> => {
    const cached = scopes.get(scope);
    if (cached !== undefined) return cached;
    const found = new Map<string, Part>();
    for (const [name, kind] of naming) {
      const refs = new Map([...base.list(scope, name)].map(({ ref }) => [refKey(ref), ref]));
      for (const sight of [base.after, base.before]) {
        for (const ref of refs.values()) {
          const config = sight(ref);
          if (config === undefined) continue;
          // The older sight wins: from there on, the events tell where an id went.
          for (const [id, path] of Object.entries(kind.secondaryIds?.(config, ref) ?? {})) found.set(id, { ref, path });
        }
      }
    }
    scopes.set(scope, found);
    return found;
  };
  const untold: ((lookup: Lookup) => Readonly<Record<string, Part>>)[] = [];
  const find: Lookup['resolve'] = (scope, id) => learned.get(scope)?.get(id) ?? known(scope).get(id);
  // Whoever tells ids asks for those that were told before, and is answered from them.
  const early: Lookup = { ...base, resolve: find };
  const resolve: Lookup['resolve'] = (scope, id) => {
    for (const tell of untold) {
      for (const [told, part] of Object.entries(tell(early))) {
        const own = learned.get(part.ref.scope) ?? new Map<string, Part>();
        learned.set(part.ref.scope, own.set(told, part));
      }
    }
    untold.length = 0;
    return find(scope, id);
  };
  return { lookup: { ...base, resolve }, learn: (tell) => void untold.push(tell) };
}
