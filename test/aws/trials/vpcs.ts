/** VPCs, their subnets and DHCP options. */
import * as ec2 from '@aws-sdk/client-ec2';
import * as place from './places.ts';
import { known, trial, type Trial } from './trial.ts';

const STALE = { paths: ['ec2.network-acl:/associations'], because: 'moto goes on listing a deleted subnet with its network ACL' };

export const vpcTrials: readonly Trial[] = [
  trial(
    'ec2.vpc',
    'created',
    'made',
    async ({ ec2: aws }) => {
      return () => place.vpc(aws);
    },
    { limit: { paths: ['ec2.network-acl:'], because: 'moto leaves the default network ACL of a deleted VPC behind' } },
  ),
  trial('ec2.vpc', 'deleted', 'with its DNS attributes', async ({ ec2: aws }) => {
    const VpcId = await place.vpc(aws);
    await aws.send(new ec2.ModifyVpcAttributeCommand({ VpcId, EnableDnsHostnames: { Value: true } }));
    return () => deleteVpc(aws, VpcId);
  }),
  trial(
    'ec2.vpc',
    'deleted',
    'with its DHCP options',
    async ({ ec2: aws }) => {
      const VpcId = await place.vpc(aws);
      await aws.send(new ec2.AssociateDhcpOptionsCommand({ VpcId, DhcpOptionsId: await dhcpOptions(aws) }));
      return () => deleteVpc(aws, VpcId);
    },
    { limit: { paths: [], because: 'moto deletes the DHCP options with the VPC', refusal: /InvalidDhcpOptionID/ } },
  ),
  trial('ec2.vpc', 'deleted', 'with a second address range', async ({ ec2: aws }) => {
    const VpcId = await place.vpc(aws);
    await aws.send(new ec2.AssociateVpcCidrBlockCommand({ VpcId, CidrBlock: '10.1.0.0/16' }));
    return () => deleteVpc(aws, VpcId);
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
    { lost: { paths: ['/ipv6CidrBlockAssociations', 'ec2.route-table:/routes'], because: "a range of Amazon's goes back to its pool" } },
  ),
  trial('ec2.vpc', 'modified', 'tags', async ({ ec2: aws }) => {
    const id = await place.vpc(aws);
    return () => place.retag(aws, id);
  }),
  trial(
    'ec2.subnet',
    'created',
    'made',
    async ({ ec2: aws }) => {
      const vpc = await place.vpc(aws);
      return () => place.subnet(aws, vpc);
    },
    { limit: STALE },
  ),
  trial(
    'ec2.subnet',
    'deleted',
    'with its attributes',
    async ({ ec2: aws }) => {
      const SubnetId = await place.subnet(aws, await place.vpc(aws));
      await aws.send(new ec2.ModifySubnetAttributeCommand({ SubnetId, MapPublicIpOnLaunch: { Value: true } }));
      return () => aws.send(new ec2.DeleteSubnetCommand({ SubnetId }));
    },
    { limit: STALE },
  ),
  trial('ec2.subnet', 'modified', 'public addresses at launch', async ({ ec2: aws }) => {
    const SubnetId = await place.subnet(aws, await place.vpc(aws));
    return () => aws.send(new ec2.ModifySubnetAttributeCommand({ SubnetId, MapPublicIpOnLaunch: { Value: true } }));
  }),
  trial('ec2.subnet', 'modified', 'IPv6 address at creation', async ({ ec2: aws }) => {
    const SubnetId = await place.subnet(aws, await place.vpc(aws));
    return () => aws.send(new ec2.ModifySubnetAttributeCommand({ SubnetId, AssignIpv6AddressOnCreation: { Value: true } }));
  }),
  trial('ec2.subnet', 'modified', 'IPv6 range added', async ({ ec2: aws }) => {
    const { SubnetId, Ipv6CidrBlock } = await place.dualStack(aws);
    return () => aws.send(new ec2.AssociateSubnetCidrBlockCommand({ SubnetId, Ipv6CidrBlock }));
  }),
  trial('ec2.subnet', 'modified', 'IPv6 range removed', async ({ ec2: aws }) => {
    const { SubnetId, Ipv6CidrBlock } = await place.dualStack(aws);
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
  trial('ec2.dhcp-options', 'created', 'made', async ({ ec2: aws }) => {
    return () => dhcpOptions(aws);
  }),
  trial('ec2.dhcp-options', 'deleted', 'deleted', async ({ ec2: aws }) => {
    const DhcpOptionsId = await dhcpOptions(aws);
    return () => aws.send(new ec2.DeleteDhcpOptionsCommand({ DhcpOptionsId }));
  }),
  trial('ec2.dhcp-options', 'modified', 'tags', async ({ ec2: aws }) => {
    const id = await dhcpOptions(aws);
    return () => place.retag(aws, id);
  }),
];

/** With its default network ACL, which moto leaves behind. */
async function deleteVpc(aws: ec2.EC2Client, VpcId: string): Promise<void> {
  const { NetworkAcls } = await aws.send(new ec2.DescribeNetworkAclsCommand({ Filters: [{ Name: 'vpc-id', Values: [VpcId] }] }));
  await aws.send(new ec2.DeleteVpcCommand({ VpcId }));
  for (const { NetworkAclId } of NetworkAcls ?? []) await aws.send(new ec2.DeleteNetworkAclCommand({ NetworkAclId }));
}

async function dhcpOptions(aws: ec2.EC2Client): Promise<string> {
  const DhcpConfigurations = [
    { Key: 'domain-name-servers', Values: ['10.0.0.3', '10.0.0.2'] },
    { Key: 'domain-name', Values: ['example.com'] },
  ];
  const made = await aws.send(new ec2.CreateDhcpOptionsCommand({ DhcpConfigurations, ...place.tagged('dhcp-options') }));
  return known(made.DhcpOptions?.DhcpOptionsId);
}
