/** One reading of a stub cluster, as the core gathers it. */
import type { ScopedKind, Snapshot } from 'drifttrail';
import { createKubernetesExporter } from '../../../exporters/kubernetes/index.ts';
import { collect } from '../../../src/collect/collect.ts';
import { realSurroundings } from '../../../src/surroundings.ts';
import type { Cluster } from '../../kubernetes/cluster.ts';
import { connectTo } from '../../kubernetes/server.ts';

export function reading(cluster: Cluster, options: object = {}, known: readonly ScopedKind[] = []): Promise<Snapshot> {
  const exporter = createKubernetesExporter(connectTo(cluster));
  const surroundings = { ...realSurroundings(), sleep: async () => undefined };
  return collect(exporter, exporter.options.parse({ name: 'prod', ...options }), {
    surroundings,
    signal: new AbortController().signal,
    progress: () => undefined,
    known: () => known,
  });
}

export const idsOf = ({ resources }: Snapshot): string[] =>
  resources.map(({ ref }) => `${ref.scope.slice('kubernetes/prod/'.length)} ${ref.kind.slice('kubernetes.'.length)} ${ref.id}`).sort();
export const gapsOf = ({ gaps }: Snapshot): string[] =>
  gaps.map(({ scope, kind = 'all', reason }) => `${scope.slice('kubernetes/'.length)} ${kind.replace('kubernetes.', '')} ${reason}`).sort();
export const isComplete = ({ complete }: Snapshot, place: string, kind: string): boolean =>
  complete.some((one) => one.scope === `kubernetes/prod/${place}` && one.kind === `kubernetes.${kind}`);
