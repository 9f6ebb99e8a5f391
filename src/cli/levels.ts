/** Threat levels in their order, for the commands that count and compare them. */
import type { Finding, Level } from '../model.ts';

export const LEVELS: readonly Level[] = ['critical', 'high', 'medium', 'low', 'info'];

export function atLeast(level: Level, threshold: Level): boolean {
  return LEVELS.indexOf(level) <= LEVELS.indexOf(threshold);
}

export function highest(findings: readonly Pick<Finding, 'level'>[]): Level | undefined {
  return LEVELS.find((level) => findings.some((finding) => finding.level === level));
}

export function countLevels(findings: readonly Pick<Finding, 'level'>[]): Record<Level, number> {
  const counts: Record<Level, number> = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  for (const { level } of findings) counts[level]++;
  return counts;
}
