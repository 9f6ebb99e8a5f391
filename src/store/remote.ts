/** Asks a remote whether it answers us, without changing anything there or here. */
import { DrifttrailError, describeError } from '../errors.ts';
import type { Git } from './git.ts';
import { BRANCH } from './init.ts';
import { withoutSecrets } from './push.ts';

/** What is in the way, without secrets; undefined when the remote answers. `deadline` in milliseconds. */
export async function remoteProblem(git: Git, remote: string, deadline: number, signal?: AbortSignal): Promise<string | undefined> {
  const late = AbortSignal.timeout(deadline);
  try {
    await git.network(['ls-remote', '--quiet', '--', remote, BRANCH], signal === undefined ? late : AbortSignal.any([late, signal]));
    return undefined;
  } catch (error) {
    return late.aborted
      ? `it did not answer within ${deadline / 1000} s`
      : withoutSecrets(error instanceof DrifttrailError ? error.message : describeError(error), remote);
  }
}
