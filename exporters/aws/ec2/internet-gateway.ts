/** Internet gateways. */
import { ec2Kind } from '../definition.ts';
import { entriesOf, membersOf } from '../document.ts';
import { gatewayAttachments } from './gateway-attachments.ts';

export const internetGateway = ec2Kind({
  type: 'internet-gateway',
  title: 'internet gateway',
  operation: 'DescribeInternetGateways',
  items: 'InternetGateways',
  input: { MaxResults: 1000 },
  id: 'internetGatewayId',
  shape: (item) => ({ ...item, attachments: gatewayAttachments(item, 'attachments', 'available') }),
  undo: {
    created: (cli, id, after) => [
      ...entriesOf(after, 'attachments').map(([vpc]) => cli('ec2 detach-internet-gateway', { 'internet-gateway-id': id, 'vpc-id': vpc })),
      cli('ec2 delete-internet-gateway', { 'internet-gateway-id': id }),
    ],
    deleted: (cli, before) => [
      cli.capture(cli('ec2 create-internet-gateway'), 'InternetGateway.InternetGatewayId'),
      ...entriesOf(before, 'attachments').map(([vpc]) =>
        cli('ec2 attach-internet-gateway', { 'internet-gateway-id': cli.newId, 'vpc-id': vpc }),
      ),
    ],
    modified: (cli, change) => {
      const gateway = { 'internet-gateway-id': change.ref.id };
      const { added, removed } = membersOf(change, '/attachments');
      return [
        ...added.map(([vpc]) => cli('ec2 detach-internet-gateway', { ...gateway, 'vpc-id': vpc })),
        ...removed.map(([vpc]) => cli('ec2 attach-internet-gateway', { ...gateway, 'vpc-id': vpc })),
      ];
    },
  },
});
