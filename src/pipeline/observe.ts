/** What a run adds to what is known of each scope and kind, and the window that follows for a change. */
import type { Ref, Snapshot } from '../model.ts';
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
  return { observations, identities: { ...before.identities, ...snapshot.identities }, held };
}

/** The window of a change, without skew; null when its scope and kind were never seen complete before: then it is the baseline. */
export function windowOf(ref: Ref, before: Observed, after: Observed): Span | null {
  const from = before.observations[ref.scope]?.[ref.kind]?.complete?.from;
  if (from === undefined) return null;
  const seen = after.observations[ref.scope]?.[ref.kind];
  return { from, to: seen?.complete?.to ?? seen?.tried ?? from };
}
