/** Site-to-site VPN connections. */
import type { Json, JsonObject } from 'drifttrail';
import { note } from '../../_shell/words.ts';
import { ec2Kind } from '../definition.ts';
import { defined, differs, entriesOf, flagOf, membersOf, textOf } from '../document.ts';

/** What a tunnel offers, in any order: `[{ value: "AES256" }, …]`. */
const PROPOSALS = [
  ...['Encryption', 'Integrity'].flatMap((what) => [`phase1${what}Algorithms`, `phase2${what}Algorithms`]),
  'phase1DHGroupNumbers',
  'phase2DHGroupNumbers',
  'ikeVersions',
];

/** Which networks the two sides tell each other: the field, in the API, on the command line. */
const NETWORKS = [
  ['localIpv4NetworkCidr', 'LocalIpv4NetworkCidr', 'local-ipv4-network-cidr'],
  ['remoteIpv4NetworkCidr', 'RemoteIpv4NetworkCidr', 'remote-ipv4-network-cidr'],
  ['localIpv6NetworkCidr', 'LocalIpv6NetworkCidr', 'local-ipv6-network-cidr'],
  ['remoteIpv6NetworkCidr', 'RemoteIpv6NetworkCidr', 'remote-ipv6-network-cidr'],
] as const;

function networks(config: Json): JsonObject {
  return defined(Object.fromEntries(NETWORKS.map(([field, name]) => [name, textOf(config, 'options', field)])));
}

function networkOptions(config: Json | undefined): (readonly [string, string | undefined])[] {
  return NETWORKS.map(([field, , option]) => [option, textOf(config, 'options', field)]);
}

/** The inner addresses may be chosen; the outer ones and the keys are Amazon's. */
function tunnels(config: Json): JsonObject {
  const inner = entriesOf(config, 'options', 'tunnelOptions').flatMap(([, tunnel]) => textOf(tunnel, 'tunnelInsideCidr') ?? []);
  return inner.length === 0 ? {} : { TunnelOptions: inner.map((TunnelInsideCidr) => ({ TunnelInsideCidr })) };
}

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
      cli.capture(
        cli('ec2 create-vpn-connection', {
          type: textOf(before, 'type') ?? 'ipsec.1',
          'customer-gateway-id': textOf(before, 'customerGatewayId'),
          'vpn-gateway-id': textOf(before, 'vpnGatewayId'),
          'transit-gateway-id': textOf(before, 'transitGatewayId'),
          options: {
            json: { StaticRoutesOnly: flagOf(before, 'options', 'staticRoutesOnly') ?? false, ...networks(before), ...tunnels(before) },
          },
        }),
        'VpnConnection.VpnConnectionId',
      ),
      ...entriesOf(before, 'routes').map(([destination]) =>
        cli('ec2 create-vpn-connection-route', { 'vpn-connection-id': cli.newId, 'destination-cidr-block': destination }),
      ),
      note('its tunnels have other addresses and pre-shared keys: the customer gateway must be configured anew'),
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
        ...(NETWORKS.some(([field]) => differs(change, `/options/${field}`))
          ? [cli('ec2 modify-vpn-connection-options', { ...connection, ...Object.fromEntries(networkOptions(change.before)) })]
          : []),
        ...(differs(change, '/options/tunnelOptions')
          ? [note('options of tunnels: ec2 modify-vpn-tunnel-options takes them; pre-shared keys are not kept here')]
          : []),
        ...routes.added.map(([to]) => cli('ec2 delete-vpn-connection-route', { ...connection, 'destination-cidr-block': to })),
        ...routes.removed.map(([to]) => cli('ec2 create-vpn-connection-route', { ...connection, 'destination-cidr-block': to })),
      ];
    },
  },
});
