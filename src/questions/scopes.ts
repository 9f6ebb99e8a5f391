/** The scopes that somebody may name. */
import type { Deployment } from '../deployment.ts';
import { DrifttrailError } from '../errors.ts';
import { suggestion } from '../suggest.ts';

/** Of the tip: what was recorded once and is watched no more is compared by its last state at a time. */
export async function recordedScopes({ store, layout }: Deployment): Promise<Set<string>> {
  const tip = await store.tip();
  if (tip === null)
    throw new DrifttrailError({ code: 'nothing-recorded', message: 'nothing was recorded yet', remedy: 'drifttrail snapshot' });
  const scopes = [...(await store.tree(tip)).keys()].flatMap((path) => layout.refOf(path)?.scope ?? []);
  return new Set(scopes);
}

/** A name that nobody recorded must not pass for one of which nothing is to be told. @throws {DrifttrailError} `scope-unknown` */
export async function requireScope(deployment: Deployment, scope: string): Promise<void> {
  const known = [...(await recordedScopes(deployment))];
  if (known.some((one) => `${one}/`.startsWith(`${scope}/`))) return;
  const depth = scope.split('/').length;
  const alike = new Set(known.map((one) => one.split('/').slice(0, depth).join('/')));
  throw new DrifttrailError({
    code: 'scope-unknown',
    message: `nothing was recorded of ${scope}`,
    remedy: suggestion(scope, alike, 'drifttrail coverage lists what is watched'),
  });
}
