import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import exporter from '../../exporters/aws/index.ts';
import { collect } from '../../src/collect/collect.ts';
import { diffJson } from '../../src/diff/json.ts';
import type { Json, JsonObject } from '../../src/model.ts';
import { normalize } from '../../src/normalize/normalize.ts';
import { createRedactor } from '../../src/normalize/redact.ts';
import { realSurroundings } from '../../src/surroundings.ts';

const root = fileURLToPath(new URL('../../examples/demo/', import.meta.url));
const manifest = JSON.parse(await readFile(join(root, 'manifest.json'), 'utf8')) as {
  account: string;
  regions: string[];
  phases: { name: string; answers: string; offsetSeconds: number }[];
  trail: string;
};
const records = (await readFile(join(root, manifest.trail), 'utf8'))
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as JsonObject);

async function documents(phase: string): Promise<{ gaps: number; configs: Map<string, Json> }> {
  const options = exporter.options.parse({ regions: manifest.regions, replay: join(root, phase) });
  const deps = { surroundings: { ...realSurroundings(), dir: root }, signal: AbortSignal.timeout(20_000), progress: () => undefined };
  const snapshot = await collect(exporter, options, deps);
  const redact = createRedactor(Buffer.alloc(32, 1));
  const configs = new Map<string, Json>();
  for (const resource of snapshot.resources) {
    const kind = exporter.kinds[resource.ref.kind];
    if (kind !== undefined)
      configs.set(`${resource.ref.kind} ${resource.name ?? resource.ref.id}`, normalize(resource, kind, redact).config);
  }
  return { gaps: snapshot.gaps.length, configs };
}

function changes(before: ReadonlyMap<string, Json>, after: ReadonlyMap<string, Json>): string[] {
  const both = [...new Set([...before.keys(), ...after.keys()])].sort();
  return both.flatMap((key) => diffJson(before.get(key) ?? null, after.get(key) ?? null).map((edit) => `${key} ${edit.path}`));
}

describe('the recorded demo account', () => {
  test('replays without a gap and changes between its phases only as the story says', async () => {
    const [baseline, wednesday, thursday] = await Promise.all(manifest.phases.map((phase) => documents(phase.answers)));
    if (baseline === undefined || wednesday === undefined || thursday === undefined) throw new Error('three phases expected');
    expect([baseline.gaps, wednesday.gaps, thursday.gaps]).toEqual([0, 0, 0]);
    expect(changes(baseline.configs, wednesday.configs)).toEqual([
      'aws.ec2.route-table private-a /routes/0.0.0.0~10',
      'aws.ec2.route-table private-a /routes/10.99.0.0~116',
      'aws.ec2.route-table private-a /tags/experiment',
      'aws.ec2.subnet private-a /tags/last-build',
    ]);
    const later = changes(wednesday.configs, thursday.configs);
    expect(later).toContain('aws.iam.role ci-runner /attachedPolicies/arn:aws:iam::aws:policy~1AdministratorAccess');
    expect(later).toContain('aws.ec2.security-group web /rules/ingress tcp 8443 10.20.0.0~116');
    expect(later.filter((line) => line.includes('security-group bastion'))).toEqual([]);
  });

  test('has the record of the deleted default route, the door that was closed again, and failures', () => {
    const of = (name: string) => records.filter((record) => record.eventName === name);
    expect(of('DeleteRoute')[0]).toMatchObject({
      userIdentity: { type: 'IAMUser', userName: 'DevOpsEngineer1' },
      sessionCredentialFromConsole: 'true',
      requestParameters: { destinationCidrBlock: '0.0.0.0/0' },
    });
    expect(of('RevokeSecurityGroupIngress')[0]?.requestParameters).toMatchObject({ cidrIp: '0.0.0.0/0', fromPort: 22 });
    expect(records.filter((record) => record.errorCode !== undefined)).toHaveLength(2);
    const times = records.map((record) => String(record.eventTime));
    expect(times).toEqual([...times].sort());
  });
});
