/** Transit gateways, what is attached to them, and their route tables. */
import * as ec2 from '@aws-sdk/client-ec2';
import * as place from './places.ts';
import { known, trial, type Trial } from './trial.ts';

const TABLE_STAYS = {
  paths: [
    'ec2.transit-gateway-route-table:',
    'ec2.transit-gateway:/options/associationDefaultRouteTableId',
    'ec2.transit-gateway:/options/propagationDefaultRouteTableId',
  ],
  because: 'moto leaves the route table of a deleted transit gateway behind',
};
const MEMBER_STAYS = {
  paths: ['ec2.transit-gateway-route-table:/associations', 'ec2.transit-gateway-route-table:/propagations'],
  because: 'moto goes on listing a deleted attachment with its route table',
};

const NOT_TOLD = { paths: ['/routes'], because: 'moto does not tell which attachment a route leads to' };

export const transitTrials: readonly Trial[] = [
  trial(
    'ec2.transit-gateway',
    'created',
    'made',
    async ({ ec2: aws }) => {
      return () => place.transitGateway(aws);
    },
    { limit: TABLE_STAYS },
  ),
  trial(
    'ec2.transit-gateway',
    'deleted',
    'with options',
    async ({ ec2: aws }) => {
      const Options = { AmazonSideAsn: 64_700, DnsSupport: 'disable' as const, AutoAcceptSharedAttachments: 'enable' as const };
      const made = await aws.send(new ec2.CreateTransitGatewayCommand({ Description: 'hub', Options }));
      const TransitGatewayId = known(made.TransitGateway?.TransitGatewayId);
      return () => aws.send(new ec2.DeleteTransitGatewayCommand({ TransitGatewayId }));
    },
    { limit: TABLE_STAYS },
  ),
  trial('ec2.transit-gateway', 'modified', 'description', async ({ ec2: aws }) => {
    const TransitGatewayId = await place.transitGateway(aws);
    return () => aws.send(new ec2.ModifyTransitGatewayCommand({ TransitGatewayId, Description: 'other' }));
  }),
  trial('ec2.transit-gateway', 'modified', 'options', async ({ ec2: aws }) => {
    const TransitGatewayId = await place.transitGateway(aws);
    const Options = { AutoAcceptSharedAttachments: 'enable' as const, VpnEcmpSupport: 'disable' as const };
    return () => aws.send(new ec2.ModifyTransitGatewayCommand({ TransitGatewayId, Options }));
  }),
  trial('ec2.transit-gateway', 'modified', 'tags', async ({ ec2: aws }) => {
    const id = await place.transitGateway(aws);
    return () => place.retag(aws, id);
  }),

  trial(
    'ec2.transit-gateway-attachment',
    'created',
    'VPC',
    async ({ ec2: aws }) => {
      const { gateway, vpc, subnet } = await hub(aws);
      return () => place.vpcAttachment(aws, gateway, vpc, [subnet]);
    },
    { limit: MEMBER_STAYS },
  ),
  trial(
    'ec2.transit-gateway-attachment',
    'deleted',
    'VPC',
    async ({ ec2: aws }) => {
      const { gateway, vpc, subnet } = await hub(aws);
      const TransitGatewayAttachmentId = await place.vpcAttachment(aws, gateway, vpc, [subnet]);
      return () => aws.send(new ec2.DeleteTransitGatewayVpcAttachmentCommand({ TransitGatewayAttachmentId }));
    },
    { limit: MEMBER_STAYS },
  ),
  trial('ec2.transit-gateway-attachment', 'modified', 'subnets', async ({ ec2: aws }) => {
    const { gateway, vpc, subnet } = await hub(aws);
    const TransitGatewayAttachmentId = await place.vpcAttachment(aws, gateway, vpc, [subnet]);
    const AddSubnetIds = [await place.subnet(aws, vpc, '10.0.2.0/24', 'b')];
    return () => aws.send(new ec2.ModifyTransitGatewayVpcAttachmentCommand({ TransitGatewayAttachmentId, AddSubnetIds }));
  }),
  trial('ec2.transit-gateway-attachment', 'modified', 'options', async ({ ec2: aws }) => {
    const { gateway, vpc, subnet } = await hub(aws);
    const TransitGatewayAttachmentId = await place.vpcAttachment(aws, gateway, vpc, [subnet]);
    const Options = { ApplianceModeSupport: 'enable' as const };
    return () => aws.send(new ec2.ModifyTransitGatewayVpcAttachmentCommand({ TransitGatewayAttachmentId, Options }));
  }),
  trial('ec2.transit-gateway-attachment', 'modified', 'route table', async ({ ec2: aws }) => {
    const { gateway, vpc, subnet } = await hub(aws);
    const TransitGatewayAttachmentId = await place.vpcAttachment(aws, gateway, vpc, [subnet]);
    const [one, two] = [await table(aws, gateway), await table(aws, gateway)];
    const current = await associationOf(aws, TransitGatewayAttachmentId);
    if (current !== undefined) await disassociate(aws, TransitGatewayAttachmentId, current);
    await aws.send(new ec2.AssociateTransitGatewayRouteTableCommand({ TransitGatewayAttachmentId, TransitGatewayRouteTableId: one }));
    return async () => {
      await disassociate(aws, TransitGatewayAttachmentId, one);
      await aws.send(new ec2.AssociateTransitGatewayRouteTableCommand({ TransitGatewayAttachmentId, TransitGatewayRouteTableId: two }));
    };
  }),
  trial('ec2.transit-gateway-attachment', 'modified', 'tags', async ({ ec2: aws }) => {
    const { gateway, vpc, subnet } = await hub(aws);
    const id = await place.vpcAttachment(aws, gateway, vpc, [subnet]);
    return () => place.retag(aws, id);
  }),

  trial('ec2.transit-gateway-route-table', 'created', 'made', async ({ ec2: aws }) => {
    const gateway = await place.transitGateway(aws);
    return () => table(aws, gateway);
  }),
  trial(
    'ec2.transit-gateway-route-table',
    'deleted',
    'with routes',
    async ({ ec2: aws }) => {
      const { id } = await routed(aws);
      return () => aws.send(new ec2.DeleteTransitGatewayRouteTableCommand({ TransitGatewayRouteTableId: id }));
    },
    { limit: NOT_TOLD },
  ),
  trial(
    'ec2.transit-gateway-route-table',
    'modified',
    'route deleted',
    async ({ ec2: aws }) => {
      const { id } = await routed(aws);
      return () =>
        aws.send(new ec2.DeleteTransitGatewayRouteCommand({ TransitGatewayRouteTableId: id, DestinationCidrBlock: '10.20.0.0/16' }));
    },
    { limit: NOT_TOLD },
  ),
  trial('ec2.transit-gateway-route-table', 'modified', 'black hole added', async ({ ec2: aws }) => {
    const { id } = await routed(aws);
    const route = { TransitGatewayRouteTableId: id, DestinationCidrBlock: '10.30.0.0/16', Blackhole: true };
    return () => aws.send(new ec2.CreateTransitGatewayRouteCommand(route));
  }),
  trial('ec2.transit-gateway-route-table', 'modified', 'route turned into a black hole', async ({ ec2: aws }) => {
    const { id } = await routed(aws);
    const route = { TransitGatewayRouteTableId: id, DestinationCidrBlock: '10.20.0.0/16', Blackhole: true };
    return () => aws.send(new ec2.ReplaceTransitGatewayRouteCommand(route));
  }),
  trial('ec2.transit-gateway-route-table', 'modified', 'propagation enabled', async ({ ec2: aws }) => {
    const { id, attachment } = await routed(aws);
    const request = { TransitGatewayRouteTableId: id, TransitGatewayAttachmentId: attachment };
    return () => aws.send(new ec2.EnableTransitGatewayRouteTablePropagationCommand(request));
  }),
  trial('ec2.transit-gateway-route-table', 'modified', 'propagation disabled', async ({ ec2: aws }) => {
    const { id, attachment } = await routed(aws);
    const request = { TransitGatewayRouteTableId: id, TransitGatewayAttachmentId: attachment };
    await aws.send(new ec2.EnableTransitGatewayRouteTablePropagationCommand(request));
    return () => aws.send(new ec2.DisableTransitGatewayRouteTablePropagationCommand(request));
  }),
  trial('ec2.transit-gateway-route-table', 'modified', 'tags', async ({ ec2: aws }) => {
    const { id } = await routed(aws);
    return () => place.retag(aws, id);
  }),
];

