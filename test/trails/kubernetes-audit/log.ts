/** Lines of an audit log as API servers write them (audit.k8s.io/v1, JSON), and what the trail makes of them. */
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditEvent, Json, JsonObject, TrailGap } from 'drifttrail';
import { onTestFinished } from 'vitest';
import { realSurroundings } from '../../../src/surroundings.ts';
import trail from '../../../trails/kubernetes-audit/index.ts';

let count = 0;

export interface Call {
  readonly verb: string;
  readonly resource: string;
  readonly group?: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly body?: Json;
  readonly more?: JsonObject;
  readonly time?: string;
}

export function record({
  verb,
  resource,
  group = '',
  subresource,
  namespace = 'shop',
  name,
  body,
  more = {},
  time = '2026-11-21T10:00:00.000000Z',
}: Call): JsonObject {
  count += 1;
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: body === undefined ? 'Metadata' : 'Request',
    auditID: `audit-${count}`,
    stage: 'ResponseComplete',
    requestURI: `/apis/${group}/v1/namespaces/${namespace}/${resource}/${name ?? ''}?fieldManager=kubectl-edit`,
    verb,
    user: { username: 'alice@example.com', groups: ['system:authenticated'] },
    sourceIPs: ['198.51.100.7'],
    userAgent: 'kubectl/v1.33.1 (linux/amd64) kubernetes/8adc0f0',
    objectRef: {
      resource,
      ...(group === '' ? {} : { apiGroup: group }),
      apiVersion: 'v1',
      namespace,
      ...(name === undefined ? {} : { name }),
      ...(subresource === undefined ? {} : { subresource }),
    },
    responseStatus: { metadata: {}, code: 200 },
    ...(body === undefined ? {} : { requestObject: body }),
    requestReceivedTimestamp: time,
    stageTimestamp: time,
    annotations: { 'authorization.k8s.io/decision': 'allow' },
    ...more,
  };
}

export interface Reading {
  readonly events: AuditEvent[];
  readonly gaps: TrailGap[];
  readonly covered: string[];
}

export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'drifttrail-audit-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

export function append(file: string, ...records: readonly Json[]): void {
  appendFileSync(file, records.map((one) => `${typeof one === 'string' ? one : JSON.stringify(one)}\n`).join(''));
}

export async function readLogs(dir: string, options: object = {}, marks = new Map<string, string>()): Promise<Reading> {
  const reading: Reading = { events: [], gaps: [], covered: [] };
  const events = trail.read({
    ...realSurroundings(dir),
    options: trail.options.parse({ cluster: 'prod', logs: ['audit.log'], ...options }),
    signal: new AbortController().signal,
    window: { from: '2026-11-21T00:00:00.000Z', to: '2026-11-22T00:00:00.000Z' },
    mark: (key) => marks.get(key),
    setMark: (key, value) => marks.set(key, value),
    gap: (gap) => reading.gaps.push(gap),
    covered: ({ account, region, from, to }) => reading.covered.push(`${account} ${region} ${from} ${to}`),
    stored: async () => undefined,
    progress: () => undefined,
  });
  for await (const event of events) reading.events.push(event);
  return reading;
}

/** The events of some records, read from a file. */
export async function eventsOf(...records: readonly Json[]): Promise<AuditEvent[]> {
  const dir = folder();
  append(join(dir, 'audit.log'), ...records);
  return (await readLogs(dir)).events;
}
