/** What trials need before they can change anything: networks and parts of them, made through the API. */
import * as ec2 from '@aws-sdk/client-ec2';
import { known } from './trial.ts';

type Client = ec2.EC2Client;

export const TAGS = [
  { Key: 'Name', Value: 'it\'s $(id) `id` "x" \\ !' },
  { Key: 'team', Value: 'infra' },
];

export function tagged(type: ec2.ResourceType): { TagSpecifications: ec2.TagSpecification[] } {
  return { TagSpecifications: [{ ResourceType: type, Tags: TAGS }] };
}

/** For what takes no tags when it is made. */
export async function withTags(client: Client, id: string | undefined): Promise<string> {
  await client.send(new ec2.CreateTagsCommand({ Resources: [known(id)], Tags: TAGS }));
  return known(id);
}

/** Three members of a tag set: one that stays, one that is changed, one that goes; and a new one. */
export async function retag(client: Client, id: string): Promise<void> {
  await client.send(new ec2.DeleteTagsCommand({ Resources: [id], Tags: [{ Key: 'team' }] }));
  const Tags = [
    { Key: 'Name', Value: 'other' },
    { Key: '--new "key"', Value: '' },
  ];
  await client.send(new ec2.CreateTagsCommand({ Resources: [id], Tags }));
}

export async function vpc(client: Client, CidrBlock = '10.0.0.0/16'): Promise<string> {
  return known((await client.send(new ec2.CreateVpcCommand({ CidrBlock, ...tagged('vpc') }))).Vpc?.VpcId);
}

export async function subnet(client: Client, VpcId: string, CidrBlock = '10.0.1.0/24', zone = 'a'): Promise<string> {
  const request = { VpcId, CidrBlock, AvailabilityZone: `${await client.config.region()}${zone}`, ...tagged('subnet') };
  return known((await client.send(new ec2.CreateSubnetCommand(request))).Subnet?.SubnetId);
}

export async function internetGateway(client: Client, VpcId?: string): Promise<string> {
  const made = await client.send(new ec2.CreateInternetGatewayCommand(tagged('internet-gateway')));
  const InternetGatewayId = known(made.InternetGateway?.InternetGatewayId);
  if (VpcId !== undefined) await client.send(new ec2.AttachInternetGatewayCommand({ InternetGatewayId, VpcId }));
  return InternetGatewayId;
}

export async function routeTable(client: Client, VpcId: string): Promise<string> {
  const made = await client.send(new ec2.CreateRouteTableCommand({ VpcId, ...tagged('route-table') }));
  return known(made.RouteTable?.RouteTableId);
}

export async function securityGroup(client: Client, VpcId: string, GroupName = 'web'): Promise<string> {
  const Description = 'the web servers of _our_ shop';
  return known(
    (await client.send(new ec2.CreateSecurityGroupCommand({ GroupName, Description, VpcId, ...tagged('security-group') }))).GroupId,
  );
}

export async function address(client: Client): Promise<string> {
  return known((await client.send(new ec2.AllocateAddressCommand({ Domain: 'vpc', ...tagged('elastic-ip') }))).AllocationId);
}

export async function networkInterface(client: Client, SubnetId: string, Groups?: string[]): Promise<string> {
  const request = { SubnetId, Description: '-probe', ...(Groups === undefined ? {} : { Groups }), ...tagged('network-interface') };
  return known((await client.send(new ec2.CreateNetworkInterfaceCommand(request))).NetworkInterface?.NetworkInterfaceId);
}

export async function transitGateway(client: Client): Promise<string> {
  const made = await client.send(new ec2.CreateTransitGatewayCommand({ Description: 'hub', ...tagged('transit-gateway') }));
  return known(made.TransitGateway?.TransitGatewayId);
}

export async function vpcAttachment(client: Client, TransitGatewayId: string, VpcId: string, SubnetIds: string[]): Promise<string> {
  const request = { TransitGatewayId, VpcId, SubnetIds, ...tagged('transit-gateway-attachment') };
  const made = await client.send(new ec2.CreateTransitGatewayVpcAttachmentCommand(request));
  return known(made.TransitGatewayVpcAttachment?.TransitGatewayAttachmentId);
}

export async function vpnGateway(client: Client, VpcId?: string): Promise<string> {
  const made = await client.send(new ec2.CreateVpnGatewayCommand({ Type: 'ipsec.1', AmazonSideAsn: 64_600, ...tagged('vpn-gateway') }));
  const VpnGatewayId = known(made.VpnGateway?.VpnGatewayId);
  if (VpcId !== undefined) await client.send(new ec2.AttachVpnGatewayCommand({ VpnGatewayId, VpcId }));
  return VpnGatewayId;
}

export async function customerGateway(client: Client, IpAddress = '192.0.2.1'): Promise<string> {
  const request = { Type: 'ipsec.1' as const, IpAddress, BgpAsn: 65_000, ...tagged('customer-gateway') };
  return known((await client.send(new ec2.CreateCustomerGatewayCommand(request))).CustomerGateway?.CustomerGatewayId);
}

export async function prefixList(client: Client): Promise<string> {
  const Entries = [{ Cidr: '198.51.100.0/24', Description: 'Vienna; 3rd floor' }, { Cidr: '203.0.113.0/24' }];
  const request = { PrefixListName: 'offices', AddressFamily: 'IPv4', MaxEntries: 5, Entries, ...tagged('prefix-list') };
  return known((await client.send(new ec2.CreateManagedPrefixListCommand(request))).PrefixList?.PrefixListId);
}

/** A subnet whose VPC has an IPv6 range, and a part of that range for it. */
export async function dualStack(client: Client): Promise<{ SubnetId: string; Ipv6CidrBlock: string }> {
  const VpcId = await vpc(client);
  await client.send(new ec2.AssociateVpcCidrBlockCommand({ VpcId, AmazonProvidedIpv6CidrBlock: true }));
  const { Vpcs } = await client.send(new ec2.DescribeVpcsCommand({ VpcIds: [VpcId] }));
  const range = known(Vpcs?.[0]?.Ipv6CidrBlockAssociationSet?.[0]?.Ipv6CidrBlock);
  return { SubnetId: await subnet(client, VpcId), Ipv6CidrBlock: range.replace('/56', '/64') };
}
