/** Transit gateway attachments, with what only the listing of their own type tells: subnets, the peer's region, options. */
import type { JsonObject } from 'drifttrail';
import { ec2Kind, type Reader } from '../definition.ts';
import { omit, textOf } from '../document.ts';
import { isLeaving } from '../states.ts';
import { undoAttachment } from './transit-gateway-attachment-undo.ts';

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
  undo: undoAttachment,
});
