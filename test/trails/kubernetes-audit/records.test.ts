import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Json } from 'drifttrail';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../src/normalize/redact.ts';
import { redactEvent } from '../../../src/pipeline/redact-event.ts';
import trail from '../../../trails/kubernetes-audit/index.ts';
import { append, eventsOf, folder, readLogs, record } from './log.ts';

const web = { verb: 'patch', resource: 'deployments', group: 'apps', name: 'web', body: { spec: { replicas: 2 } } };
const machine = (username: string, more: object = {}) => ({ user: { username, ...more } }) as { user: Json };

describe('records of an audit log', () => {
  it('become events: who, what, and of which resource', async () => {
    const [event] = await eventsOf(record(web));
    expect(event).toMatchObject({
      time: '2026-11-21T10:00:00.000Z',
      source: 'kubernetes-audit',
      name: 'patch deployments.apps',
      account: 'prod',
      region: 'audit.log',
      readOnly: false,
      actor: { name: 'alice@example.com', type: 'User', via: 'cli', sourceIp: '198.51.100.7', role: null },
      request: { namespace: 'shop', name: 'web', verb: 'patch', body: { spec: { replicas: 2 } } },
    });
  });

  it('that wrote nothing are left out; those that failed blame nobody', async () => {
    const quiet = [
      record({ ...web, verb: 'get' }),
      record({ ...web, verb: 'watch' }),
      record({ ...web, subresource: 'status' }),
      record({ ...web, more: { stage: 'RequestReceived' } }),
      record({ ...web, more: { requestURI: '/apis/apps/v1/namespaces/shop/deployments/web?dryRun=All' } }),
      record({ verb: 'update', resource: 'leases', group: 'coordination.k8s.io', name: 'x' }),
      record({ verb: 'create', resource: 'tokenreviews', group: 'authentication.k8s.io', body: { spec: { token: 'very-secret' } } }),
      record({ verb: 'create', resource: 'pods', subresource: 'binding', name: 'x' }),
      record({ ...web, more: { requestReceivedTimestamp: 'never', stageTimestamp: 'never' } }),
    ];
    expect(await eventsOf(...quiet)).toEqual([]);
    const [refused] = await eventsOf(record({ ...web, more: { responseStatus: { code: 403, reason: 'Forbidden', message: 'no' } } }));
    expect(refused?.error).toEqual({ code: 'Forbidden', message: 'no' });
  });

  it('name the person behind, and the pod of a service account', async () => {
    const actors = await eventsOf(
      record({ ...web, more: { impersonatedUser: { username: 'system:admin' } } }),
      record({
        ...web,
        more: {
          ...machine('system:serviceaccount:cattle-system:rancher'),
          impersonatedUser: { username: 'bob' },
          userAgent: 'Mozilla/5.0',
        },
      }),
      record({
        ...web,
        more: {
          ...machine('system:serviceaccount:argocd:argocd-controller', {
            extra: { 'authentication.kubernetes.io/pod-name': ['argocd-0'] },
          }),
          userAgent: 'argocd-application-controller/v2',
        },
      }),
      record({ ...web, more: { ...machine('system:node:node-3'), userAgent: 'kubelet/v1.33.1' } }),
      record({ ...web, more: { ...machine('system:kube-controller-manager'), userAgent: 'kube-controller-manager/v1.33.1' } }),
      record({ ...web, more: { userAgent: 'HashiCorp/1.0 Terraform/1.9' } }),
      record({ ...web, more: { userAgent: 'Helm/3.15' } }),
    );
    expect(actors.map(({ actor: { name, type, via, role, service = null } }) => [name, type, via, role, service])).toEqual([
      ['alice@example.com', 'User', 'cli', 'system:admin', null],
      ['bob', 'User', 'console', null, 'cattle-system/rancher'],
      ['argocd/argocd-controller', 'ServiceAccount', 'service', 'pod argocd-0', 'argocd'],
      ['node-3', 'Node', 'service', null, null],
      ['system:kube-controller-manager', 'Component', 'service', null, null],
      ['alice@example.com', 'User', 'terraform', null, 'terraform'],
      ['alice@example.com', 'User', 'cli', null, 'helm'],
    ]);
  });

  it('of ways into a pod are acts of their own, once', async () => {
    const exec = record({
      verb: 'create',
      resource: 'pods',
      subresource: 'exec',
      name: 'web-1',
      more: {
        requestURI: '/api/v1/namespaces/shop/pods/web-1/exec?command=sh&command=-c&command=id&container=web',
        stage: 'ResponseStarted',
        responseStatus: { code: 101 },
      },
    });
    const dir = folder();
    append(join(dir, 'audit.log'), exec, { ...exec, stage: 'ResponseComplete' });
    const { events } = await readLogs(dir);
    expect(new Set(events.map(({ id }) => id)).size).toBe(1);
    expect(events[0]).toMatchObject({
      source: 'kubernetes-access',
      name: 'exec',
      request: { name: 'web-1', command: 'sh -c id' },
      extra: { ref: { scope: 'kubernetes/prod/shop', kind: 'kubernetes.core.Pod', id: 'web-1' } },
    });
    const [byGet] = await eventsOf(record({ verb: 'get', resource: 'pods', subresource: 'exec', name: 'web-1' }));
    expect(byGet?.name).toBe('exec');
  });

  it('never carry the value of a Secret further', async () => {
    const data = { password: Buffer.from('hunter2-hunter2').toString('base64') };
    const applied = { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ data }) } };
    const secret = { resource: 'secrets', name: 'db' };
    const events = await eventsOf(
      record({ ...secret, verb: 'create', body: { apiVersion: 'v1', kind: 'Secret', metadata: applied, data } }),
      record({ ...secret, verb: 'patch', body: { metadata: applied, data } }),
      record({ ...secret, verb: 'patch', body: { stringData: { password: 'hunter2-hunter2' } } }),
      record({
        ...secret,
        verb: 'patch',
        body: [
          { op: 'replace', path: '/data/password', value: data.password },
          { op: 'test', path: '/data/password', value: data.password },
        ],
      }),
      record({ ...secret, verb: 'patch', body: [{ op: 'add', path: '/stringData', value: { password: 'hunter2-hunter2' } }] }),
      record({
        verb: 'create',
        resource: 'serviceaccounts',
        subresource: 'token',
        name: 'x',
        body: { spec: {} },
        more: { responseObject: { kind: 'TokenRequest', status: { token: 'eyJhbGciOi.token' } } },
      }),
    );
    const redactor = createRedactor(Buffer.alloc(32, 7));
    const kept = events.map((event) => redactEvent(event, redactor));
    expect(kept).toHaveLength(6);
    for (const word of ['hunter2', data.password, 'eyJhbGciOi']) expect(JSON.stringify(kept)).not.toContain(word);
    const marks = kept.slice(0, 4).map(({ request }) => (request as { body?: { data?: { password?: string } } }).body?.data?.password);
    expect(marks[0]).toMatch(/^«redacted:hmac-sha256:/);
    expect(new Set(marks).size).toBe(1);
  });
});

