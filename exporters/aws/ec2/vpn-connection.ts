/** Site-to-site VPN connections. */
import { capture, NEW_ID } from '../../_aws/cli.ts';
import { ec2Kind } from '../definition.ts';
import { differs, entriesOf, flagOf, membersOf, textOf } from '../document.ts';

/** What a tunnel offers, in any order: `[{ value: "AES256" }, …]`. */
const PROPOSALS = [
  ...['Encryption', 'Integrity'].flatMap((what) => [`phase1${what}Algorithms`, `phase2${what}Algorithms`]),
  'phase1DHGroupNumbers',
  'phase2DHGroupNumbers',
  'ikeVersions',
];

export const vpnConnection = ec2Kind({
  type: 'vpn-connection',
  title: 'VPN connection',
  operation: 'DescribeVpnConnections',
  items: 'VpnConnections',
  id: 'vpnConnectionId',
  gone: (item) => item.state === 'deleted' || item.state === 'deleting',
  sets: [
    { path: '/routes', key: ['destinationCidrBlock'] },
    { path: '/options/tunnelOptions', key: [['outsideIpAddress', 'tunnelInsideCidr']] },
    ...PROPOSALS.map((field) => ({ path: `/options/tunnelOptions/*/${field}`, key: ['value'], value: 'value' })),
  ],
  volatile: [
    { path: '/vgwTelemetry', because: 'the state of each tunnel from minute to minute: {"status":"DOWN","acceptedRouteCount":0}' },
  ],
  // The XML for the router holds both pre-shared keys.
  secret: ['/customerGatewayConfiguration', '/options/tunnelOptions/*/preSharedKey'],
  undo: {
    created: (cli, id) => [cli('ec2 delete-vpn-connection', { 'vpn-connection-id': id })],
    deleted: (cli, before) => [
      capture(
        cli('ec2 create-vpn-connection', {
          type: textOf(before, 'type') ?? 'ipsec.1',
          'customer-gateway-id': textOf(before, 'customerGatewayId'),
          'vpn-gateway-id': textOf(before, 'vpnGatewayId'),
          'transit-gateway-id': textOf(before, 'transitGatewayId'),
          options: { json: { StaticRoutesOnly: flagOf(before, 'options', 'staticRoutesOnly') ?? false } },
        }),
        'VpnConnection.VpnConnectionId',
      ),
      ...entriesOf(before, 'routes').map(([destination]) =>
        cli('ec2 create-vpn-connection-route', { 'vpn-connection-id': NEW_ID, 'destination-cidr-block': destination }),
      ),
    ],
    modified: (cli, change) => {
      const connection = { 'vpn-connection-id': change.ref.id };
      const routes = membersOf(change, '/routes');
      const moved = ['/customerGatewayId', '/vpnGatewayId', '/transitGatewayId'].some((path) => differs(change, path));
      return [
        ...(moved
          ? [
              cli('ec2 modify-vpn-connection', {
                ...connection,
                'customer-gateway-id': textOf(change.before, 'customerGatewayId'),
                'vpn-gateway-id': textOf(change.before, 'vpnGatewayId'),
                'transit-gateway-id': textOf(change.before, 'transitGatewayId'),
              }),
            ]
          : []),
        ...routes.added.map(([to]) => cli('ec2 delete-vpn-connection-route', { ...connection, 'destination-cidr-block': to })),
        ...routes.removed.map(([to]) => cli('ec2 create-vpn-connection-route', { ...connection, 'destination-cidr-block': to })),
      ];
    },
  },
});
