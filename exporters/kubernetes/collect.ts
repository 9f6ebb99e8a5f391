/** Reads a cluster: what it serves, its namespaces, then every wanted kind; what fails is a gap of its own. */
import { type CollectContext, describeError, type JsonObject, type Resource } from 'drifttrail';
import pLimit from 'p-limit';
import { gathered } from '../_shared/channel.ts';
import { type Api, ApiError, createApi } from './api.ts';
import { clean, nameOnly, type Scaled, scaledBy } from './clean.ts';
import type { Connect } from './connect.ts';
import { startDeadline } from './deadline.ts';
import { type ApiResource, type Discovery, discover } from './discovery.ts';
import { listAll } from './list.ts';
import { CLUSTER, kindName, scopeOf, textAt } from './names.ts';
import { type Namespaces, readNamespaces } from './namespaces.ts';
import type { KubernetesOptions } from './options.ts';
import { judge, type Reading } from './reading.ts';
import { type Selection, selectionOf } from './select.ts';

type Context = CollectContext<KubernetesOptions>;

const AUTOSCALER = kindName('autoscaling', 'HorizontalPodAutoscaler');
const SECRET = kindName('', 'Secret');
/** Kinds whose number of copies an autoscaler may set. */
const SCALABLE = ['Deployment', 'StatefulSet', 'ReplicaSet'].map((kind) => kindName('apps', kind));

export async function* collectKubernetes(context: Context, connect: Connect): AsyncGenerator<Resource> {
  const { options } = context;
  const above = `kubernetes/${options.name}`;
  const deadline = startDeadline(options.deadline * 1000, context.signal);
  const { signal } = deadline;
  const unreachable = (detail: string) => context.gap({ scope: above, reason: 'unreachable', detail });
  let connection: Awaited<ReturnType<Connect>>;
  try {
    connection = await connect(options, { ...context, signal });
  } catch (error) {
    deadline.clear();
    context.signal.throwIfAborted();
    unreachable(deadline.isOver() ? lateness(options) : describeError(error));
    return;
  }
  try {
    const api = createApi(connection.send, { signal, timeout: options.timeout * 1000 }, context);
    const discovery = await discover(api);
    yield* readCluster(context, api, discovery, deadline.isOver);
  } catch (error) {
    context.signal.throwIfAborted();
    if (!deadline.isOver() && !(error instanceof ApiError)) throw error;
    if (error instanceof ApiError) context.gap({ scope: above, reason: error.reason, detail: error.message });
    else unreachable(lateness(options));
  } finally {
    deadline.clear();
    await connection.close();
  }
}

async function* readCluster(context: Context, api: Api, discovery: Discovery, isLate: () => boolean): AsyncGenerator<Resource> {
  const { options } = context;
  const selection = selectionOf(options);
  const { namespaces, identity } = await readNamespaces(context, api);
  // Of the cluster as a whole: if it is another one, what is missing in it says nothing of this one.
  if (identity !== undefined) context.identity(`kubernetes/${options.name}`, identity);
  const wanted = discovery.resources.filter(
    ({ name, namespaced }) => selection.kind(name) && (namespaced || selection.namespace(name, CLUSTER)),
  );
  tellFailed(context, discovery, selection);
  tellGone(context, discovery, selection);

  const fault = (error: unknown): ApiError => {
    context.signal.throwIfAborted();
    if (isLate()) return new ApiError('unreachable', 0, lateness(options));
    if (error instanceof ApiError) return error;
    throw error;
  };
  const read = (resource: ApiResource) => readKind(context, api, resource, namespaces, fault);
  const autoscalers = discovery.resources.find(({ name }) => name === AUTOSCALER);
  const scaling = autoscalers === undefined ? undefined : await read(autoscalers);
  const scaled = scaledBy(scaling?.objects ?? []);
  // Without the list of autoscalers the numbers that they set would come and go with it.
  const blind = scaling?.failures.find(({ error }) => error.reason !== 'denied')?.error;

  const atOnce = pLimit(options.concurrency);
  const one = async (resource: ApiResource): Promise<readonly Resource[]> => {
    const found = resource === autoscalers && scaling !== undefined ? scaling : await atOnce(() => read(resource));
    const reading = blind !== undefined && SCALABLE.includes(resource.name) ? { ...found, failures: [{ error: blind }] } : found;
    judge(context, { resource, reading, namespaces, selection });
    return resourcesOf(reading.objects, resource, context, selection, scaled);
  };
  yield* gathered<Resource>((push) => Promise.all(wanted.map(async (resource) => push(await one(resource)))));
  context.progress(`kubernetes ${options.name}: ${wanted.length} kinds in ${namespaces.names.length} namespaces read`);
}

