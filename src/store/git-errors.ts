/** What a git that failed or could not be started says, as an error for people. */
import { DrifttrailError } from '../errors.ts';

/** Turns what git said into an error for people. */
export function gitFailed(args: readonly string[], code: number | null, stderr: string): DrifttrailError {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('hint:'));
  const said = lines.slice(0, 12).join(' ');
  const lock = /Unable to create '(.+\.lock)': File exists/.exec(stderr)?.[1];
  if (lock !== undefined) {
    return new DrifttrailError({
      code: 'git-locked',
      message: `another git holds ${lock}`,
      remedy: 'try again when it has ended',
      exitCode: 75,
    });
  }
  const full = /No space left on device|Disk quota exceeded|File too large/.test(stderr);
  // Of a ref git does not say what the system said.
  if (full || /couldn't write '/.test(stderr)) {
    return new DrifttrailError({
      code: 'disk-full',
      message: `git cannot write${full ? '' : ', as when the disk is full'}: ${said}`,
      remedy: 'make room and run it again; what was committed is whole',
    });
  }
  const branch = /bad revision 'refs\/heads\/(.+?)'/.exec(stderr)?.[1];
  if (branch !== undefined) {
    return new DrifttrailError({
      code: 'history-missing',
      message: `nothing was recorded yet: the snapshots repository has no branch ${branch}`,
      remedy: 'drifttrail snapshot makes the first commit; if there was a history, drifttrail doctor says what is wrong',
    });
  }
  const command = args.find((arg) => !arg.startsWith('-') && !arg.includes('=')) ?? '';
  return new DrifttrailError({
    code: 'git-failed',
    message: `git ${command} ${code === null ? 'was killed' : `exited with ${code}`}: ${said === '' ? 'it said nothing' : said}`,
    remedy: 'run `drifttrail doctor`',
  });
}

export function spawnFailed(cause: Error): DrifttrailError {
  return new DrifttrailError({
    code: 'spawn-failed',
    message: `cannot start git: ${cause.message}`,
    remedy: 'install git or put it on the PATH',
    cause,
  });
}
