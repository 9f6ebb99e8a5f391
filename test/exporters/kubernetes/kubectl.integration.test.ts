/** Against a stub of an API server over TLS, through the real kubectl and from inside: reading it, and undoing what was done to it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Change, JsonObject, Snapshot } from 'drifttrail';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, connectInside } from '../../../exporters/kubernetes/connect.ts';
import { createKubernetesExporter } from '../../../exporters/kubernetes/index.ts';
import { collect } from '../../../src/collect/collect.ts';
import { diffTrees } from '../../../src/diff/diff.ts';
import { parse } from '../../../src/normalize/normalize.ts';
import { createLayout } from '../../../src/store/layout.ts';
import { spawn } from '../../../src/spawn.ts';
import { realSurroundings } from '../../../src/surroundings.ts';
import { filesOf } from '../../../src/testing.ts';
import { createCluster, put, remove } from '../../kubernetes/cluster.ts';
import { type Running, serveTls } from '../../kubernetes/server.ts';
import { manifestsOf } from './recorded.ts';

const exporter = createKubernetesExporter();
const layout = createLayout([exporter]);
const shop = manifestsOf(new URL('../../fixtures/kubernetes/shop/calls/cluster.yaml', import.meta.url).pathname);
const folder = mkdtempSync(join(tmpdir(), 'drifttrail-kubernetes-'));
const snapshots = join(folder, 'snapshots');
const cluster = createCluster(shop);
let running: Running;

beforeAll(async () => {
  running = await serveTls(cluster, folder);
  execFileSync('git', ['init', '-q', snapshots]);
});
afterAll(async () => {
  await running.close();
  rmSync(folder, { recursive: true, force: true });
});

function read(options: object = {}, by = exporter): Promise<Snapshot> {
  const surroundings = { ...realSurroundings(folder), env: { ...process.env, TMPDIR: folder } };
  const parsed = by.options.parse({ name: 'prod', kubeconfig: 'kubeconfig', secrets: 'fingerprint', ...options });
  return collect(by, parsed, { surroundings, signal: new AbortController().signal, progress: () => undefined });
}
const textsOf = ({ resources }: Snapshot) =>
  new Map([...filesOf(exporter, resources)].map(([path, bytes]) => [path, Buffer.from(bytes).toString()]));
const detailsOf = ({ gaps }: Snapshot) => gaps.map(({ scope, detail }) => `${scope}: ${detail}`);

/** From files to changes as the core sees them; the files are kept as blobs, as a commit keeps them. */
async function changesOf(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): Promise<Change[]> {
  for (const text of before.values()) execFileSync('git', ['-C', snapshots, 'hash-object', '-w', '--stdin'], { input: text });
  const read = async (ids: readonly string[]) => new Map(ids.map((id) => [id, Buffer.from(id)]));
  return diffTrees({ before, after, read, refOf: layout.refOf, kindOf: layout.kindOf, parse });
}

async function carryOut(commands: readonly string[]): Promise<void> {
  for (const command of commands) {
    const env = { ...process.env, HOME: folder, KUBECONFIG: running.kubeconfig };
    const { code, stderr } = await spawn('bash', ['-c', command], { cwd: folder, env, timeout: 20_000 });
    expect(`${command}\n${code} ${code === 0 ? '' : stderr}`).toBe(`${command}\n0 `);
  }
}

