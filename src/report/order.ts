/** The order of a report: highest threat first, of one level what still stands, then the latest, then by identity so that equal input gives equal output. What is set aside comes last. */
import type { Finding, Level } from '../model.ts';

export const REPORT_LEVELS: readonly Level[] = ['critical', 'high', 'medium', 'low', 'info'];

/** When it happened, or by when. */
export function timeOf(finding: Finding): string {
  return finding.attribution.events[0]?.time ?? finding.window.to;
}

export function compareFindings(a: Finding, b: Finding): number {
  return compareRanked(a, b, timeOf);
}

/** What decides the order: of a finding, or of whatever stands for one. */
export type Ranked = Pick<Finding, 'id' | 'level' | 'score' | 'ignored' | 'undone'>;

export function compareRanked<Item extends Ranked>(a: Item, b: Item, time: (item: Item) => string): number {
  const aside = Number(a.ignored !== undefined) - Number(b.ignored !== undefined);
  if (aside !== 0) return aside;
  const level = REPORT_LEVELS.indexOf(a.level) - REPORT_LEVELS.indexOf(b.level);
  const standing = Number(a.undone !== undefined) - Number(b.undone !== undefined);
  return level || standing || b.score - a.score || compareText(time(b), time(a)) || compareText(a.id, b.id);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What counts for whoever watches the state: nobody set it aside, and nothing put it back. */
export function stands({ ignored, undone }: Pick<Finding, 'ignored' | 'undone'>): boolean {
  return ignored === undefined && undone === undefined;
}

/** Without what is set aside. */
export function countLevels(findings: readonly Pick<Finding, 'level' | 'ignored'>[]): Record<Level, number> {
  const counts: Record<Level, number> = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  for (const { level, ignored } of findings) if (ignored === undefined) counts[level]++;
  return counts;
}
