/** What a run adds to what is known of each scope and kind, and the window that follows for a change. */
import { isGone, type Ref, type Snapshot } from '../model.ts';
import type { Observation, Observed } from '../store/observed.ts';
import type { Span } from './windows.ts';

/** A try that was not complete keeps the older complete look: the window of the next change only grows. */
export function observe(before: Observed, snapshot: Snapshot, held: Observed['held']): Observed {
  const observations: Record<string, Record<string, Observation>> = Object.fromEntries(
    Object.entries(before.observations).map(([scope, kinds]) => [scope, { ...kinds }]),
  );
  const span: Span = { from: snapshot.startedAt, to: snapshot.finishedAt };
  const record = (scope: string, kind: string, observation: Observation) => {
    const kinds = observations[scope] ?? {};
    observations[scope] = kinds;
    kinds[kind] = observation;
  };
  for (const { scope, kind } of snapshot.complete) record(scope, kind, { tried: span.to, complete: span });
  for (const { scope, kind } of snapshot.gaps) {
    const kinds = kind === undefined ? Object.keys(observations[scope] ?? {}) : [kind];
    for (const name of kinds) {
      const known = before.observations[scope]?.[name]?.complete;
      record(scope, name, { tried: span.to, ...(known === undefined ? {} : { complete: known }) });
    }
  }
  // What is in doubt as a whole, another cluster under the same name, tells nothing of what was there.
  const inDoubt = (scope: string) => snapshot.gaps.some((gap) => gap.scope === scope || scope.startsWith(`${gap.scope}/`));
  const surveyed = Object.entries(snapshot.surveys ?? {}).filter(([above]) => !inDoubt(above));
  const gone = isGone(Object.fromEntries(surveyed));
  for (const scope of Object.keys(observations)) if (gone(scope) && !inDoubt(scope)) delete observations[scope];
  const surveys = surveyed.map(([above, scopes]) => [above, { ...span, scopes }] as const);
  return {
    observations,
    surveys: { ...before.surveys, ...Object.fromEntries(surveys) },
    identities: { ...before.identities, ...snapshot.identities },
    held,
  };
}

/**
 * The window of a change, without skew; null when its scope and kind were never seen complete before: then it is the
 * baseline. A scope that came into being since all of its siblings were named had nothing in it then.
 */
export function windowOf(ref: Ref, before: Observed, after: Observed): Span | null {
  const from = before.observations[ref.scope]?.[ref.kind]?.complete?.from ?? bornAfter(ref.scope, before);
  if (from === undefined) return null;
  const seen = after.observations[ref.scope]?.[ref.kind];
  // Of a scope that is gone nothing was seen but that.
  return { from, to: seen?.complete?.to ?? seen?.tried ?? after.surveys?.[parentOf(ref.scope)]?.to ?? from };
}

function bornAfter(scope: string, before: Observed): string | undefined {
  const survey = before.surveys?.[parentOf(scope)];
  return survey === undefined || survey.scopes.includes(scope) || before.observations[scope] !== undefined ? undefined : survey.from;
}

function parentOf(scope: string): string {
  return scope.slice(0, scope.lastIndexOf('/'));
}
