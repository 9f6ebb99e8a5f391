/** Documents of several sides held side by side: what differs, who is in the majority, and who stands out. */
import canonical from 'fast-json-stable-stringify';
import { diffJson } from '../diff/json.ts';
import { diffText } from '../diff/text.ts';
import type { Edit, Json } from '../model.ts';
import { matchesPattern } from '../pointer.ts';

/** One resource on all sides, own tokens already renamed; null where a side lacks it, undefined where nobody knows. */
export interface Row {
  readonly configs: ReadonlyMap<string, Json | undefined>;
  /** Places that differ from system to system without meaning anything: JSON pointers, `*` is one segment. */
  readonly natural: readonly string[];
  /** The side that all others are held against; otherwise the majority. */
  readonly baseline: string | undefined;
}

/** Sides that have the same value at a place. */
export interface Group {
  readonly value: Json;
  readonly sides: readonly string[];
}

export interface DifferentPlace {
  /** A JSON pointer, '' for the whole; in texts `/lines/<n>`. */
  readonly path: string;
  readonly values: ReadonlyMap<string, Json>;
  /** The largest first. */
  readonly groups: readonly Group[];
  /** What the baseline has, or more than half of three and more sides; absent without either. */
  readonly standard?: Group;
}

export function differenceOf({ configs, natural, baseline }: Row): DifferentPlace[] {
  const known = [...configs].flatMap(([side, config]) => (config === undefined ? [] : [[side, config] as const]));
  const groups = grouped(known);
  // Against the baseline, or the largest group: few edits, and those of the outliers.
  const reference = groups.find(({ sides }) => sides.includes(baseline ?? '')) ?? groups[0];
  if (reference === undefined || groups.length < 2) return [];
  const places = new Map<string, { before: Json; after: Map<string, Json> }>();
  for (const { value, sides } of groups.filter((group) => group !== reference)) {
    for (const { path, before, after } of editsBetween(reference.value, value)) {
      if (natural.some((pattern) => matchesPattern(pattern, path))) continue;
      const key = canonical([path, before]);
      const place = places.get(key) ?? { before, after: new Map<string, Json>() };
      for (const side of sides) place.after.set(side, after);
      places.set(key, place);
    }
  }
  return [...places].map(([key, { before, after }]) => {
    const [path] = JSON.parse(key) as [string];
    const values = new Map(known.map(([side]) => [side, after.has(side) ? (after.get(side) ?? null) : before]));
    return { path, values, ...standing(values, baseline) };
  });
}

export function editsBetween(a: Json, b: Json): readonly Edit[] {
  if (typeof a === 'string' && typeof b === 'string') return diffText(a, b);
  if (a === null || b === null) return [{ path: '', before: a, after: b }];
  return diffJson(a, b);
}

function standing(values: ReadonlyMap<string, Json>, baseline: string | undefined): Pick<DifferentPlace, 'groups' | 'standard'> {
  const groups = grouped(values);
  const standard = groups.find(({ sides }) =>
    baseline === undefined ? values.size > 2 && sides.length * 2 > values.size : sides.includes(baseline),
  );
  return standard === undefined ? { groups } : { groups, standard };
}

function grouped(values: Iterable<readonly [string, Json]>): Group[] {
  const groups = new Map<string, { readonly value: Json; readonly sides: string[] }>();
  for (const [side, value] of values) {
    const key = canonical(value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { value, sides: [side] });
    else group.sides.push(side);
  }
  return [...groups.values()].sort((a, b) => b.sides.length - a.sides.length);
}

/** Sides that have something else than the standard; none where there is no standard. */
export function outliersOf({ groups, standard }: DifferentPlace): string[] {
  return standard === undefined ? [] : groups.flatMap((group) => (group.sides === standard.sides ? [] : group.sides));
}
