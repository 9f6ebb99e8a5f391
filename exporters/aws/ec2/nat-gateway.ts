/** NAT gateways. */
import { capture } from '../../_aws/cli.ts';
import { ec2Kind } from '../definition.ts';
import { entriesOf, objectsOf, textOf } from '../document.ts';
import { isLeaving, standing } from '../states.ts';

const ARRIVING = new Set(['assigning', 'associating']);

export const natGateway = ec2Kind({
  type: 'nat-gateway',
  title: 'NAT gateway',
  operation: 'DescribeNatGateways',
  items: 'NatGateways',
  input: { MaxResults: 1000 },
  id: 'natGatewayId',
  // Listed for about an hour after they were deleted.
  gone: (item) => item.state === 'deleted' || item.state === 'deleting',
  shape: (item) => ({
    ...item,
    natGatewayAddresses: objectsOf(item, 'natGatewayAddresses')
      .filter((address) => !isLeaving(address, 'status'))
      .map((address) => (ARRIVING.has(textOf(address, 'status') ?? '') ? { ...address, status: 'succeeded' } : address)),
    ...(Array.isArray(item.attachedAppliances) ? { attachedAppliances: standing(item, 'attachedAppliances', 'attachmentState') } : {}),
  }),
  sets: [
    { path: '/attachedAppliances', key: ['applianceArn'] },
    { path: '/natGatewayAddresses', key: [['allocationId', 'privateIp', 'networkInterfaceId']] },
  ],
  undo: {
    created: (cli, id) => [cli('ec2 delete-nat-gateway', { 'nat-gateway-id': id })],
    deleted: (cli, before) => {
      const address = entriesOf(before, 'natGatewayAddresses')[0]?.[1];
      return [
        capture(
          cli('ec2 create-nat-gateway', {
            'subnet-id': textOf(before, 'subnetId'),
            'allocation-id': textOf(address, 'allocationId'),
            'connectivity-type': textOf(before, 'connectivityType'),
          }),
          'NatGateway.NatGatewayId',
        ),
      ];
    },
  },
});
