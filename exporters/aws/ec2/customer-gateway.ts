/** Customer gateways: our end of a VPN. */
import { ec2Kind } from '../definition.ts';
import { textOf } from '../document.ts';

export const customerGateway = ec2Kind({
  type: 'customer-gateway',
  title: 'customer gateway',
  operation: 'DescribeCustomerGateways',
  items: 'CustomerGateways',
  id: 'customerGatewayId',
  gone: (item) => item.state === 'deleted' || item.state === 'deleting',
  undo: {
    created: (cli, id) => [cli('ec2 delete-customer-gateway', { 'customer-gateway-id': id })],
    deleted: (cli, before) => [
      cli.capture(
        cli('ec2 create-customer-gateway', {
          type: textOf(before, 'type') ?? 'ipsec.1',
          'ip-address': textOf(before, 'ipAddress'),
          'bgp-asn': textOf(before, 'bgpAsn'),
          'certificate-arn': textOf(before, 'certificateArn'),
          'device-name': textOf(before, 'deviceName'),
        }),
        'CustomerGateway.CustomerGatewayId',
      ),
    ],
  },
});
