/** The hooks that somebody names on the command line, with the outlets that they are. */
import type { ConfiguredHook, Deployment } from '../deployment.ts';
import { DrifttrailError } from '../errors.ts';
import { suggestion } from '../suggest.ts';

export interface NamedHook {
  readonly hook: ConfiguredHook;
  readonly outlet: string;
}

/** All of that `use`; without one, all there are. Throws `hooks-none` and `hook-unknown`. */
export function hooksNamed({ hooks }: Pick<Deployment, 'hooks'>, only: string | undefined): NamedHook[] {
  const names = hooks.map(({ use }) => use);
  if (names.length === 0) {
    throw new DrifttrailError({
      code: 'hooks-none',
      message: 'the deployment has no hooks',
      remedy: 'add one under hooks: in drifttrail.yaml',
    });
  }
  if (only !== undefined && !names.includes(only)) {
    throw new DrifttrailError({ code: 'hook-unknown', message: `the deployment has no hook ${only}`, remedy: suggestion(only, names) });
  }
  return hooks.map((hook) => ({ hook, outlet: hook.outlet })).filter(({ hook }) => only === undefined || hook.use === only);
}
