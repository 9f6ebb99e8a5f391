/** DescribeInstances as an endpoint answers it, filters and pages included, rather than as we think. */
import { RunInstancesCommand, StopInstancesCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ec2Hosts, ec2Inventory } from '../../../../exporters/host/inventory/ec2.ts';
import { realSurroundings } from '../../../../src/surroundings.ts';
import { type Endpoint, startEndpoint } from '../../../aws/endpoint/endpoint.ts';
import { clients } from '../../aws/seed.ts';

const REGION = 'eu-west-1';
let aws: Endpoint;
beforeAll(async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
  aws = await startEndpoint();
});
afterAll(() => aws?.stop());

it('finds running instances by their tags, at their private addresses', async () => {
  const { ec2 } = clients(aws.url, REGION);
  const made = async (name: string, role: string) => {
    const TagSpecifications = [
      {
        ResourceType: 'instance' as const,
        Tags: [
          { Key: 'Name', Value: name },
          { Key: 'Role', Value: role },
        ],
      },
    ];
    const { Instances: [one] = [] } = await ec2.send(
      new RunInstancesCommand({ ImageId: 'ami-785db401', MinCount: 1, MaxCount: 1, TagSpecifications }),
    );
    return { id: one?.InstanceId ?? '', address: one?.PrivateIpAddress };
  };
  const web = await made('web01', 'web');
  const stopped = await made('web02', 'web');
  await made('db01', 'db');
  await ec2.send(new StopInstancesCommand({ InstanceIds: [stopped.id] }));
  const options = ec2Inventory.parse({ tags: { Role: 'w*' }, regions: [REGION, 'us-east-1'], endpoint: aws.url });
  const told: string[] = [];
  const note = (text: string) => told.push(text);
  const hosts = await ec2Hosts(
    options,
    { ...realSurroundings('.'), signal: new AbortController().signal },
    { leftOut: note, refused: ({ detail }) => note(detail) },
  );
  expect([hosts, told]).toEqual([[{ name: 'web01', address: web.address }], []]);
});
