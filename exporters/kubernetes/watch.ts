/** Follows what the API server says of changes, kind by kind, as metadata alone: hints for when to look, never what is there. */
import { setMaxListeners } from 'node:events';
import { describeError, isObject, type JsonObject, type WatchContext } from 'drifttrail';
import pLimit, { type LimitFunction } from 'p-limit';
import { gathered } from '../_shared/channel.ts';
import { type Api, ApiError, createApi } from './api.ts';
import type { Connect, Connection } from './connect.ts';
import { startDeadline } from './deadline.ts';
import { type ApiResource, discover } from './discovery.ts';
import { pathOf } from './list.ts';
import { CLUSTER, listAt, objectAt, textAt } from './names.ts';
import type { KubernetesOptions } from './options.ts';
import { type Selection, selectionOf } from './select.ts';

type Context = WatchContext<KubernetesOptions>;

/** One object's metadata an event: neither values of Secrets nor specs are sent. https://kubernetes.io/docs/reference/using-api/api-concepts/ */
const METADATA = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
const LIST = METADATA.replace('Metadata;', 'MetadataList;');
const DEFINITION = 'CustomResourceDefinition';
/** Asking again would not help: not allowed, not there, not to be watched. */
const REFUSED = new Set([401, 403, 404, 405]);
/** Seconds after which the server ends a watch, and after which we believe it dead. */
const TURN = 300;
const DEAD = 330;
/** Milliseconds after which everything is asked anew: new kinds, and the token of the service account. */
const SESSION = 3_600_000;
/** Milliseconds between two tries of a watch: doubled with each failure, up to the last. */
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 60_000;

/** Ends when the cluster cannot be reached, after an hour, and when a custom kind comes or goes: then it is to be called anew. */
export async function* watchCluster(context: Context, connect: Connect): AsyncGenerator<string> {
  const { options } = context;
  const session = startDeadline(SESSION, context.signal);
  try {
    const connection = await connect(options, { ...context, signal: session.signal });
    try {
      const api = createApi(connection.send, { signal: session.signal, timeout: options.timeout * 1000 }, context);
      const { resources } = await discover(api);
      const selection = selectionOf(options);
      const wanted = resources.filter(
        ({ name, namespaced, watchable }) => watchable && selection.kind(name) && (namespaced || selection.namespace(name, CLUSTER)),
      );
      const stop = new AbortController();
      const signal = AbortSignal.any([session.signal, stop.signal]);
      // Each kind waits for it at its own place: that is no leak.
      setMaxListeners(0, session.signal, signal);
      const atOnce = pLimit(options.concurrency);
      try {
        yield* gathered<string>((push) =>
          Promise.all(wanted.map((resource) => watchKind({ context, api, atOnce, connection, selection, resource, signal, push, stop }))),
        );
      } finally {
        stop.abort();
      }
    } finally {
      await connection.close();
    }
  } catch (error) {
    if (!session.signal.aborted) context.problem(`kubernetes ${options.name} cannot be watched: ${describeError(error)}`);
  } finally {
    session.clear();
  }
}

interface Watched {
  readonly context: Context;
  readonly api: Api;
  readonly atOnce: LimitFunction;
  readonly connection: Connection;
  readonly selection: Selection;
  readonly resource: ApiResource;
  readonly signal: AbortSignal;
  readonly push: (signs: readonly string[]) => void;
  /** Ends all watches. */
  readonly stop: AbortController;
}

/** Cluster-wide, and where that is refused, in each namespace that is named. */
async function watchKind(watched: Watched): Promise<void> {
  const { context, resource } = watched;
  const { namespaces } = context.options;
  const refused = await watchPlace(watched, undefined);
  if (refused === undefined) return;
  const named = resource.namespaced && refused.reason === 'denied' ? (namespaces ?? []) : [];
  const inEach = await Promise.all(named.map((namespace) => watchPlace(watched, namespace)));
  const last = named.length === 0 ? refused : inEach.find((error) => error !== undefined);
  if (last !== undefined) context.problem(`${last.message}; ${resource.name} is looked at on schedule alone: allow watch, or exclude it`);
}

/** Resolves when it was stopped, or to why the server will not let us watch. */
async function watchPlace(watched: Watched, namespace: string | undefined): Promise<ApiError | undefined> {
  const { context, api, atOnce, connection, resource, signal, push } = watched;
  const path = pathOf(resource, namespace);
  let version: string | undefined;
  let lost = false;
  let wait = FIRST_WAIT;
  while (!signal.aborted) {
    try {
      if (version === undefined) {
        version = textAt(await atOnce(() => api.get(`${path}?limit=1`, LIST)), 'metadata', 'resourceVersion');
        if (lost) push([`${resource.kind}: what happened meanwhile was not told`]);
        lost = false;
      }
      const late = startDeadline(DEAD * 1000, signal);
      try {
        const query = `watch=1&allowWatchBookmarks=true&timeoutSeconds=${TURN}&resourceVersion=${encodeURIComponent(version)}`;
        const { status, lines } = await connection.follow(`${path}?${query}`, METADATA, late.signal);
        if (status !== 200) throw new ApiError(status === 401 || status === 403 ? 'denied' : 'unreachable', status, `${path}: ${status}`);
        for await (const line of lines) {
          const event = eventOf(line);
          if (event.type === 'ERROR') throw new ApiError('truncated', 410, `${path}: the server does not know version ${version} any more`);
          version = textAt(event.object, 'metadata', 'resourceVersion') || version;
          tell(event, watched);
          wait = FIRST_WAIT;
        }
      } finally {
        late.clear();
      }
    } catch (error) {
      if (signal.aborted) return undefined;
      if (error instanceof ApiError && REFUSED.has(error.status)) return error;
      if (error instanceof ApiError && error.status === 410) [version, lost] = [undefined, true];
      wait = Math.min(wait * 2, LONGEST_WAIT);
    }
    await context.sleep(wait, signal).catch(() => undefined); // told to stop: the loop ends by itself
  }
  return undefined;
}

interface WatchEvent {
  readonly type: string;
  readonly object: JsonObject;
}

function tell({ type, object }: WatchEvent, { resource, selection, push, stop }: Watched): void {
  if (type === 'BOOKMARK' || (type === 'MODIFIED' && isStatusAlone(object))) return;
  const namespace = textAt(object, 'metadata', 'namespace');
  const place = namespace === '' ? CLUSTER : namespace;
  if (!selection.namespace(resource.name, place) || !selection.object(resource.name, { ...object, kind: resource.kind })) return;
  push([`${resource.kind} ${namespace === '' ? '' : `${namespace}/`}${textAt(object, 'metadata', 'name')} ${type.toLowerCase()}`]);
  // There is another kind to watch, or one less: all begins anew.
  if (resource.kind === DEFINITION) stop.abort();
}

/**
 * Whether the last write was to `status`, which no snapshot holds: each writer's entry in managedFields has the second of
 * its last change. https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
 */
function isStatusAlone(object: JsonObject): boolean {
  const latest = { status: '', other: '' };
  for (const entry of listAt(object, 'metadata', 'managedFields')) {
    const part = textAt(entry, 'subresource') === 'status' ? 'status' : 'other';
    const time = textAt(entry, 'time');
    if (time > latest[part]) latest[part] = time;
  }
  return latest.status > latest.other;
}

/** A line that is no event ends the turn as a broken connection does. */
function eventOf(line: string): WatchEvent {
  const value: unknown = JSON.parse(line);
  return isObject(value) ? { type: textAt(value, 'type'), object: objectAt(value, 'object') } : { type: '', object: {} };
}
