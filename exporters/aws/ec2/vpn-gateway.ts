/** Virtual private gateways. */
import { ec2Kind } from '../definition.ts';
import { entriesOf, fieldOf, membersOf, omit, textOf } from '../document.ts';
import { gatewayAttachments } from './gateway-attachments.ts';

export const vpnGateway = ec2Kind({
  type: 'vpn-gateway',
  title: 'VPN gateway',
  operation: 'DescribeVpnGateways',
  items: 'VpnGateways',
  id: 'vpnGatewayId',
  gone: (item) => item.state === 'deleted' || item.state === 'deleting',
  shape: (item) => ({ ...omit(item, 'vpcAttachments'), attachments: gatewayAttachments(item, 'vpcAttachments', 'attached') }),
  undo: {
    created: (cli, id, after) => [
      ...entriesOf(after, 'attachments').map(([vpc]) => cli('ec2 detach-vpn-gateway', { 'vpn-gateway-id': id, 'vpc-id': vpc })),
      cli('ec2 delete-vpn-gateway', { 'vpn-gateway-id': id }),
    ],
    deleted: (cli, before) => {
      const asn = fieldOf(before, 'amazonSideAsn');
      return [
        cli.capture(
          cli('ec2 create-vpn-gateway', {
            type: textOf(before, 'type') ?? 'ipsec.1',
            'amazon-side-asn': typeof asn === 'number' ? asn : undefined,
          }),
          'VpnGateway.VpnGatewayId',
        ),
        ...entriesOf(before, 'attachments').map(([vpc]) => cli('ec2 attach-vpn-gateway', { 'vpn-gateway-id': cli.newId, 'vpc-id': vpc })),
      ];
    },
    modified: (cli, change) => {
      const gateway = { 'vpn-gateway-id': change.ref.id };
      const { added, removed } = membersOf(change, '/attachments');
      return [
        ...added.map(([vpc]) => cli('ec2 detach-vpn-gateway', { ...gateway, 'vpc-id': vpc })),
        ...removed.map(([vpc]) => cli('ec2 attach-vpn-gateway', { ...gateway, 'vpc-id': vpc })),
      ];
    },
  },
});
