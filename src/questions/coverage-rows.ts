/** Joins when each kind was last read completely with what could not be read, and counts what is there. */
import type { Deployment } from '../deployment.ts';
import type { Gap, GapReason } from '../model.ts';
import { trailLosses } from '../pipeline/trail-findings.ts';

export interface CoverageRow {
  readonly scope: string;
  readonly kind: string;
  readonly status: 'complete' | 'stale' | 'unreadable';
  readonly resources: number;
  /** Milliseconds since the end of the last complete reading; null when there was none. */
  readonly age: number | null;
  readonly lastComplete: string | null;
  /** Null where nothing of it was ever tried: an account that cannot be opened. */
  readonly lastTried: string | null;
  /** Also of a few things, where all others were read completely. */
  readonly gap: { readonly reason: GapReason; readonly detail: string } | null;
}

/** One row for each scope and kind that was ever tried or could not be, in order of scope and kind; kind `*` is all of a scope. */
export async function coverageRows(deployment: Deployment, now: Date, maxAge: number): Promise<CoverageRow[]> {
  const { store, layout } = deployment;
  const [{ gapsAt }, { observations }] = await Promise.all([import('../pipeline/report.ts'), store.readObserved()]);
  const tip = await store.tip();
  const counts = new Map<string, number>();
  for (const path of tip === null ? [] : (await store.tree(tip)).keys()) {
    const ref = layout.refOf(path);
    if (ref !== undefined) counts.set(key(ref.scope, ref.kind), (counts.get(key(ref.scope, ref.kind)) ?? 0) + 1);
  }
  const gaps = tip === null ? [] : await gapsAt(deployment, tip);
  const tried = Object.entries(observations).flatMap(([scope, kinds]) =>
    Object.entries(kinds).map(([kind, seen]): CoverageRow => {
      const gap = gapOf(gaps, scope, kind);
      const age = seen.complete === undefined ? null : now.getTime() - Date.parse(seen.complete.to);
      return {
        scope,
        kind,
        status: gap !== null && gap.partial !== true ? 'unreadable' : age === null || age > maxAge ? 'stale' : 'complete',
        resources: counts.get(key(scope, kind)) ?? 0,
        age,
        lastComplete: seen.complete?.to ?? null,
        lastTried: seen.tried,
        gap: gap === null ? null : { reason: gap.reason, detail: gap.detail },
      };
    }),
  );
  const known = new Set(tried.flatMap(({ scope, kind }) => [scope, key(scope, kind)]));
  const never = gaps
    .filter(({ scope, kind }) => !known.has(kind === undefined ? scope : key(scope, kind)))
    .map(({ scope, kind, reason, detail }): CoverageRow => {
      const gap = { reason, detail };
      return { scope, kind: kind ?? '*', status: 'unreadable', resources: 0, age: null, lastComplete: null, lastTried: null, gap };
    });
  return [...tried, ...never, ...trailRows(deployment, now)].sort((a, b) => compare(a.scope, b.scope) || compare(a.kind, b.kind));
}

/** Of trails, what cannot be read: what they bring is told with what it explains. */
function trailRows(deployment: Deployment, now: Date): CoverageRow[] {
  return trailLosses(deployment).map(({ gap: { scope, reason, detail }, tried, seen }) => ({
    scope,
    kind: '*',
    status: 'unreadable',
    resources: 0,
    age: seen === undefined ? null : now.getTime() - Date.parse(seen),
    lastComplete: seen ?? null,
    lastTried: tried,
    gap: { reason, detail },
  }));
}

/** The one that says most: that of a few things, which leaves the rest complete, comes last. */
function gapOf(gaps: readonly Gap[], scope: string, kind: string): Gap | null {
  const own = gaps.filter((gap) => gap.scope === scope && (gap.kind === undefined || gap.kind === kind));
  return own.find(({ partial }) => partial !== true) ?? own[0] ?? null;
}

function key(scope: string, kind: string): string {
  return `${scope}\0${kind}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
