/** The JSON of `compare`: schema version 1; fields may be added, none is renamed. */
import type { Json, JsonObject } from '../model.ts';
import type { Comparison } from './compare.ts';
import { outliersOf } from './difference.ts';

export function comparisonJson({
  sides,
  compared,
  differences,
  factoredOut,
  restated = 0,
  gaps,
  expected,
  accepted = 0,
  settled = 0,
}: Comparison): JsonObject {
  return {
    schemaVersion: 1,
    sides: sides.map(({ name, scope, time }) => ({ name, scope, at: time })),
    compared,
    differences: differences.map(({ kind, id, paths, places }) => ({
      resource: { kind, id, path: [...paths.values()][0] ?? null, paths: Object.fromEntries(paths) },
      edits: places.map((place) => ({
        path: place.path,
        values: Object.fromEntries(place.values) as Record<string, Json>,
        majority: place.standard?.value ?? null,
        outliers: outliersOf(place),
      })),
    })),
    factoredOut,
    restated,
    expected,
    accepted,
    settled,
    gaps: gaps.map(({ side, scope, kind, reason, detail }) => ({ side, scope, kind: kind ?? null, reason, detail })),
  };
}
