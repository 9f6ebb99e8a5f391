/** Acts on VPCs, subnets, gateways, network ACLs, peerings, addresses and prefix lists. */
import * as ec2 from '@aws-sdk/client-ec2';
import { type Act, cidr, pickHot, type Stage } from '../stage.ts';

async function vpcs({ look, place }: Stage): Promise<ec2.Vpc[]> {
  const answer = await look.ec2(place.region).send(new ec2.DescribeVpcsCommand({}));
  return (answer.Vpcs ?? []).filter((vpc) => vpc.IsDefault !== true);
}

const theirs = (stage: Stage) => stage.person.clients.ec2(stage.place.region);
const eyes = (stage: Stage) => stage.look.ec2(stage.place.region);

const toggleDns: Act = async (stage) => {
  const vpc = pickHot(stage.random, await vpcs(stage));
  if (vpc === undefined) return undefined;
  const Value = stage.random.chance(0.5);
  await theirs(stage).send(new ec2.ModifyVpcAttributeCommand({ VpcId: vpc.VpcId, EnableDnsHostnames: { Value } }));
  return undefined;
};

const togglePublicIp: Act = async (stage) => {
  const subnets = (await eyes(stage).send(new ec2.DescribeSubnetsCommand({}))).Subnets ?? [];
  const subnet = pickHot(stage.random, subnets);
  if (subnet === undefined) return undefined;
  const Value = subnet.MapPublicIpOnLaunch !== true;
  const set = (value: boolean) =>
    new ec2.ModifySubnetAttributeCommand({ SubnetId: subnet.SubnetId, MapPublicIpOnLaunch: { Value: value } });
  await theirs(stage).send(set(Value));
  return (person) => person.clients.ec2(stage.place.region).send(set(!Value));
};

const createSubnet: Act = async (stage) => {
  const vpc = pickHot(stage.random, await vpcs(stage));
  if (vpc === undefined) return undefined;
  const block = vpc.CidrBlock?.replace(/\.0\.0\/16$/, `.${200 + stage.random.int(50)}.0/24`);
  const made = await theirs(stage).send(new ec2.CreateSubnetCommand({ VpcId: vpc.VpcId, CidrBlock: block }));
  const call = new ec2.DeleteSubnetCommand({ SubnetId: made.Subnet?.SubnetId });
  return (person) => person.clients.ec2(stage.place.region).send(call);
};

const addAclEntry: Act = async (stage) => {
  const acls = (await eyes(stage).send(new ec2.DescribeNetworkAclsCommand({}))).NetworkAcls ?? [];
  const acl = pickHot(
    stage.random,
    acls.filter((one) => one.IsDefault !== true),
  );
  if (acl === undefined) return undefined;
  const key = { NetworkAclId: acl.NetworkAclId, RuleNumber: 200 + stage.random.int(50), Egress: stage.random.chance(0.3) };
  const PortRange = { From: 443, To: 443 + stage.random.int(10) };
  await theirs(stage).send(
    new ec2.CreateNetworkAclEntryCommand({ ...key, Protocol: '6', RuleAction: 'allow', CidrBlock: cidr(stage.random), PortRange }),
  );
  return (person) => person.clients.ec2(stage.place.region).send(new ec2.DeleteNetworkAclEntryCommand(key));
};

const changeAclEntry: Act = async (stage) => {
  const acls = (await eyes(stage).send(new ec2.DescribeNetworkAclsCommand({}))).NetworkAcls ?? [];
  const acl = acls.find((one) => one.IsDefault !== true);
  const entry = stage.random.pick([...(acl?.Entries ?? []).filter((one) => (one.RuleNumber ?? 0) < 32767), undefined]);
  if (acl === undefined || entry === undefined) return undefined;
  const key = { NetworkAclId: acl.NetworkAclId, RuleNumber: entry.RuleNumber, Egress: entry.Egress };
  if (stage.random.chance(0.4)) await theirs(stage).send(new ec2.DeleteNetworkAclEntryCommand(key));
  else
    await theirs(stage).send(
      new ec2.ReplaceNetworkAclEntryCommand({ ...key, Protocol: '-1', RuleAction: 'deny', CidrBlock: cidr(stage.random) }),
    );
  return undefined;
};

const moveAcl: Act = async (stage) => {
  const acls = (await eyes(stage).send(new ec2.DescribeNetworkAclsCommand({}))).NetworkAcls ?? [];
  const acl = pickHot(
    stage.random,
    acls.filter((one) => one.IsDefault !== true),
  );
  const link = acls.filter((one) => one.VpcId === acl?.VpcId && one !== acl).flatMap((one) => one.Associations ?? [])[0];
  if (acl === undefined || link === undefined) return undefined;
  const input = { AssociationId: link.NetworkAclAssociationId, NetworkAclId: acl.NetworkAclId };
  await theirs(stage).send(new ec2.ReplaceNetworkAclAssociationCommand(input));
  return undefined;
};

