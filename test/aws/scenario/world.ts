/** What stands in the scenario's accounts before the first round: two networks a region, and people, roles and policies. */
import * as ec2 from '@aws-sdk/client-ec2';
import * as iam from '@aws-sdk/client-iam';
import type { Clients } from '../clients.ts';

export const REGIONS = ['eu-west-1', 'us-east-1', 'ap-southeast-2'] as const;

export async function buildRegion(look: Clients, region: string): Promise<void> {
  const client = look.ec2(region);
  const named = (type: ec2.ResourceType, name: string) => [{ ResourceType: type, Tags: [{ Key: 'Name', Value: name }] }];
  for (const [index, name] of ['prod', 'lab'].entries()) {
    const base = `10.${index + 1}`;
    const made = await client.send(new ec2.CreateVpcCommand({ CidrBlock: `${base}.0.0/16`, TagSpecifications: named('vpc', name) }));
    const VpcId = made.Vpc?.VpcId;
    const subnets: (string | undefined)[] = [];
    for (let number = 0; number < 5; number += 1) {
      const CidrBlock = `${base}.${number}.0/24`;
      const TagSpecifications = named('subnet', `${name}-${number}`);
      subnets.push((await client.send(new ec2.CreateSubnetCommand({ VpcId, CidrBlock, TagSpecifications }))).Subnet?.SubnetId);
    }
    const gateway = await client.send(new ec2.CreateInternetGatewayCommand({ TagSpecifications: named('internet-gateway', name) }));
    const GatewayId = gateway.InternetGateway?.InternetGatewayId;
    await client.send(new ec2.AttachInternetGatewayCommand({ InternetGatewayId: GatewayId, VpcId }));
    for (let number = 0; number < 3; number += 1) {
      const table = await client.send(
        new ec2.CreateRouteTableCommand({ VpcId, TagSpecifications: named('route-table', `${name}-${number}`) }),
      );
      const RouteTableId = table.RouteTable?.RouteTableId;
      await client.send(new ec2.CreateRouteCommand({ RouteTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId }));
      await client.send(new ec2.AssociateRouteTableCommand({ RouteTableId, SubnetId: subnets[number] }));
    }
    for (let number = 0; number < 5; number += 1) {
      const GroupName = `${name}-${number}`;
      const group = await client.send(new ec2.CreateSecurityGroupCommand({ GroupName, Description: GroupName, VpcId }));
      const rule = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: `${base}.0.0/16` };
      await client.send(new ec2.AuthorizeSecurityGroupIngressCommand({ GroupId: group.GroupId, ...rule }));
    }
    await client.send(new ec2.CreateNetworkAclCommand({ VpcId, TagSpecifications: named('network-acl', name) }));
    await client.send(
      new ec2.CreateNatGatewayCommand({ SubnetId: subnets[0], ConnectivityType: 'private', TagSpecifications: named('natgateway', name) }),
    );
  }
  await client.send(new ec2.AllocateAddressCommand({ Domain: 'vpc' }));
  const list = {
    PrefixListName: 'partners',
    AddressFamily: 'IPv4',
    MaxEntries: 100,
    Entries: [{ Cidr: '192.0.2.0/24', Description: 'first' }],
  };
  await client.send(new ec2.CreateManagedPrefixListCommand(list));
}

export async function buildPeople(look: Clients, account: string): Promise<void> {
  const client = look.iam;
  const document = (Action: string) => JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });
  const Principal = { AWS: `arn:aws:iam::${account}:root` };
  const trust = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }] });
  for (let number = 0; number < 8; number += 1) {
    await client.send(new iam.CreateUserCommand({ UserName: `user-${number}` }));
    await client.send(new iam.CreateRoleCommand({ RoleName: `role-${number}`, AssumeRolePolicyDocument: trust }));
    if (number >= 4) continue;
    await client.send(new iam.CreateGroupCommand({ GroupName: `group-${number}` }));
    await client.send(new iam.AddUserToGroupCommand({ UserName: `user-${number}`, GroupName: 'group-0' }));
    await client.send(new iam.CreatePolicyCommand({ PolicyName: `policy-${number}`, PolicyDocument: document('s3:ListBucket') }));
  }
}
