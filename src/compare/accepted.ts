/** A comparison kept as a file: differences that somebody looked at and accepted are told again only when they change. */
import canonical from 'fast-json-stable-stringify';
import { z } from 'zod';
import type { Json } from '../model.ts';
import type { Comparison, Difference } from './compare.ts';
import type { DifferentPlace } from './difference.ts';

const json: z.ZodType<Json> = z.json();

export const acceptedSchema = z.strictObject({
  schemaVersion: z.literal(1),
  savedAt: z.iso.datetime(),
  sides: z.array(z.string()),
  accepted: z.array(
    z.strictObject({
      kind: z.string(),
      id: z.string(),
      path: z.string(),
      values: z.record(z.string(), json).describe('By side; null where it lacks the place.'),
    }),
  ),
});

export type Accepted = z.infer<typeof acceptedSchema>;

/** All that differs now, in the order in which it is told. */
export function acceptedOf({ sides, differences }: Comparison, savedAt: string): Accepted {
  return {
    schemaVersion: 1,
    savedAt,
    sides: sides.map(({ name }) => name),
    accepted: differences.flatMap(({ kind, id, places }) =>
      places.map((place) => ({ kind, id, path: steady(place.path), values: Object.fromEntries(place.values) })),
    ),
  };
}

/** What is new or other than it was, with how much of the file still holds and how much does not differ any more. */
export function withoutAccepted(
  comparison: Comparison,
  { accepted }: Accepted,
): Comparison & { readonly accepted: number; readonly settled: number } {
  const known = new Map<string, Accepted['accepted'][number][]>();
  for (const entry of accepted) known.set(keyOf(entry), [...(known.get(keyOf(entry)) ?? []), entry]);
  const used = new Set<Accepted['accepted'][number]>();
  const isNew = ({ kind, id }: Difference, place: DifferentPlace): boolean => {
    const entry = known.get(keyOf({ kind, id, path: place.path }))?.find((one) => !used.has(one) && holds(one.values, place));
    if (entry !== undefined) used.add(entry);
    return entry === undefined;
  };
  const differences = comparison.differences
    .map((difference) => ({ ...difference, places: difference.places.filter((place) => isNew(difference, place)) }))
    .filter(({ places }) => places.length > 0);
  return { ...comparison, differences, accepted: used.size, settled: accepted.length - used.size };
}

/** A side that the file does not know holds when it has what most have. */
function holds(values: Readonly<Record<string, Json>>, place: DifferentPlace): boolean {
  return [...place.values].every(([side, value]) =>
    Object.hasOwn(values, side) ? canonical(values[side] ?? null) === canonical(value) : place.standard?.sides.includes(side) === true,
  );
}

function keyOf({ kind, id, path }: { readonly kind: string; readonly id: string; readonly path: string }): string {
  return JSON.stringify([kind, id, steady(path)]);
}

/** The number of a line moves when lines above it come and go. */
function steady(path: string): string {
  return path.replace(/^\/lines\/\d+$/, '/lines');
}
