/** Route tables: routes, subnets, propagation. */
import * as ec2 from '@aws-sdk/client-ec2';
import * as place from './places.ts';
import { known, trial, type Trial } from './trial.ts';

export const routeTrials: readonly Trial[] = [
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
    trial(
      'ec2.route-table',
      'modified',
      `route by ${to} deleted`,
      async ({ ec2: aws }) => {
        const { table, vpc, subnet } = await usedTable(aws);
        const { target, destination } = await targetOf(aws, to, vpc, subnet);
        await aws.send(new ec2.CreateRouteCommand({ RouteTableId: table, ...target, ...destination }));
        return () => aws.send(new ec2.DeleteRouteCommand({ RouteTableId: table, ...destination }));
      },
      { limit: { paths: [], because: 'moto deletes no route to a prefix list', refusal: /no route with destination-cidr-block pl-/ } },
    ),
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
  const DestinationPrefixListId = await place.prefixList(aws);
  return { target: { NetworkInterfaceId: await place.networkInterface(aws, SubnetId) }, destination: { DestinationPrefixListId } };
}
