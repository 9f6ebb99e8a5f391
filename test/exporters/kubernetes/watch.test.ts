/** What the watch says of a stub cluster: what somebody did, not what controllers report, and nothing twice. */
import type { JsonObject } from 'drifttrail';
import { expect, onTestFinished, test } from 'vitest';
import { createKubernetesExporter } from '../../../exporters/kubernetes/index.ts';
import { realSurroundings } from '../../../src/surroundings.ts';
import { type Cluster, createCluster, put, remove } from '../../kubernetes/cluster.ts';
import { connectTo } from '../../kubernetes/server.ts';
import { manifestsOf } from './recorded.ts';

/** Milliseconds on a busy machine. */
const WAIT = { timeout: 10_000 };
const shop = manifestsOf(new URL('../../fixtures/kubernetes/shop/calls/cluster.yaml', import.meta.url).pathname);
const object = (apiVersion: string, kind: string, name: string, more: object = {}, namespace = 'shop') =>
  ({ apiVersion, kind, metadata: { name, namespace, ...more } }) as unknown as JsonObject;

function watching(cluster: Cluster, options: object = {}) {
  const exporter = createKubernetesExporter(connectTo(cluster));
  const stop = new AbortController();
  const signs: string[] = [];
  const problems: string[] = [];
  const watch = exporter.watch?.({
    ...realSurroundings(),
    // Waits are for a server's sake.
    sleep: async (_, signal) => new Promise((resolve, reject) => (signal?.aborted ? reject(signal.reason) : setTimeout(resolve, 1))),
    options: exporter.options.parse({ name: 'prod', watch: true, ...options }),
    signal: stop.signal,
    problem: (text) => void problems.push(text),
  });
  const ended = (async () => {
    for await (const sign of watch ?? []) signs.push(sign);
  })();
  onTestFinished(() => stop.abort());
  return { signs, problems, ended, stop, open: () => allWatched(cluster) };
}

/** All kinds are watched. */
const allWatched = (cluster: Cluster) => expect.poll(() => cluster.watchers.size, WAIT).toBeGreaterThan(40);

test('nothing is watched unless it is asked for', () => {
  const exporter = createKubernetesExporter(connectTo(createCluster(shop)));
  const context = { ...realSurroundings(), signal: new AbortController().signal, problem: () => undefined };
  expect(exporter.watch?.({ ...context, options: exporter.options.parse({ name: 'prod' }) })).toBeUndefined();
});

test('what people do is a sign; what controllers report, make and renew is none', async () => {
  const cluster = createCluster(shop);
  const { signs, problems, open, stop, ended } = watching(cluster, { exclude: [{ namespace: 'preview-*' }] });
  await open();
  const fields = (...entries: object[]) => ({ managedFields: entries });
  put(cluster, object('v1', 'ConfigMap', 'new'));
  put(
    cluster,
    object(
      'apps/v1',
      'Deployment',
      'web',
      fields({ time: '2026-11-01T10:00:00Z' }, { subresource: 'status', time: '2026-11-01T10:05:00Z' }),
    ),
  );
  put(
    cluster,
    object(
      'apps/v1',
      'Deployment',
      'worker',
      fields({ time: '2026-11-01T10:06:00Z' }, { subresource: 'status', time: '2026-11-01T10:05:00Z' }),
    ),
  );
  put(
    cluster,
    object('v1', 'Pod', 'web-1', { ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', controller: true }] }),
  );
  put(cluster, object('coordination.k8s.io/v1', 'Lease', 'leader'));
  put(cluster, object('v1', 'ConfigMap', 'passing', {}, 'preview-7'));
  remove(cluster, object('v1', 'ConfigMap', 'new'));
  await expect
    .poll(() => signs, WAIT)
    .toEqual(['ConfigMap shop/new added', 'Deployment shop/worker modified', 'ConfigMap shop/new deleted']);
  expect(problems).toEqual([]);
  stop.abort();
  await ended;
  expect(cluster.watchers.size).toBe(0);
});

test('values of Secrets are not asked for', async () => {
  const cluster = createCluster(shop);
  const { open } = watching(cluster);
  const asked: string[] = [];
  const { respond } = cluster;
  Object.assign(cluster, {
    respond: (request: Parameters<typeof respond>[0]) => {
      if (request.url.includes('/secrets')) asked.push(request.accept);
      return respond(request);
    },
  });
  await open();
  expect(asked.length).toBeGreaterThan(1);
  expect(asked.filter((accept) => !/^application\/json;as=PartialObjectMetadata(List)?;g=meta\.k8s\.io;v=v1$/.test(accept))).toEqual([]);
});

test('a version that the server has forgotten is asked for anew, and what was missed is a sign', async () => {
  const cluster = createCluster(shop, { watch: 'expired' });
  const { signs } = watching(cluster, { include: [{ kind: 'Deployment' }] });
  await expect.poll(() => cluster.log.filter((line) => line.includes('watch=1')).length, WAIT).toBeGreaterThan(1);
  cluster.faults = {};
  await expect.poll(() => signs[0], WAIT).toBe('Deployment: what happened meanwhile was not told');
  // Until the connection that met the fault is gone, what is written is among what was not told.
  const written = () => {
    put(cluster, object('apps/v1', 'Deployment', 'web'));
    return signs.at(-1);
  };
  await expect.poll(written, WAIT).toBe('Deployment shop/web modified');
});

test('a new custom kind begins all anew; where watching is refused it is told, and with named namespaces each is asked', async () => {
  const cluster = createCluster(shop);
  const first = watching(cluster);
  await first.open();
  put(cluster, { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'widgets.example.com' } });
  await first.ended;
  expect(first.signs).toEqual(['CustomResourceDefinition widgets.example.com added']);

  const refused = watching(createCluster(shop, { watch: 'denied' }), { include: [{ kind: 'ConfigMap' }] });
  await refused.ended;
  expect(refused.problems).toEqual([
    expect.stringMatching(/^\/api\/v1\/configmaps: 403; kubernetes\.core\.ConfigMap is looked at on schedule alone: allow watch/),
  ]);

  const one = createCluster(shop, { denied: ['configmaps'] });
  const named = watching(one, { include: [{ kind: 'ConfigMap' }], namespaces: ['shop'] });
  await expect.poll(() => one.watchers.size, WAIT).toBe(1);
  put(one, object('v1', 'ConfigMap', 'web'));
  await expect.poll(() => named.signs, WAIT).toEqual(['ConfigMap shop/web modified']);
  expect(named.problems).toEqual([]);
});
