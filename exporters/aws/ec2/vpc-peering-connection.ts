/** VPC peering connections. */
import { type Argument, capture } from '../../_aws/cli.ts';
import { attributeCommands, ec2Kind } from '../definition.ts';
import { textOf } from '../document.ts';

const GONE = ['deleted', 'deleting', 'rejected', 'expired', 'failed'];
const SIDES = ['requester', 'accepter'] as const;
const OPTION = 'allowDnsResolutionFromRemoteVpc';

export const vpcPeeringConnection = ec2Kind({
  type: 'vpc-peering-connection',
  title: 'VPC peering connection',
  operation: 'DescribeVpcPeeringConnections',
  items: 'VpcPeeringConnections',
  input: { MaxResults: 1000 },
  id: 'vpcPeeringConnectionId',
  // Stay listed for hours or days after their end.
  gone: (item) => GONE.includes(textOf(item, 'status', 'code') ?? ''),
  sets: SIDES.flatMap((side) => [
    { path: `/${side}VpcInfo/cidrBlockSet`, key: ['cidrBlock'] },
    { path: `/${side}VpcInfo/ipv6CidrBlockSet`, key: ['ipv6CidrBlock'] },
  ]),
  undo: {
    created: (cli, id) => [cli('ec2 delete-vpc-peering-connection', { 'vpc-peering-connection-id': id })],
    deleted: (cli, before) => [
      capture(
        cli('ec2 create-vpc-peering-connection', {
          'vpc-id': textOf(before, 'requesterVpcInfo', 'vpcId'),
          'peer-vpc-id': textOf(before, 'accepterVpcInfo', 'vpcId'),
          'peer-owner-id': textOf(before, 'accepterVpcInfo', 'ownerId'),
          'peer-region': textOf(before, 'accepterVpcInfo', 'region'),
        }),
        'VpcPeeringConnection.VpcPeeringConnectionId',
      ),
    ],
    modified: (cli, change) =>
      SIDES.flatMap((side) =>
        attributeCommands(change, { [`/${side}VpcInfo/peeringOptions/${OPTION}`]: `${side}-peering-connection-options` }, (option, value) =>
          cli('ec2 modify-vpc-peering-connection-options', {
            'vpc-peering-connection-id': change.ref.id,
            [option]: { json: { AllowDnsResolutionFromRemoteVpc: value === true } } satisfies Argument,
          }),
        ),
      ),
  },
});
