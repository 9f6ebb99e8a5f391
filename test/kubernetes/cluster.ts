/** An API server's answers, as a function of what a cluster holds: what kubectl and the exporter ask of one. */
import { isObject, type Json, type JsonObject } from 'drifttrail';
import { KNOWN_KINDS } from '../../exporters/kubernetes/known-kinds.ts';
import { member, objectAt, textAt } from '../../exporters/kubernetes/names.ts';
import { openApi, type Served, served } from './discovery.ts';
import { applyPatch } from './patch.ts';

export interface Request {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly accept: string;
  readonly contentType?: string;
  readonly body?: string;
}
export interface Response {
  readonly status: number;
  readonly body: string;
  /** Where it is not plain JSON. */
  readonly type?: string;
  /** Goes on: what is sent is a line each, until it is left. */
  readonly follow?: (send: (line: string) => void) => () => void;
}

/** Faults that a test puts in the way. */
export interface Faults {
  /** `secrets`, or `secrets in web`: refused with 403. */
  readonly denied?: readonly string[];
  /** Groups whose own API server is down. */
  readonly down?: readonly string[];
  /** Plurals whose list is answered by this status instead. */
  readonly status?: Readonly<Record<string, number>>;
  /** Plurals whose continued list has expired, so often. */
  readonly expired?: Map<string, number>;
  /** Plurals that are never answered. */
  readonly hanging?: readonly string[];
  /** What a watch meets. */
  readonly watch?: 'denied' | 'expired';
  /** Answers as servers before 1.27 do. */
  readonly legacy?: boolean;
}

export interface Cluster {
  readonly objects: Map<string, JsonObject>;
  faults: Faults;
  /** Requests so far, `GET /api/v1/pods`. */
  readonly log: string[];
  /** Who watches: told of each write. */
  readonly watchers: Set<(type: string, object: JsonObject) => void>;
  readonly respond: (request: Request) => Response | undefined;
}

const status = (code: number, reason: string, message: string): Response => ({
  status: code,
  body: JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message, metadata: {} }),
});
const ok = (body: Json, code = 200): Response => ({ status: code, body: JSON.stringify(body) });
let writes = 1000;

export function createCluster(objects: readonly JsonObject[], faults: Faults = {}): Cluster {
  const cluster: Cluster = {
    objects: new Map(),
    faults,
    log: [],
    watchers: new Set(),
    respond: (request) => respond(cluster, request),
  };
  for (const object of objects) put(cluster, object);
  return cluster;
}

export function put({ objects, watchers }: Cluster, object: JsonObject): JsonObject {
  const key = keyOf(object);
  const known = objects.get(key);
  writes += 1;
  const metadata = {
    uid: textAt(known, 'metadata', 'uid') || `uid-${key.replaceAll(/[^a-z0-9]+/gi, '-')}`,
    creationTimestamp: textAt(known, 'metadata', 'creationTimestamp') || '2026-11-01T10:00:00Z',
    ...objectAt(object, 'metadata'),
    resourceVersion: String(writes),
  };
  const stored = { ...object, metadata };
  objects.set(key, stored);
  for (const tell of watchers) tell(known === undefined ? 'ADDED' : 'MODIFIED', stored);
  return stored;
}

export function remove({ objects, watchers }: Cluster, object: JsonObject): void {
  const known = objects.get(keyOf(object));
  objects.delete(keyOf(object));
  writes += 1;
  if (known === undefined) return;
  for (const tell of watchers) tell('DELETED', { ...known, metadata: { ...objectAt(known, 'metadata'), resourceVersion: String(writes) } });
}

function keyOf(object: JsonObject): string {
  const version = textAt(object, 'apiVersion');
  const group = version.includes('/') ? version.slice(0, version.indexOf('/')) : '';
  return [group, textAt(object, 'kind'), textAt(object, 'metadata', 'namespace'), textAt(object, 'metadata', 'name')].join('\0');
}

/** What this cluster serves: the kinds of Kubernetes, and those that its definitions define. */
export function servedBy({ objects }: Pick<Cluster, 'objects'>): Served[] {
  const versions: Readonly<Record<string, string>> = { autoscaling: 'v2' };
  const own = KNOWN_KINDS.map((one) => ({ ...one, version: versions[one.group] ?? 'v1' }));
  const custom = [...objects.values()].flatMap((object): Served[] =>
    object.kind === 'CustomResourceDefinition'
      ? [
          {
            group: textAt(object, 'spec', 'group'),
            kind: textAt(object, 'spec', 'names', 'kind'),
            plural: textAt(object, 'spec', 'names', 'plural'),
            namespaced: textAt(object, 'spec', 'scope') === 'Namespaced',
            version: 'v1',
          },
        ]
      : [],
  );
  return [...own, ...custom];
}

