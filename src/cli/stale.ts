/** Which scopes have not been read completely for too long. */
import type { Observed } from '../store/observed.ts';
import { describeAge } from '../questions/time.ts';

/** One line a scope: `aws/1/eu-west-1: last complete 3 h ago`; the oldest kind decides. Without any scope: never snapshotted. */
export function staleScopes(observed: Observed, now: Date, maxAge: number): string[] {
  const scopes = Object.entries(observed.observations);
  if (scopes.length === 0) return ['nothing was ever read: drifttrail snapshot'];
  return scopes.flatMap(([scope, kinds]) => {
    const times = Object.values(kinds).map(({ complete }) => (complete === undefined ? Number.NEGATIVE_INFINITY : Date.parse(complete.to)));
    const oldest = Math.min(...times);
    const age = now.getTime() - oldest;
    if (times.length === 0 || age <= maxAge) return [];
    return [`${scope}: ${oldest === Number.NEGATIVE_INFINITY ? 'never read completely' : `last complete ${describeAge(age)} ago`}`];
  });
}
