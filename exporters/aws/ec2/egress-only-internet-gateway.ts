/** Egress-only internet gateways: the IPv6 way out. */
import { ec2Kind } from '../definition.ts';
import { entriesOf } from '../document.ts';
import { gatewayAttachments } from './gateway-attachments.ts';

export const egressOnlyInternetGateway = ec2Kind({
  type: 'egress-only-internet-gateway',
  title: 'egress-only internet gateway',
  operation: 'DescribeEgressOnlyInternetGateways',
  items: 'EgressOnlyInternetGateways',
  input: { MaxResults: 255 },
  id: 'egressOnlyInternetGatewayId',
  shape: (item) => ({ ...item, attachments: gatewayAttachments(item, 'attachments', 'attached') }),
  undo: {
    created: (cli, id) => [cli('ec2 delete-egress-only-internet-gateway', { 'egress-only-internet-gateway-id': id })],
    deleted: (cli, before) => [
      cli.capture(
        cli('ec2 create-egress-only-internet-gateway', { 'vpc-id': entriesOf(before, 'attachments')[0]?.[0] }),
        'EgressOnlyInternetGateway.EgressOnlyInternetGatewayId',
      ),
    ],
  },
});
