/** Opens a log of a database server, and tells why it cannot be read. */
import { DrifttrailError, describeError, type TrailGap } from 'drifttrail';
import { type Log, type LogMark, openLog } from './lines.ts';

interface Wanted {
  readonly path: string;
  readonly mark: LogMark | undefined;
  /** What to do where there is no such log, and where it may not be read. */
  readonly missing: string;
  readonly denied: string;
}

/** Undefined when there is nothing to read; `gap` has been told why. */
export async function openTold(
  { path, mark, missing, denied }: Wanted,
  gap: (gap: Pick<TrailGap, 'reason' | 'detail'>) => void,
): Promise<Log | undefined> {
  try {
    const log = await openLog(path, mark);
    if (log === undefined) gap({ reason: 'unreachable', detail: `there is no ${path}: ${missing}` });
    return log;
  } catch (error) {
    const problem = problemOf(error, denied);
    const detail = error instanceof DrifttrailError ? problem : `${path}: ${problem}`;
    gap({ reason: problem.startsWith(DENIED) ? 'denied' : 'invalid', detail });
    return undefined;
  }
}

const DENIED = 'permission denied';

/** An error of the file system in words; others are thrown on. */
export function problemOf(error: unknown, denied: string): string {
  if (error instanceof DrifttrailError) return describeError(error);
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  return code === 'EACCES' || code === 'EPERM' ? `${DENIED}; ${denied}` : code;
}