describe('a cluster through kubectl', () => {
  it('is the same as from inside a pod', async () => {
    const byKubectl = await read();
    expect(detailsOf(byKubectl)).toEqual([]);
    const env = { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: String(running.port) };
    const inside = await read(
      { kubeconfig: undefined, inCluster: true },
      createKubernetesExporter(() => connectInside({ env }, folder)),
    );
    expect(textsOf(inside)).toEqual(textsOf(byKubectl));
    expect(textsOf(byKubectl).size).toBe(14);
    expect(readdirSync(folder).filter((name) => name.startsWith('drifttrail-kubectl-'))).toEqual([]);
  });

  it('that has no such context, or does not answer, is a gap that says so', async () => {
    expect(detailsOf(await read({ context: 'prdo' }))).toEqual([
      expect.stringMatching(/^kubernetes\/prod: kubectl ended \(1\): error: context "prdo" does not exist; try it: kubectl --kubeconfig/),
    ]);
    writeFileSync(
      join(folder, 'nowhere'),
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        clusters: [{ name: 'x', cluster: { server: 'https://127.0.0.1:1' } }],
        contexts: [{ name: 'x', context: { cluster: 'x', user: 'x' } }],
        users: [{ name: 'x', user: { token: 'x' } }],
        'current-context': 'x',
      }),
    );
    expect(detailsOf(await read({ kubeconfig: 'nowhere' }))).toEqual([expect.stringMatching(/^kubernetes\/prod: .*refused/)]);
    const alone = { ...realSurroundings(folder), env: { PATH: '/nowhere' }, signal: new AbortController().signal };
    await expect(connect(exporter.options.parse({ name: 'prod', inCluster: true }), alone)).rejects.toThrow(
      'KUBERNETES_SERVICE_HOST is not set',
    );
    expect(
      await exporter.probe?.({
        ...realSurroundings(folder),
        signal: alone.signal,
        options: exporter.options.parse({ name: 'prod', kubeconfig: 'kubeconfig' }),
      }),
    ).toEqual([{ system: 'cluster prod', ok: true, detail: expect.stringMatching(/^Kubernetes v1\.33\.1, \d+ kinds$/) }]);
  });

  it('is watched through it, and from inside', async () => {
    const env = { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: String(running.port) };
    for (const by of [exporter, createKubernetesExporter(() => connectInside({ env }, folder))]) {
      const stop = new AbortController();
      const [signs, problems]: [string[], string[]] = [[], []];
      const watch = by.watch?.({
        ...realSurroundings(folder),
        options: by.options.parse({ name: 'prod', kubeconfig: 'kubeconfig', watch: true }),
        signal: stop.signal,
        problem: (text) => void problems.push(text),
      });
      const ended = (async () => {
        for await (const sign of watch ?? []) signs.push(sign);
      })();
      await expect.poll(() => cluster.watchers.size, { timeout: 15_000 }).toBeGreaterThan(40);
      const passing = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'passing', namespace: 'shop' } };
      put(cluster, passing);
      remove(cluster, passing);
      await expect.poll(() => signs).toEqual(['ConfigMap shop/passing added', 'ConfigMap shop/passing deleted']);
      stop.abort();
      await ended;
      await expect.poll(() => cluster.watchers.size).toBe(0);
      expect(problems).toEqual([]);
    }
  });

  it('takes its own files back', async () => {
    const texts = textsOf(await read());
    const plain = [...texts].filter(([, text]) => !text.includes('«redacted:'));
    expect(plain.length).toBe(11);
    for (const [path, text] of plain) {
      const args = [`--kubeconfig=${running.kubeconfig}`, 'apply', '--dry-run=server', '-f', '-'];
      const { code, stderr } = await spawn('kubectl', args, { input: text, env: { ...process.env, HOME: folder }, timeout: 20_000 });
      expect(`${path} ${code} ${stderr.replaceAll(/Warning: resource .*\n/g, '')}`).toBe(`${path} 0 `);
    }
  }, 60_000);

  it('is as it was when its undo was carried out', async () => {
    const before = textsOf(await read());
    const find = (kind: string, name: string) =>
      [...cluster.objects.values()].find((object) => object.kind === kind && (object.metadata as JsonObject).name === name) as JsonObject;
    const web = find('Deployment', 'web');
    const edited = JSON.parse(
      JSON.stringify(web)
        .replace('shop/web:1.4.2', 'shop/web:latest')
        .replace('"LOG_LEVEL","value":"info"', '"LOG_LEVEL","value":"debug"')
        .replace('"containers":[', '"containers":[{"name":"miner","image":"x/miner"},')
        .replace('"readOnlyRootFilesystem":true', '"privileged":true')
        .replace('"args":["up"]', '"args":["down","--all"]'),
    ) as JsonObject;
    put(cluster, edited);
    put(cluster, {
      ...find('Service', 'web'),
      spec: { type: 'LoadBalancer', selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' }] },
    });
    put(cluster, {
      ...find('ClusterRoleBinding', 'admins'),
      subjects: [{ kind: 'Group', name: 'system:unauthenticated', apiGroup: 'rbac.authorization.k8s.io' }],
    });
    remove(cluster, find('Pod', 'debug'));
    remove(cluster, find('Certificate', 'web'));
    put(cluster, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'odd; echo $(id) #', namespace: 'shop' }, data: { a: 'b' } });
    const after = textsOf(await read());
    const changes = await changesOf(before, after);
    expect(changes).toHaveLength(6);
    await carryOut(changes.flatMap((change) => layout.kindOf(change.ref.kind)?.undo?.(change, { before: () => undefined }) ?? []));
    expect(textsOf(await read())).toEqual(before);
  }, 60_000);
});
