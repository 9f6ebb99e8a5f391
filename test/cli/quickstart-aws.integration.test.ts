/** `quickstart --aws` as somebody types it who has nothing but credentials, against the tests' own AWS. */
import { join } from 'node:path';
import * as ec2 from '@aws-sdk/client-ec2';
import { expect, onTestFinished, test } from 'vitest';
import { AGENTS } from '../aws/agents.ts';
import { clientsOf } from '../aws/clients.ts';
import { iamUser } from '../aws/endpoint/callers.ts';
import { startEndpoint } from '../aws/endpoint/endpoint.ts';
import { cli, folder } from './run.ts';

const ACCOUNT = '111122223333';
const REGION = 'eu-west-1';

test('snapshots the account; what somebody changes then is theirs in the report', { timeout: 300_000 }, async () => {
  const endpoint = await startEndpoint();
  onTestFinished(() => endpoint.stop());
  const identity = (accessKeyId: string) => iamUser({ account: ACCOUNT, name: 'alice', userId: 'AIDAEXAMPLEALICE', accessKeyId });
  const alice = await endpoint.actor({ account: ACCOUNT, identity, keyPrefix: 'AKIA' });
  const clients = clientsOf(endpoint.url, alice, AGENTS.cli);
  onTestFinished(() => clients.close());
  const aws = clients.ec2(REGION);
  const { Vpc } = await aws.send(new ec2.CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const { RouteTable } = await aws.send(new ec2.CreateRouteTableCommand({ VpcId: Vpc?.VpcId }));
  const { InternetGateway } = await aws.send(new ec2.CreateInternetGatewayCommand({}));
  const GatewayId = InternetGateway?.InternetGatewayId;
  await aws.send(new ec2.AttachInternetGatewayCommand({ InternetGatewayId: GatewayId, VpcId: Vpc?.VpcId }));
  const route = { RouteTableId: RouteTable?.RouteTableId, DestinationCidrBlock: '0.0.0.0/0' };
  await aws.send(new ec2.CreateRouteCommand({ ...route, GatewayId }));

  const dir = join(folder(), 'demo');
  const env = {
    AWS_ACCESS_KEY_ID: alice.accessKeyId,
    AWS_SECRET_ACCESS_KEY: alice.secretAccessKey,
    AWS_ENDPOINT_URL: endpoint.url,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  const first = await cli(['quickstart', dir, '--aws'], { env, timeout: 120_000 });
  expect([0, 3], first.stderr).toContain(first.code);
  expect(first.stderr).toContain('snapshot of this machine and your AWS account');
  expect(first.stderr).not.toContain('Warning');

  await aws.send(new ec2.DeleteRouteCommand(route));
  const second = await cli(['--dir', dir, 'snapshot', '--only', 'aws'], { env, timeout: 120_000 });
  expect(second.code, second.stderr).toBe(0);
  const { findings } = JSON.parse((await cli(['--dir', dir, 'report', '--json'], { env })).stdout);
  expect(findings[0]).toMatchObject({
    resource: { id: route.RouteTableId, scope: `aws/${ACCOUNT}/${REGION}` },
    attribution: { grade: 'exact', actor: { name: 'alice', via: 'cli' } },
    threat: { rules: expect.arrayContaining(['default-route-removed']) },
    undo: [expect.stringContaining(`create-route --route-table-id ${route.RouteTableId}`)],
  });
});
