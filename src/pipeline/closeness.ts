/** How near things stand to the one that broke: along the ids, addresses and names that configs mention of each other. */
import type { Json, Ref } from '../model.ts';
import { isObject, valueAt } from '../pointer.ts';

export interface Thing {
  readonly ref: Ref;
  readonly config: Json;
  /** Of its file in the snapshots repository. */
  readonly path?: string;
}

/** 1 is the thing itself, 0 is unrelated. */
export type Closeness = (ref: Ref) => number;

/** What joins two configs: ids of clouds, ARNs, addresses. Words such as `available` join nothing. */
const JOINS =
  /^(?:[a-z][a-z0-9]*(?:-[a-z]+)*-[0-9a-f]{8,17}|arn:\S+|\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:]+:[0-9a-f:]*|ip-[\d-]+\.\S+|[a-z0-9-]+(?:\.[a-z0-9-]+){2,})$/i;
/** A network that everything mentions says little: each hop costs more the more it joins. */
const hopCost = (joined: number): number => 0.5 + Math.log10(Math.max(joined, 1));

/** Whether a word is the thing's id, its name, its path, or the host or account that it belongs to. */
export function isCalled({ ref, config, path }: Thing, word: string): boolean {
  return ref.id === word || lastOf(ref.scope) === word || path === word || nameOf(config) === word;
}

/**
 * `near`: ids, names, addresses, hosts or paths. Undefined when nothing recorded is or mentions any of them.
 * Shortest paths over things and what they mention.
 */
export function closenessTo(near: readonly string[], things: Iterable<Thing>): Closeness | undefined {
  const wanted = new Set(near);
  const tokensOf = new Map<string, Set<string>>();
  const holders = new Map<string, string[]>();
  const itself = new Set<string>();
  for (const thing of things) {
    const { ref, config } = thing;
    const key = keyOf(ref);
    if (near.some((word) => isCalled(thing, word))) itself.add(key);
    const tokens = tokensOf.get(key) ?? new Set<string>();
    tokens.add(ref.id).add(lastOf(ref.scope));
    collect(config, tokens, wanted);
    tokensOf.set(key, tokens);
  }
  for (const [key, tokens] of tokensOf) {
    for (const token of tokens) {
      const others = holders.get(token);
      if (others === undefined) holders.set(token, [key]);
      else others.push(key);
    }
  }
  const start = new Map<string, number>();
  for (const word of wanted) {
    const mentions = holders.get(word) ?? [];
    for (const key of mentions) start.set(key, Math.min(hopCost(mentions.length), start.get(key) ?? Number.POSITIVE_INFINITY));
  }
  for (const key of itself) start.set(key, 0);
  if (start.size === 0) return undefined;
  const distances = shortest(start, tokensOf, holders);
  return (ref) => {
    const distance = distances.get(keyOf(ref));
    return distance === undefined ? 0 : 1 / (1 + distance);
  };
}

/** Steps to a unit of distance: near enough, and the open ones lie in order. */
const STEPS = 20;
/** Farther than this nothing counts. */
const FARTHEST = 9;

/** Dijkstra's, over things and the tokens that join them. */
function shortest(
  start: ReadonlyMap<string, number>,
  tokensOf: ReadonlyMap<string, ReadonlySet<string>>,
  holders: ReadonlyMap<string, readonly string[]>,
): Map<string, number> {
  const known = new Map<string, number>();
  const open: string[][] = [];
  const reach = (key: string, step: number) => {
    if (step / STEPS >= (known.get(key) ?? Number.POSITIVE_INFINITY)) return;
    known.set(key, step / STEPS);
    const bucket = open[step] ?? [];
    open[step] = bucket;
    bucket.push(key);
  };
  for (const [key, distance] of start) reach(key, Math.round(distance * STEPS));
  const spent = new Set<string>();
  for (let step = 0; step <= FARTHEST * STEPS; step++) {
    for (const key of open[step] ?? []) {
      for (const token of tokensOf.get(key) ?? []) {
        if (spent.has(token)) continue; // reached before, from nearer
        spent.add(token);
        const joined = holders.get(token) ?? [];
        const next = step + Math.round(hopCost(joined.length) * STEPS);
        for (const other of joined) reach(other, next);
      }
    }
  }
  return known;
}

function collect(value: Json, tokens: Set<string>, near: ReadonlySet<string>): void {
  if (typeof value === 'string') {
    if (near.has(value) || (value.length < 300 && JOINS.test(value))) tokens.add(value);
  } else if (Array.isArray(value)) for (const item of value) collect(item as Json, tokens, near);
  else if (isObject(value)) {
    for (const [key, inner] of Object.entries(value)) {
      if (near.has(key) || JOINS.test(key)) tokens.add(key);
      collect(inner, tokens, near);
    }
  }
}

function nameOf(config: Json): Json | undefined {
  return valueAt(config, '/tags/Name') ?? valueAt(config, '/name');
}

function lastOf(scope: string): string {
  return scope.split('/').at(-1) ?? scope;
}

function keyOf({ scope, kind, id }: Ref): string {
  return `${scope}\0${kind}\0${id}`;
}
