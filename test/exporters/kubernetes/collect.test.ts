import type { JsonObject } from 'drifttrail';
import { describe, expect, it } from 'vitest';
import { createCluster, type Faults } from '../../kubernetes/cluster.ts';
import { gapsOf, idsOf, isComplete, reading } from './reading.ts';

const namespace = (name: string): JsonObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, uid: `${name}-uid` } });
const configMap = (name: string, place = 'shop', data = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: place },
  data,
});
const secret: JsonObject = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: {
    name: 'db',
    namespace: 'shop',
    managedFields: [
      { manager: 'kubectl-create', time: '2026-11-20T10:00:00Z', fieldsV1: { 'f:data': { '.': {}, 'f:password': {} }, 'f:type': {} } },
    ],
  },
  type: 'Opaque',
  data: { password: 'aHVudGVyMg==' },
};
const certificates: JsonObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'certificates.cert-manager.io' },
  spec: { group: 'cert-manager.io', scope: 'Namespaced', names: { kind: 'Certificate', plural: 'certificates' } },
};
const BASE = [namespace('kube-system'), namespace('shop'), namespace('empty'), configMap('a'), configMap('b'), configMap('c'), secret];
const clusterOf = (faults: Faults = {}, more: readonly JsonObject[] = []) => createCluster([...BASE, ...more], faults);

