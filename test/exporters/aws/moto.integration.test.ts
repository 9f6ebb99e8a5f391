/** Against moto, a stand-in for AWS with real answers: collecting, recording, and undoing by the printed commands. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as EC2 from '@aws-sdk/client-ec2';
import * as IAM from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import exporter from '../../../exporters/aws/index.ts';
import { awsKinds } from '../../../exporters/aws/kinds.ts';
import { collect } from '../../../src/collect/collect.ts';
import type { Change, Json, Snapshot } from '../../../src/model.ts';
import { normalize } from '../../../src/normalize/normalize.ts';
import { createRedactor } from '../../../src/normalize/redact.ts';
import { realSurroundings } from '../../../src/surroundings.ts';
import { type Endpoint, startEndpoint } from '../../aws/endpoint/endpoint.ts';
import { clients, type Seeded, seedIdentities, seedNetwork } from './seed.ts';

const REGION = 'eu-west-1';
const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
const redactor = createRedactor(new Uint8Array(32));
let aws: Endpoint;
let endpoint: string;
let seeded: Seeded;
let folder: string;

beforeAll(async () => {
  Object.assign(process.env, CREDENTIALS);
  aws = await startEndpoint();
  endpoint = aws.url;
  folder = await mkdtemp(join(tmpdir(), 'drifttrail-moto-'));
  seeded = await seedNetwork(endpoint, REGION);
  await seedIdentities(endpoint);
});
afterAll(async () => {
  await aws?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function snapshotWith(options: object): Promise<Snapshot> {
  const deps = { surroundings: realSurroundings(folder), signal: new AbortController().signal, progress: () => undefined };
  return collect(exporter, exporter.options.parse({ regions: [REGION], rate: 100, ...options }), deps);
}

function configsOf(snapshot: Snapshot): Map<string, { change: Pick<Change, 'ref' | 'path'>; config: Json }> {
  const entries = snapshot.resources.map((resource) => {
    const kind = exporter.kinds[resource.ref.kind];
    if (kind === undefined) throw new Error(resource.ref.kind);
    const path = `${resource.ref.scope} ${resource.ref.kind} ${resource.ref.id}`;
    return [path, { change: { ref: resource.ref, path }, config: normalize(resource, kind, redactor).config }] as const;
  });
  return new Map(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Ids and dates of parts that were made anew are not the state that people care about. */
function essence(snapshot: Snapshot): unknown {
  const configs = [...configsOf(snapshot)].map(([path, { config }]) => [path, config]);
  return JSON.parse(
    JSON.stringify(configs, (name, value) => (name === 'securityGroupRuleId' || name === 'createDate' ? undefined : value)),
  );
}

