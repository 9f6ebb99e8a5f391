/** What `doctor` says: whether the cluster answers, as whom it knows us, and whether we may list what we want. */
import { describeError, type Probe, type ProbeContext } from 'drifttrail';
import { ApiError, createApi } from './api.ts';
import type { Connect } from './connect.ts';
import { startDeadline } from './deadline.ts';
import { discover } from './discovery.ts';
import { listAll } from './list.ts';
import type { KubernetesOptions } from './options.ts';
import { selectionOf } from './select.ts';

/** Milliseconds for all of it: doctor waits. */
const DEADLINE = 20_000;
const NAMED = 5;

export async function probeCluster(context: ProbeContext<KubernetesOptions>, open: Connect): Promise<Probe[]> {
  const { options } = context;
  const deadline = startDeadline(DEADLINE, context.signal);
  const { signal } = deadline;
  const system = `cluster ${options.name}`;
  try {
    const connection = await open(options, { ...context, signal });
    try {
      const api = createApi(connection.send, { signal, timeout: options.timeout * 1000 }, context);
      const { gitVersion } = await api.get('/version');
      const { resources, failed } = await discover(api);
      const selection = selectionOf(options);
      const wanted = resources.filter(({ name }) => selection.kind(name));
      const refused: string[] = [];
      for (const resource of wanted) {
        try {
          const namespace = options.namespaces?.[0];
          const first = resource.namespaced && namespace !== undefined ? { namespace } : {};
          await listAll({ get: async (path, accept) => withoutMore(await api.get(path, accept)) }, resource, {
            page: 1,
            metadataOnly: true,
            ...first,
          });
        } catch (error) {
          if (!(error instanceof ApiError)) throw error;
          refused.push(resource.plural);
        }
      }
      const silent = failed.map(({ group }) => group);
      const detail = [
        `Kubernetes ${String(gitVersion)}, ${wanted.length} kinds`,
        ...(refused.length === 0 ? [] : [`may not list ${some(refused)}`]),
        ...(silent.length === 0 ? [] : [`no answer from ${some(silent)}`]),
      ].join('; ');
      return [{ system, ok: refused.length + silent.length === 0, detail }];
    } finally {
      await connection.close();
    }
  } catch (error) {
    context.signal.throwIfAborted();
    return [{ system, ok: false, detail: describeError(error) }];
  } finally {
    deadline.clear();
  }
}

/** One object tells whether the others may be seen. */
function withoutMore(answer: Awaited<ReturnType<ReturnType<typeof createApi>['get']>>) {
  return { ...answer, metadata: {} };
}

function some(names: readonly string[]): string {
  const more = names.length - NAMED;
  return `${names.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
