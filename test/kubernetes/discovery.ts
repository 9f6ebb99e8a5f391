/** What a cluster says it serves, in the form of today and in that of servers before 1.27. */
import type { Json } from 'drifttrail';
import type { Faults } from './cluster.ts';

export interface Served {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly version: string;
}

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const SCALED = ['deployments', 'statefulsets', 'replicasets'];

/** Undefined for paths that are no discovery. */
export function served(
  kinds: readonly Served[],
  path: string,
  accept: string,
  { down = [], legacy = false }: Faults,
): Json | 'down' | undefined {
  const groups = [...new Set([...kinds.map(({ group }) => group), ...down])];
  const aggregated = !legacy && accept.includes('as=APIGroupDiscoveryList');
  if (path === '/api') return aggregated ? discoveryList([''], kinds, down) : { kind: 'APIVersions', versions: ['v1'] };
  if (path === '/apis') {
    const named = groups.filter((group) => group !== '');
    return aggregated
      ? discoveryList(named, kinds, down)
      : { kind: 'APIGroupList', apiVersion: 'v1', groups: named.map((group) => groupOf(group, kinds)) };
  }
  const [, core, group = ''] = /^\/(?:(api)\/v1|apis\/([^/]+)\/[^/]+)$/.exec(path) ?? [];
  if (core === undefined && group === '') return undefined;
  return down.includes(group) ? 'down' : resourceList(group, kinds);
}

function versionOf(group: string, kinds: readonly Served[]): string {
  return kinds.find((one) => one.group === group)?.version ?? 'v1';
}

function groupOf(group: string, kinds: readonly Served[]): Json {
  const version = { groupVersion: `${group}/${versionOf(group, kinds)}`, version: versionOf(group, kinds) };
  return { name: group, versions: [version], preferredVersion: version };
}

function resourceList(group: string, kinds: readonly Served[]): Json {
  const mine = kinds.filter((one) => one.group === group);
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: group === '' ? 'v1' : `${group}/${versionOf(group, kinds)}`,
    resources: mine.flatMap(({ kind, plural, namespaced }): Json[] => [
      { name: plural, singularName: kind.toLowerCase(), namespaced, kind, verbs: VERBS },
      ...(SCALED.includes(plural)
        ? [
            {
              name: `${plural}/scale`,
              singularName: '',
              namespaced,
              group: 'autoscaling',
              version: 'v1',
              kind: 'Scale',
              verbs: ['get', 'patch', 'update'],
            },
          ]
        : []),
    ]),
  };
}

function discoveryList(groups: readonly string[], kinds: readonly Served[], down: readonly string[]): Json {
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map((group) => ({
      metadata: group === '' ? {} : { name: group },
      versions: [
        {
          version: versionOf(group, kinds),
          freshness: down.includes(group) ? 'Stale' : 'Current',
          resources: kinds
            .filter((one) => one.group === group && !down.includes(group))
            .map(({ kind, plural, namespaced, version }) => ({
              resource: plural,
              responseKind: { group, version, kind },
              scope: namespaced ? 'Namespaced' : 'Cluster',
              singularResource: kind.toLowerCase(),
              verbs: VERBS,
              ...(SCALED.includes(plural)
                ? {
                    subresources: [
                      {
                        subresource: 'scale',
                        responseKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
                        verbs: ['get', 'patch', 'update'],
                      },
                    ],
                  }
                : {}),
            })),
        },
      ],
    })),
  };
}

/** As much of OpenAPI as kubectl needs to leave the checking of fields, and dry runs, to the server. */
export function openApi(kinds: readonly Served[], path: string): Json | undefined {
  const rootOf = ({ group, version }: Served) => (group === '' ? `api/${version}` : `apis/${group}/${version}`);
  if (path === '/openapi/v3') {
    return { paths: Object.fromEntries(kinds.map((kind) => [rootOf(kind), { serverRelativeURL: `/openapi/v3/${rootOf(kind)}` }])) };
  }
  const mine = kinds.filter((kind) => path === `/openapi/v3/${rootOf(kind)}`);
  if (mine.length === 0) return undefined;
  const parameters = ['fieldValidation', 'dryRun'].map((name) => ({ name, in: 'query', schema: { type: 'string' } }));
  const paths = mine.map(({ group, version, kind, plural }) => [
    `/${path.slice('/openapi/v3/'.length)}/${plural}/{name}`,
    { patch: { parameters, 'x-kubernetes-group-version-kind': { group, version, kind }, responses: {} } },
  ]);
  return { openapi: '3.0.0', info: { title: 'stub', version: '1' }, paths: Object.fromEntries(paths) as Json };
}
