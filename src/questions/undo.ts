/** Why there is nothing that undoes a finding, and where the state before stands all the same. */
import type { Deployment } from '../deployment.ts';
import { DrifttrailError } from '../errors.ts';
import type { Finding } from '../model.ts';
import { pathOf } from './findings.ts';

export function nothingToUndo(finding: Finding, commit: string, { store }: Deployment): DrifttrailError {
  const { id, change, transient } = finding;
  const path = pathOf(finding);
  const why =
    transient === undefined
      ? `no command is known that undoes ${id}`
      : transient.effects.length === 0
        ? `no command is known that undoes ${id}: what it was done to is not recorded`
        : `${id} left nothing to undo: it was done and undone between two snapshots`;
  const before = change === undefined || change.type === 'created' || path === undefined ? undefined : `${commit.slice(0, 12)}^:${path}`;
  return new DrifttrailError({
    code: 'undo-unknown',
    message: why,
    ...(before === undefined ? {} : { remedy: `the state before is: git -C ${store.dir} show ${before}` }),
  });
}
