/** VPCs, subnets, what hangs in them, and how they reach each other. */
import * as ec2 from '@aws-sdk/client-ec2';
import * as place from '../places.ts';
import { known, trial, type Trial } from '../trial.ts';

const POLICY = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*' }] };

export const networkTrials: readonly Trial[] = [
  trial(
    'ec2.vpc',
    'created',
    'made',
    async ({ ec2: aws }) =>
      () =>
        place.vpc(aws),
  ),
  trial('ec2.vpc', 'deleted', 'with its DNS attributes and DHCP options', async ({ ec2: aws }) => {
    const VpcId = await place.vpc(aws);
    await aws.send(new ec2.ModifyVpcAttributeCommand({ VpcId, EnableDnsHostnames: { Value: true } }));
    await aws.send(new ec2.AssociateDhcpOptionsCommand({ VpcId, DhcpOptionsId: await dhcpOptions(aws) }));
    return () => aws.send(new ec2.DeleteVpcCommand({ VpcId }));
  }),
  trial('ec2.vpc', 'deleted', 'with a second address range', async ({ ec2: aws }) => {
    const VpcId = await place.vpc(aws);
    await aws.send(new ec2.AssociateVpcCidrBlockCommand({ VpcId, CidrBlock: '10.1.0.0/16' }));
    return () => aws.send(new ec2.DeleteVpcCommand({ VpcId }));
  }),
  ...(['EnableDnsSupport', 'EnableDnsHostnames', 'EnableNetworkAddressUsageMetrics'] as const).map((name) =>
    trial('ec2.vpc', 'modified', name, async ({ ec2: aws }) => {
      const VpcId = await place.vpc(aws);
      return () => aws.send(new ec2.ModifyVpcAttributeCommand({ VpcId, [name]: { Value: name !== 'EnableDnsSupport' } }));
    }),
  ),
  trial('ec2.vpc', 'modified', 'DHCP options', async ({ ec2: aws }) => {
    const VpcId = await place.vpc(aws);
    const DhcpOptionsId = await dhcpOptions(aws);
    return () => aws.send(new ec2.AssociateDhcpOptionsCommand({ VpcId, DhcpOptionsId }));
  }),
  trial('ec2.vpc', 'modified', 'address range added', async ({ ec2: aws }) => {
    const VpcId = await place.vpc(aws);
    return () => aws.send(new ec2.AssociateVpcCidrBlockCommand({ VpcId, CidrBlock: '10.1.0.0/16' }));
  }),
  trial('ec2.vpc', 'modified', 'address range removed', async ({ ec2: aws }) => {
    const VpcId = await place.vpc(aws);
    const made = await aws.send(new ec2.AssociateVpcCidrBlockCommand({ VpcId, CidrBlock: '10.1.0.0/16' }));
    return () => aws.send(new ec2.DisassociateVpcCidrBlockCommand({ AssociationId: made.CidrBlockAssociation?.AssociationId }));
  }),
  trial('ec2.vpc', 'modified', 'IPv6 range added', async ({ ec2: aws }) => {
    const VpcId = await place.vpc(aws);
    return () => aws.send(new ec2.AssociateVpcCidrBlockCommand({ VpcId, AmazonProvidedIpv6CidrBlock: true }));
  }),
  trial(
    'ec2.vpc',
    'modified',
    'IPv6 range removed',
    async ({ ec2: aws }) => {
      const VpcId = await place.vpc(aws);
      const made = await aws.send(new ec2.AssociateVpcCidrBlockCommand({ VpcId, AmazonProvidedIpv6CidrBlock: true }));
      return () => aws.send(new ec2.DisassociateVpcCidrBlockCommand({ AssociationId: made.Ipv6CidrBlockAssociation?.AssociationId }));
    },
    { lost: { paths: ['/ipv6CidrBlockAssociations'], because: "a range of Amazon's goes back to its pool" } },
  ),
  trial('ec2.vpc', 'modified', 'tags', async ({ ec2: aws }) => {
    const id = await place.vpc(aws);
    return () => place.retag(aws, id);
  }),

  trial('ec2.subnet', 'created', 'made', async ({ ec2: aws }) => {
    const vpc = await place.vpc(aws);
    return () => place.subnet(aws, vpc);
  }),
  trial('ec2.subnet', 'deleted', 'with its attributes', async ({ ec2: aws }) => {
    const SubnetId = await place.subnet(aws, await place.vpc(aws));
    await aws.send(new ec2.ModifySubnetAttributeCommand({ SubnetId, MapPublicIpOnLaunch: { Value: true } }));
    return () => aws.send(new ec2.DeleteSubnetCommand({ SubnetId }));
  }),
  trial('ec2.subnet', 'modified', 'public addresses at launch', async ({ ec2: aws }) => {
    const SubnetId = await place.subnet(aws, await place.vpc(aws));
    return () => aws.send(new ec2.ModifySubnetAttributeCommand({ SubnetId, MapPublicIpOnLaunch: { Value: true } }));
  }),
  trial('ec2.subnet', 'modified', 'IPv6 address at creation', async ({ ec2: aws }) => {
    const SubnetId = await place.subnet(aws, await place.vpc(aws));
    return () => aws.send(new ec2.ModifySubnetAttributeCommand({ SubnetId, AssignIpv6AddressOnCreation: { Value: true } }));
  }),
  trial('ec2.subnet', 'modified', 'IPv6 range added', async ({ ec2: aws }) => {
    const { SubnetId, Ipv6CidrBlock } = await dualStack(aws);
    return () => aws.send(new ec2.AssociateSubnetCidrBlockCommand({ SubnetId, Ipv6CidrBlock }));
  }),
  trial('ec2.subnet', 'modified', 'IPv6 range removed', async ({ ec2: aws }) => {
    const { SubnetId, Ipv6CidrBlock } = await dualStack(aws);
    const made = await aws.send(new ec2.AssociateSubnetCidrBlockCommand({ SubnetId, Ipv6CidrBlock }));
    return () => aws.send(new ec2.DisassociateSubnetCidrBlockCommand({ AssociationId: made.Ipv6CidrBlockAssociation?.AssociationId }));
  }),
  trial('ec2.subnet', 'modified', 'DNS64', async ({ ec2: aws }) => {
    const SubnetId = await place.subnet(aws, await place.vpc(aws));
    return () => aws.send(new ec2.ModifySubnetAttributeCommand({ SubnetId, EnableDns64: { Value: true } }));
  }),
  trial('ec2.subnet', 'modified', 'host names at launch', async ({ ec2: aws }) => {
    const SubnetId = await place.subnet(aws, await place.vpc(aws));
    return () => aws.send(new ec2.ModifySubnetAttributeCommand({ SubnetId, PrivateDnsHostnameTypeOnLaunch: 'resource-name' }));
  }),
  trial('ec2.subnet', 'modified', 'tags', async ({ ec2: aws }) => {
    const id = await place.subnet(aws, await place.vpc(aws));
    return () => place.retag(aws, id);
  }),

  trial(
    'ec2.dhcp-options',
    'created',
    'made',
    async ({ ec2: aws }) =>
      () =>
        dhcpOptions(aws),
  ),
  trial('ec2.dhcp-options', 'deleted', 'deleted', async ({ ec2: aws }) => {
    const DhcpOptionsId = await dhcpOptions(aws);
    return () => aws.send(new ec2.DeleteDhcpOptionsCommand({ DhcpOptionsId }));
  }),
  trial('ec2.dhcp-options', 'modified', 'tags', async ({ ec2: aws }) => {
    const id = await dhcpOptions(aws);
    return () => place.retag(aws, id);
  }),

  trial('ec2.network-interface', 'created', 'made', async ({ ec2: aws }) => {
    const subnet = await place.subnet(aws, await place.vpc(aws));
    return () => place.networkInterface(aws, subnet);
  }),
  trial('ec2.network-interface', 'deleted', 'deleted', async ({ ec2: aws }) => {
    const vpc = await place.vpc(aws);
    const group = await place.securityGroup(aws, vpc);
    const NetworkInterfaceId = await place.networkInterface(aws, await place.subnet(aws, vpc), [group]);
    return () => aws.send(new ec2.DeleteNetworkInterfaceCommand({ NetworkInterfaceId }));
  }),
  trial('ec2.network-interface', 'deleted', 'with a second address and without its check', async ({ ec2: aws }) => {
    const NetworkInterfaceId = await place.networkInterface(aws, await place.subnet(aws, await place.vpc(aws)));
    await aws.send(new ec2.AssignPrivateIpAddressesCommand({ NetworkInterfaceId, PrivateIpAddresses: ['10.0.1.200'] }));
    await aws.send(new ec2.ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId, SourceDestCheck: { Value: false } }));
    return () => aws.send(new ec2.DeleteNetworkInterfaceCommand({ NetworkInterfaceId }));
  }),
  trial('ec2.network-interface', 'modified', 'groups', async ({ ec2: aws }) => {
    const vpc = await place.vpc(aws);
    const [one, two] = [await place.securityGroup(aws, vpc), await place.securityGroup(aws, vpc, 'other')];
    const NetworkInterfaceId = await place.networkInterface(aws, await place.subnet(aws, vpc), [one]);
    return () => aws.send(new ec2.ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId, Groups: [two] }));
  }),
  trial('ec2.network-interface', 'modified', 'source check', async ({ ec2: aws }) => {
    const NetworkInterfaceId = await place.networkInterface(aws, await place.subnet(aws, await place.vpc(aws)));
    return () => aws.send(new ec2.ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId, SourceDestCheck: { Value: false } }));
  }),
  trial('ec2.network-interface', 'modified', 'description', async ({ ec2: aws }) => {
    const NetworkInterfaceId = await place.networkInterface(aws, await place.subnet(aws, await place.vpc(aws)));
    return () => aws.send(new ec2.ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId, Description: { Value: 'x' } }));
  }),
  trial('ec2.network-interface', 'modified', 'address added', async ({ ec2: aws }) => {
    const NetworkInterfaceId = await place.networkInterface(aws, await place.subnet(aws, await place.vpc(aws)));
    return () => aws.send(new ec2.AssignPrivateIpAddressesCommand({ NetworkInterfaceId, PrivateIpAddresses: ['10.0.1.200'] }));
  }),
  trial('ec2.network-interface', 'modified', 'address removed', async ({ ec2: aws }) => {
    const NetworkInterfaceId = await place.networkInterface(aws, await place.subnet(aws, await place.vpc(aws)));
    const PrivateIpAddresses = ['10.0.1.200'];
    await aws.send(new ec2.AssignPrivateIpAddressesCommand({ NetworkInterfaceId, PrivateIpAddresses }));
    return () => aws.send(new ec2.UnassignPrivateIpAddressesCommand({ NetworkInterfaceId, PrivateIpAddresses }));
  }),
  trial('ec2.network-interface', 'modified', 'IPv6 address added', async ({ ec2: aws }) => {
    const { SubnetId, Ipv6CidrBlock } = await dualStack(aws);
    await aws.send(new ec2.AssociateSubnetCidrBlockCommand({ SubnetId, Ipv6CidrBlock }));
    const NetworkInterfaceId = await place.networkInterface(aws, SubnetId);
    return () => aws.send(new ec2.AssignIpv6AddressesCommand({ NetworkInterfaceId, Ipv6Addresses: [Ipv6CidrBlock.replace('/64', '7')] }));
  }),
  trial('ec2.network-interface', 'modified', 'IPv6 address removed', async ({ ec2: aws }) => {
    const { SubnetId, Ipv6CidrBlock } = await dualStack(aws);
    await aws.send(new ec2.AssociateSubnetCidrBlockCommand({ SubnetId, Ipv6CidrBlock }));
    const NetworkInterfaceId = await place.networkInterface(aws, SubnetId);
    const Ipv6Addresses = [Ipv6CidrBlock.replace('/64', '7')];
    await aws.send(new ec2.AssignIpv6AddressesCommand({ NetworkInterfaceId, Ipv6Addresses }));
    return () => aws.send(new ec2.UnassignIpv6AddressesCommand({ NetworkInterfaceId, Ipv6Addresses }));
  }),
  trial('ec2.network-interface', 'modified', 'attached to an instance', async ({ ec2: aws }) => {
    const { NetworkInterfaceId, InstanceId } = await interfaceAndInstance(aws);
    return () => aws.send(new ec2.AttachNetworkInterfaceCommand({ NetworkInterfaceId, InstanceId, DeviceIndex: 1 }));
  }),
  trial('ec2.network-interface', 'modified', 'detached from an instance', async ({ ec2: aws }) => {
    const { NetworkInterfaceId, InstanceId } = await interfaceAndInstance(aws);
    const { AttachmentId } = await aws.send(new ec2.AttachNetworkInterfaceCommand({ NetworkInterfaceId, InstanceId, DeviceIndex: 1 }));
    return () => aws.send(new ec2.DetachNetworkInterfaceCommand({ AttachmentId, Force: true }));
  }),
  trial('ec2.network-interface', 'modified', 'tags', async ({ ec2: aws }) => {
    const id = await place.networkInterface(aws, await place.subnet(aws, await place.vpc(aws)));
    return () => place.retag(aws, id);
  }),

  trial('ec2.vpc-endpoint', 'created', 'gateway', async ({ ec2: aws }) => {
    const VpcId = await place.vpc(aws);
    const table = await place.routeTable(aws, VpcId);
    return () => gatewayEndpoint(aws, VpcId, [table]);
  }),
  trial('ec2.vpc-endpoint', 'deleted', 'gateway', async ({ ec2: aws }) => {
    const VpcId = await place.vpc(aws);
    const id = await gatewayEndpoint(aws, VpcId, [await place.routeTable(aws, VpcId)]);
    return () => aws.send(new ec2.DeleteVpcEndpointsCommand({ VpcEndpointIds: [id] }));
  }),
  trial('ec2.vpc-endpoint', 'deleted', 'interface', async ({ ec2: aws }) => {
    const id = await interfaceEndpoint(aws);
    return () => aws.send(new ec2.DeleteVpcEndpointsCommand({ VpcEndpointIds: [id] }));
  }),
  trial('ec2.vpc-endpoint', 'modified', 'route table added', async ({ ec2: aws }) => {
    const VpcId = await place.vpc(aws);
    const VpcEndpointId = await gatewayEndpoint(aws, VpcId, [await place.routeTable(aws, VpcId)]);
    const AddRouteTableIds = [await place.routeTable(aws, VpcId)];
    return () => aws.send(new ec2.ModifyVpcEndpointCommand({ VpcEndpointId, AddRouteTableIds }));
  }),
  trial('ec2.vpc-endpoint', 'modified', 'policy', async ({ ec2: aws }) => {
    const VpcId = await place.vpc(aws);
    const VpcEndpointId = await gatewayEndpoint(aws, VpcId, [await place.routeTable(aws, VpcId)]);
    const PolicyDocument = JSON.stringify({ ...POLICY, Statement: [{ ...POLICY.Statement[0], Action: '*' }] });
    return () => aws.send(new ec2.ModifyVpcEndpointCommand({ VpcEndpointId, PolicyDocument }));
  }),
  trial('ec2.vpc-endpoint', 'modified', 'private DNS', async ({ ec2: aws }) => {
    const VpcEndpointId = await interfaceEndpoint(aws);
    return () => aws.send(new ec2.ModifyVpcEndpointCommand({ VpcEndpointId, PrivateDnsEnabled: false }));
  }),
  trial('ec2.vpc-endpoint', 'modified', 'tags', async ({ ec2: aws }) => {
    const id = await gatewayEndpoint(aws, await place.vpc(aws), []);
    return () => place.retag(aws, id);
  }),

  trial('ec2.vpc-peering-connection', 'created', 'requested', async ({ ec2: aws }) => {
    const [VpcId, PeerVpcId] = [await place.vpc(aws), await place.vpc(aws, '10.9.0.0/16')];
    return () => aws.send(new ec2.CreateVpcPeeringConnectionCommand({ VpcId, PeerVpcId }));
  }),
  trial('ec2.vpc-peering-connection', 'deleted', 'one that was accepted', async ({ ec2: aws }) => {
    const VpcPeeringConnectionId = await peering(aws);
    await aws.send(new ec2.AcceptVpcPeeringConnectionCommand({ VpcPeeringConnectionId }));
    return () => aws.send(new ec2.DeleteVpcPeeringConnectionCommand({ VpcPeeringConnectionId }));
  }),
  trial(
    'ec2.vpc-peering-connection',
    'modified',
    'accepted',
    async ({ ec2: aws }) => {
      const VpcPeeringConnectionId = await peering(aws);
      return () => aws.send(new ec2.AcceptVpcPeeringConnectionCommand({ VpcPeeringConnectionId }));
    },
    { lost: { paths: ['/status', '/accepterVpcInfo'], because: 'no acceptance can be taken back: only deleting and asking again' } },
  ),
  trial('ec2.vpc-peering-connection', 'modified', 'options', async ({ ec2: aws }) => {
    const VpcPeeringConnectionId = await peering(aws);
    await aws.send(new ec2.AcceptVpcPeeringConnectionCommand({ VpcPeeringConnectionId }));
    const RequesterPeeringConnectionOptions = { AllowDnsResolutionFromRemoteVpc: true };
    return () => aws.send(new ec2.ModifyVpcPeeringConnectionOptionsCommand({ VpcPeeringConnectionId, RequesterPeeringConnectionOptions }));
  }),
  trial('ec2.vpc-peering-connection', 'modified', 'tags', async ({ ec2: aws }) => {
    const id = await peering(aws);
    return () => place.retag(aws, id);
  }),

  trial('ec2.flow-log', 'created', 'made', async ({ ec2: aws }) => {
    const vpc = await place.vpc(aws);
    return () => flowLog(aws, vpc);
  }),
  trial('ec2.flow-log', 'deleted', 'to CloudWatch', async ({ ec2: aws }) => {
    const id = await flowLog(aws, await place.vpc(aws));
    return () => aws.send(new ec2.DeleteFlowLogsCommand({ FlowLogIds: [id] }));
  }),
  trial('ec2.flow-log', 'modified', 'tags', async ({ ec2: aws }) => {
    const id = await flowLog(aws, await place.vpc(aws));
    return () => place.retag(aws, id);
  }),
];