describe('against moto', () => {
  it('reads every kind, and a recording of it gives the same', async () => {
    const live = await snapshotWith({ endpoint, record: 'calls' });
    expect(live.gaps).toEqual([]);
    expect(live.complete.length).toBe(awsKinds.length);
    expect(new Set(live.resources.map(({ ref }) => ref.kind))).toEqual(new Set(Object.keys(exporter.kinds)));
    const replayed = await snapshotWith({ replay: 'calls' });
    expect([...configsOf(replayed)]).toEqual([...configsOf(live)]);
    const again = await snapshotWith({ endpoint });
    expect([...configsOf(again)]).toEqual([...configsOf(live)]);
  });

  it('learns the enabled regions', async () => {
    const { complete, gaps } = await snapshotWith({ endpoint, regions: 'enabled' });
    expect(gaps).toEqual([]);
    expect(new Set(complete.map(({ scope }) => scope)).size).toBeGreaterThan(15);
  });

  it('keeps to its rate', async () => {
    const started = performance.now();
    await snapshotWith({ endpoint, rate: 10 });
    // 21 listings of one region and what belongs to them: at 10 a second no faster than this.
    expect(performance.now() - started).toBeGreaterThan(2_000);
  });

  it('calls an endpoint that is not there unreachable', async () => {
    const { gaps, resources } = await snapshotWith({ endpoint: 'http://127.0.0.1:9' });
    expect(resources).toEqual([]);
    expect(gaps).toMatchObject([
      { scope: 'aws/default/all-regions', reason: 'unreachable', detail: expect.stringContaining('ECONNREFUSED') },
    ]);
  });

  it('undoes changes by the commands it prints', { timeout: 180_000 }, async () => {
    const before = await snapshotWith({ endpoint });
    const { ec2, iam } = clients(endpoint, REGION);
    const { vpc, routeTable, securityGroup, networkAcl } = seeded;
    const anywhere = JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' } });
    await ec2.send(new EC2.DeleteRouteCommand({ RouteTableId: routeTable, DestinationCidrBlock: '0.0.0.0/0' }));
    await ec2.send(
      new EC2.AuthorizeSecurityGroupIngressCommand({
        GroupId: securityGroup,
        IpProtocol: 'tcp',
        FromPort: 3389,
        ToPort: 3389,
        CidrIp: '0.0.0.0/0',
      }),
    );
    await ec2.send(
      new EC2.RevokeSecurityGroupIngressCommand({
        GroupId: securityGroup,
        IpPermissions: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, Ipv6Ranges: [{ CidrIpv6: '::/0' }] }],
      }),
    );
    await ec2.send(new EC2.DeleteNetworkAclEntryCommand({ NetworkAclId: networkAcl, RuleNumber: 100, Egress: false }));
    await ec2.send(new EC2.ModifyVpcAttributeCommand({ VpcId: vpc, EnableDnsSupport: { Value: false } }));
    await ec2.send(
      new EC2.CreateTagsCommand({
        Resources: [vpc],
        Tags: [
          { Key: 'Name', Value: "it's $(id)" },
          { Key: 'new', Value: '1' },
        ],
      }),
    );
    await iam.send(new IAM.UpdateAssumeRolePolicyCommand({ RoleName: 'deploy', PolicyDocument: anywhere }));
    await iam.send(new IAM.AttachUserPolicyCommand({ UserName: 'bob', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }));
    await iam.send(new IAM.AddUserToGroupCommand({ UserName: 'bob', GroupName: 'admins' }));
    await iam.send(new IAM.CreateAccessKeyCommand({ UserName: 'bob' }));
    await iam.send(new IAM.DeleteGroupPolicyCommand({ GroupName: 'admins', PolicyName: 'read' }));
    await iam.send(new IAM.CreateUserCommand({ UserName: 'mallory' }));
    const after = await snapshotWith({ endpoint });
    expect(essence(after)).not.toEqual(essence(before));

    const commands = undoCommands(before, after);
    expect(commands.length).toBeGreaterThanOrEqual(12);
    const env = { ...process.env, ...CREDENTIALS, AWS_DEFAULT_REGION: 'us-east-1', AWS_ENDPOINT_URL: endpoint, AWS_PAGER: '' };
    await promisify(execFile)('sh', ['-e', '-c', commands.join('\n')], { env, timeout: 170_000 });
    expect(essence(await snapshotWith({ endpoint }))).toEqual(essence(before));
  });
});

function undoCommands(before: Snapshot, after: Snapshot): string[] {
  const [was, is] = [configsOf(before), configsOf(after)];
  const paths = new Set([...was.keys(), ...is.keys()]);
  return [...paths].flatMap((path) => {
    const [old, now] = [was.get(path), is.get(path)];
    const base = (old ?? now)?.change;
    if (base === undefined || JSON.stringify(old?.config) === JSON.stringify(now?.config)) return [];
    const change: Change = {
      ...base,
      type: old === undefined ? 'created' : now === undefined ? 'deleted' : 'modified',
      edits: [],
      ...(old === undefined ? {} : { before: old.config }),
      ...(now === undefined ? {} : { after: now.config }),
    };
    return [...(exporter.kinds[base.ref.kind]?.undo?.(change, { before: () => undefined }) ?? [])];
  });
}