/** Cluster-wide, and where that is refused, in each namespace that was named. */
async function readKind(
  { options }: Context,
  api: Api,
  resource: ApiResource,
  { names }: Namespaces,
  fault: (error: unknown) => ApiError,
): Promise<Reading> {
  const how = { page: options.page, metadataOnly: resource.name === SECRET && options.secrets === 'names' };
  try {
    return { objects: await listAll(api, resource, how), failures: [] };
  } catch (raw) {
    const error = fault(raw);
    if (error.reason !== 'denied' || !resource.namespaced || options.namespaces === undefined)
      return { objects: [], failures: [{ error }] };
  }
  const parts: Reading[] = [];
  for (const namespace of names) {
    try {
      parts.push({ objects: await listAll(api, resource, { ...how, namespace }), failures: [] });
    } catch (raw) {
      parts.push({ objects: [], failures: [{ namespace, error: fault(raw) }] });
    }
  }
  return { objects: parts.flatMap(({ objects }) => objects), failures: parts.flatMap(({ failures }) => failures) };
}

function resourcesOf(
  objects: readonly JsonObject[],
  { name, kind }: ApiResource,
  { options }: Context,
  selection: Selection,
  scaled: Scaled,
): Resource[] {
  return objects.flatMap((object) => {
    const namespace = textAt(object, 'metadata', 'namespace');
    const id = textAt(object, 'metadata', 'name');
    if (!selection.namespace(name, namespace === '' ? CLUSTER : namespace) || !selection.object(name, object)) return [];
    const config = clean(name === SECRET && options.secrets === 'names' ? nameOnly(object) : object, scaled);
    return [{ ref: { scope: scopeOf(options.name, namespace), kind: name, id }, config: { ...config, kind } }];
  });
}

/** What a silent API server serves: its kinds as far as they are known, else the group itself. */
function tellFailed(context: Context, { failed }: Discovery, selection: Selection): void {
  const known = knownHere(context);
  for (const { group, detail } of failed) {
    const start = kindName(group, '');
    const mine = known.filter(({ kind }) => kind.startsWith(start) && !kind.slice(start.length).includes('.'));
    for (const { scope, kind } of mine) context.gap({ scope, kind, reason: 'unreachable', detail });
    const kind = start.slice(0, -1);
    if (mine.length === 0 && selection.kind(`${kind}.Any`)) {
      context.gap({ scope: scopeOf(context.options.name, undefined), kind, reason: 'unreachable', detail });
    }
  }
}

/** A custom kind whose definition was deleted: with it went all there was. */
function tellGone(context: Context, { resources, failed }: Discovery, selection: Selection): void {
  if (failed.length > 0) return;
  const served = new Set(resources.map(({ name }) => name));
  for (const { scope, kind } of knownHere(context)) if (!served.has(kind) && selection.kind(kind)) context.complete(scope, kind);
}

function knownHere({ known, options }: Context) {
  return known().filter(({ scope }) => scope.startsWith(`kubernetes/${options.name}/`));
}

function lateness({ deadline }: KubernetesOptions): string {
  return `not finished in ${deadline} s; raise deadline or concurrency`;
}