async function dhcpOptions(aws: ec2.EC2Client): Promise<string> {
  const DhcpConfigurations = [
    { Key: 'domain-name-servers', Values: ['10.0.0.3', '10.0.0.2'] },
    { Key: 'domain-name', Values: ['example.com'] },
  ];
  const made = await aws.send(new ec2.CreateDhcpOptionsCommand({ DhcpConfigurations, ...place.tagged('dhcp-options') }));
  return known(made.DhcpOptions?.DhcpOptionsId);
}

async function dualStack(aws: ec2.EC2Client): Promise<{ SubnetId: string; Ipv6CidrBlock: string }> {
  const VpcId = await place.vpc(aws);
  await aws.send(new ec2.AssociateVpcCidrBlockCommand({ VpcId, AmazonProvidedIpv6CidrBlock: true }));
  const { Vpcs } = await aws.send(new ec2.DescribeVpcsCommand({ VpcIds: [VpcId] }));
  const range = known(Vpcs?.[0]?.Ipv6CidrBlockAssociationSet?.[0]?.Ipv6CidrBlock);
  return { SubnetId: await place.subnet(aws, VpcId), Ipv6CidrBlock: range.replace('/56', '/64') };
}

async function interfaceAndInstance(aws: ec2.EC2Client): Promise<{ NetworkInterfaceId: string; InstanceId: string }> {
  const SubnetId = await place.subnet(aws, await place.vpc(aws));
  const { Images } = await aws.send(new ec2.DescribeImagesCommand({ Owners: ['amazon'], MaxResults: 5 }));
  const run = await aws.send(new ec2.RunInstancesCommand({ ImageId: Images?.[0]?.ImageId, MinCount: 1, MaxCount: 1, SubnetId }));
  return { NetworkInterfaceId: await place.networkInterface(aws, SubnetId), InstanceId: known(run.Instances?.[0]?.InstanceId) };
}

