/** What lets traffic through and sends it on: route tables, security groups, network ACLs, prefix lists, transit gateways. */
import * as ec2 from '@aws-sdk/client-ec2';
import * as place from '../places.ts';
import { known, trial, type Trial } from '../trial.ts';

const HTTPS = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0', Description: "Ann's & Bob's" }] };

export const ruleTrials: readonly Trial[] = [
  trial('ec2.route-table', 'created', 'made and used', async ({ ec2: aws }) => {
    const VpcId = await place.vpc(aws);
    const SubnetId = await place.subnet(aws, VpcId);
    return async () => aws.send(new ec2.AssociateRouteTableCommand({ RouteTableId: await place.routeTable(aws, VpcId), SubnetId }));
  }),
  trial('ec2.route-table', 'deleted', 'with routes and a subnet', async ({ ec2: aws }) => {
    const { table, association } = await usedTable(aws);
    return async () => {
      await aws.send(new ec2.DisassociateRouteTableCommand({ AssociationId: association }));
      await aws.send(new ec2.DeleteRouteTableCommand({ RouteTableId: table }));
    };
  }),
  trial('ec2.route-table', 'modified', 'default route deleted', async ({ ec2: aws }) => {
    const { table } = await usedTable(aws);
    return () => aws.send(new ec2.DeleteRouteCommand({ RouteTableId: table, DestinationCidrBlock: '0.0.0.0/0' }));
  }),
  trial('ec2.route-table', 'modified', 'default route moved', async ({ ec2: aws }) => {
    const { table, vpc } = await usedTable(aws);
    const GatewayId = await place.vpnGateway(aws, vpc);
    return () => aws.send(new ec2.ReplaceRouteCommand({ RouteTableId: table, DestinationCidrBlock: '0.0.0.0/0', GatewayId }));
  }),
  trial('ec2.route-table', 'modified', 'IPv6 route added', async ({ ec2: aws }) => {
    const { table, gateway } = await usedTable(aws);
    return () => aws.send(new ec2.CreateRouteCommand({ RouteTableId: table, DestinationIpv6CidrBlock: '::/0', GatewayId: gateway }));
  }),
  ...(['peering', 'transit gateway', 'interface', 'NAT gateway', 'prefix list'] as const).map((to) =>
    trial('ec2.route-table', 'modified', `route by ${to} deleted`, async ({ ec2: aws }) => {
      const { table, vpc, subnet } = await usedTable(aws);
      const { target, destination } = await targetOf(aws, to, vpc, subnet);
      await aws.send(new ec2.CreateRouteCommand({ RouteTableId: table, ...target, ...destination }));
      return () => aws.send(new ec2.DeleteRouteCommand({ RouteTableId: table, ...destination }));
    }),
  ),
  trial('ec2.route-table', 'modified', 'subnet taken away', async ({ ec2: aws }) => {
    const { association } = await usedTable(aws);
    return () => aws.send(new ec2.DisassociateRouteTableCommand({ AssociationId: association }));
  }),
  trial('ec2.route-table', 'modified', 'subnet given', async ({ ec2: aws }) => {
    const { table, vpc } = await usedTable(aws);
    const SubnetId = await place.subnet(aws, vpc, '10.0.2.0/24', 'b');
    return () => aws.send(new ec2.AssociateRouteTableCommand({ RouteTableId: table, SubnetId }));
  }),
  trial('ec2.route-table', 'modified', 'subnet moved to another table', async ({ ec2: aws }) => {
    const { association, vpc } = await usedTable(aws);
    const RouteTableId = await place.routeTable(aws, vpc);
    return () => aws.send(new ec2.ReplaceRouteTableAssociationCommand({ AssociationId: association, RouteTableId }));
  }),
  trial('ec2.route-table', 'modified', 'another main table', async ({ ec2: aws }) => {
    const { table, vpc } = await usedTable(aws);
    const Filters = [
      { Name: 'vpc-id', Values: [vpc] },
      { Name: 'association.main', Values: ['true'] },
    ];
    const { RouteTables } = await aws.send(new ec2.DescribeRouteTablesCommand({ Filters }));
    const main = RouteTables?.[0]?.Associations?.find(({ Main }) => Main === true)?.RouteTableAssociationId;
    return () => aws.send(new ec2.ReplaceRouteTableAssociationCommand({ AssociationId: main, RouteTableId: table }));
  }),
  trial('ec2.route-table', 'modified', 'propagation enabled', async ({ ec2: aws }) => {
    const { table, vpc } = await usedTable(aws);
    const GatewayId = await place.vpnGateway(aws, vpc);
    return () => aws.send(new ec2.EnableVgwRoutePropagationCommand({ RouteTableId: table, GatewayId }));
  }),
  trial('ec2.route-table', 'modified', 'propagation disabled', async ({ ec2: aws }) => {
    const { table, vpc } = await usedTable(aws);
    const GatewayId = await place.vpnGateway(aws, vpc);
    await aws.send(new ec2.EnableVgwRoutePropagationCommand({ RouteTableId: table, GatewayId }));
    return () => aws.send(new ec2.DisableVgwRoutePropagationCommand({ RouteTableId: table, GatewayId }));
  }),
  trial('ec2.route-table', 'modified', 'tags', async ({ ec2: aws }) => {
    const { table } = await usedTable(aws);
    return () => place.retag(aws, table);
  }),

  trial('ec2.security-group', 'created', 'made', async ({ ec2: aws }) => {
    const vpc = await place.vpc(aws);
    return () => place.securityGroup(aws, vpc);
  }),
  trial('ec2.security-group', 'deleted', 'with rules, one of which names itself', async ({ ec2: aws }) => {
    const GroupId = await openGroup(aws);
    const IpPermissions = [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId, Description: 'each other' }] }];
    await aws.send(new ec2.AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
    return () => aws.send(new ec2.DeleteSecurityGroupCommand({ GroupId }));
  }),
  trial('ec2.security-group', 'deleted', 'without the way out', async ({ ec2: aws }) => {
    const GroupId = await openGroup(aws);
    await aws.send(
      new ec2.RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }] }),
    );
    return () => aws.send(new ec2.DeleteSecurityGroupCommand({ GroupId }));
  }),
  trial('ec2.security-group', 'modified', 'opened', async ({ ec2: aws }) => {
    const GroupId = await openGroup(aws);
    const world = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }], Ipv6Ranges: [{ CidrIpv6: '::/0' }] };
    return () => aws.send(new ec2.AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [world] }));
  }),
  trial('ec2.security-group', 'modified', 'closed', async ({ ec2: aws }) => {
    const GroupId = await openGroup(aws);
    return () => aws.send(new ec2.RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: [HTTPS] }));
  }),
  trial('ec2.security-group', 'modified', 'ICMP, group, list and protocol rules revoked', async ({ ec2: aws }) => {
    const vpc = await place.vpc(aws);
    const [GroupId, other] = [await place.securityGroup(aws, vpc), await place.securityGroup(aws, vpc, 'other')];
    const IpPermissions = [
      { IpProtocol: 'icmp', FromPort: 8, ToPort: -1, IpRanges: [{ CidrIp: '10.0.0.0/8' }] },
      { IpProtocol: 'tcp', FromPort: 8000, ToPort: 8100, UserIdGroupPairs: [{ GroupId: other }] },
      { IpProtocol: 'udp', FromPort: 53, ToPort: 53, PrefixListIds: [{ PrefixListId: await prefixList(aws) }] },
      { IpProtocol: '50', IpRanges: [{ CidrIp: '192.0.2.0/24' }] },
    ];
    await aws.send(new ec2.AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
    return () => aws.send(new ec2.RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  }),
  trial('ec2.security-group', 'modified', 'way out closed', async ({ ec2: aws }) => {
    const GroupId = await openGroup(aws);
    const IpPermissions = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
    return () => aws.send(new ec2.RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions }));
  }),
  trial('ec2.security-group', 'modified', 'description of a rule', async ({ ec2: aws }) => {
    const GroupId = await openGroup(aws);
    const IpPermissions = [{ ...HTTPS, IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'changed' }] }];
    return () => aws.send(new ec2.UpdateSecurityGroupRuleDescriptionsIngressCommand({ GroupId, IpPermissions }));
  }),
  trial('ec2.security-group', 'modified', 'tags of a rule', async ({ ec2: aws }) => {
    const GroupId = await openGroup(aws);
    const { SecurityGroupRules } = await aws.send(
      new ec2.DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [GroupId] }] }),
    );
    const rule = known(SecurityGroupRules?.find(({ IsEgress }) => IsEgress === false)?.SecurityGroupRuleId);
    await place.withTags(aws, rule);
    return () => place.retag(aws, rule);
  }),
  trial('ec2.security-group', 'modified', 'tags', async ({ ec2: aws }) => {
    const id = await openGroup(aws);
    return () => place.retag(aws, id);
  }),

  trial('ec2.network-acl', 'created', 'made and used', async ({ ec2: aws }) => {
    const VpcId = await place.vpc(aws);
    const subnet = await place.subnet(aws, VpcId);
    return async () => moveSubnet(aws, subnet, await acl(aws, VpcId));
  }),
  trial('ec2.network-acl', 'deleted', 'with entries', async ({ ec2: aws }) => {
    const NetworkAclId = await acl(aws, await place.vpc(aws));
    return () => aws.send(new ec2.DeleteNetworkAclCommand({ NetworkAclId }));
  }),
  trial('ec2.network-acl', 'modified', 'entry deleted', async ({ ec2: aws }) => {
    const NetworkAclId = await acl(aws, await place.vpc(aws));
    return () => aws.send(new ec2.DeleteNetworkAclEntryCommand({ NetworkAclId, RuleNumber: 100, Egress: false }));
  }),
  trial('ec2.network-acl', 'modified', 'entry added', async ({ ec2: aws }) => {
    const NetworkAclId = await acl(aws, await place.vpc(aws));
    const entry = { RuleNumber: 90, Egress: true, Protocol: '-1', RuleAction: 'deny' as const, Ipv6CidrBlock: '::/0' };
    return () => aws.send(new ec2.CreateNetworkAclEntryCommand({ NetworkAclId, ...entry }));
  }),
  trial('ec2.network-acl', 'modified', 'entry replaced', async ({ ec2: aws }) => {
    const NetworkAclId = await acl(aws, await place.vpc(aws));
    const entry = {
      RuleNumber: 100,
      Egress: false,
      Protocol: '17',
      RuleAction: 'deny' as const,
      CidrBlock: '0.0.0.0/0',
      PortRange: { From: 1, To: 9 },
    };
    return () => aws.send(new ec2.ReplaceNetworkAclEntryCommand({ NetworkAclId, ...entry }));
  }),
  trial('ec2.network-acl', 'modified', 'subnet moved to another ACL', async ({ ec2: aws }) => {
    const VpcId = await place.vpc(aws);
    const [subnet, other] = [await place.subnet(aws, VpcId), await acl(aws, VpcId)];
    return () => moveSubnet(aws, subnet, other);
  }),
  trial('ec2.network-acl', 'modified', 'tags', async ({ ec2: aws }) => {
    const id = await acl(aws, await place.vpc(aws));
    return () => place.retag(aws, id);
  }),

  trial(
    'ec2.managed-prefix-list',
    'created',
    'made',
    async ({ ec2: aws }) =>
      () =>
        prefixList(aws),
  ),
  trial('ec2.managed-prefix-list', 'deleted', 'deleted', async ({ ec2: aws }) => {
    const PrefixListId = await prefixList(aws);
    return () => aws.send(new ec2.DeleteManagedPrefixListCommand({ PrefixListId }));
  }),
  ...(
    [
      { what: 'entry added', edit: { AddEntries: [{ Cidr: '0.0.0.0/1' }] } },
      { what: 'entry removed', edit: { RemoveEntries: [{ Cidr: '198.51.100.0/24' }] } },
    ] satisfies { what: string; edit: Partial<ec2.ModifyManagedPrefixListRequest> }[]
  ).map(({ what, edit }) =>
    trial(
      'ec2.managed-prefix-list',
      'modified',
      what,
      async ({ ec2: aws }) => {
        const PrefixListId = await prefixList(aws);
        const request = { PrefixListId, CurrentVersion: 1, ...edit };
        return () => aws.send(new ec2.ModifyManagedPrefixListCommand(request));
      },
      { lost: { paths: ['/version'], because: 'versions count on' } },
    ),
  ),
  trial(
    'ec2.managed-prefix-list',
    'modified',
    'description of an entry',
    async ({ ec2: aws }) => {
      const PrefixListId = await prefixList(aws);
      const Cidr = '198.51.100.0/24';
      return async () => {
        await aws.send(new ec2.ModifyManagedPrefixListCommand({ PrefixListId, CurrentVersion: 1, RemoveEntries: [{ Cidr }] }));
        await aws.send(
          new ec2.ModifyManagedPrefixListCommand({ PrefixListId, CurrentVersion: 2, AddEntries: [{ Cidr, Description: 'x' }] }),
        );
      };
    },
    { lost: { paths: ['/version'], because: 'versions count on' } },
  ),
  trial('ec2.managed-prefix-list', 'modified', 'name', async ({ ec2: aws }) => {
    const PrefixListId = await prefixList(aws);
    return () => aws.send(new ec2.ModifyManagedPrefixListCommand({ PrefixListId, PrefixListName: 'other' }));
  }),
  trial('ec2.managed-prefix-list', 'modified', 'maximum', async ({ ec2: aws }) => {
    const PrefixListId = await prefixList(aws);
    return () => aws.send(new ec2.ModifyManagedPrefixListCommand({ PrefixListId, MaxEntries: 9 }));
  }),
  trial('ec2.managed-prefix-list', 'modified', 'tags', async ({ ec2: aws }) => {
    const id = await prefixList(aws);
    return () => place.retag(aws, id);
  }),
];

