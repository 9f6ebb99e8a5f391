/** Ends a child and all that it has started; for the two doorways to child processes, `spawn.ts` and `store/streams.ts`. */

/** SIGKILL to a process group, by its leader. Whether there was one: it is gone once all its members are. */
export function killGroup(leader: number | undefined): boolean {
  if (leader === undefined || process.platform === 'win32') return false;
  try {
    return process.kill(-leader, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
