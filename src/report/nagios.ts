/** A verdict as Nagios, Icinga and their kin read it: a code, one line, and performance data after the `|`. */
import type { Level } from '../model.ts';
import { cleanLines } from './clean.ts';
import { REPORT_LEVELS } from './order.ts';

export interface NagiosVerdict {
  readonly status: 'none' | 'drift' | 'incomplete' | 'error';
  readonly counts: Readonly<Record<Level, number>>;
  /** How much could not be read, or not for too long. */
  readonly holes: number;
  readonly error?: string | undefined;
}

/** 0 OK, 1 WARNING, 2 CRITICAL; 3 UNKNOWN when it cannot know. */
export function nagiosCode({ status, counts }: NagiosVerdict): 0 | 1 | 2 | 3 {
  if (status === 'drift') return 2;
  if (status !== 'none') return 3;
  return counts.critical + counts.high + counts.medium > 0 ? 1 : 0;
}

/** `|` separates text and performance data and so must not stand in the text. */
export function nagiosLine(verdict: NagiosVerdict): string {
  const { counts, holes } = verdict;
  const word = ['OK', 'WARNING', 'CRITICAL', 'UNKNOWN'][nagiosCode(verdict)];
  const text =
    verdict.error ??
    [countsText(counts) || 'no findings', holes === 0 ? '' : `${holes} not read completely`].filter((part) => part !== '').join(', ');
  const data = [...REPORT_LEVELS.map((level) => `${level}=${counts[level]};;;0`), `gaps=${holes};;;0`].join(' ');
  return `DRIFTTRAIL ${word} - ${cleanLines(text).replaceAll('\n', ' ').replaceAll('|', '/')} | ${data}`;
}

/** `1 critical, 2 high` */
export function countsText(counts: Readonly<Record<Level, number>>): string {
  return REPORT_LEVELS.filter((level) => counts[level] > 0)
    .map((level) => `${counts[level]} ${level}`)
    .join(', ');
}