function respond(cluster: Cluster, request: Request): Response | undefined {
  const url = new URL(request.url, 'http://cluster');
  cluster.log.push(`${request.method} ${request.url}`);
  const { pathname: path } = url;
  if (path === '/version') return ok({ major: '1', minor: '33', gitVersion: 'v1.33.1' });
  const schema = openApi(servedBy(cluster), path);
  if (schema !== undefined) return ok(schema);
  const discovery = served(servedBy(cluster), path, request.accept, cluster.faults);
  if (discovery !== undefined)
    return discovery === 'down' ? status(503, 'ServiceUnavailable', 'service unavailable') : { ...ok(discovery), type: typeOf(discovery) };
  const found =
    /^\/(?:api\/(?<core>[^/]+)|apis\/(?<group>[^/]+)\/[^/]+)(?:\/namespaces\/(?<namespace>[^/]+)(?=\/))?\/(?<plural>[^/]+)(?:\/(?<name>[^/]+))?(?:\/(?<sub>[^/]+))?$/.exec(
      path,
    )?.groups;
  if (found === undefined) return status(404, 'NotFound', 'the server could not find the requested resource');
  const { group = '', namespace, plural = '', name, sub } = found;
  const kind = servedBy(cluster).find((one) => one.group === group && one.plural === plural);
  if (kind === undefined) return status(404, 'NotFound', 'the server could not find the requested resource');
  const { denied = [], down = [], hanging = [], status: odd = {} } = cluster.faults;
  if (hanging.includes(plural)) return undefined;
  if (down.includes(group)) return status(503, 'ServiceUnavailable', `the server is currently unable to handle the request`);
  if (
    denied.includes(namespace === undefined ? plural : `${plural} in ${namespace}`) ||
    (namespace === undefined && denied.includes(`${plural} everywhere`))
  )
    return status(403, 'Forbidden', `${plural} is forbidden: User "drifttrail" cannot list resource "${plural}" in API group "${group}"`);
  if (odd[plural] !== undefined) return status(odd[plural], 'InternalError', `${plural} are not well`);
  const at = { cluster, kind, namespace };
  if (name === undefined && url.searchParams.get('watch') === '1') return watch(at, url, request.accept);
  if (name === undefined) return request.method === 'POST' ? create(at, request) : list(at, url, request.accept);
  return one({ ...at, name: decodeURIComponent(name), sub }, request);
}

/** kubectl tells by it which form of discovery it was given. */
function typeOf(answer: Json): string {
  return isObject(answer) && answer.kind === 'APIGroupDiscoveryList'
    ? 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'
    : 'application/json';
}

interface At {
  readonly cluster: Cluster;
  readonly kind: Served;
  readonly namespace: string | undefined;
}

function objectsOf(at: At): JsonObject[] {
  return [...at.cluster.objects.values()].filter((object) => isAt(at, object));
}

function isAt({ kind, namespace }: At, object: JsonObject): boolean {
  const version = textAt(object, 'apiVersion');
  const group = version.includes('/') ? version.slice(0, version.indexOf('/')) : '';
  return (
    group === kind.group && object.kind === kind.kind && (namespace === undefined || textAt(object, 'metadata', 'namespace') === namespace)
  );
}

/** What was written since the version that is asked for, deletions aside, then what comes. */
function watch(at: At, url: URL, accept: string): Response {
  const { cluster, kind } = at;
  if (cluster.faults.watch === 'denied') return status(403, 'Forbidden', `${kind.plural} is forbidden: cannot watch resource`);
  return {
    status: 200,
    body: '',
    follow: (send) => {
      const partial = accept.includes('as=PartialObjectMetadata');
      const tell = (type: string, object: JsonObject) => {
        if (!isAt(at, object)) return;
        const shown = partial ? { apiVersion: 'meta.k8s.io/v1', kind: 'PartialObjectMetadata', metadata: object.metadata ?? {} } : object;
        send(JSON.stringify({ type, object: shown }));
      };
      if (cluster.faults.watch === 'expired')
        send(JSON.stringify({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } }));
      const since = Number(url.searchParams.get('resourceVersion') ?? writes);
      for (const object of objectsOf(at)) if (Number(textAt(object, 'metadata', 'resourceVersion')) > since) tell('MODIFIED', object);
      cluster.watchers.add(tell);
      return () => cluster.watchers.delete(tell);
    },
  };
}

