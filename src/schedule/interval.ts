/** How far apart the turns of a schedule are. */
import { createTask } from 'node-cron';

/** Milliseconds between two turns, the longest of the next eight. */
export function intervalOf(schedule: string): number {
  const task = createTask(schedule, () => undefined);
  const times = task.getNextRuns(8).map((date) => date.getTime());
  void task.destroy();
  return Math.max(60_000, ...times.slice(1).map((time, index) => time - (times[index] ?? time)));
}
