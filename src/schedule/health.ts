/** What the daemon says of itself, kept in state/health.json so that a dead daemon can be told from a quiet one. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface JobHealth {
  /** Cron expression. */
  readonly schedule: string;
  readonly lastStart?: string;
  readonly lastEnd?: string;
  /** The last run that ended without an error, gaps or not. */
  readonly lastSuccess?: string;
  readonly lastCommit?: string;
  readonly gaps: number;
  readonly error?: string;
  readonly failuresInARow: number;
  readonly next?: string;
}

export interface Health {
  readonly schemaVersion: 1;
  readonly pid: number;
  readonly host: string;
  readonly startedAt: string;
  readonly updatedAt: string;
  readonly stopped?: string;
  /** Commits that the remote lacks. */
  readonly backlog?: number;
  /** By the exporter's `use`. */
  readonly jobs: Readonly<Record<string, JobHealth>>;
}

export function healthFile(stateDir: string): string {
  return join(stateDir, 'health.json');
}

export function writeHealth(stateDir: string, health: Health): void {
  const file = healthFile(stateDir);
  writeFileSync(`${file}.new`, `${JSON.stringify(health, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** Undefined when no daemon ever ran here, or when what stands there is not health. */
export function readHealth(stateDir: string): Health | undefined {
  try {
    const found = JSON.parse(readFileSync(healthFile(stateDir), 'utf8')) as Partial<Health>;
    return found.schemaVersion === 1 && typeof found.jobs === 'object' ? (found as Health) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** What is wrong, one line each; nothing when all is well. A job is late when it missed three of its turns. */
export function healthProblems(health: Health, now: Date, interval: (schedule: string) => number): string[] {
  const behind = health.backlog ?? 0;
  const remote = behind === 0 ? [] : [`the remote lacks ${behind} ${behind === 1 ? 'commit' : 'commits'}; drifttrail doctor says why`];
  const jobs = Object.entries(health.jobs).flatMap(([name, job]) => {
    if (job.error !== undefined) return [`${name}: failed ${job.failuresInARow}× in a row: ${job.error}`];
    const since = now.getTime() - Date.parse(job.lastSuccess ?? health.startedAt);
    return since > 3 * interval(job.schedule) ? [`${name}: no successful run for ${Math.round(since / 60_000)} min`] : [];
  });
  return [...jobs, ...remote];
}
