/** Runs an exporter to its end and judges what is complete: whatever it did not vouch for is a gap. */
import { DrifttrailError, describeError } from '../errors.ts';
import {
  type CollectContext,
  type Exporter,
  type Gap,
  isGone,
  isWildcard,
  kindNamed,
  type Resource,
  type ScopedKind,
  type Snapshot,
  type Surroundings,
} from '../model.ts';

export interface CollectDeps {
  readonly surroundings: Surroundings;
  readonly signal: AbortSignal;
  readonly progress: (text: string) => void;
  /** What the last snapshot holds of this exporter; nothing by default. */
  readonly known?: () => readonly ScopedKind[];
  /** Takes secrets out of what an exporter says; before its lines are joined, for by lines are many of them told. */
  readonly guard?: (text: string) => string;
}

/**
 * Everything that one run of an exporter yields. Never throws for what the exporter does: an exporter that fails, or
 * yields resources of a (scope, kind) without calling complete or gap, leaves a gap `invalid`. A gap wins over complete.
 * Of two resources with one identity the first counts and the kind becomes a gap: which one is true is not known.
 */
export async function collect<Options>(exporter: Exporter<Options>, options: Options, deps: CollectDeps): Promise<Snapshot> {
  const { surroundings, signal, guard = (text) => text } = deps;
  const kinds = { ...exporter.kinds, ...exporter.kindsOf?.(options) };
  // Others may keep what is theirs under the same root, even in the same scope.
  const known = () => (deps.known?.() ?? []).filter(({ kind }) => kindNamed(kinds, kind) !== undefined);
  const progress = (text: string) => deps.progress(guard(text));
  const startedAt = surroundings.now().toISOString();
  const resources = new Map<string, Resource>();
  const complete = new Map<string, { scope: string; kind: string }>();
  const gaps = new Map<string, Gap>();
  const identities: Record<string, string> = {};
  const surveys: Record<string, readonly string[]> = {};
  const addGap = (gap: Gap) => {
    const key = keyOf(gap.scope, gap.kind ?? '');
    if (!gaps.has(key)) gaps.set(key, { ...gap, detail: guard(gap.detail) });
  };
  const context: CollectContext<Options> = {
    ...surroundings,
    options,
    signal,
    progress,
    complete: (scope, kind) => complete.set(keyOf(scope, kind), { scope, kind }),
    gap: addGap,
    known,
    surveyed: (above, scopes) => {
      surveys[above] = scopes;
    },
    identity: (scope, identity) => {
      identities[scope] = identity;
    },
  };

  let failure: string | undefined;
  try {
    for await (const resource of exporter.collect(context)) {
      const { scope, kind, id } = resource.ref;
      const key = keyOf(scope, kind, id);
      if (resources.has(key)) addGap({ scope, kind, reason: 'invalid', detail: `${exporter.name} yielded ${kind} ${id} twice` });
      else resources.set(key, resource);
      signal.throwIfAborted();
    }
  } catch (error) {
    failure = signal.aborted
      ? `${exporter.name} was stopped: ${describeError(signal.reason)}`
      : `${exporter.name} failed: ${describeError(guard(error instanceof DrifttrailError ? describeError(error) : messageOf(error)))}`;
    progress(failure);
  }

  // A kind that was begun and never judged; after a failure without any, the exporter's whole root is in doubt.
  for (const { ref } of resources.values()) {
    if (complete.has(keyOf(ref.scope, ref.kind)) || covered(gaps, ref.scope, ref.kind)) continue;
    addGap({
      scope: ref.scope,
      kind: ref.kind,
      reason: 'invalid',
      detail: failure ?? `${exporter.name} ended without saying whether ${ref.kind} is complete`,
    });
  }
  if (failure !== undefined) {
    const scopes = new Set([...complete.values()].map(({ scope }) => scope));
    for (const scope of scopes) {
      for (const kind of Object.keys(exporter.kinds)) {
        if (!isWildcard(kind) && !complete.has(keyOf(scope, kind))) addGap({ scope, kind, reason: 'invalid', detail: failure });
      }
    }
    if (scopes.size === 0 && gaps.size === 0) addGap({ scope: exporter.scopes.root, reason: 'invalid', detail: failure });
  }

  const gone = isGone(surveys);
  for (const { scope, kind } of Object.keys(surveys).length === 0 ? [] : known())
    if (gone(scope)) complete.set(keyOf(scope, kind), { scope, kind });

  return {
    exporter: exporter.name,
    startedAt,
    finishedAt: surroundings.now().toISOString(),
    resources: [...resources.values()],
    complete: [...complete.values()].filter(({ scope, kind }) => !covered(gaps, scope, kind)),
    gaps: [...gaps.values()],
    ...(Object.keys(surveys).length === 0 ? {} : { surveys }),
    identities,
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function covered(gaps: ReadonlyMap<string, Gap>, scope: string, kind: string): boolean {
  return gaps.has(keyOf(scope, kind)) || gaps.has(keyOf(scope, ''));
}

function keyOf(...parts: readonly string[]): string {
  return parts.join('\0');
}
