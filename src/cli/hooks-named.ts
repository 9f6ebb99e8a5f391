/** The hooks that somebody names on the command line, with the outlets that they are. */
import type { ConfiguredHook, Deployment } from '../deployment.ts';
import { DrifttrailError } from '../errors.ts';
import { suggestion } from '../suggest.ts';

/**
 * The one of that name, as `doctor` tells it, or all of that `use`; without one, all there are. Throws `hooks-none` and
 * `hook-unknown`.
 */
export function hooksNamed({ hooks }: Pick<Deployment, 'hooks'>, only: string | undefined): ConfiguredHook[] {
  if (hooks.length === 0) {
    throw new DrifttrailError({
      code: 'hooks-none',
      message: 'the deployment has no hooks',
      remedy: 'add one under hooks: in drifttrail.yaml',
    });
  }
  const found = hooks.filter(({ use, outlet }) => only === undefined || outlet === only || use === only);
  if (only === undefined || found.length > 0) return found;
  const names = [...new Set(hooks.flatMap(({ outlet, use }) => [outlet, use]))];
  throw new DrifttrailError({ code: 'hook-unknown', message: `the deployment has no hook ${only}`, remedy: suggestion(only, names) });
}
