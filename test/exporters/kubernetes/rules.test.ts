/** Every rule of the exporter agrees with its own examples and judges kinds that exist. */
import { describe, expect, it } from 'vitest';
import kubernetes from '../../../exporters/kubernetes/index.ts';
import { imageSource, isFloatingImage, isPowerfulRight, podImages, podRisks, roleRights } from '../../../src/rank/kubernetes.ts';
import { loadRules } from '../../../src/rank/rules.ts';
import { verifyRules } from '../../../src/rank/verify.ts';

it('holds its examples', async () => {
  const rules = await loadRules([kubernetes.rules ?? '']);
  expect(rules.rules.length).toBeGreaterThanOrEqual(30);
  expect(verifyRules(rules)).toEqual([]);
  expect(rules.rules.flatMap((rule) => rule.kinds).filter((kind) => kubernetes.kinds[kind] === undefined)).toEqual([]);
});

describe('what manifests say', () => {
  const pod = {
    hostNetwork: true,
    volumes: [{ name: 'root', hostPath: { path: '/' } }],
    initContainers: [{ name: 'a', image: 'busybox', securityContext: { capabilities: { add: ['CAP_SYS_ADMIN', 'CHOWN'] } } }],
    containers: { b: { name: 'b', image: 'registry.example.com/shop/web:1', securityContext: { privileged: true } } },
  };
  const risks = ['hostNetwork', '/ of the node is mounted', 'container a has SYS_ADMIN', 'container b is privileged'];

  it('is found wherever pods are described, in configs as in requests', () => {
    for (const config of [
      { spec: pod },
      { spec: { template: { spec: pod } } },
      { spec: { jobTemplate: { spec: { template: { spec: pod } } } } },
    ]) {
      expect(podRisks(config)).toEqual(risks);
      expect(podImages(config)).toEqual(['busybox', 'registry.example.com/shop/web:1']);
    }
    for (const nothing of [null, undefined, {}, { spec: {} }, { spec: 'x' }, []])
      expect([podRisks(nothing), podImages(nothing), roleRights(nothing)]).toEqual([[], [], []]);
  });

  it('of images is whether they float and where they come from', () => {
    expect(
      ['web', 'web:latest', 'localhost:5000/web', 'a/b:main', 'web:1.2', 'web:v1', 'web@sha256:0a', 'web:latest@sha256:0a', ''].map(
        isFloatingImage,
      ),
    ).toEqual([true, true, true, true, false, false, false, false, false]);
    expect(['nginx', 'evil/web:1', 'ghcr.io/a/b:1', 'localhost:5000/web', 'ghcr.io/a/b@sha256:0a'].map(imageSource)).toEqual([
      'docker.io/library',
      'docker.io/evil',
      'ghcr.io/a',
      'localhost:5000',
      'ghcr.io/a',
    ]);
  });

  it('of roles is what they allow', () => {
    const rights = roleRights({
      rules: [
        { apiGroups: ['', 'apps'], resources: ['pods'], verbs: ['get'] },
        { nonResourceURLs: ['/metrics'], verbs: ['get'] },
        { apiGroups: [''], resources: ['secrets'], verbs: ['get'], resourceNames: ['own'] },
      ],
    });
    expect(rights).toEqual(['get pods', 'get pods.apps', 'get /metrics', 'get secrets named own']);
    expect(
      [
        ...rights,
        'get secrets',
        'create deployments.apps',
        'create pods/exec',
        'bind clusterroles.rbac.authorization.k8s.io',
        'impersonate users',
        'list pods',
      ].filter(isPowerfulRight),
    ).toEqual([
      'get secrets',
      'create deployments.apps',
      'create pods/exec',
      'bind clusterroles.rbac.authorization.k8s.io',
      'impersonate users',
    ]);
  });
});
