/** When a change can have happened: after the last complete look at its scope and kind, before the end of this one. */
import type { Ref, Snapshot } from '../model.ts';

export interface Span {
  readonly from: string;
  readonly to: string;
}

export interface Observation {
  /** The end of the last try, complete or not. */
  readonly tried: string;
  /** Start and end of the last complete look; absent until there was one. */
  readonly complete?: Span;
}
/** By scope and kind. Kept under refs/drifttrail/observed, so that windows survive runs without a commit. */
export type Observations = Readonly<Record<string, Readonly<Record<string, Observation>>>>;

/** What is known after a run. A try that was not complete keeps the older complete look: the window only grows. */
export function observe(previous: Observations, snapshots: readonly Snapshot[]): Observations {
  const next: Record<string, Record<string, Observation>> = Object.fromEntries(
    Object.entries(previous).map(([scope, kinds]) => [scope, { ...kinds }]),
  );
  for (const snapshot of snapshots) {
    const span = { from: snapshot.startedAt, to: snapshot.finishedAt };
    const record = (scope: string, kind: string, observation: Observation) => {
      (next[scope] ??= {})[kind] = observation;
    };
    for (const { scope, kind } of snapshot.complete) record(scope, kind, { tried: span.to, complete: span });
    for (const { scope, kind } of snapshot.gaps) {
      const kinds = kind === undefined ? Object.keys(next[scope] ?? {}) : [kind];
      for (const name of kinds) record(scope, name, { ...next[scope]?.[name], tried: span.to });
    }
  }
  return next;
}

/** The window of a change, without skew; null when its scope and kind were never seen complete before: then it is the baseline. */
export function windowOf(ref: Ref, before: Observations, after: Observations): Span | null {
  const from = before[ref.scope]?.[ref.kind]?.complete?.from;
  if (from === undefined) return null;
  const seen = after[ref.scope]?.[ref.kind];
  return { from, to: seen?.complete?.to ?? seen?.tried ?? from };
}

/** The smallest span that holds all of them. */
export function hull(spans: readonly Span[]): Span | undefined {
  const [first, ...rest] = spans;
  if (first === undefined) return undefined;
  return rest.reduce((all, span) => ({ from: span.from < all.from ? span.from : all.from, to: span.to > all.to ? span.to : all.to }), first);
}

export function shift(time: string, milliseconds: number): string {
  return new Date(Date.parse(time) + milliseconds).toISOString();
}