async function usedTable(aws: ec2.EC2Client) {
  const vpc = await place.vpc(aws);
  const [subnet, gateway] = [await place.subnet(aws, vpc), await place.internetGateway(aws, vpc)];
  const table = await place.routeTable(aws, vpc);
  await aws.send(new ec2.CreateRouteCommand({ RouteTableId: table, DestinationCidrBlock: '0.0.0.0/0', GatewayId: gateway }));
  const { AssociationId } = await aws.send(new ec2.AssociateRouteTableCommand({ RouteTableId: table, SubnetId: subnet }));
  return { vpc, subnet, gateway, table, association: known(AssociationId) };
}

type Target = Pick<
  ec2.CreateRouteRequest,
  'VpcPeeringConnectionId' | 'TransitGatewayId' | 'NetworkInterfaceId' | 'NatGatewayId' | 'GatewayId'
>;

async function targetOf(aws: ec2.EC2Client, to: string, VpcId: string, SubnetId: string) {
  const destination = { DestinationCidrBlock: '10.77.0.0/16' };
  const route = (target: Target) => ({ target, destination });
  if (to === 'interface') return route({ NetworkInterfaceId: await place.networkInterface(aws, SubnetId) });
  if (to === 'peering') {
    const made = await aws.send(new ec2.CreateVpcPeeringConnectionCommand({ VpcId, PeerVpcId: await place.vpc(aws, '10.77.0.0/16') }));
    return route({ VpcPeeringConnectionId: known(made.VpcPeeringConnection?.VpcPeeringConnectionId) });
  }
  if (to === 'transit gateway') {
    const TransitGatewayId = await place.transitGateway(aws);
    await place.vpcAttachment(aws, TransitGatewayId, VpcId, [SubnetId]);
    return route({ TransitGatewayId });
  }
  if (to === 'NAT gateway') {
    const made = await aws.send(new ec2.CreateNatGatewayCommand({ SubnetId, ConnectivityType: 'private' }));
    return route({ NatGatewayId: known(made.NatGateway?.NatGatewayId) });
  }
  const DestinationPrefixListId = await prefixList(aws);
  return { target: { NetworkInterfaceId: await place.networkInterface(aws, SubnetId) }, destination: { DestinationPrefixListId } };
}

