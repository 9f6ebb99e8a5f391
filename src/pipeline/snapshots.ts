/** Collects from every configured exporter at once; one that fails as a whole is a gap, never the end of the others. */
import { collect } from '../collect/collect.ts';
import type { ConfiguredExporter, Deployment } from '../deployment.ts';
import type { Exporter, ScopedKind, Snapshot } from '../model.ts';
import type { Layout } from '../store/layout.ts';
import type { Tree } from './base.ts';
import { withoutRivals } from './rivals.ts';
import { guardOf } from './secrets.ts';
import { earliest, latest } from './windows.ts';

export interface CollectOptions {
  readonly signal: AbortSignal;
  readonly progress: (text: string) => void;
  /** The last snapshot's files. */
  readonly tree: Tree;
}

/** Snapshots of the same exporter (several entries in the configuration) are merged: together they are its scopes. */
export async function collectAll(
  deployment: Deployment,
  chosen: readonly ConfiguredExporter[],
  options: CollectOptions,
): Promise<Snapshot[]> {
  const { surroundings } = deployment;
  const collected = await Promise.all(
    chosen.map(({ exporter, unset, shape }) =>
      collect(unset === undefined ? exporter : failing(exporter, unset), shape, {
        surroundings,
        signal: options.signal,
        progress: options.progress,
        known: () => knownOf(exporter, options.tree, deployment.layout),
        // Errors of systems and libraries repeat what they were called with.
        guard: guardOf(shape, deployment.redactor),
      }),
    ),
  );
  const snapshots = collected.length < 2 ? collected : withoutRivals(collected, deployment);
  const names = new Set(snapshots.map(({ exporter }) => exporter));
  return [...names].map((name) => merge(snapshots.filter(({ exporter }) => exporter === name)));
}

/** Nothing is read with a secret that is not there: all that it reads is a gap. */
function failing(exporter: Exporter, error: Error): Exporter {
  return {
    ...exporter,
    collect: () => {
      throw error;
    },
  };
}

function merge(parts: readonly Snapshot[]): Snapshot {
  const [first] = parts;
  if (first === undefined) throw new Error('nothing to merge');
  if (parts.length === 1) return first;
  return {
    exporter: first.exporter,
    startedAt: earliest(parts.map(({ startedAt }) => startedAt)),
    finishedAt: latest(parts.map(({ finishedAt }) => finishedAt)),
    resources: parts.flatMap(({ resources }) => resources),
    complete: parts.flatMap(({ complete }) => complete),
    gaps: parts.flatMap(({ gaps }) => gaps),
    surveys: Object.assign({}, ...parts.map(({ surveys }) => surveys)),
    identities: Object.assign({}, ...parts.map(({ identities }) => identities)),
  };
}

function knownOf({ scopes }: Pick<Exporter, 'scopes'>, tree: Tree, layout: Layout): ScopedKind[] {
  const found = new Map<string, ScopedKind>();
  for (const path of tree.keys()) {
    if (!path.startsWith(`${scopes.root}/`)) continue;
    const ref = layout.refOf(path);
    if (ref !== undefined) found.set(`${ref.scope} ${ref.kind}`, { scope: ref.scope, kind: ref.kind });
  }
  return [...found.values()];
}
