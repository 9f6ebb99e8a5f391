/** Threat levels as bands of the score 0–100 that orders findings. */
import type { Level } from '../model.ts';

/** Highest first. */
const LEVELS: readonly Level[] = ['critical', 'high', 'medium', 'low', 'info'];

const BANDS: Readonly<Record<Level, { readonly from: number; readonly to: number }>> = {
  critical: { from: 90, to: 100 },
  high: { from: 70, to: 89 },
  medium: { from: 40, to: 69 },
  low: { from: 15, to: 39 },
  info: { from: 0, to: 14 },
};

export function bandOf(level: Level): { readonly from: number; readonly to: number } {
  return BANDS[level];
}

export function levelOf(score: number): Level {
  return LEVELS.find((level) => score >= BANDS[level].from) ?? 'info';
}

/** Negative when `a` is the higher threat; for sorting highest first. */
function compareLevels(a: Level, b: Level): number {
  return LEVELS.indexOf(a) - LEVELS.indexOf(b);
}

export function atLeast(level: Level, least: Level): boolean {
  return compareLevels(level, least) <= 0;
}

/** The level one step above or below, staying inside the scale. */
export function neighbourLevel(level: Level, step: 'up' | 'down'): Level {
  const index = LEVELS.indexOf(level) + (step === 'up' ? -1 : 1);
  return LEVELS[Math.min(Math.max(index, 0), LEVELS.length - 1)] ?? level;
}