describe('an audit log', () => {
  it('is read on from where the last run stopped, rotated and packed', async () => {
    const dir = folder();
    const file = join(dir, 'audit.log');
    const marks = new Map<string, string>();
    const names = async () =>
      (await readLogs(dir, { complete: true }, marks)).events.map(({ request }) => (request as { name: string }).name);
    append(file, record({ ...web, name: 'a' }), record({ ...web, name: 'b', more: { padding: 'x'.repeat(100_000) } }));
    expect(await names()).toEqual(['a', 'b']);
    expect(await names()).toEqual([]);
    append(file, record({ ...web, name: 'c' }));
    renameSync(file, join(dir, 'audit-2026-11-21T11-00-00.000.log'));
    append(file, record({ ...web, name: 'd', more: { padding: 'x'.repeat(100_000) } }));
    expect(await names()).toEqual(['c', 'd']);
    append(file, record({ ...web, name: 'e' }));
    renameSync(file, join(dir, 'audit-2026-11-21T12-00-00.000.log'));
    const rotated = join(dir, 'audit-2026-11-21T12-00-00.000.log');
    writeFileSync(`${rotated}.gz`, gzipSync(await import('node:fs').then(({ readFileSync }) => readFileSync(rotated))));
    renameSync(rotated, join(dir, 'elsewhere'));
    append(file, record({ ...web, name: 'f' }));
    expect(await names()).toEqual(['e', 'f']);
  });

  it('covers time only when it is said to be complete, and to the last record', async () => {
    const dir = folder();
    const file = join(dir, 'audit.log');
    append(
      file,
      record({ ...web, time: '2026-11-21T10:00:00.000000Z' }),
      record({ ...web, verb: 'get', time: '2026-11-21T10:30:00.000000Z' }),
    );
    expect((await readLogs(dir)).covered).toEqual([]);
    const marks = new Map<string, string>();
    expect((await readLogs(dir, { complete: true }, marks)).covered).toEqual([
      'prod audit.log 2026-11-21T10:00:00.000Z 2026-11-21T10:30:00.000Z',
    ]);
    append(file, record({ ...web, time: '2026-11-21T11:00:00.000000Z' }));
    expect((await readLogs(dir, { complete: true }, marks)).covered).toEqual([
      'prod audit.log 2026-11-21T10:30:00.000Z 2026-11-21T11:00:00.000Z',
    ]);
    expect((await readLogs(dir, { complete: true, logs: ['audit.log', 'other.log'] })).covered).toEqual([]);
  });

  it('that is missing, or no audit log, is a gap', async () => {
    const dir = folder();
    expect((await readLogs(dir)).gaps).toMatchObject([{ account: 'prod', reason: 'unreachable' }]);
    append(join(dir, 'audit.log'), 'not json', '{"a":1}', record(web));
    const { gaps, events, covered } = await readLogs(dir, { complete: true });
    expect([gaps[0]?.reason, gaps[0]?.detail.includes('2 lines are no audit records'), events.length, covered]).toEqual([
      'invalid',
      true,
      1,
      [],
    ]);
    const probe = await trail.probe?.({
      ...(await import('../../../src/surroundings.ts')).realSurroundings(dir),
      signal: new AbortController().signal,
      options: trail.options.parse({ cluster: 'prod', logs: ['none'] }),
    });
    expect(probe).toMatchObject([{ ok: false }]);
  });
});