function list(at: At, url: URL, accept: string): Response {
  const { expired } = at.cluster.faults;
  const start = Number(url.searchParams.get('continue') ?? 0);
  const left = expired?.get(at.kind.plural) ?? 0;
  if (start > 0 && left > 0) {
    expired?.set(at.kind.plural, left - 1);
    return status(410, 'Expired', 'The provided continue parameter is too old');
  }
  const all = objectsOf(at);
  const limit = Number(url.searchParams.get('limit') ?? all.length) || all.length;
  const end = start + limit;
  const partial = accept.includes('as=PartialObjectMetadataList');
  // A typed list says once what its items are.
  const items = all
    .slice(start, end)
    .map(({ apiVersion, kind, ...object }) =>
      partial ? { apiVersion, kind: 'PartialObjectMetadata', metadata: object.metadata ?? {} } : object,
    );
  const metadata = { resourceVersion: String(writes), ...(end < all.length ? { continue: String(end) } : {}) };
  const version = at.kind.group === '' ? 'v1' : `${at.kind.group}/${at.kind.version}`;
  return ok({
    kind: partial ? 'PartialObjectMetadataList' : `${at.kind.kind}List`,
    apiVersion: partial ? 'meta.k8s.io/v1' : version,
    metadata,
    items,
  } as Json);
}

function create({ cluster, kind, namespace }: At, { body = '', url }: Request): Response {
  const object = JSON.parse(body) as JsonObject;
  const placed = namespace === undefined ? object : { ...object, metadata: { ...objectAt(object, 'metadata'), namespace } };
  if (cluster.objects.has(keyOf(placed))) return status(409, 'AlreadyExists', `${kind.plural} already exists`);
  if (isDry(url)) return ok(asStored(placed), 201);
  return ok(put(cluster, asStored(placed)), 201);
}

/** An API server writes no metadata that is empty. */
function asStored(object: JsonObject): JsonObject {
  const filled = Object.entries(objectAt(object, 'metadata')).filter(
    ([, value]) => value !== null && (typeof value !== 'object' || Object.keys(value).length > 0),
  );
  return { ...object, metadata: Object.fromEntries(filled) };
}

function one({ cluster, kind, namespace, name, sub }: At & { name: string; sub: string | undefined }, request: Request): Response {
  const object = objectsOf({ cluster, kind, namespace }).find((candidate) => textAt(candidate, 'metadata', 'name') === name);
  if (object === undefined) return status(404, 'NotFound', `${kind.plural} "${name}" not found`);
  if (sub === 'scale') return scale(cluster, object, request);
  if (request.method === 'GET') return ok(object);
  if (request.method === 'DELETE') {
    if (!isDry(request.url)) remove(cluster, object);
    return ok(object);
  }
  const sent = JSON.parse(request.body ?? 'null') as Json;
  const next = request.method === 'PUT' ? sent : applyPatch(object, sent, request.contentType ?? '');
  if (typeof next === 'string') return status(422, 'Invalid', next);
  if (!isObject(next)) return status(400, 'BadRequest', 'no object');
  return ok(isDry(request.url) ? asStored(next) : put(cluster, asStored(next)));
}

function scale(cluster: Cluster, object: JsonObject, request: Request): Response {
  const scaleOf = (replicas: Json) => ({
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {
      name: textAt(object, 'metadata', 'name'),
      namespace: textAt(object, 'metadata', 'namespace'),
      resourceVersion: textAt(object, 'metadata', 'resourceVersion'),
    },
    spec: { replicas },
    status: { replicas },
  });
  const now = scaleOf(member(object, 'spec', 'replicas') ?? 1);
  if (request.method === 'GET') return ok(now);
  const sent = JSON.parse(request.body ?? 'null') as Json;
  const next = request.method === 'PUT' ? sent : applyPatch(now, sent, request.contentType ?? '');
  const replicas = isObject(next) ? (member(next, 'spec', 'replicas') ?? 1) : 1;
  put(cluster, { ...object, spec: { ...objectAt(object, 'spec'), replicas } });
  return ok(scaleOf(replicas));
}

function isDry(url: string): boolean {
  return new URL(url, 'http://cluster').searchParams.get('dryRun') === 'All';
}
