/** The daemon: ticks of node-cron feed one queue; a run is never started while another one works. */
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createTask, type ScheduledTask, validate } from 'node-cron';
import type { Deployment } from '../deployment.ts';
import { DrifttrailError, describeError } from '../errors.ts';
import { type RunResult, run, troublesOf } from '../run.ts';
import { sayNew } from './say-new.ts';
import { acquireLock } from '../store/lock.ts';
import { healthProblems, type Health, type JobHealth, writeHealth } from './health.ts';
import { serveHealth } from './health-server.ts';
import { intervalOf } from './interval.ts';
import { createQueue } from './queue.ts';
import { retryAttribution } from './retry.ts';
import { watchExporters } from './watch.ts';

export interface DaemonOptions {
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
  readonly healthPort?: number;
}

/** Attribution settles 15 minutes after a change is seen; between rare snapshots somebody has to look again. */
const RETRY_SCHEDULE = '*/5 * * * *';
const RETRY = '\0attribution';

/** Resolves when the signal has stopped it. Throws `schedule-invalid`, `locked` when another daemon serves this deployment. */
export async function runDaemon(deployment: Deployment, { signal, say, healthPort }: DaemonOptions): Promise<void> {
  const { stateDir, surroundings } = deployment;
  const schedules = schedulesOf(deployment);
  const lock = await acquireLock(join(stateDir, 'daemon'), surroundings);
  const now = () => surroundings.now().toISOString();
  const jobs = new Map<string, JobHealth>([...schedules].map(([use, schedule]) => [use, { schedule, gaps: 0, failuresInARow: 0 }]));
  const startedAt = now();
  let backlog = 0;
  const health = (): Health => ({
    schemaVersion: 1,
    pid: process.pid,
    host: hostname(),
    startedAt,
    updatedAt: now(),
    backlog,
    jobs: Object.fromEntries(jobs),
  });
  const update = (uses: readonly string[], change: (job: JobHealth) => JobHealth) => {
    for (const use of uses) {
      const job = jobs.get(use);
      if (job !== undefined) jobs.set(use, { ...change(job), ...nextOf(use) });
    }
    writeHealth(stateDir, health());
  };
  const tasks = new Map<string, ScheduledTask>();
  const nextOf = (use: string) => {
    const next = tasks.get(use)?.getNextRun();
    return next == null ? {} : { next: next.toISOString() };
  };

  const tellNew = sayNew(say);

  const queue = createQueue(async (names) => {
    const uses = names.filter((name) => name !== RETRY);
    if (uses.length === 0) return attempt(say, 'attribution', async () => tellNew(RETRY, await retryAttribution(deployment, signal)));
    update(uses, (job) => ({ ...job, lastStart: now() }));
    try {
      const result = await run(deployment, { only: uses, signal, progress: () => undefined });
      say(describeRun(uses, result));
      tellNew(uses.join(), troublesOf(result));
      ({ backlog } = result);
      update(uses, (job) => succeeded(job, result, now()));
    } catch (error) {
      if (signal.aborted) return;
      say(`${uses.join(', ')}: ${describeError(error)}`);
      // Somebody else's run held the lock: nothing failed, the next tick comes.
      if (error instanceof DrifttrailError && error.exitCode === 75) return;
      update(uses, (job) => ({ ...job, lastEnd: now(), error: describeError(error), failuresInARow: job.failuresInARow + 1 }));
    }
  });

  const start = (name: string, schedule: string) => {
    const task = createTask(schedule, () => queue.add(name), { noOverlap: true, suppressMissedWarning: true });
    // A machine that slept, or a loop that was busy: the missed turns become one.
    task.on('execution:missed', () => queue.add(name));
    tasks.set(name, task);
    return task.start();
  };
  const server =
    healthPort === undefined
      ? undefined
      : await serveHealth(healthPort, () => {
          const problems = healthProblems(health(), surroundings.now(), intervalOf);
          return { ok: problems.length === 0, body: { ...health(), problems } };
        }).catch(async (error: unknown) => {
          await lock.release();
          throw error;
        });
  try {
    for (const [use, schedule] of schedules) await start(use, schedule);
    await start(RETRY, RETRY_SCHEDULE);
    update([...schedules.keys()], (job) => job);
    say(
      `watching ${[...schedules].map(([use, schedule]) => `${use} (${schedule})`).join(', ')}${server === undefined ? '' : `, health at ${server.url}`}`,
    );
    for (const use of schedules.keys()) queue.add(use); // what was missed while we were not running, once
    await Promise.all([aborted(signal), watchExporters(deployment, { signal, look: queue.add, say })]);
  } finally {
    for (const task of tasks.values()) await task.destroy();
    await queue.close();
    await server?.close();
    writeHealth(stateDir, { ...health(), stopped: now() });
    await lock.release();
  }
  say('stopped');
}

function schedulesOf(deployment: Deployment): Map<string, string> {
  for (const { use, schedule } of deployment.exporters) {
    if (!validate(schedule)) {
      throw new DrifttrailError({
        code: 'schedule-invalid',
        message: `${use}: "${schedule}" is not a cron expression`,
        remedy: 'write minute hour day month weekday, such as "*/5 * * * *"',
      });
    }
  }
  // Two entries with one `use` share the more eager schedule: `run` selects by `use`.
  const found = new Map<string, string>();
  for (const { use, schedule } of deployment.exporters) {
    const known = found.get(use);
    if (known === undefined || intervalOf(schedule) < intervalOf(known)) found.set(use, schedule);
  }
  return found;
}

function describeRun(uses: readonly string[], { commit, changes, gaps }: RunResult): string {
  const outcome =
    commit === null ? 'nothing changed' : `${changes.length} ${changes.length === 1 ? 'change' : 'changes'}, commit ${commit.slice(0, 12)}`;
  return `${uses.join(', ')}: ${outcome}${gaps.length === 0 ? '' : `, ${gaps.length} ${gaps.length === 1 ? 'gap' : 'gaps'}`}`;
}

function succeeded(job: JobHealth, { commit, gaps }: RunResult, now: string): JobHealth {
  const { error: _, ...rest } = job;
  return {
    ...rest,
    lastEnd: now,
    lastSuccess: now,
    gaps: gaps.length,
    failuresInARow: 0,
    ...(commit === null ? {} : { lastCommit: commit }),
  };
}

async function attempt(say: (text: string) => void, what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    say(`${what}: ${describeError(error)}`);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