async function openGroup(aws: ec2.EC2Client): Promise<string> {
  const GroupId = await place.securityGroup(aws, await place.vpc(aws));
  await aws.send(new ec2.AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [HTTPS] }));
  return GroupId;
}

async function acl(aws: ec2.EC2Client, VpcId: string): Promise<string> {
  const made = await aws.send(new ec2.CreateNetworkAclCommand({ VpcId, ...place.tagged('network-acl') }));
  const NetworkAclId = known(made.NetworkAcl?.NetworkAclId);
  const entry = {
    RuleNumber: 100,
    Egress: false,
    Protocol: '6',
    RuleAction: 'allow' as const,
    CidrBlock: '10.0.0.0/8',
    PortRange: { From: 443, To: 443 },
  };
  await aws.send(new ec2.CreateNetworkAclEntryCommand({ NetworkAclId, ...entry }));
  const icmp = {
    RuleNumber: 7,
    Egress: true,
    Protocol: '1',
    RuleAction: 'deny' as const,
    CidrBlock: '0.0.0.0/0',
    IcmpTypeCode: { Type: 8, Code: -1 },
  };
  await aws.send(new ec2.CreateNetworkAclEntryCommand({ NetworkAclId, ...icmp }));
  return NetworkAclId;
}

async function moveSubnet(aws: ec2.EC2Client, subnet: string, NetworkAclId: string): Promise<void> {
  const Filters = [{ Name: 'association.subnet-id', Values: [subnet] }];
  const { NetworkAcls } = await aws.send(new ec2.DescribeNetworkAclsCommand({ Filters }));
  const association = NetworkAcls?.[0]?.Associations?.find(({ SubnetId }) => SubnetId === subnet);
  await aws.send(new ec2.ReplaceNetworkAclAssociationCommand({ AssociationId: association?.NetworkAclAssociationId, NetworkAclId }));
}

async function prefixList(aws: ec2.EC2Client): Promise<string> {
  const Entries = [{ Cidr: '198.51.100.0/24', Description: 'Vienna; 3rd floor' }, { Cidr: '203.0.113.0/24' }];
  const request = { PrefixListName: 'offices', AddressFamily: 'IPv4', MaxEntries: 5, Entries, ...place.tagged('prefix-list') };
  return known((await aws.send(new ec2.CreateManagedPrefixListCommand(request))).PrefixList?.PrefixListId);
}
