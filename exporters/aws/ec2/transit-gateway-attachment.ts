/** Transit gateway attachments; those to VPCs with their subnets. */
import type { JsonObject } from 'drifttrail';
import { capture } from '../../_aws/cli.ts';
import { ec2Kind, type Reader } from '../definition.ts';
import { membersOf, textOf, textsOf } from '../document.ts';

const GONE = ['deleted', 'deleting', 'rejected', 'rejecting', 'failed', 'failing'];

async function withSubnets(attachments: readonly JsonObject[], reader: Reader): Promise<JsonObject[]> {
  if (!attachments.some(({ resourceType }) => resourceType === 'vpc')) return [...attachments];
  const details = await reader.all('DescribeTransitGatewayVpcAttachments', 'TransitGatewayVpcAttachments', { MaxResults: 1000 });
  const byId = new Map(details.map((detail) => [detail.transitGatewayAttachmentId, detail]));
  return attachments.map((attachment) => {
    const { subnetIds, options } = byId.get(attachment.transitGatewayAttachmentId) ?? {};
    return { ...attachment, ...(subnetIds === undefined ? {} : { subnetIds }), ...(options === undefined ? {} : { options }) };
  });
}

export const transitGatewayAttachment = ec2Kind({
  type: 'transit-gateway-attachment',
  title: 'transit gateway attachment',
  operation: 'DescribeTransitGatewayAttachments',
  items: 'TransitGatewayAttachments',
  input: { MaxResults: 1000 },
  id: 'transitGatewayAttachmentId',
  also: ['DescribeTransitGatewayVpcAttachments'],
  gone: (item) => GONE.includes(textOf(item, 'state') ?? ''),
  prepare: withSubnets,
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
