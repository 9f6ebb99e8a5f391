/** Transit gateway attachments, with what only the listing of their own type tells: subnets, the peer's region, options. */
import type { JsonObject } from 'drifttrail';
import { capture } from '../../_aws/cli.ts';
import { ec2Kind, type Reader } from '../definition.ts';
import { membersOf, omit, textOf, textsOf } from '../document.ts';
import { isLeaving } from '../states.ts';

const GONE = ['deleted', 'deleting', 'rejected', 'rejecting', 'failed', 'failing'];

/** By the type of what is attached: the listing that tells more, and what of it the attachment says in other words. */
const DETAILS = [
  { type: 'vpc', operation: 'DescribeTransitGatewayVpcAttachments', items: 'TransitGatewayVpcAttachments', same: ['vpcId', 'vpcOwnerId'] },
  { type: 'peering', operation: 'DescribeTransitGatewayPeeringAttachments', items: 'TransitGatewayPeeringAttachments', same: [] },
  { type: 'connect', operation: 'DescribeTransitGatewayConnects', items: 'TransitGatewayConnects', same: [] },
] as const;

async function withDetails(attachments: readonly JsonObject[], reader: Reader): Promise<JsonObject[]> {
  const wanted = DETAILS.filter(({ type }) => attachments.some(({ resourceType }) => resourceType === type));
  const listings = wanted.map(async ({ operation, items, same }) => {
    const details = await reader.all(operation, items, { MaxResults: 1000 });
    return details.map((detail) => [detail.transitGatewayAttachmentId, omit(detail, ...same)] as const);
  });
  const byId = new Map((await Promise.all(listings)).flat());
  return attachments.map((attachment) => {
    const whole = { ...byId.get(attachment.transitGatewayAttachmentId), ...attachment };
    return isLeaving(whole.association, 'state') ? omit(whole, 'association') : whole;
  });
}

export const transitGatewayAttachment = ec2Kind({
  type: 'transit-gateway-attachment',
  title: 'transit gateway attachment',
  operation: 'DescribeTransitGatewayAttachments',
  items: 'TransitGatewayAttachments',
  input: { MaxResults: 1000 },
  id: 'transitGatewayAttachmentId',
  also: DETAILS.map(({ operation }) => operation),
  gone: (item) => GONE.includes(textOf(item, 'state') ?? ''),
  prepare: withDetails,
  sets: [{ path: '/subnetIds' }],
  undo: {
    created: (cli, id, after) => [
      cli(
        textOf(after, 'resourceType') === 'peering'
          ? 'ec2 delete-transit-gateway-peering-attachment'
          : 'ec2 delete-transit-gateway-vpc-attachment',
        {
          'transit-gateway-attachment-id': id,
        },
      ),
    ],
    deleted: (cli, before) => {
      // A VPN's attachment comes back with the VPN connection.
      if (textOf(before, 'resourceType') !== 'vpc') return [];
      return [
        capture(
          cli('ec2 create-transit-gateway-vpc-attachment', {
            'transit-gateway-id': textOf(before, 'transitGatewayId'),
            'vpc-id': textOf(before, 'resourceId'),
            'subnet-ids': textsOf(before, 'subnetIds'),
          }),
          'TransitGatewayVpcAttachment.TransitGatewayAttachmentId',
        ),
      ];
    },
    modified: (cli, change) => {
      const { added, removed } = membersOf(change, '/subnetIds');
      const attachment = { 'transit-gateway-attachment-id': change.ref.id };
      const table = (config: typeof change.before) => textOf(config, 'association', 'transitGatewayRouteTableId');
      const [was, is] = [table(change.before), table(change.after)];
      return [
        ...(added.length + removed.length === 0
          ? []
          : [
              cli('ec2 modify-transit-gateway-vpc-attachment', {
                ...attachment,
                'add-subnet-ids': removed.map(([id]) => id),
                'remove-subnet-ids': added.map(([id]) => id),
              }),
            ]),
        ...(was === is || is === undefined
          ? []
          : [cli('ec2 disassociate-transit-gateway-route-table', { ...attachment, 'transit-gateway-route-table-id': is })]),
        ...(was === is || was === undefined
          ? []
          : [cli('ec2 associate-transit-gateway-route-table', { ...attachment, 'transit-gateway-route-table-id': was })]),
      ];
    },
  },
});
