/** A cluster of more than 2,000 objects, whose snapshots the real kubectl judges: they are what the cluster has, and it takes them back. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from 'drifttrail';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { spawn } from '../../../src/spawn.ts';
import { type Cluster, createCluster, put, remove } from '../../kubernetes/cluster.ts';
import { type Running, serveTls } from '../../kubernetes/server.ts';
import { type Operations, operations } from '../deployment.ts';
import { manifestsOf } from './recorded.ts';

const MANY = 400;
const APPLY = 60_000;

const folder = mkdtempSync(join(tmpdir(), 'drifttrail-cluster-'));
const exported = join(folder, 'exported');
let cluster: Cluster;
let running: Running;
let ops: Operations;

/** Five objects an application, with what only the API server writes in some of them. */
function application(number: number): JsonObject[] {
  const name = `app-${number}`;
  const metadata = { name, namespace: 'shop', labels: { app: name } };
  const managed = {
    ...metadata,
    generation: 3,
    managedFields: [{ manager: 'kubectl', operation: 'Update', time: '2026-11-02T03:04:05Z' }],
  };
  const containers = [
    {
      name: 'web',
      image: `shop/web:${number}`,
      ports: [{ containerPort: 8080 }, { containerPort: 9090 }],
      env: [{ name: 'A', value: 'b' }],
    },
    { name: 'side', image: 'shop/side:2', volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }] },
  ];
  return [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: managed, data: { index: String(number), 'app.ini': `[app]\nnumber = ${number}\n` } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: managed,
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: name } },
        template: { metadata: { labels: { app: name } }, spec: { containers, volumes: [{ name: 'tmp', emptyDir: {} }] } },
      },
      status: { readyReplicas: 2, observedGeneration: 3 },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: {
        selector: { app: name },
        ports: [
          { name: 'http', port: 80 },
          { name: 'm', port: 90 },
        ],
      },
    },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata,
      rules: [{ apiGroups: [''], resources: ['configmaps'], resourceNames: [name], verbs: ['get', 'watch'] }],
    },
  ];
}

beforeAll(async () => {
  const shop = manifestsOf(new URL('../../fixtures/kubernetes/shop/calls/cluster.yaml', import.meta.url).pathname);
  cluster = createCluster([...shop, ...Array.from({ length: MANY }, (_, index) => application(index)).flat()]);
  running = await serveTls(cluster, folder);
  ops = await operations(`exporters:\n  - { use: kubernetes, name: prod, kubeconfig: ${running.kubeconfig}, secrets: never, page: 100 }\n`);
  mkdirSync(exported);
});
afterAll(async () => {
  await running?.close();
  ops?.remove();
  rmSync(folder, { recursive: true, force: true });
});

async function kubectl(...args: readonly string[]) {
  const env = { ...process.env, HOME: folder, KUBECONFIG: running.kubeconfig };
  const { code, stdout, stderr } = await spawn('kubectl', args, { cwd: folder, env, timeout: APPLY });
  return {
    code,
    said: stdout.toString(),
    errors: stderr.split('\n').filter((line) => line !== '' && !/^Warning: resource .* is missing/.test(line)),
  };
}
const CLEAN = { code: 0, said: '', errors: [] };

test('it is written within seconds, and kubectl finds no difference to the cluster', { timeout: APPLY }, async () => {
  const start = performance.now();
  expect((await ops.snapshot()).gaps).toEqual([]);
  expect(performance.now() - start).toBeLessThan(20_000);
  ops.git('archive', '--output', join(folder, 'tree.tar'), 'HEAD', 'kubernetes');
  execFileSync('tar', ['-xf', join(folder, 'tree.tar'), '-C', exported]);
  expect(ops.git('ls-tree', '-r', '--name-only', 'HEAD', 'kubernetes').split('\n').length).toBeGreaterThan(5 * MANY);
  // A password in the text of an object is not in the file: that object alone cannot be compared.
  for (const path of ops.git('grep', '-l', '«redacted:', 'HEAD', '--', 'kubernetes').split('\n'))
    rmSync(join(exported, path.slice('HEAD:'.length)));
  expect(await kubectl('diff', '-R', '-f', exported)).toEqual(CLEAN);
});

