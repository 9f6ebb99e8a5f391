/** Ends a child and all that it has started; for the two doorways to child processes, `spawn.ts` and `store/streams.ts`. */

/**
 * SIGKILL to a child. One that could not be started has no number until Node has told so, and would be taken for number 0:
 * that is our own group, and with us whatever runs us.
 */
export function killChild(child: { readonly pid?: number | undefined; kill(signal: 'SIGKILL'): boolean }): void {
  if (child.pid !== undefined) child.kill('SIGKILL');
}

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
