/** What the cluster can be asked for: every kind that can be listed, once, in the version the cluster prefers. */
import { isObject, type Json, type JsonObject } from 'drifttrail';
import { type Api, ApiError } from './api.ts';
import { kindName, listAt, member, textAt } from './names.ts';

export interface ApiResource {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** As URLs have it: `deployments`. */
  readonly plural: string;
  readonly namespaced: boolean;
  readonly watchable: boolean;
  /** Our name of the kind. */
  readonly name: string;
}

export interface Discovery {
  readonly resources: readonly ApiResource[];
  /** Groups of which it is not known what they hold: their API server did not answer. */
  readonly failed: readonly { readonly group: string; readonly detail: string }[];
}

/** https://kubernetes.io/docs/concepts/overview/kubernetes-api/#aggregated-discovery; servers before 1.27 answer as they always did. */
const AGGREGATED = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .concat('application/json')
  .join(',');

/** Groups that hold the same things as another, from before that one was made. */
const SUCCEEDED: Readonly<Record<string, readonly string[]>> = {
  extensions: ['apps', 'networking.k8s.io', 'policy'],
  '': ['events.k8s.io'],
};

/** @throws {ApiError} when not even the list of groups can be read */
export async function discover(api: Api): Promise<Discovery> {
  const [core, groups] = await Promise.all([api.get('/api', AGGREGATED), api.get('/apis', AGGREGATED)]);
  const parts = await Promise.all([
    core.kind === 'APIGroupDiscoveryList' ? fromAggregated(core) : fromVersions(api, '', listAt(core, 'versions').map(String)),
    groups.kind === 'APIGroupDiscoveryList' ? fromAggregated(groups) : fromGroups(api, groups),
  ]);
  const found = parts.flatMap(({ resources }) => resources);
  return { resources: withoutTwins(found), failed: parts.flatMap(({ failed }) => failed) };
}

function fromAggregated(list: JsonObject): Discovery {
  const failed: { group: string; detail: string }[] = [];
  const resources = listAt(list, 'items').flatMap((item) => {
    const group = textAt(item, 'metadata', 'name');
    return listAt(item, 'versions').flatMap((entry) => {
      const version = textAt(entry, 'version');
      if (textAt(entry, 'freshness') === 'Stale') failed.push({ group, detail: `the API server of ${group}/${version} does not answer` });
      return listAt(entry, 'resources').flatMap((one) =>
        isListable(one)
          ? [
              resourceOf(group, version, {
                kind: textAt(one, 'responseKind', 'kind'),
                plural: textAt(one, 'resource'),
                namespaced: textAt(one, 'scope') === 'Namespaced',
                watchable: allows(one, 'watch'),
              }),
            ]
          : [],
      );
    });
  });
  return { resources, failed };
}

async function fromGroups(api: Api, groups: JsonObject): Promise<Discovery> {
  const parts = await Promise.all(
    listAt(groups, 'groups').map((group) => {
      const preferred = textAt(group, 'preferredVersion', 'version');
      const versions = listAt(group, 'versions').map((version) => textAt(version, 'version'));
      return fromVersions(
        api,
        textAt(group, 'name'),
        [...new Set([preferred, ...versions])].filter((version) => version !== ''),
      );
    }),
  );
  return { resources: parts.flatMap(({ resources }) => resources), failed: parts.flatMap(({ failed }) => failed) };
}

async function fromVersions(api: Api, group: string, versions: readonly string[]): Promise<Discovery> {
  const parts = await Promise.all(
    versions.map(async (version): Promise<Discovery> => {
      try {
        const list = await api.get(group === '' ? `/api/${version}` : `/apis/${group}/${version}`);
        const resources = listAt(list, 'resources').flatMap((one) =>
          isListable(one) && !textAt(one, 'name').includes('/')
            ? [
                resourceOf(group, version, {
                  kind: textAt(one, 'kind'),
                  plural: textAt(one, 'name'),
                  namespaced: member(one, 'namespaced') === true,
                  watchable: allows(one, 'watch'),
                }),
              ]
            : [],
        );
        return { resources, failed: [] };
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        return { resources: [], failed: [{ group, detail: error.message }] };
      }
    }),
  );
  return { resources: parts.flatMap(({ resources }) => resources), failed: parts.flatMap(({ failed }) => failed) };
}

function isListable(resource: Json): boolean {
  return isObject(resource) && allows(resource, 'list');
}

function allows(resource: Json, verb: string): boolean {
  return listAt(resource, 'verbs').includes(verb);
}

function resourceOf(group: string, version: string, one: Omit<ApiResource, 'group' | 'version' | 'name'>): ApiResource {
  return { group, version, ...one, name: kindName(group, one.kind) };
}

/** The first version that has a kind is the preferred one; names that differ in case alone would share a folder. */
function withoutTwins(resources: readonly ApiResource[]): ApiResource[] {
  const kinds = new Set(resources.map(({ group, kind }) => `${group}/${kind}`));
  const seen = new Set<string>();
  return resources.filter(({ group, kind, name }) => {
    if (SUCCEEDED[group]?.some((successor) => kinds.has(`${successor}/${kind}`)) === true) return false;
    const folder = name.toLowerCase();
    return seen.size < seen.add(folder).size;
  });
}
