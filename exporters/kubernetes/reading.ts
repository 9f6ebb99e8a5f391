/** Says of one kind, namespace by namespace, whether all of it was read. */
import type { CollectContext, JsonObject } from 'drifttrail';
import type { ApiError } from './api.ts';
import type { ApiResource } from './discovery.ts';
import { CLUSTER, scopeOf, textAt } from './names.ts';
import type { Namespaces } from './namespaces.ts';
import type { KubernetesOptions } from './options.ts';
import type { Selection } from './select.ts';

/** What was read of a kind, and what was not: in a namespace, or without one everywhere. */
export interface Reading {
  readonly objects: readonly JsonObject[];
  readonly failures: readonly { readonly namespace?: string; readonly error: ApiError }[];
}

interface Judged {
  readonly resource: ApiResource;
  readonly reading: Reading;
  readonly namespaces: Namespaces;
  readonly selection: Selection;
}

export function judge(context: CollectContext<KubernetesOptions>, { resource, reading, namespaces, selection }: Judged): void {
  const { options } = context;
  const present = reading.objects.map((object) => textAt(object, 'metadata', 'namespace'));
  const places = resource.namespaced ? [...new Set([...namespaces.names, ...present])].filter((name) => name !== '') : [CLUSTER];
  for (const place of places) {
    if (!selection.namespace(resource.name, place)) continue;
    const scope = scopeOf(options.name, place);
    const failure = reading.failures.find(({ namespace }) => namespace === undefined || namespace === place)?.error;
    if (failure === undefined) context.complete(scope, resource.name);
    else context.gap({ scope, kind: resource.name, reason: failure.reason, detail: `${failure.message}${remedyOf(resource, failure)}` });
  }
}

function remedyOf({ name, group, plural }: ApiResource, { status, reason }: ApiError): string {
  if (status === 401) return '; log in again, or renew the credentials of the kubeconfig';
  if (reason !== 'denied') return '';
  if (name === 'kubernetes.core.Secret') return '; allow list secrets (deploy/kubernetes/secrets.yaml), or set secrets: never';
  return `; allow list ${plural}${group === '' ? '' : `.${group}`}: drifttrail permissions`;
}
