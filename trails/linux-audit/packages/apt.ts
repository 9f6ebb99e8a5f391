/** apt's own history: which command line ran when, and who asked for it. */
import type { WallTime } from '../../_log/time.ts';
import { zoned } from '../../_log/time.ts';

export interface AptRun {
  /** Milliseconds; a run without an end is still going on, or was killed. */
  readonly from: number;
  readonly to?: number;
  readonly command?: string;
  /** The user who called sudo or pkexec. */
  readonly requestedBy?: string;
}

/** Blocks of `Key: value` lines between empty ones, in local time: `Start-Date: 2026-11-21  19:29:20`. */
export function aptRuns(text: string, zone: string): AptRun[] {
  return text.split(/\n\n+/).flatMap((block): AptRun[] => {
    const field = (name: string) => new RegExp(`^${name}: *(.*)$`, 'm').exec(block)?.[1];
    const from = localTime(field('Start-Date'), zone);
    if (from === undefined) return [];
    const to = localTime(field('End-Date'), zone);
    const command = field('Commandline');
    const requestedBy = /^(\S+) \(\d+\)/.exec(field('Requested-By') ?? '')?.[1];
    return [
      {
        from,
        ...(to === undefined ? {} : { to }),
        ...(command === undefined ? {} : { command }),
        ...(requestedBy === undefined ? {} : { requestedBy }),
      },
    ];
  });
}

/** `2026-11-21  19:29:20` in a zone, in milliseconds. */
export function localTime(text: string | undefined, zone: string): number | undefined {
  const [year, month, day, hour, minute, second] = (/^(\d{4})-(\d\d)-(\d\d) +(\d\d):(\d\d):(\d\d)$/.exec(text ?? '') ?? [])
    .slice(1)
    .map(Number);
  if (second === undefined) return undefined;
  return zoned({ year, month, day, hour, minute, second } as WallTime, zone);
}

/** The run during which something happened; a run that never ended counts until the next one began. */
export function runAt(runs: readonly AptRun[], time: number): AptRun | undefined {
  const run = runs.findLast(({ from }) => from <= time);
  return run !== undefined && (run.to === undefined || time <= run.to + 1000) ? run : undefined;
}