const detachGateway: Act = async (stage) => {
  const all = (await eyes(stage).send(new ec2.DescribeInternetGatewaysCommand({}))).InternetGateways ?? [];
  const gateway = pickHot(
    stage.random,
    all.filter((one) => (one.Tags ?? []).length > 0),
  );
  if (gateway === undefined) return undefined;
  const attached = gateway.Attachments?.[0]?.VpcId;
  const { region } = stage.place;
  if (attached === undefined) {
    const vpc = (await vpcs(stage))[0]?.VpcId;
    await theirs(stage).send(new ec2.AttachInternetGatewayCommand({ InternetGatewayId: gateway.InternetGatewayId, VpcId: vpc }));
    return undefined;
  }
  const input = { InternetGatewayId: gateway.InternetGatewayId, VpcId: attached };
  await theirs(stage).send(new ec2.DetachInternetGatewayCommand(input));
  return (person) => person.clients.ec2(region).send(new ec2.AttachInternetGatewayCommand(input));
};

const natGateway: Act = async (stage) => {
  const all = (await eyes(stage).send(new ec2.DescribeNatGatewaysCommand({}))).NatGateways ?? [];
  const spare = all.filter((one) => one.State === 'available').slice(1)[0];
  if (spare !== undefined) {
    await theirs(stage).send(new ec2.DeleteNatGatewayCommand({ NatGatewayId: spare.NatGatewayId }));
    return undefined;
  }
  const subnet = (await eyes(stage).send(new ec2.DescribeSubnetsCommand({}))).Subnets?.[0]?.SubnetId;
  const made = await theirs(stage).send(new ec2.CreateNatGatewayCommand({ SubnetId: subnet, ConnectivityType: 'private' }));
  const call = new ec2.DeleteNatGatewayCommand({ NatGatewayId: made.NatGateway?.NatGatewayId });
  return (person) => person.clients.ec2(stage.place.region).send(call);
};

const endpoint: Act = async (stage) => {
  const { region } = stage.place;
  const all = (await eyes(stage).send(new ec2.DescribeVpcEndpointsCommand({}))).VpcEndpoints ?? [];
  const tables = (await eyes(stage).send(new ec2.DescribeRouteTablesCommand({}))).RouteTables ?? [];
  const present = all.find((one) => String(one.State).toLowerCase() === 'available');
  if (present !== undefined && stage.random.chance(0.4)) {
    await theirs(stage).send(new ec2.DeleteVpcEndpointsCommand({ VpcEndpointIds: [present.VpcEndpointId ?? ''] }));
    return undefined;
  }
  const vpc = pickHot(stage.random, await vpcs(stage))?.VpcId;
  const table = tables.find((one) => one.VpcId === vpc)?.RouteTableId;
  if (vpc === undefined || table === undefined) return undefined;
  const input = { VpcId: vpc, ServiceName: `com.amazonaws.${region}.dynamodb`, RouteTableIds: [table] };
  const made = await theirs(stage).send(new ec2.CreateVpcEndpointCommand(input));
  const call = new ec2.DeleteVpcEndpointsCommand({ VpcEndpointIds: [made.VpcEndpoint?.VpcEndpointId ?? ''] });
  return (person) => person.clients.ec2(region).send(call);
};

const peering: Act = async (stage) => {
  const [one, two] = await vpcs(stage);
  if (one === undefined || two === undefined) return undefined;
  const made = await theirs(stage).send(new ec2.CreateVpcPeeringConnectionCommand({ VpcId: one.VpcId, PeerVpcId: two.VpcId }));
  const VpcPeeringConnectionId = made.VpcPeeringConnection?.VpcPeeringConnectionId;
  if (stage.random.chance(0.5)) await theirs(stage).send(new ec2.AcceptVpcPeeringConnectionCommand({ VpcPeeringConnectionId }));
  return (person) => person.clients.ec2(stage.place.region).send(new ec2.DeleteVpcPeeringConnectionCommand({ VpcPeeringConnectionId }));
};

const address: Act = async (stage) => {
  const { region } = stage.place;
  const made = await theirs(stage).send(new ec2.AllocateAddressCommand({ Domain: 'vpc' }));
  return (person) => person.clients.ec2(region).send(new ec2.ReleaseAddressCommand({ AllocationId: made.AllocationId }));
};

const prefixList: Act = async (stage) => {
  const all = (await eyes(stage).send(new ec2.DescribeManagedPrefixListsCommand({}))).PrefixLists ?? [];
  const list = all.find((one) => one.OwnerId === stage.place.account);
  if (list === undefined) return undefined;
  const Cidr = cidr(stage.random);
  // With its name, as the console sends it: the emulator forgets the name of a list that is modified without.
  const { PrefixListId, PrefixListName, Version: CurrentVersion } = list;
  const input = { PrefixListId, PrefixListName, CurrentVersion, AddEntries: [{ Cidr, Description: 'partner' }] };
  await theirs(stage).send(new ec2.ModifyManagedPrefixListCommand(input));
  return undefined;
};

export const networkActs = {
  toggleDns,
  togglePublicIp,
  createSubnet,
  addAclEntry,
  changeAclEntry,
  moveAcl,
  detachGateway,
  natGateway,
  endpoint,
  peering,
  address,
  prefixList,
};
