/** Acts on route tables. */
import * as ec2 from '@aws-sdk/client-ec2';
import { type Act, cidr, pickHot, type Stage } from '../stage.ts';

async function tables({ look, place }: Stage): Promise<ec2.RouteTable[]> {
  const answer = await look.ec2(place.region).send(new ec2.DescribeRouteTablesCommand({}));
  return (answer.RouteTables ?? []).filter((table) => (table.Tags ?? []).some((tag) => tag.Key === 'Name'));
}

async function gateways({ look, place }: Stage): Promise<{ GatewayId?: string; NatGatewayId?: string }[]> {
  const client = look.ec2(place.region);
  const internet = await client.send(new ec2.DescribeInternetGatewaysCommand({}));
  const nat = await client.send(new ec2.DescribeNatGatewaysCommand({}));
  return [
    ...(internet.InternetGateways ?? []).map(({ InternetGatewayId: id }) => ({ GatewayId: id ?? '' })),
    ...(nat.NatGateways ?? []).filter((one) => one.State === 'available').map(({ NatGatewayId: id }) => ({ NatGatewayId: id ?? '' })),
  ];
}

const ours = (route: ec2.Route) => route.Origin === 'CreateRoute' && route.DestinationCidrBlock !== undefined;

const addRoute: Act = async (stage) => {
  const table = pickHot(stage.random, await tables(stage));
  const target = pickHot(stage.random, await gateways(stage));
  if (table === undefined || target === undefined) return undefined;
  const route = { RouteTableId: table.RouteTableId, DestinationCidrBlock: cidr(stage.random) };
  const { region } = stage.place;
  await stage.person.clients.ec2(region).send(new ec2.CreateRouteCommand({ ...route, ...target }));
  return (person) => person.clients.ec2(region).send(new ec2.DeleteRouteCommand(route));
};

const removeRoute: Act = async (stage) => {
  const table = pickHot(
    stage.random,
    (await tables(stage)).filter((one) => (one.Routes ?? []).some(ours)),
  );
  const route = stage.random.pick((table?.Routes ?? []).filter(ours).concat({}));
  if (table === undefined || route.DestinationCidrBlock === undefined) return undefined;
  const key = { RouteTableId: table.RouteTableId, DestinationCidrBlock: route.DestinationCidrBlock };
  const { region } = stage.place;
  await stage.person.clients.ec2(region).send(new ec2.DeleteRouteCommand(key));
  const target = route.NatGatewayId === undefined ? { GatewayId: route.GatewayId } : { NatGatewayId: route.NatGatewayId };
  return (person) => person.clients.ec2(region).send(new ec2.CreateRouteCommand({ ...key, ...target }));
};

const redirectRoute: Act = async (stage) => {
  const table = pickHot(
    stage.random,
    (await tables(stage)).filter((one) => (one.Routes ?? []).some(ours)),
  );
  const route = (table?.Routes ?? []).find(ours);
  const targets = (await gateways(stage)).filter((one) => one.GatewayId !== route?.GatewayId || one.NatGatewayId !== route?.NatGatewayId);
  const target = pickHot(stage.random, targets);
  if (table === undefined || route === undefined || target === undefined) return undefined;
  const key = { RouteTableId: table.RouteTableId, DestinationCidrBlock: route.DestinationCidrBlock };
  await stage.person.clients.ec2(stage.place.region).send(new ec2.ReplaceRouteCommand({ ...key, ...target }));
  return undefined;
};

const associate: Act = async (stage) => {
  const all = await tables(stage);
  const table = pickHot(stage.random, all);
  const client = stage.look.ec2(stage.place.region);
  const taken = new Set(all.flatMap((one) => (one.Associations ?? []).map((link) => link.SubnetId)));
  const subnets = await client.send(new ec2.DescribeSubnetsCommand({ Filters: [{ Name: 'vpc-id', Values: [table?.VpcId ?? ''] }] }));
  const free = (subnets.Subnets ?? []).filter((one) => !taken.has(one.SubnetId));
  const subnet = pickHot(stage.random, free);
  if (table === undefined || subnet === undefined) return undefined;
  const { region } = stage.place;
  const made = await stage.person.clients
    .ec2(region)
    .send(new ec2.AssociateRouteTableCommand({ RouteTableId: table.RouteTableId, SubnetId: subnet.SubnetId }));
  return (person) => person.clients.ec2(region).send(new ec2.DisassociateRouteTableCommand({ AssociationId: made.AssociationId }));
};

const disassociate: Act = async (stage) => {
  const links = (await tables(stage)).flatMap((one) => one.Associations ?? []).filter((link) => link.SubnetId !== undefined);
  const link = pickHot(stage.random, links);
  if (link === undefined) return undefined;
  const call = new ec2.DisassociateRouteTableCommand({ AssociationId: link.RouteTableAssociationId });
  await stage.person.clients.ec2(stage.place.region).send(call);
  return undefined;
};

const reassociate: Act = async (stage) => {
  const all = await tables(stage);
  const table = stage.random.pick([...all, undefined]);
  const link = all
    .filter((one) => one.VpcId === table?.VpcId && one !== table)
    .flatMap((one) => one.Associations ?? [])
    .find((one) => one.SubnetId !== undefined);
  if (table === undefined || link === undefined) return undefined;
  const call = new ec2.ReplaceRouteTableAssociationCommand({
    AssociationId: link.RouteTableAssociationId,
    RouteTableId: table.RouteTableId,
  });
  await stage.person.clients.ec2(stage.place.region).send(call);
  return undefined;
};

const createTable: Act = async (stage) => {
  const { region } = stage.place;
  const vpc = (await tables(stage))[0]?.VpcId;
  if (vpc === undefined) return undefined;
  const tag = { Key: 'Name', Value: `rt-${stage.random.hex(4)}` };
  const made = await stage.person.clients
    .ec2(region)
    .send(new ec2.CreateRouteTableCommand({ VpcId: vpc, TagSpecifications: [{ ResourceType: 'route-table', Tags: [tag] }] }));
  const id = made.RouteTable?.RouteTableId;
  return (person) => person.clients.ec2(region).send(new ec2.DeleteRouteTableCommand({ RouteTableId: id }));
};

/** Fails while the table is in use, as it does for people. */
const deleteTable: Act = async (stage) => {
  const table = stage.random.pick([...(await tables(stage)), undefined]);
  if (table === undefined) return undefined;
  await stage.person.clients.ec2(stage.place.region).send(new ec2.DeleteRouteTableCommand({ RouteTableId: table.RouteTableId }));
  return undefined;
};

export const routeActs = { addRoute, removeRoute, redirectRoute, associate, disassociate, reassociate, createTable, deleteTable };
