import type { Json, JsonObject } from 'drifttrail';
import { describe, expect, it } from 'vitest';
import { type Call, record } from '../../trails/kubernetes-audit/log.ts';
import { attributed, gradesOf } from './attribution.ts';

type Container = JsonObject & { name: string };
const container = (name: string, image: string, more: JsonObject = {}): Container => ({
  name,
  image,
  env: [
    { name: 'A', value: '1' },
    { name: 'B', value: '2' },
  ],
  ...more,
});
const deployment = (replicas: number, containers: readonly Container[], labels: JsonObject = { app: 'web' }): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop', labels },
  spec: { replicas, template: { spec: { containers } } },
});
const app = container('app', 'app:1');
const log = container('log', 'log:1');
const BEFORE = deployment(3, [app, log]);
const write = (verb: string, body: Json | undefined, more: Partial<Call> = {}) =>
  record({ verb, resource: 'deployments', group: 'apps', name: 'web', ...(body === undefined ? {} : { body }), ...more });
const by = (username: string) => ({ more: { user: { username } } });
const one = async (after: JsonObject, ...records: Json[]) => {
  const { told, transients, unmapped } = await attributed([BEFORE], [after], records);
  expect(unmapped).toEqual([]);
  const [first] = told;
  if (first === undefined) throw new Error('nothing changed');
  return { grades: gradesOf(first), attribution: first.attribution, transients };
};