async function hub(aws: ec2.EC2Client) {
  const vpc = await place.vpc(aws);
  return { gateway: await place.transitGateway(aws), vpc, subnet: await place.subnet(aws, vpc) };
}

async function table(aws: ec2.EC2Client, TransitGatewayId: string): Promise<string> {
  const made = await aws.send(
    new ec2.CreateTransitGatewayRouteTableCommand({ TransitGatewayId, ...place.tagged('transit-gateway-route-table') }),
  );
  return known(made.TransitGatewayRouteTable?.TransitGatewayRouteTableId);
}

async function routed(aws: ec2.EC2Client) {
  const { gateway, vpc, subnet } = await hub(aws);
  const attachment = await place.vpcAttachment(aws, gateway, vpc, [subnet]);
  const id = await table(aws, gateway);
  const route = { TransitGatewayRouteTableId: id, DestinationCidrBlock: '10.20.0.0/16', TransitGatewayAttachmentId: attachment };
  await aws.send(new ec2.CreateTransitGatewayRouteCommand(route));
  return { id, attachment };
}

async function associationOf(aws: ec2.EC2Client, id: string): Promise<string | undefined> {
  const { TransitGatewayAttachments } = await aws.send(
    new ec2.DescribeTransitGatewayAttachmentsCommand({ TransitGatewayAttachmentIds: [id] }),
  );
  return TransitGatewayAttachments?.[0]?.Association?.TransitGatewayRouteTableId;
}

async function disassociate(aws: ec2.EC2Client, TransitGatewayAttachmentId: string, TransitGatewayRouteTableId: string): Promise<void> {
  await aws.send(new ec2.DisassociateTransitGatewayRouteTableCommand({ TransitGatewayAttachmentId, TransitGatewayRouteTableId }));
}
