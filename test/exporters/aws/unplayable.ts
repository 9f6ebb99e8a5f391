/** Changes that the emulator of AWS cannot play, and what their undo must ask of AWS. */
import type { JsonObject } from '../../../src/model.ts';

const address = (id: string, fields: JsonObject = {}): JsonObject => ({
  [id]: { allocationId: id, privateIp: `10.0.0.${id.length}`, associationId: `as-${id}`, ...fields },
});

/** Type, what changed, before, after, and the calls that undo it. */
export const UNPLAYABLE: readonly (readonly [string, string, JsonObject, JsonObject, readonly (readonly [string, JsonObject])[]])[] = [
  [
    'ec2.nat-gateway',
    'a second public address',
    { natGatewayAddresses: address('a') },
    { natGatewayAddresses: { ...address('a'), ...address('bb') } },
    [['DisassociateNatGatewayAddress', { NatGatewayId: 'x', AssociationIds: ['as-bb'] }]],
  ],
  [
    'ec2.nat-gateway',
    'a lost private address',
    { connectivityType: 'private', natGatewayAddresses: { ...address('a'), ...address('bb') } },
    { connectivityType: 'private', natGatewayAddresses: address('a') },
    [['AssignPrivateNatGatewayAddress', { NatGatewayId: 'x', PrivateIpAddresses: ['10.0.0.2'] }]],
  ],
  [
    'ec2.vpn-connection',
    'another customer gateway and other networks',
    { customerGatewayId: 'cgw-1', vpnGatewayId: 'vgw-1', options: { localIpv4NetworkCidr: '10.0.0.0/8' } },
    { customerGatewayId: 'cgw-2', vpnGatewayId: 'vgw-1', options: { localIpv4NetworkCidr: '0.0.0.0/0' } },
    [
      ['ModifyVpnConnection', { VpnConnectionId: 'x', CustomerGatewayId: 'cgw-1', VpnGatewayId: 'vgw-1' }],
      ['ModifyVpnConnectionOptions', { VpnConnectionId: 'x', LocalIpv4NetworkCidr: '10.0.0.0/8' }],
    ],
  ],
  [
    'ec2.vpn-connection',
    'a static route',
    { routes: {} },
    { routes: { '10.5.0.0/16': {} } },
    [['DeleteVpnConnectionRoute', { VpnConnectionId: 'x', DestinationCidrBlock: '10.5.0.0/16' }]],
  ],
  [
    'ec2.subnet',
    'DNS64 and host names',
    { enableDns64: true, privateDnsNameOptionsOnLaunch: { hostnameType: 'ip-name', enableResourceNameDnsAAAARecord: true } },
    { enableDns64: false, privateDnsNameOptionsOnLaunch: { hostnameType: 'resource-name', enableResourceNameDnsAAAARecord: false } },
    [
      ['ModifySubnetAttribute', { SubnetId: 'x', EnableDns64: { Value: true } }],
      ['ModifySubnetAttribute', { SubnetId: 'x', PrivateDnsHostnameTypeOnLaunch: 'ip-name' }],
      ['ModifySubnetAttribute', { SubnetId: 'x', EnableResourceNameDnsAAAARecordOnLaunch: { Value: true } }],
    ],
  ],
  [
    'ec2.vpc-endpoint',
    'private DNS, address type and DNS options',
    { privateDnsEnabled: true, ipAddressType: 'ipv4', dnsOptions: { dnsRecordIpType: 'ipv4' } },
    { privateDnsEnabled: false, ipAddressType: 'dualstack', dnsOptions: { dnsRecordIpType: 'dualstack' } },
    [
      ['ModifyVpcEndpoint', { VpcEndpointId: 'x', IpAddressType: 'ipv4', DnsOptions: { DnsRecordIpType: 'ipv4' } }],
      ['ModifyVpcEndpoint', { VpcEndpointId: 'x', PrivateDnsEnabled: true }],
    ],
  ],
  [
    'ec2.route-table',
    'propagation',
    { propagatingVgws: { 'vgw-1': {} } },
    { propagatingVgws: { 'vgw-2': {} } },
    [
      ['DisableVgwRoutePropagation', { RouteTableId: 'x', GatewayId: 'vgw-2' }],
      ['EnableVgwRoutePropagation', { RouteTableId: 'x', GatewayId: 'vgw-1' }],
    ],
  ],
  [
    'ec2.transit-gateway-attachment',
    'another route table',
    { association: { transitGatewayRouteTableId: 'tgw-rtb-1' } },
    { association: { transitGatewayRouteTableId: 'tgw-rtb-2' } },
    [
      ['DisassociateTransitGatewayRouteTable', { TransitGatewayAttachmentId: 'x', TransitGatewayRouteTableId: 'tgw-rtb-2' }],
      ['DescribeTransitGatewayAttachments', { TransitGatewayAttachmentIds: ['x'] }],
      ['AssociateTransitGatewayRouteTable', { TransitGatewayAttachmentId: 'x', TransitGatewayRouteTableId: 'tgw-rtb-1' }],
    ],
  ],
  [
    'ec2.transit-gateway-route-table',
    'routes by an attachment, to a black hole and to a prefix list',
    {
      routes: {
        '10.1.0.0/16': { type: 'static', state: 'active', transitGatewayAttachments: [{ transitGatewayAttachmentId: 'tgw-attach-1' }] },
        '10.2.0.0/16': { type: 'static', state: 'blackhole' },
        '10.3.0.0/16': { type: 'static', state: 'active' },
        'pl-1': { type: 'static', state: 'active', transitGatewayAttachments: [{ transitGatewayAttachmentId: 'tgw-attach-1' }] },
      },
    },
    {
      routes: {
        '10.2.0.0/16': { type: 'static', state: 'active', transitGatewayAttachments: [{ transitGatewayAttachmentId: 'tgw-attach-2' }] },
      },
    },
    [
      [
        'CreateTransitGatewayRoute',
        { TransitGatewayRouteTableId: 'x', DestinationCidrBlock: '10.1.0.0/16', TransitGatewayAttachmentId: 'tgw-attach-1' },
      ],
      [
        'CreateTransitGatewayPrefixListReference',
        { TransitGatewayRouteTableId: 'x', PrefixListId: 'pl-1', TransitGatewayAttachmentId: 'tgw-attach-1' },
      ],
      ['ReplaceTransitGatewayRoute', { TransitGatewayRouteTableId: 'x', DestinationCidrBlock: '10.2.0.0/16', Blackhole: true }],
    ],
  ],
  [
    'ec2.managed-prefix-list',
    'the description of an entry',
    { version: 4, entries: { '10.0.0.0/8': 'office' } },
    { version: 5, entries: { '10.0.0.0/8': 'other' } },
    [
      ['ModifyManagedPrefixList', { PrefixListId: 'x', CurrentVersion: 5, RemoveEntries: [{ Cidr: '10.0.0.0/8' }] }],
      ['DescribeManagedPrefixLists', { PrefixListIds: ['x'] }],
      ['ModifyManagedPrefixList', { PrefixListId: 'x', CurrentVersion: 6, AddEntries: [{ Cidr: '10.0.0.0/8', Description: 'office' }] }],
    ],
  ],
  [
    'iam.user',
    'the boundary',
    { permissionsBoundary: 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
    {},
    [['PutUserPermissionsBoundary', { UserName: 'x', PermissionsBoundary: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }]],
  ],
  ['iam.group', 'the path', { path: '/a/' }, { path: '/b/' }, [['UpdateGroup', { GroupName: 'x', NewPath: '/a/' }]]],
  [
    'iam.oidc-provider',
    'the clients',
    { arn: 'arn:p', clientIds: ['a'] },
    { arn: 'arn:p', clientIds: ['b'] },
    [
      ['RemoveClientIDFromOpenIDConnectProvider', { OpenIDConnectProviderArn: 'arn:p', ClientID: 'b' }],
      ['AddClientIDToOpenIDConnectProvider', { OpenIDConnectProviderArn: 'arn:p', ClientID: 'a' }],
    ],
  ],
  [
    'ec2.security-group',
    'a rule of another protocol',
    { rules: { 'ingress 50 all 192.0.2.0/24': {} } },
    { rules: {} },
    [['AuthorizeSecurityGroupIngress', { GroupId: 'x', IpPermissions: [{ IpProtocol: '50', IpRanges: [{ CidrIp: '192.0.2.0/24' }] }] }]],
  ],
  [
    'ec2.route-table',
    'a route to a prefix list',
    { routes: { 'pl-1': { destinationPrefixListId: 'pl-1', origin: 'CreateRoute', natGatewayId: 'nat-1' } } },
    { routes: {} },
    [['CreateRoute', { RouteTableId: 'x', DestinationPrefixListId: 'pl-1', NatGatewayId: 'nat-1' }]],
  ],
  [
    'iam.saml-provider',
    'tags',
    { arn: 'arn:p', tags: { a: '1' } },
    { arn: 'arn:p', tags: {} },
    [['TagSAMLProvider', { SAMLProviderArn: 'arn:p', Tags: [{ Key: 'a', Value: '1' }] }]],
  ],
  [
    'iam.mfa-device',
    'tags',
    { serialNumber: 's', tags: { a: '1' } },
    { serialNumber: 's', tags: {} },
    [['TagMFADevice', { SerialNumber: 's', Tags: [{ Key: 'a', Value: '1' }] }]],
  ],
];