describe('what a record of the audit log did', () => {
  it('by a strategic patch is each leaf that it names, and no other', async () => {
    const after = deployment(
      3,
      [
        container('app', 'app:2', {
          env: [
            { name: 'A', value: '1' },
            { name: 'B', value: '3' },
          ],
        }),
        log,
      ],
      { app: 'web', new: 'x' },
    );
    const patch = {
      metadata: { labels: { new: 'x' } },
      spec: {
        template: {
          spec: {
            '$setElementOrder/containers': [{ name: 'app' }, { name: 'log' }],
            containers: [{ name: 'app', image: 'app:2', env: [{ name: 'B', value: '3' }] }],
          },
        },
      },
    };
    const { grades, attribution, transients } = await one(after, write('patch', patch));
    expect(grades).toEqual([
      '/metadata/labels/new exact',
      '/spec/template/spec/containers/app/env/B/value exact',
      '/spec/template/spec/containers/app/image exact',
    ]);
    expect(attribution).toMatchObject({ status: 'attributed', actor: { name: 'alice@example.com', via: 'cli' } });
    expect(transients).toEqual([]);
  });

  it('that took away or added a container is told so', async () => {
    const removed = await one(
      deployment(3, [log]),
      write('patch', { spec: { template: { spec: { containers: [{ $patch: 'delete', name: 'app' }] } } } }),
    );
    expect(removed.grades).toEqual(['/spec/template/spec/containers/app exact']);
    const extra = container('extra', 'x:1');
    const added = await one(deployment(3, [app, log, extra]), write('patch', { spec: { template: { spec: { containers: [extra] } } } }));
    expect(added.grades).toEqual(['/spec/template/spec/containers/extra exact']);
    const dropped = await one(
      deployment(3, [container('app', 'app:1', { env: [{ name: 'A', value: '1' }] }), log]),
      write('patch', { spec: { template: { spec: { containers: [{ name: 'app', env: [{ name: 'B', $patch: 'delete' }] }] } } } }),
    );
    expect(dropped.grades).toEqual(['/spec/template/spec/containers/app/env/B exact']);
  });

  it('by a JSON patch is where its numbers pointed before', async () => {
    const after = deployment(5, [app, container('log', 'log:2')]);
    const { grades } = await one(
      after,
      write('patch', [
        { op: 'test', path: '/spec/replicas', value: 3 },
        { op: 'replace', path: '/spec/replicas', value: 5 },
        { op: 'replace', path: '/spec/template/spec/containers/1/image', value: 'log:2' },
      ]),
    );
    expect(grades).toEqual(['/spec/replicas exact', '/spec/template/spec/containers/log/image exact']);
    const appended = await one(
      deployment(3, [app, log, container('new', 'n:1')]),
      write('patch', [{ op: 'add', path: '/spec/template/spec/containers/-', value: { name: 'new', image: 'n:1' } }]),
    );
    expect(appended.grades).toEqual(['/spec/template/spec/containers/new exact']);
  });

  it('by an update is what differs from before', async () => {
    const after = deployment(5, [app, log], {});
    const { grades, transients } = await one(after, write('update', { ...after, status: { replicas: 3 } }));
    expect(grades).toEqual(['/metadata/labels/app exact', '/spec/replicas exact']);
    expect(transients).toEqual([]);
  });

  it('by scaling is the number of copies', async () => {
    const scaled = write('patch', { spec: { replicas: 0 } }, { subresource: 'scale' });
    expect((await one(deployment(0, [app, log]), scaled)).grades).toEqual(['/spec/replicas exact']);
    expect((await one(deployment(0, [app, log]), write('update', undefined, { subresource: 'scale' }))).grades).toEqual([
      '/spec/replicas leaf',
    ]);
  });

  it('without a body is theirs who alone wrote, and of several nobody’s', async () => {
    const after = deployment(5, [app, log]);
    const alone = await one(after, write('patch', undefined), write('update', undefined));
    expect([alone.grades, alone.attribution.status, alone.attribution.actor?.name]).toEqual([
      ['/spec/replicas leaf'],
      'attributed',
      'alice@example.com',
    ]);
    const several = await one(after, write('patch', undefined), write('patch', undefined, by('bob')));
    expect([several.grades, several.attribution.status]).toEqual([['/spec/replicas candidate'], 'ambiguous']);
    const known = await one(after, write('patch', undefined), write('patch', { spec: { replicas: 5 } }, by('bob')));
    expect([known.grades, known.attribution.actor?.name]).toEqual([['/spec/replicas exact'], 'bob']);
  });

  it('that failed, or was about another resource, explains nothing', async () => {
    const after = deployment(5, [app, log]);
    const patch = { spec: { replicas: 5 } };
    const { attribution } = await one(
      after,
      write('patch', patch, { more: { responseStatus: { code: 409, reason: 'Conflict' } } }),
      write('patch', patch, { name: 'other' }),
      write('patch', patch, { namespace: 'elsewhere' }),
      write('patch', patch, { subresource: 'status' }),
    );
    expect(attribution).toMatchObject({ status: 'unattributed', because: expect.stringContaining('read completely') });
  });

  it('is told when it was taken back before anybody looked, if a person did it', async () => {
    const exposed = { spec: { replicas: 9 } };
    const there = async (who: string) =>
      (
        await attributed(
          [BEFORE],
          [BEFORE],
          [
            write('patch', exposed, { ...by(who), time: '2026-11-21T09:58:00.000000Z' }),
            write('patch', { spec: { replicas: 3 } }, { ...by(who), time: '2026-11-21T09:59:00.000000Z' }),
          ],
        )
      ).transients;
    expect((await there('alice@example.com')).map(({ transient }) => transient.duration)).toEqual([60_000]);
    expect(await there('system:serviceaccount:kube-system:horizontal-pod-autoscaler')).toEqual([]);
  });

  it('made and deleted resources, custom ones too', async () => {
    const crd: JsonObject = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'certificates.cert-manager.io' },
      spec: { group: 'cert-manager.io', names: { kind: 'Certificate', plural: 'certificates' } },
    };
    const certificate: JsonObject = {
      apiVersion: 'cert-manager.io/v1',
      kind: 'Certificate',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { a: 1 },
    };
    const made = await attributed(
      [crd],
      [crd, certificate, BEFORE],
      [
        record({ verb: 'create', resource: 'certificates', group: 'cert-manager.io', name: 'web' }),
        record({
          verb: 'create',
          resource: 'deployments',
          group: 'apps',
          more: { responseObject: { kind: 'Deployment', metadata: { name: 'web' } } },
        }),
      ],
    );
    expect(made.told.map(gradesOf)).toEqual([[' exact'], [' exact']]);
    const gone = await attributed(
      [crd, certificate, BEFORE],
      [crd],
      [
        record({ verb: 'delete', resource: 'certificates', group: 'cert-manager.io', name: 'web' }),
        record({ verb: 'deletecollection', resource: 'deployments', group: 'apps' }),
      ],
    );
    expect(gone.told.map(gradesOf)).toEqual([[' exact'], [' exact']]);
    const shop: JsonObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
    const withKind = await attributed(
      [crd, certificate, shop],
      [shop],
      [
        record({
          verb: 'delete',
          resource: 'customresourcedefinitions',
          group: 'apiextensions.k8s.io',
          namespace: '',
          name: 'certificates.cert-manager.io',
        }),
      ],
    );
    expect(withKind.told.map(gradesOf)).toEqual([[' exact'], [' cascade']]);
  });

  it('to a namespace took with it what was inside, whoever emptied it', async () => {
    const namespace: JsonObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
    const { told } = await attributed(
      [namespace, BEFORE],
      [],
      [
        record({ verb: 'delete', resource: 'namespaces', namespace: 'shop', name: 'shop', time: '2026-11-21T10:00:00.000000Z' }),
        record({
          verb: 'deletecollection',
          resource: 'deployments',
          group: 'apps',
          time: '2026-11-21T10:00:05.000000Z',
          ...by('system:serviceaccount:kube-system:namespace-controller'),
        }),
      ],
    );
    expect(told.map(({ attribution }) => attribution.actor?.name)).toEqual(['alice@example.com', 'alice@example.com']);
    expect(told[1]?.attribution.because).toContain('the namespace shop was deleted');
  });

  it('to a Secret is known by its fingerprint, and by no value', async () => {
    const secret = (password: string): JsonObject => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'db', namespace: 'shop' },
      data: { password: Buffer.from(password).toString('base64') },
    });
    const patch = record({ verb: 'patch', resource: 'secrets', name: 'db', body: { stringData: { password: 'new-one' } } });
    const { told } = await attributed([secret('old-one')], [secret('new-one')], [patch]);
    expect(told.map(gradesOf)).toEqual([['/data/password leaf']]);
    expect(told[0]?.attribution.actor?.name).toBe('alice@example.com');
  });
});
