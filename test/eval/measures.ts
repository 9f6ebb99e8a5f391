/** Measures of a ranking against labels: NDCG, recall, and the share of pairs in the right order. */

export interface Scored {
  readonly label: string;
  /** Records of one public rule and one event name, which only their content tells apart. */
  readonly group: string;
  readonly expected: boolean;
  readonly severity: string;
  readonly gain: number;
  readonly score: number;
  readonly rules: readonly string[];
  readonly wrote: boolean;
}

export const GAINS: Readonly<Record<string, number>> = { critical: 5, high: 4, medium: 3, low: 2, info: 1 };

/** The same records with one gain for everything true: severities of public rule sets hardly agree with each other. */
export function binary(rows: readonly Scored[]): readonly Scored[] {
  return rows.map((row) => ({ ...row, gain: row.expected ? 1 : 0 }));
}

/**
 * Normalised discounted cumulative gain of the first k. Records of equal score share the mean gain of their ties, so
 * that the order of the file cannot flatter the measure.
 */
export function ndcg(rows: readonly Scored[], k: number): number {
  const ideal = rows.map(({ gain }) => gain).sort((a, b) => b - a);
  return dcg(expectedGains(rows), k) / Math.max(dcg(ideal, k), Number.EPSILON);
}

/** The share of the first k that are labelled true, of as many as could be. */
export function recall(rows: readonly Scored[], k: number): number {
  const possible = Math.min(k, rows.filter(({ expected }) => expected).length);
  const hits = expectedGains(binary(rows)).slice(0, k);
  return hits.reduce((sum, gain) => sum + gain, 0) / Math.max(possible, 1);
}

function expectedGains(rows: readonly Scored[]): number[] {
  const byScore = groupBy(rows, ({ score }) => score);
  return [...byScore.entries()]
    .sort(([a], [b]) => b - a)
    .flatMap(([, tied]) => tied.map(() => tied.reduce((sum, { gain }) => sum + gain, 0) / tied.length));
}

function dcg(gains: readonly number[], k: number): number {
  return gains.slice(0, k).reduce((sum, gain, index) => sum + (2 ** gain - 1) / Math.log2(index + 2), 0);
}

/** Pairs of one group where the true record must stand above the false one; a tie is no order. */
export function pairsOrdered(rows: readonly Scored[]): {
  readonly right: number;
  readonly total: number;
  readonly wrong: readonly string[];
} {
  const wrong: string[] = [];
  let total = 0;
  for (const group of groupBy(rows, (row) => row.group).values()) {
    for (const high of group.filter(({ expected }) => expected)) {
      for (const low of group.filter(({ expected }) => !expected)) {
        total++;
        if (high.score <= low.score) wrong.push(`${high.label} (${high.score}) not above ${low.label} (${low.score})`);
      }
    }
  }
  return { right: total - wrong.length, total, wrong };
}

/** Map.groupBy is not in Node 20. */
function groupBy<Row, Key>(rows: readonly Row[], keyOf: (row: Row) => Key): Map<Key, Row[]> {
  const groups = new Map<Key, Row[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group === undefined) groups.set(keyOf(row), [row]);
    else group.push(row);
  }
  return groups;
}
