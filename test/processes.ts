/** Ends what a test started. */
import type { ChildProcess } from 'node:child_process';

/** SIGKILL to a child that was started `detached`, and to all that it started itself. */
export function killGroup({ pid, spawnfile, exitCode, signalCode }: ChildProcess): void {
  // Its number may belong to somebody else by now.
  if (exitCode !== null || signalCode !== null) return;
  // Group 0 would be the test's own, and with it whatever runs the tests.
  if (pid === undefined) throw new Error(`${spawnfile} was never started`);
  process.kill(-pid, 'SIGKILL');
}
