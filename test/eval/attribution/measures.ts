/** The measures of attribution, with what each must reach. */
import type { Counts, Score } from './score.ts';

export interface Measure {
  readonly name: string;
  /** Over a column of the table. */
  readonly short: string;
  /** The share is `part` of `whole`; without a whole it is a count. */
  readonly part: (score: Counts) => number;
  readonly whole?: (score: Counts) => number;
  readonly least?: number;
  readonly most?: number;
}

export const MEASURES: readonly Measure[] = [
  { name: 'changes found', short: 'found', part: (s) => s.found, whole: (s) => s.edits, least: 1 },
  { name: 'changes that were none', short: 'false', part: (s) => s.phantom + s.invented, most: 0 },
  { name: 'precision of grade exact', short: 'exact', part: (s) => s.exactRight, whole: (s) => s.exact, least: 0.99 },
  { name: 'coverage: the right event is named', short: 'coverage', part: (s) => s.right, whole: (s) => s.caused, least: 0.95 },
  { name: 'edits with a failed call blamed', short: 'failed', part: (s) => s.failedBlamed, most: 0 },
  { name: 'writes without a diff, found', short: 'transients', part: (s) => s.silentFound, whole: (s) => s.silent, least: 0.95 },
  { name: 'transients that were none', short: 'no trans.', part: (s) => s.toldFalse, most: 0 },
  { name: 'actor right', short: 'actor', part: (s) => s.actorsRight, whole: (s) => s.actors, least: 0.99 },
];

/** Nothing to judge is no miss. */
export function reaches(measure: Measure, score: Score): boolean {
  const part = measure.part(score);
  if (measure.whole === undefined) return part <= (measure.most ?? Number.POSITIVE_INFINITY);
  const whole = measure.whole(score);
  return whole === 0 || part / whole >= (measure.least ?? 0);
}
