/** The namespaces of a cluster, as far as we may know them, and the cluster's identity. */
import type { CollectContext } from 'drifttrail';
import { type Api, ApiError } from './api.ts';
import { listAll } from './list.ts';
import { CLUSTER, namespaceOf, scopeOf, textAt } from './names.ts';
import type { KubernetesOptions } from './options.ts';

export interface Namespaces {
  /** Those whose kinds are judged. */
  readonly names: readonly string[];
}

const RESOURCE = {
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
  watchable: true,
  name: 'kubernetes.core.Namespace',
};

/**
 * With the list of all namespaces, those that are no more are known to be gone. Without it, those that the configuration
 * names and those that the last snapshot holds are all there is to speak of.
 */
export async function readNamespaces(
  context: CollectContext<KubernetesOptions>,
  api: Api,
): Promise<{ readonly namespaces: Namespaces; readonly identity: string | undefined }> {
  const { options } = context;
  try {
    const all = (await listAll(api, RESOURCE, { page: options.page, metadataOnly: true })).map((object) => ({
      name: textAt(object, 'metadata', 'name'),
      uid: textAt(object, 'metadata', 'uid'),
    }));
    const names = all.map(({ name }) => name).sort();
    context.surveyed(
      `kubernetes/${options.name}`,
      [undefined, ...names].map((name) => scopeOf(options.name, name)),
    );
    return { namespaces: { names: wanted(names, options) }, identity: all.find(({ name }) => name === 'kube-system')?.uid };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const known = context
      .known()
      .filter(({ scope }) => scope.startsWith(`kubernetes/${options.name}/`))
      .flatMap((one) => namespaceOf(one) ?? []);
    const names = [...new Set([...(options.namespaces ?? []), ...known])].filter((name) => name !== CLUSTER).sort();
    return { namespaces: { names: wanted(names, options) }, identity: await identityOf(api) };
  }
}

function wanted(names: readonly string[], { namespaces }: KubernetesOptions): string[] {
  return names.filter((name) => namespaces === undefined || namespaces.includes(name));
}

/** kube-system is there from the first moment of a cluster to its last. */
async function identityOf(api: Api): Promise<string | undefined> {
  try {
    return textAt(await api.get('/api/v1/namespaces/kube-system'), 'metadata', 'uid') || undefined;
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}
