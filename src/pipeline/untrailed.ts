/** Changes that no configured trail will ever tell of: there is nothing to wait for, and it is said at once. */
import type { Deployment } from '../deployment.ts';
import type { Attribution } from '../model.ts';

/** Whether a trail is configured whose events tell of a scope. */
export function trailedBy(trails: Deployment['trails']): (scope: string) => boolean {
  const roots = new Set(trails.flatMap(({ trail }) => trail.scopes ?? ['*']));
  return (scope) => roots.has('*') || roots.has(scope.split('/')[0] ?? '');
}

export function untrailed(attribution: Attribution): Attribution {
  if (attribution.status !== 'pending' && attribution.status !== 'unattributed') return attribution;
  return { ...attribution, status: 'unattributed', because: 'no trail is configured that tells who changes it' };
}