describe('collecting a cluster', () => {
  it.each([true, false])('reads every kind once, and calls it complete in every namespace (legacy discovery: %s)', async (legacy) => {
    const snapshot = await reading(clusterOf({ legacy }, [certificates]), { page: 2, secrets: 'never' });
    expect(idsOf(snapshot)).toEqual([
      '_cluster apiextensions.k8s.io.CustomResourceDefinition certificates.cert-manager.io',
      '_cluster core.Namespace empty',
      '_cluster core.Namespace kube-system',
      '_cluster core.Namespace shop',
      'shop core.ConfigMap a',
      'shop core.ConfigMap b',
      'shop core.ConfigMap c',
    ]);
    expect(snapshot.gaps).toEqual([]);
    expect(snapshot.identities).toEqual({ 'kubernetes/prod': 'kube-system-uid' });
    for (const place of ['shop', 'empty', 'kube-system']) {
      expect(isComplete(snapshot, place, 'apps.Deployment')).toBe(true);
      expect(isComplete(snapshot, place, 'cert-manager.io.Certificate')).toBe(true);
      expect(isComplete(snapshot, place, 'core.Secret')).toBe(false);
      expect(isComplete(snapshot, place, 'core.Namespace')).toBe(false);
    }
    expect(isComplete(snapshot, '_cluster', 'core.Namespace')).toBe(true);
    expect(snapshot.surveys).toEqual({
      'kubernetes/prod': ['_cluster', 'empty', 'kube-system', 'shop'].map((name) => `kubernetes/prod/${name}`),
    });
  });

  it('asks for pages, and once more from the start when the list has expired', async () => {
    const cluster = clusterOf({ expired: new Map([['configmaps', 1]]) });
    const snapshot = await reading(cluster, { page: 2 });
    expect(idsOf(snapshot).filter((id) => id.includes('ConfigMap'))).toHaveLength(3);
    expect(cluster.log.filter((line) => line.includes('/configmaps'))).toEqual(
      ['', '&continue=2', '', '&continue=2'].map((more) => `GET /api/v1/configmaps?limit=2${more}`),
    );
  });

  it('gives up on a list that expires again and again, and deletes nothing of it', async () => {
    const snapshot = await reading(clusterOf({ expired: new Map([['configmaps', 9]]) }), { page: 2 });
    expect(gapsOf(snapshot)).toEqual(['empty', 'kube-system', 'shop'].map((place) => `prod/${place} core.ConfigMap truncated`));
    expect(isComplete(snapshot, 'shop', 'core.ConfigMap')).toBe(false);
    expect(isComplete(snapshot, 'shop', 'core.Service')).toBe(true);
  });

  it.each<[string, Faults, string]>([
    ['refused', { denied: ['configmaps'] }, 'denied'],
    ['failing', { status: { configmaps: 500 } }, 'unreachable'],
    ['throttled', { status: { configmaps: 429 } }, 'throttled'],
    ['gone meanwhile', { status: { configmaps: 404 } }, 'invalid'],
    ['never answered', { hanging: ['configmaps'] }, 'unreachable'],
  ])('leaves the other kinds alone when one is %s', async (_, faults, reason) => {
    const snapshot = await reading(clusterOf(faults), { timeout: 0.1 });
    expect(gapsOf(snapshot)).toEqual(['empty', 'kube-system', 'shop'].map((place) => `prod/${place} core.ConfigMap ${reason}`));
    expect(isComplete(snapshot, 'shop', 'core.ConfigMap')).toBe(false);
    expect(isComplete(snapshot, 'shop', 'core.Secret')).toBe(true);
  });

  it('ends at its deadline whatever hangs', async () => {
    const snapshot = await reading(clusterOf({ hanging: ['configmaps', 'pods'] }), { deadline: 0.3 });
    expect(gapsOf(snapshot)).toContain('prod/shop core.ConfigMap unreachable');
    expect(snapshot.gaps[0]?.detail).toContain('not finished in 0.3 s');
    const nothing = await reading(clusterOf({ hanging: ['namespaces'] }), { deadline: 0.2 });
    expect(gapsOf(nothing)).toEqual(['prod all unreachable']);
  });

  it('reads namespace by namespace where that is all it may do', async () => {
    const faults = { denied: ['configmaps', 'namespaces', 'configmaps in empty'] };
    const snapshot = await reading(clusterOf(faults), { namespaces: ['shop', 'empty'], include: [{ kind: 'ConfigMap' }] });
    expect(idsOf(snapshot)).toEqual(['shop core.ConfigMap a', 'shop core.ConfigMap b', 'shop core.ConfigMap c']);
    expect(gapsOf(snapshot)).toEqual(['prod/empty core.ConfigMap denied']);
    expect(isComplete(snapshot, 'shop', 'core.ConfigMap')).toBe(true);
    expect(snapshot.surveys).toBeUndefined();
  });

  it.each([true, false])('does not take the kinds of an API server that is down for deleted (legacy discovery: %s)', async (legacy) => {
    const known = [{ scope: 'kubernetes/prod/shop', kind: 'kubernetes.cert-manager.io.Certificate' }];
    const snapshot = await reading(clusterOf({ down: ['cert-manager.io', 'metrics.k8s.io', 'other.example.com'], legacy }), {}, known);
    expect(gapsOf(snapshot)).toEqual(['prod/_cluster other.example.com unreachable', 'prod/shop cert-manager.io.Certificate unreachable']);
    expect(isComplete(snapshot, 'shop', 'cert-manager.io.Certificate')).toBe(false);
  });

  it('knows that a kind is gone when the cluster serves it no more', async () => {
    const known = [
      { scope: 'kubernetes/prod/shop', kind: 'kubernetes.cert-manager.io.Certificate' },
      { scope: 'kubernetes/other/shop', kind: 'kubernetes.cert-manager.io.Certificate' },
    ];
    expect(isComplete(await reading(clusterOf(), {}, known), 'shop', 'cert-manager.io.Certificate')).toBe(true);
    expect((await reading(clusterOf(), {}, known)).complete).not.toContainEqual(known[1]);
    const narrowed = await reading(clusterOf(), { exclude: [{ kind: 'Certificate' }] }, known);
    expect(isComplete(narrowed, 'shop', 'cert-manager.io.Certificate')).toBe(false);
  });

  it('reads no value of a Secret unless it is asked to', async () => {
    const cluster = clusterOf();
    const { resources } = await reading(cluster, {});
    const config = resources.find(({ ref }) => ref.kind === 'kubernetes.core.Secret')?.config;
    expect(config).toMatchObject({ kind: 'Secret', keys: ['password'], lastWritten: '2026-11-20T10:00:00Z' });
    expect(JSON.stringify(config)).not.toContain('aHVudGVyMg');
    const never = clusterOf();
    await reading(never, { secrets: 'never' });
    expect(never.log.filter((line) => line.includes('secrets'))).toEqual([]);
    const values = await reading(clusterOf(), { secrets: 'fingerprint' });
    expect(values.resources.find(({ ref }) => ref.kind === 'kubernetes.core.Secret')?.config).toMatchObject({
      data: { password: 'aHVudGVyMg==' },
    });
  });

  it('does not let the numbers that autoscalers set come and go with the list of autoscalers', async () => {
    const deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { replicas: 5, paused: false },
    };
    const scaler = {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { scaleTargetRef: { kind: 'Deployment', name: 'web' } },
    };
    const specOf = async (faults: Faults, objects: readonly JsonObject[]) => {
      const snapshot = await reading(clusterOf(faults, objects));
      const config = snapshot.resources.find(({ ref }) => ref.kind === 'kubernetes.apps.Deployment')?.config;
      return { spec: (config as JsonObject | undefined)?.spec, snapshot };
    };
    expect((await specOf({}, [deployment])).spec).toEqual({ replicas: 5, paused: false });
    expect((await specOf({}, [deployment, scaler])).spec).toEqual({ paused: false });
    expect((await specOf({ denied: ['horizontalpodautoscalers'] }, [deployment, scaler])).spec).toEqual({ replicas: 5, paused: false });
    const { snapshot } = await specOf({ status: { horizontalpodautoscalers: 500 } }, [deployment, scaler]);
    expect(isComplete(snapshot, 'shop', 'apps.Deployment')).toBe(false);
    expect(gapsOf(snapshot)).toContain('prod/shop apps.Deployment unreachable');
  });

  it('takes what the configuration wants', async () => {
    const owned = {
      ...configMap('owned'),
      metadata: {
        name: 'owned',
        namespace: 'shop',
        labels: { app: 'web' },
        ownerReferences: [{ apiVersion: 'example.com/v1', kind: 'Shop', name: 's' }],
      },
    };
    const wanted = async (options: object) =>
      idsOf(await reading(clusterOf({}, [owned, configMap('x', 'empty')]), options)).filter((id) => id.includes('ConfigMap'));
    expect(await wanted({ exclude: [{ namespace: 'sh*' }] })).toEqual(['empty core.ConfigMap x']);
    expect(await wanted({ include: [{ kind: 'core.Config*', label: 'app=web' }] })).toEqual(['shop core.ConfigMap owned']);
    expect(await wanted({ exclude: [{ owner: 'example.com.Shop' }, { name: 'b' }, { label: 'nothing' }] })).toEqual([
      'empty core.ConfigMap x',
      'shop core.ConfigMap a',
      'shop core.ConfigMap c',
    ]);
    expect(await wanted({ exclude: [{ kind: 'ConfigMap' }] })).toEqual([]);
    expect(await wanted({ namespaces: ['empty'] })).toEqual(['empty core.ConfigMap x']);
    const narrowed = await reading(clusterOf(), { exclude: [{ kind: 'ConfigMap', namespace: 'shop' }] });
    expect([isComplete(narrowed, 'shop', 'core.ConfigMap'), isComplete(narrowed, 'empty', 'core.ConfigMap')]).toEqual([false, true]);
  });

  it('says of a cluster that cannot be reached that nothing was read', async () => {
    const cluster = clusterOf();
    const snapshot = await reading({ ...cluster, respond: () => ({ status: 401, body: '{"kind":"Status","message":"Unauthorized"}' }) });
    expect(gapsOf(snapshot)).toEqual(['prod all denied']);
    expect(snapshot.resources).toEqual([]);
    const nonsense = await reading({ ...cluster, respond: () => ({ status: 200, body: '<html>log in</html>' }) });
    expect(gapsOf(nonsense)).toEqual(['prod all invalid']);
  });
});