test('kubectl applies the files, finds no difference after it, and a snapshot finds nothing new', { timeout: 2 * APPLY }, async () => {
  const [tree, commits] = [ops.tree(), ops.commits()];
  const applied = await kubectl('apply', '-R', '-f', exported);
  expect([applied.code, applied.errors]).toEqual([0, []]);
  const lines = applied.said.trim().split('\n');
  expect(lines.length).toBeGreaterThan(5 * MANY);
  expect(lines.filter((line) => !line.endsWith(' configured'))).toEqual([]);
  expect(await kubectl('diff', '-R', '-f', exported)).toEqual(CLEAN);
  expect((await ops.snapshot()).gaps).toEqual([]);
  process.stdout.write(
    `Kubernetes: ${lines.length} files applied, kubectl diff ended with 0 before and after it, ${ops.commits() - commits} commits\n`,
  );
  expect([ops.tree(), ops.commits()]).toEqual([tree, commits]);
});

const find = (kind: string, name: string) =>
  [...cluster.objects.values()].find((object) => object.kind === kind && (object.metadata as JsonObject).name === name) as JsonObject;

test('what is changed in the cluster is what kubectl finds, and what the snapshot says', { timeout: APPLY }, async () => {
  const before = [find('Deployment', 'app-7'), find('Role', 'app-8'), find('ConfigMap', 'app-9')];
  const [deployment, role, map] = before as [JsonObject, JsonObject, JsonObject];
  const edited = (part: unknown, from: string, to: string) => JSON.parse(JSON.stringify(part).replaceAll(from, to)) as JsonObject;
  put(cluster, { ...deployment, spec: edited(deployment.spec, 'shop/side:2', 'shop/side:latest') });
  put(cluster, { ...role, rules: edited(role.rules, 'watch', '*') });
  remove(cluster, map);
  const files = ['apps.Deployment/app-7', 'rbac.authorization.k8s.io.Role/app-8', 'core.ConfigMap/app-9', 'core.ConfigMap/app-1'];
  const compared = ['diff', ...files.flatMap((file) => ['-f', join(exported, `kubernetes/prod/shop/${file}.yaml`)])];
  const { code, said } = await kubectl(...compared);
  expect(code).toBe(1);
  const lines = said.split('\n').filter((line) => /^[-+] +(- )?(image:|index:|'\*'|watch)/.test(line));
  expect(lines.map((line) => `${line[0]} ${line.slice(1).replace(/^[\s-]+/, '')}`)).toEqual([
    '- image: shop/side:latest',
    '+ image: shop/side:2',
    "- '*'",
    '+ watch',
    '+ index: "9"',
  ]);
  const { findings, gaps } = await ops.snapshot();
  expect(gaps).toEqual([]);
  expect(findings.map(({ change }) => `${change?.type} ${change?.ref.kind} ${change?.ref.id}`).sort()).toEqual([
    'deleted kubernetes.core.ConfigMap app-9',
    'modified kubernetes.apps.Deployment app-7',
    'modified kubernetes.rbac.authorization.k8s.io.Role app-8',
  ]);
  for (const object of before) put(cluster, object);
  expect(await kubectl(...compared)).toEqual(CLEAN);
  await ops.snapshot();
});

test('a kind that cannot be listed deletes nothing, and others go on', { timeout: APPLY }, async () => {
  const objects = ops.git('rev-parse', 'HEAD:kubernetes');
  for (const faults of [
    { status: { configmaps: 500 } },
    { denied: ['configmaps', 'configmaps in shop'] },
    { expired: new Map([['configmaps', 99]]) },
  ]) {
    cluster.faults = faults;
    const { gaps, findings } = await ops.snapshot();
    expect((gaps as { kind?: string }[]).map(({ kind }) => kind)).toEqual(expect.arrayContaining(['kubernetes.core.ConfigMap']));
    expect(findings.filter(({ change }) => change !== undefined)).toEqual([]);
    expect(ops.git('rev-parse', 'HEAD:kubernetes')).toBe(objects);
  }
  put(cluster, { ...find('Service', 'app-3'), spec: { selector: { app: 'other' }, ports: [{ name: 'http', port: 80 }] } });
  const { findings } = await ops.snapshot();
  expect(findings.filter(({ change }) => change !== undefined).map(({ change }) => change?.ref.id)).toEqual(['app-3']);
});