async function gatewayEndpoint(aws: ec2.EC2Client, VpcId: string, RouteTableIds: string[]): Promise<string> {
  const request = {
    VpcId,
    RouteTableIds,
    ServiceName: 'com.amazonaws.eu-west-1.s3',
    VpcEndpointType: 'Gateway' as const,
    PolicyDocument: JSON.stringify(POLICY),
    ...place.tagged('vpc-endpoint'),
  };
  return known((await aws.send(new ec2.CreateVpcEndpointCommand(request))).VpcEndpoint?.VpcEndpointId);
}

async function interfaceEndpoint(aws: ec2.EC2Client): Promise<string> {
  const VpcId = await place.vpc(aws);
  const request = {
    VpcId,
    SubnetIds: [await place.subnet(aws, VpcId)],
    SecurityGroupIds: [await place.securityGroup(aws, VpcId)],
    ServiceName: 'com.amazonaws.eu-west-1.ec2',
    VpcEndpointType: 'Interface' as const,
    PrivateDnsEnabled: true,
    ...place.tagged('vpc-endpoint'),
  };
  return known((await aws.send(new ec2.CreateVpcEndpointCommand(request))).VpcEndpoint?.VpcEndpointId);
}

async function peering(aws: ec2.EC2Client): Promise<string> {
  const [VpcId, PeerVpcId] = [await place.vpc(aws), await place.vpc(aws, '10.9.0.0/16')];
  const request = { VpcId, PeerVpcId, ...place.tagged('vpc-peering-connection') };
  return known((await aws.send(new ec2.CreateVpcPeeringConnectionCommand(request))).VpcPeeringConnection?.VpcPeeringConnectionId);
}

async function flowLog(aws: ec2.EC2Client, vpc: string): Promise<string> {
  const request = {
    ResourceIds: [vpc],
    ResourceType: 'VPC' as const,
    TrafficType: 'REJECT' as const,
    LogGroupName: 'flows',
    DeliverLogsPermissionArn: 'arn:aws:iam::123456789012:role/deploy',
    MaxAggregationInterval: 60,
    LogFormat: '${srcaddr} ${dstaddr}',
    ...place.tagged('vpc-flow-log'),
  };
  return known((await aws.send(new ec2.CreateFlowLogsCommand(request))).FlowLogIds?.[0]);
}
