/** What can be said of an exporter without running it, and other orders of what it yields. */
import { type Exporter, type Json, type Kind, kindNamed, type Resource } from '../model.ts';
import { isObject, matchesPattern, pointer } from '../pointer.ts';

/** Everything wrong with an exporter's declarations, in words; empty when nothing is. */
export function problemsOf(exporter: Exporter): string[] {
  const { root, depth } = exporter.scopes;
  return [
    ...(/^[a-z][a-z0-9-]*$/.test(exporter.name) ? [] : [`the name ${exporter.name} is not lower-case letters, digits and dashes`]),
    ...(exporter.summary.trim() === '' ? ['there is no summary'] : []),
    ...(root === '' || root.includes('/') ? [`the root ${root} of its scopes is no single segment`] : []),
    ...(Number.isInteger(depth) && depth >= 1 ? [] : [`a scope of ${depth} segments`]),
    ...(Object.keys(exporter.kinds).length === 0 ? ['there are no kinds'] : []),
    ...(exporter.permissions?.length ? [] : ['permissions are not named']),
    ...repeated(exporter.permissions ?? []).map((permission) => `the permission ${permission} is named twice`),
    ...Object.entries(exporter.kinds).flatMap(([name, kind]) => kindProblems(name, kind)),
  ];
}

function kindProblems(name: string, kind: Kind): string[] {
  const patterns = [
    ...[...(kind.volatile ?? []), ...(kind.sets ?? []), ...(kind.lists ?? [])].map(({ path }) => path),
    ...(kind.secret ?? []),
  ];
  return [
    ...(/^[a-z][\w-]*((\.[\w-]+)+|\.\*)$/i.test(name) ? [] : ['its name is not words joined by dots']),
    ...(kind.title.trim() === '' ? ['has no title'] : []),
    ...patterns.filter((pattern) => !isPattern(pattern)).map((pattern) => `the pattern ${pattern} is no JSON pointer`),
    ...(kind.volatile ?? []).filter(({ because }) => because.trim() === '').map(({ path }) => `does not say why ${path} is noise`),
    ...(kind.sets ?? [])
      .filter(({ key, value }) => value !== undefined && key === undefined)
      .map(({ path }) => `${path} has a value and no key`),
    ...(kind.format === 'text' && patterns.length > 0 ? ['text has no pointers'] : []),
    ...repeated((kind.events ?? []).map((rule) => `${rule.source} ${rule.name}`)).map((event) => `the event ${event} is mapped twice`),
  ].map((problem) => `${name}: ${problem}`);
}

/** '' or segments that begin with a slash; `~` only as `~0` and `~1`; `**` only at the end. */
function isPattern(pattern: string): boolean {
  if (pattern !== '' && !pattern.startsWith('/')) return false;
  const segments = pattern.split('/').slice(1);
  return !/~(?![01])/.test(pattern) && segments.every((segment, index) => segment !== '**' || index === segments.length - 1);
}

function repeated(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}

/** The same resources in another order, with keys and members of sets in another order too. */
export function permuted(resources: readonly Resource[], kinds: Readonly<Record<string, Kind>>, seed: number): Resource[] {
  const random = randomFrom(seed);
  return shuffled(resources, random).map((resource) => {
    if (resource.config instanceof Uint8Array) return resource;
    return {
      ...resource,
      config: reordered(resource.config, '', kindNamed(kinds, resource.ref.kind)?.sets?.map(({ path }) => path) ?? [], random),
    };
  });
}

function reordered(value: Json, path: string, sets: readonly string[], random: () => number): Json {
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).map((item, index) => reordered(item, path + pointer(index), sets, random));
    return sets.some((pattern) => matchesPattern(pattern, path)) ? shuffled(items, random) : items;
  }
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([name, field]) => [name, reordered(field, path + pointer(name), sets, random)] as const);
  return Object.fromEntries(shuffled(entries, random));
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

/** A linear congruential generator (Numerical Recipes' constants): a failing seed can be tried again. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
