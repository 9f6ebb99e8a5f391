/** Asks a remote whether it answers us, without changing anything there or here. */
import { DrifttrailError, describeError } from '../errors.ts';
import type { Git } from './git.ts';
import { BRANCH } from './init.ts';
import { withoutSecrets } from './push.ts';

/** What is in the way, without secrets; undefined when the remote answers. `deadline` in milliseconds. */
export async function remoteProblem(git: Git, remote: string, deadline: number): Promise<string | undefined> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), deadline);
  try {
    await git.network(['ls-remote', '--quiet', '--', remote, BRANCH], abort.signal);
    return undefined;
  } catch (error) {
    return abort.signal.aborted
      ? `it did not answer within ${deadline} ms`
      : withoutSecrets(error instanceof DrifttrailError ? error.message : describeError(error), remote);
  } finally {
    clearTimeout(timer);
  }
}
