/** Reads Kubernetes clusters: every kind that can be listed, as YAML that kubectl takes back. */
import type { Exporter } from 'drifttrail';
import { collectKubernetes } from './collect.ts';
import { type Connect, connect } from './connect.ts';
import { kinds } from './kinds.ts';
import { type KubernetesOptions, kubernetesOptions } from './options.ts';
import { PERMISSIONS } from './permissions.ts';
import { probeCluster } from './probe.ts';
import { watchCluster } from './watch.ts';

/** `open` is told by tests that bring an API server of their own. */
export function createKubernetesExporter(open: Connect = connect): Exporter<KubernetesOptions> {
  return {
    name: 'kubernetes',
    summary: 'the resources of Kubernetes clusters',
    options: kubernetesOptions,
    scopes: { root: 'kubernetes', depth: 3 },
    kinds,
    rules: new URL('./rules/', import.meta.url),
    permissions: PERMISSIONS,
    probe: (context) => probeCluster(context, open),
    watch: (context) => (context.options.watch ? watchCluster(context, open) : undefined),
    collect: (context) => collectKubernetes(context, open),
  };
}

export default createKubernetesExporter();
