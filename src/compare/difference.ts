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

export interface DifferentPlace {
  /** A JSON pointer, '' for the whole; in texts `/lines/<n>`. */
  readonly path: string;
  readonly values: ReadonlyMap<string, Json>;
  /** What the baseline has, or more than half of three and more sides; absent without either. */
  readonly majority?: { readonly value: Json };
  /** Sides that have something else than the majority; empty without one. */
  readonly outliers: readonly string[];
}

export function differenceOf({ configs, natural, baseline }: Row): DifferentPlace[] {
  const known = [...configs].flatMap(([side, config]) => (config === undefined ? [] : [[side, config] as const]));
  const groups = new Map<string, { readonly config: Json; readonly sides: string[] }>();
  for (const [side, config] of known) {
    const key = canonical(config);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { config, sides: [side] });
    else group.sides.push(side);
  }
  if (groups.size < 2) return [];
  // Against the baseline, or the largest group: few edits, and those of the outliers.
  const weight = ({ sides }: { readonly sides: readonly string[] }) =>
    sides.includes(baseline ?? '') ? Number.POSITIVE_INFINITY : sides.length;
  const [reference, ...others] = [...groups.values()].sort((a, b) => weight(b) - weight(a));
  if (reference === undefined) return [];
  const places = new Map<string, { before: Json; after: Map<string, Json> }>();
  for (const { config, sides } of others) {
    for (const { path, before, after } of editsBetween(reference.config, config)) {
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
    return { path, values, ...standardOf(values, baseline) };
  });
}

function editsBetween(a: Json, b: Json): readonly Edit[] {
  if (typeof a === 'string' && typeof b === 'string') return diffText(a, b);
  if (a === null || b === null) return [{ path: '', before: a, after: b }];
  return diffJson(a, b);
}

function standardOf(values: ReadonlyMap<string, Json>, baseline: string | undefined): Pick<DifferentPlace, 'majority' | 'outliers'> {
  const sidesOf = new Map<string, string[]>();
  for (const [side, value] of values) {
    const key = canonical(value);
    sidesOf.set(key, [...(sidesOf.get(key) ?? []), side]);
  }
  const isStandard = (sides: readonly string[]) =>
    baseline === undefined ? values.size > 2 && sides.length * 2 > values.size : sides.includes(baseline);
  const standard = [...sidesOf.values()].find(isStandard);
  const [one] = standard ?? [];
  if (standard === undefined || one === undefined) return { outliers: [] };
  return { majority: { value: values.get(one) ?? null }, outliers: [...values.keys()].filter((side) => !standard.includes(side)) };
}
