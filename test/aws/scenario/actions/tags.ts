/** Acts on the tags of anything in EC2. */
import * as ec2 from '@aws-sdk/client-ec2';
import { type Act, pickHot, type Stage } from '../stage.ts';

async function targets({ look, place }: Stage): Promise<string[]> {
  const client = look.ec2(place.region);
  const [subnets, tables, groups, vpcs] = await Promise.all([
    client.send(new ec2.DescribeSubnetsCommand({})),
    client.send(new ec2.DescribeRouteTablesCommand({})),
    client.send(new ec2.DescribeSecurityGroupsCommand({})),
    client.send(new ec2.DescribeVpcsCommand({})),
  ]);
  return [
    ...(tables.RouteTables ?? []).map((one) => one.RouteTableId),
    ...(subnets.Subnets ?? []).map((one) => one.SubnetId),
    ...(groups.SecurityGroups ?? []).map((one) => one.GroupId),
    ...(vpcs.Vpcs ?? []).map((one) => one.VpcId),
  ].filter((id) => id !== undefined);
}

const KEYS = ['owner', 'cost-center', 'stage', 'ticket'];

const tag: Act = async (stage) => {
  const ids = await targets(stage);
  const Resources = [...new Set([pickHot(stage.random, ids), ...(stage.random.chance(0.3) ? [stage.random.pick(ids)] : [])])].filter(
    (id) => id !== undefined,
  );
  const Tags = [
    { Key: stage.random.pick(KEYS), Value: stage.random.pick(['true', 'blue', '4200', 'team/a b', `v${stage.random.int(50)}`]) },
  ];
  const { region } = stage.place;
  await stage.person.clients.ec2(region).send(new ec2.CreateTagsCommand({ Resources, Tags }));
  return (person) => person.clients.ec2(region).send(new ec2.DeleteTagsCommand({ Resources, Tags: Tags.map(({ Key }) => ({ Key })) }));
};

const untag: Act = async (stage) => {
  const client = stage.look.ec2(stage.place.region);
  const found = (await client.send(new ec2.DescribeTagsCommand({}))).Tags ?? [];
  const one = pickHot(
    stage.random,
    found.filter((tagged) => KEYS.includes(tagged.Key ?? '')),
  );
  if (one?.ResourceId === undefined) return undefined;
  await stage.person.clients
    .ec2(stage.place.region)
    .send(new ec2.DeleteTagsCommand({ Resources: [one.ResourceId], Tags: [{ Key: one.Key }] }));
  return undefined;
};

export const tagActs = { tag, untag };
