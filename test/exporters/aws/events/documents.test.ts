/** Calls in the shapes of real records, told as the documents of the snapshot have it: leaf by leaf, value by value. */
import { describe, expect, test } from 'vitest';
import type { Json } from '../../../../src/model.ts';
import { actor } from '../../../attribute/events.ts';
import { ref } from '../../../attribute/world.ts';
import { effects, items, type World } from './effects.ts';

type Case = [name: string, request: Json, response: Json, world: World, expected: string[]];

const OIDC = 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com';
const SAML = 'arn:aws:iam::123456789012:saml-provider/sso';
const MFA = 'arn:aws:iam::123456789012:mfa/eve';
const oidc = 'iam.oidc-provider/token.actions.githubusercontent.com';

describe('IAM', () => {
  test.each<Case>([
    [
      'AddClientIDToOpenIDConnectProvider',
      { openIDConnectProviderArn: OIDC, clientID: 'sts.amazonaws.com' },
      null,
      {},
      [`set ${oidc} /clientIds/** "sts.amazonaws.com"`],
    ],
    [
      'RemoveClientIDFromOpenIDConnectProvider',
      { openIDConnectProviderArn: OIDC, clientID: 'x' },
      null,
      {},
      [`unset ${oidc} /clientIds/** "x"`],
    ],
    [
      'UpdateOpenIDConnectProviderThumbprint',
      { openIDConnectProviderArn: OIDC, thumbprintList: ['aa', 'bb'] },
      null,
      {},
      [`set ${oidc} /thumbprints ["aa","bb"]`],
    ],
    [
      'UpdateSAMLProvider',
      { sAMLProviderArn: SAML, assertionEncryptionMode: 'Required', addPrivateKey: 'x' },
      null,
      {},
      ['set iam.saml-provider/sso /assertionEncryptionMode "Required"', 'set iam.saml-provider/sso /privateKeyList/**'],
    ],
    ['TagMFADevice', { serialNumber: MFA, tags: [{ key: 'of', value: 'eve' }] }, null, {}, ['set iam.mfa-device/eve /tags/of "eve"']],
    ['UntagMFADevice', { serialNumber: MFA, tagKeys: ['of'] }, null, {}, ['unset iam.mfa-device/eve /tags/of']],
    ['ChangePassword', null, null, {}, ['set iam.user/alice /loginProfile/passwordResetRequired false']],
    [
      'UpdateRole',
      { roleName: 'r', description: 'deploys' },
      null,
      {},
      ['set iam.role/r /description "deploys"', '~set iam.role/r /maxSessionDuration 3600'],
    ],
    ['UpdateRole', { roleName: 'r', maxSessionDuration: 7200 }, null, {}, ['set iam.role/r /maxSessionDuration "7200"']],
    [
      'SetSecurityTokenServicePreferences',
      { globalEndpointTokenVersion: 'v2Token' },
      null,
      {},
      ['set iam.account/account /summary/GlobalEndpointTokenVersion 2'],
    ],
    [
      'UpdateUser',
      { userName: 'eve', newUserName: 'eva' },
      null,
      { a: [ref('iam.mfa-device', 'eve'), { userName: 'eve' }], b: [ref('iam.mfa-device', 'bob'), { userName: 'bob' }] },
      ['~set iam.mfa-device/eve /userName "eva"', '~set iam.mfa-device/eve /userArn', 'delete iam.user/eve', 'create iam.user/eva'],
    ],
    ['UpdateRoleDescription', { roleName: 'r', description: '' }, null, {}, ['unset iam.role/r /description']],
  ])('%s', (name, request, response, world, expected) => {
    expect(effects(name, request, response, world)).toEqual(expected);
  });
});

test.each<[string, string]>([
  ['DeleteLoginProfile', 'AccountPasswordPresent'],
  ['CreateLoginProfile', 'AccountPasswordPresent'],
  ['DeleteSigningCertificate', 'AccountSigningCertificatesPresent'],
])('%s of the root user shows in the account’s summary', (name, field) => {
  const root = actor('root', { type: 'Root' });
  expect(effects(name, null, null, {}, { actor: root })).toEqual([`~set iam.account/account /summary/${field}`]);
});

const entry = (aclProtocol: string, more: object): Json => ({
  networkAclId: 'acl-1',
  egress: false,
  ruleNumber: 100,
  ruleAction: 'allow',
  cidrBlock: '0.0.0.0/0',
  aclProtocol,
  ...more,
});
const told = (protocol: string, more = '') =>
  `set network-acl/acl-1 /entries/ingress 100 {"ruleAction":"allow","cidrBlock":"0.0.0.0/0","protocol":"${protocol}"${more}}`;

describe('entries of network ACLs have only what their protocol has', () => {
  test.each<Case>([
    ['CreateNetworkAclEntry', entry('-1', { icmpTypeCode: {}, portRange: { from: -1, to: -1 } }), { _return: true }, {}, [told('-1')]],
    ['ReplaceNetworkAclEntry', entry('all', { portRange: { from: 0, to: 0 } }), null, {}, [told('-1')]],
    [
      'CreateNetworkAclEntry',
      entry('tcp', { portRange: { from: 443, to: 443 } }),
      null,
      {},
      [told('6', ',"portRange":{"from":443,"to":443}')],
    ],
    [
      'CreateNetworkAclEntry',
      entry('1', { icmpTypeCode: { code: -1, type: 8 }, portRange: { from: 0, to: 0 } }),
      null,
      {},
      [told('1', ',"icmpTypeCode":{"type":8,"code":-1}')],
    ],
    [
      'CreateNetworkAclEntry',
      entry('17', { icmpTypeCode: { code: 0, type: 0 }, portRange: { from: 53, to: 53 } }),
      null,
      {},
      [told('17', ',"portRange":{"from":53,"to":53}')],
    ],
  ])('%s', (name, request, response, world, expected) => {
    expect(effects(name, request, response, world)).toEqual(expected);
  });
});

const group = (id: string, groupName: string, rules: Json = {}) => [ref('security-group', id), { groupName, rules }] as const;
const permission = (ipProtocol: string, ports: readonly [number, number], peers: object): Json => ({
  ipProtocol,
  fromPort: ports[0],
  toPort: ports[1],
  ...peers,
});

describe('rules of security groups', () => {
  test.each<Case>([
    [
      'AuthorizeSecurityGroupEgress',
      { groupId: 'sg-1', ipPermissions: items(permission('UDP', [53, 53], { ipv6Ranges: items({ cidrIpv6: '2001:DB8:0::/32' }) })) },
      null,
      {},
      ['set security-group/sg-1 /rules/egress udp 53 2001:db8::~132 {}'],
    ],
    [
      'AuthorizeSecurityGroupIngress',
      { groupId: 'sg-1', ipPermissions: items(permission('50', [0, 0], { ipRanges: items({ cidrIp: '10.0.0.0/8' }) })) },
      null,
      {},
      ['set security-group/sg-1 /rules/ingress 50 all 10.0.0.0~18 {}'],
    ],
    [
      'AuthorizeSecurityGroupIngress',
      {
        groupId: 'sg-1',
        ipPermissions: items(permission('tcp', [22, 22], { groups: items({ groupName: 'bastion', userId: '123456789012' }) })),
      },
      null,
      { a: group('sg-2', 'bastion') },
      ['set security-group/sg-1 /rules/ingress tcp 22 sg-2 {}'],
    ],
    [
      'AuthorizeSecurityGroupIngress',
      { groupId: 'sg-1', ipPermissions: {}, ipProtocol: 'tcp', fromPort: 1, toPort: 2, sourceSecurityGroupName: 'bastion' },
      null,
      { a: group('sg-2', 'bastion') },
      ['set security-group/sg-1 /rules/ingress tcp 1-2 sg-2 {}'],
    ],
    [
      'RevokeSecurityGroupIngress',
      { groupId: 'sg-1', securityGroupRuleIds: items({ securityGroupRuleId: 'sgr-1' }) },
      {
        revokedSecurityGroupRuleSet: items({
          securityGroupRuleId: 'sgr-1',
          groupId: 'sg-1',
          isEgress: false,
          ipProtocol: 'tcp',
          fromPort: 22,
          toPort: 22,
          referencedGroupId: 'sg-9',
        }),
      },
      { a: group('sg-1', 'web', { 'ingress tcp 22 210987654321/sg-9': { securityGroupRuleId: 'sgr-1' } }) },
      ['unset security-group/sg-1 /rules/ingress tcp 22 210987654321~1sg-9'],
    ],
    [
      'RevokeSecurityGroupIngress',
      {
        groupId: 'sg-1',
        ipPermissions: items(permission('tcp', [22, 22], { ipRanges: items({ cidrIp: '10.0.0.0/8' }, { cidrIp: '0.0.0.0/0' }) })),
      },
      { unknownIpPermissionSet: items(permission('tcp', [22, 22], { ipRanges: items({ cidrIp: '10.0.0.0/8' }) })), _return: true },
      {},
      ['unset security-group/sg-1 /rules/ingress tcp 22 0.0.0.0~10'],
    ],
    [
      'UpdateSecurityGroupRuleDescriptionsIngress',
      { groupId: 'sg-1', ipPermissions: items(permission('tcp', [22, 22], { ipRanges: items({ cidrIp: '10.0.0.0/8' }) })) },
      { _return: true },
      {},
      ['unset security-group/sg-1 /rules/ingress tcp 22 10.0.0.0~18/description'],
    ],
    [
      'DeleteTags',
      { resourcesSet: items({ resourceId: 'sgr-1' }, { resourceId: 'sg-1' }) },
      null,
      { a: group('sg-1', 'web', { 'egress all all ::/0': { securityGroupRuleId: 'sgr-1' } }) },
      ['unset security-group/sg-1 /tags/**', 'unset security-group/sg-1 /rules/egress all all ::~10/tags/**'],
    ],
  ])('%s', (name, request, response, world, expected) => {
    expect(effects(name, request, response, world)).toEqual(expected);
  });
});

const eni = (id: string, config: Json = {}) => [ref('network-interface', id), config] as const;
const table = (id: string, routes: Json, more: object = {}) => [ref('route-table', id), { vpcId: 'vpc-1', routes, ...more }] as const;
const freed = ['associationId', 'networkInterfaceId', 'instanceId', 'privateIpAddress', 'networkInterfaceOwnerId'];

describe('interfaces and addresses', () => {
  test.each<Case>([
    [
      'AttachNetworkInterface',
      { networkInterfaceId: 'eni-1', instanceId: 'i-1', deviceIndex: 1 },
      { attachmentId: 'eni-attach-1' },
      {},
      [
        'set network-interface/eni-1 /attachment {"attachmentId":"eni-attach-1","instanceId":"i-1","deviceIndex":1}',
        '~set network-interface/eni-1 /status "in-use"',
      ],
    ],
    [
      'ModifyNetworkInterfaceAttribute',
      { networkInterfaceId: 'eni-1', description: { value: '' } },
      null,
      {},
      ['set network-interface/eni-1 /description ""'],
    ],
    [
      'ModifyNetworkInterfaceAttribute',
      { networkInterfaceId: 'eni-1', attachment: { attachmentId: 'eni-attach-1', deleteOnTermination: true } },
      null,
      {},
      ['set network-interface/eni-1 /attachment {"attachmentId":"eni-attach-1","deleteOnTermination":true}'],
    ],
    [
      'ModifyInstanceAttribute',
      { instanceId: 'i-1', sourceDestCheck: { value: false } },
      null,
      { a: eni('eni-1', { attachment: { instanceId: 'i-1' } }) },
      ['~set network-interface/eni-1 /sourceDestCheck false'],
    ],
    [
      'ModifyInstanceAttribute',
      { instanceId: 'i-1', attribute: 'sourceDestCheck', value: 'false' },
      null,
      { a: eni('eni-1', { attachment: { instanceId: 'i-1' } }) },
      ['~set network-interface/eni-1 /sourceDestCheck false'],
    ],
    [
      'AssignPrivateIpAddresses',
      { networkInterfaceId: 'eni-1', privateIpAddressesSet: items({ privateIpAddress: '10.0.0.9' }), allowReassignment: false },
      { assignedPrivateIpAddressesSet: items({ privateIpAddress: '10.0.0.9' }) },
      {},
      ['set network-interface/eni-1 /privateIpAddresses/10.0.0.9'],
    ],
    [
      'UnassignPrivateIpAddresses',
      { networkInterfaceId: 'eni-1', privateIpAddressesSet: items({ privateIpAddress: '10.0.0.9' }) },
      null,
      {},
      ['unset network-interface/eni-1 /privateIpAddresses/10.0.0.9'],
    ],
    [
      'AssignIpv6Addresses',
      { AssignIpv6AddressesRequest: { NetworkInterfaceId: 'eni-1', Ipv6AddressCount: 1 } },
      { AssignIpv6AddressesResponse: { assignedIpv6Addresses: { item: '2001:db8::7' } } },
      {},
      ['set network-interface/eni-1 /ipv6Addresses/2001:db8::7'],
    ],
    [
      'AssignPrivateIpAddresses',
      { networkInterfaceId: 'eni-1', ipv4PrefixCount: 1 },
      null,
      {},
      ['set network-interface/eni-1 /ipv4Prefixes/**'],
    ],
    [
      'RunInstances',
      { instancesSet: items({}) },
      { instancesSet: items({ instanceId: 'i-1', networkInterfaceSet: items({ networkInterfaceId: 'eni-1' }) }) },
      { a: eni('eni-1', {}) },
      ['~create network-interface/eni-1', '~set network-interface/eni-1 /attachment', '~set network-interface/eni-1 /status "in-use"'],
    ],
    [
      'TerminateInstances',
      { instancesSet: items({ instanceId: 'i-1' }) },
      null,
      { a: [ref('address', 'eipalloc-1'), { instanceId: 'i-1' }] },
      freed.map((field) => `~unset address/eipalloc-1 /${field}`),
    ],
    [
      'DeleteNatGateway',
      { DeleteNatGatewayRequest: { NatGatewayId: 'nat-1' } },
      null,
      {
        a: [ref('nat-gateway', 'nat-1'), { natGatewayAddresses: { 'eipalloc-1': { networkInterfaceId: 'eni-1' } } }],
        b: eni('eni-1'),
        c: [ref('address', 'eipalloc-1'), { networkInterfaceId: 'eni-1', associationId: 'eipassoc-1' }],
      },
      ['delete nat-gateway/nat-1', '~delete network-interface/eni-1', ...freed.map((field) => `~unset address/eipalloc-1 /${field}`)],
    ],
    [
      'AssociateNatGatewayAddress',
      { AssociateNatGatewayAddressRequest: { NatGatewayId: 'nat-1', AllocationId: { content: 'eipalloc-2', tag: 1 } } },
      null,
      {},
      ['set nat-gateway/nat-1 /natGatewayAddresses/eipalloc-2', ...freed.map((field) => `~set address/eipalloc-2 /${field}`)],
    ],
    [
      'DisassociateNatGatewayAddress',
      { DisassociateNatGatewayAddressRequest: { NatGatewayId: 'nat-1', AssociationId: { content: 'eipassoc-2', tag: 1 } } },
      null,
      { a: [ref('nat-gateway', 'nat-1'), { natGatewayAddresses: { 'eipalloc-2': { associationId: 'eipassoc-2' } } }] },
      ['unset nat-gateway/nat-1 /natGatewayAddresses/eipalloc-2', ...freed.map((field) => `~unset address/eipalloc-2 /${field}`)],
    ],
    [
      'UnassignPrivateNatGatewayAddress',
      { UnassignPrivateNatGatewayAddressRequest: { NatGatewayId: 'nat-1', PrivateIpAddress: ['10.0.0.8', '10.0.0.9'] } },
      null,
      {},
      ['unset nat-gateway/nat-1 /natGatewayAddresses/10.0.0.8', 'unset nat-gateway/nat-1 /natGatewayAddresses/10.0.0.9'],
    ],
  ])('%s', (name, request, response, world, expected) => {
    expect(effects(name, request, response, world)).toEqual(expected);
  });
});

describe('VPCs, routes and gateways', () => {
  test.each<Case>([
    [
      'AcceptAddressTransfer',
      { address: '198.51.100.7' },
      { addressTransfer: { publicIp: '198.51.100.7' } },
      { a: [ref('address', 'eipalloc-1'), { publicIp: '198.51.100.7' }] },
      ['create address/eipalloc-1'],
    ],
    [
      'DeleteVpnConnectionRoute',
      { vpnConnectionId: 'vpn-1', destinationCidrBlock: '10.9.0.0/16' },
      null,
      {},
      ['unset vpn-connection/vpn-1 /routes/10.9.0.0~116'],
    ],
    [
      'ModifyVpcEncryptionControl',
      { vpcEncryptionControlId: 'vpcec-1', mode: 'enforce' },
      null,
      { a: [ref('vpc', 'vpc-1'), { encryptionControl: { vpcEncryptionControlId: 'vpcec-1' } }], b: [ref('vpc', 'vpc-2'), {}] },
      ['set vpc/vpc-1 /encryptionControl/**'],
    ],
    [
      'ReplaceRoute',
      { routeTableId: 'rtb-1', destinationCidrBlock: '10.0.0.0/16', localTarget: true },
      null,
      {},
      ['set route-table/rtb-1 /routes/10.0.0.0~116 {"gatewayId":"local"}'],
    ],
    [
      'CreateRoute',
      { routeTableId: 'rtb-1', destinationCidrBlock: '10.9.0.0/16', odbNetworkArn: 'arn:odb' },
      null,
      {},
      ['set route-table/rtb-1 /routes/10.9.0.0~116 {"odbNetworkArn":"arn:odb"}'],
    ],
    [
      'AssociateVpcCidrBlock',
      { vpcId: 'vpc-1', cidrBlock: '100.64.0.0/16' },
      { vpcId: 'vpc-1', cidrBlockAssociation: { associationId: 'vpc-cidr-assoc-2', cidrBlock: '100.64.0.0/16' } },
      { a: table('rtb-1', {}), b: table('rtb-2', {}, { vpcId: 'vpc-2' }) },
      [
        'set vpc/vpc-1 /cidrBlockAssociations/vpc-cidr-assoc-2 {"cidrBlock":"100.64.0.0/16"}',
        '~set route-table/rtb-1 /routes/100.64.0.0~116',
      ],
    ],
    [
      'DisassociateVpcCidrBlock',
      { associationId: 'vpc-cidr-assoc-2' },
      null,
      {
        a: table('rtb-1', {}),
        b: [ref('vpc', 'vpc-1'), { cidrBlockAssociations: { 'vpc-cidr-assoc-2': { cidrBlock: '100.64.0.0/16' } } }],
      },
      ['unset vpc/vpc-1 /cidrBlockAssociations/vpc-cidr-assoc-2', '~unset route-table/rtb-1 /routes/100.64.0.0~116'],
    ],
    [
      'ModifySubnetAttribute',
      { subnetId: 'subnet-1', privateDnsHostnameTypeOnLaunch: 'resource-name' },
      null,
      {},
      ['set subnet/subnet-1 /privateDnsNameOptionsOnLaunch/hostnameType "resource-name"'],
    ],
    [
      'ModifySubnetAttribute',
      { subnetId: 'subnet-1', enableResourceNameDnsARecordOnLaunch: { value: true } },
      null,
      {},
      ['set subnet/subnet-1 /privateDnsNameOptionsOnLaunch/enableResourceNameDnsARecord "true"'],
    ],
    [
      'ModifySubnetAttribute',
      { subnetId: 'subnet-1', disableLniAtDeviceIndex: { value: true } },
      null,
      {},
      ['unset subnet/subnet-1 /enableLniAtDeviceIndex'],
    ],
    [
      'CreateDefaultVpc',
      {},
      { vpc: { vpcId: 'vpc-1' } },
      {
        a: [ref('subnet', 'subnet-1'), { vpcId: 'vpc-1', defaultForAz: true }],
        b: [ref('internet-gateway', 'igw-1'), { attachments: { 'vpc-1': {} } }],
        c: [ref('internet-gateway', 'igw-2'), { attachments: { 'vpc-2': {} } }],
      },
      ['create vpc/vpc-1', '~create subnet/subnet-1', '~create internet-gateway/igw-1'],
    ],
    [
      'AttachInternetGateway',
      { internetGatewayId: 'igw-1', vpcId: 'vpc-1' },
      null,
      { a: table('rtb-1', { '0.0.0.0/0': { gatewayId: 'igw-1', state: 'blackhole' } }) },
      ['set internet-gateway/igw-1 /attachments/vpc-1', '~set route-table/rtb-1 /routes/0.0.0.0~10/state "active"'],
    ],
    [
      'DetachVpnGateway',
      { vpnGatewayId: 'vgw-1', vpcId: 'vpc-1' },
      null,
      { a: table('rtb-1', { '10.9.0.0/16': { gatewayId: 'vgw-1' } }) },
      ['unset vpn-gateway/vgw-1 /attachments/vpc-1', '~set route-table/rtb-1 /routes/10.9.0.0~116/state "blackhole"'],
    ],
    [
      'ModifyManagedPrefixList',
      { ModifyManagedPrefixListRequest: { PrefixListId: 'pl-1', MaxEntries: 20 } },
      null,
      {},
      ['~set managed-prefix-list/pl-1 /version', 'set managed-prefix-list/pl-1 /maxEntries 20'],
    ],
    [
      'ModifyVpcEndpoint',
      {
        ModifyVpcEndpointRequest: { VpcEndpointId: 'vpce-1', AddSecurityGroupId: { content: 'sg-2', tag: 1 }, IpAddressType: 'dualstack' },
      },
      null,
      { a: eni('eni-1', { description: 'VPC Endpoint Interface vpce-1' }) },
      [
        'set vpc-endpoint/vpce-1 /ipAddressType "dualstack"',
        'set vpc-endpoint/vpce-1 /groups/sg-2',
        '~set network-interface/eni-1 /groups/sg-2',
        '~set vpc-endpoint/vpce-1 /dnsEntries/**',
        '~set network-interface/eni-1 /privateIpAddresses/**',
        '~set network-interface/eni-1 /ipv6Addresses/**',
      ],
    ],
    [
      'ModifyVpcEndpoint',
      { ModifyVpcEndpointRequest: { VpcEndpointId: 'vpce-1', RemoveSubnetId: { content: 'subnet-1', tag: 1 } } },
      null,
      { a: eni('eni-1', { description: 'VPC Endpoint Interface vpce-1', subnetId: 'subnet-1' }) },
      [
        'unset vpc-endpoint/vpce-1 /subnetIds/** "subnet-1"',
        '~delete network-interface/eni-1',
        '~set vpc-endpoint/vpce-1 /networkInterfaceIds/**',
        '~set vpc-endpoint/vpce-1 /dnsEntries/**',
      ],
    ],
    [
      'RejectVpcEndpointConnections',
      { RejectVpcEndpointConnectionsRequest: { ServiceId: 'vpce-svc-1', VpcEndpointId: ['vpce-1', 'vpce-2'] } },
      { RejectVpcEndpointConnectionsResponse: { unsuccessful: { item: { resourceId: 'vpce-2' } } } },
      {},
      ['delete vpc-endpoint/vpce-1'],
    ],
  ])('%s', (name, request, response, world, expected) => {
    expect(effects(name, request, response, world)).toEqual(expected);
  });
});

const transit = (id: string, config: Json) => [ref('transit-gateway-route-table', id), config] as const;
const leads = (type: string, more: object = {}): Json => ({
  type,
  transitGatewayAttachments: [{ transitGatewayAttachmentId: 'tgw-attach-1' }],
  ...more,
});
const inTable = { TransitGatewayRouteTableId: 'tgw-rtb-1' };

describe('transit gateways', () => {
  test.each<Case>([
    [
      'CreateTransitGatewayRoute',
      { CreateTransitGatewayRouteRequest: { ...inTable, DestinationCidrBlock: '10.9.0.0/16', TransitGatewayAttachmentId: 'tgw-attach-1' } },
      null,
      {},
      [
        'set transit-gateway-route-table/tgw-rtb-1 /routes/10.9.0.0~116 {"type":"static","transitGatewayAttachments":[{"transitGatewayAttachmentId":"tgw-attach-1"}]}',
      ],
    ],
    [
      'ReplaceTransitGatewayRoute',
      { ReplaceTransitGatewayRouteRequest: { ...inTable, DestinationCidrBlock: '10.9.0.0/16', Blackhole: true } },
      null,
      {},
      ['set transit-gateway-route-table/tgw-rtb-1 /routes/10.9.0.0~116 {"type":"static","state":"blackhole"}'],
    ],
    [
      'CreateTransitGatewayPrefixListReference',
      { CreateTransitGatewayPrefixListReferenceRequest: { ...inTable, PrefixListId: 'pl-1', Blackhole: true } },
      null,
      {},
      ['set transit-gateway-route-table/tgw-rtb-1 /routes/pl-1 {"type":"static","state":"blackhole"}'],
    ],
    [
      'DeleteTransitGatewayPrefixListReference',
      { DeleteTransitGatewayPrefixListReferenceRequest: { ...inTable, PrefixListId: 'pl-1' } },
      null,
      { a: transit('tgw-rtb-1', { routes: { '10.1.0.0/16': { prefixListId: 'pl-1' } } }) },
      ['unset transit-gateway-route-table/tgw-rtb-1 /routes/pl-1', 'unset transit-gateway-route-table/tgw-rtb-1 /routes/10.1.0.0~116'],
    ],
    [
      'EnableTransitGatewayRouteTablePropagation',
      { EnableTransitGatewayRouteTablePropagationRequest: { ...inTable, TransitGatewayAttachmentId: 'tgw-attach-1' } },
      null,
      { a: transit('tgw-rtb-1', { routes: { '10.1.0.0/16': leads('propagated'), '10.2.0.0/16': leads('static') } }) },
      [
        'set transit-gateway-route-table/tgw-rtb-1 /propagations/tgw-attach-1',
        '~set transit-gateway-route-table/tgw-rtb-1 /routes/10.1.0.0~116',
      ],
    ],
    [
      'DeleteTransitGatewayVpcAttachment',
      { DelTGwVpcAttachReq: { TransitGatewayAttachmentId: 'tgw-attach-1' } },
      null,
      {
        a: transit('tgw-rtb-1', {
          associations: { 'tgw-attach-1': {} },
          routes: { '10.1.0.0/16': leads('propagated'), '10.2.0.0/16': leads('static') },
        }),
        b: [ref('transit-gateway-attachment', 'tgw-attach-1'), { transitGatewayId: 'tgw-1', resourceId: 'vpc-1' }],
        c: table('rtb-1', { '10.0.0.0/8': { transitGatewayId: 'tgw-1' } }),
        d: table('rtb-2', { '10.0.0.0/8': { transitGatewayId: 'tgw-1' } }, { vpcId: 'vpc-2' }),
      },
      [
        'delete transit-gateway-attachment/tgw-attach-1',
        '~unset transit-gateway-route-table/tgw-rtb-1 /associations/tgw-attach-1',
        '~unset transit-gateway-route-table/tgw-rtb-1 /routes/10.1.0.0~116',
        '~set transit-gateway-route-table/tgw-rtb-1 /routes/10.2.0.0~116/state "blackhole"',
        '~unset transit-gateway-route-table/tgw-rtb-1 /routes/10.2.0.0~116/transitGatewayAttachments',
        '~set route-table/rtb-1 /routes/10.0.0.0~18/state "blackhole"',
      ],
    ],
    [
      'CreateTransitGatewayVpcAttachment',
      { CreateTransitGatewayVpcAttachmentRequest: { TransitGatewayId: 'tgw-1', VpcId: 'vpc-1' } },
      { CreateTransitGatewayVpcAttachmentResponse: { transitGatewayVpcAttachment: { transitGatewayAttachmentId: 'tgw-attach-1' } } },
      { a: transit('tgw-rtb-1', { associations: { 'tgw-attach-1': {} }, propagations: { 'tgw-attach-1': {} }, routes: {} }) },
      [
        'create transit-gateway-attachment/tgw-attach-1',
        '~set transit-gateway-route-table/tgw-rtb-1 /associations/tgw-attach-1',
        '~set transit-gateway-route-table/tgw-rtb-1 /propagations/tgw-attach-1',
      ],
    ],
    [
      'CreateTransitGatewayVpcAttachment',
      { CreateTransitGatewayVpcAttachmentRequest: { TransitGatewayId: 'tgw-1', VpcId: 'vpc-1' } },
      { CreateTransitGatewayVpcAttachmentResponse: { transitGatewayVpcAttachment: { transitGatewayAttachmentId: 'tgw-attach-1' } } },
      {
        a: [ref('transit-gateway-attachment', 'tgw-attach-1'), { transitGatewayOwnerId: '210987654321', resourceOwnerId: '123456789012' }],
      },
      ['create transit-gateway-attachment/tgw-attach-1', '~create transit-gateway-attachment/tgw-attach-1'],
    ],
    [
      'DeleteTransitGateway',
      { DeleteTransitGatewayRequest: { TransitGatewayId: 'tgw-1' } },
      null,
      { a: transit('tgw-rtb-1', { transitGatewayId: 'tgw-1' }), b: transit('tgw-rtb-2', { transitGatewayId: 'tgw-2' }) },
      ['delete transit-gateway/tgw-1', '~delete transit-gateway-route-table/tgw-rtb-1'],
    ],
    [
      'DeleteVpnConnection',
      { vpnConnectionId: 'vpn-1' },
      null,
      { a: [ref('transit-gateway-attachment', 'tgw-attach-9'), { resourceId: 'vpn-1', resourceType: 'vpn' }] },
      ['delete vpn-connection/vpn-1', '~delete transit-gateway-attachment/tgw-attach-9'],
    ],
  ])('%s', (name, request, response, world, expected) => {
    expect(effects(name, request, response, world)).toEqual(expected);
  });
});

test.each<[string, object, string[]]>([
  [
    'TagResources',
    { tags: { team: 'a', 'cost/center': '' } },
    [
      '~set vpc/vpc-1 /tags/team "a"',
      '~set iam.policy/x/p /tags/team "a"',
      '~set vpc/vpc-1 /tags/cost~1center ""',
      '~set iam.policy/x/p /tags/cost~1center ""',
    ],
  ],
  ['UntagResources', { tagKeys: ['team'] }, ['~unset vpc/vpc-1 /tags/team', '~unset iam.policy/x/p /tags/team']],
])('the tagging service: %s, but for what failed', (name, more, expected) => {
  const arn = (resource: string) => `arn:aws:ec2:eu-west-1:123456789012:${resource}`;
  const resourceARNList = [
    arn('vpc/vpc-1'),
    arn('subnet/subnet-1'),
    arn('instance/i-1'),
    'arn:aws:iam::123456789012:policy/x/p',
    'arn:aws:s3:::vpc-bucket',
  ];
  const response = { failedResourcesMap: { [arn('subnet/subnet-1')]: { statusCode: 400 } } };
  expect(effects(name, { resourceARNList, ...more }, response, {}, { source: 'tagging.amazonaws.com' })).toEqual(expected);
});

test('a peering between regions shows at both of its ends, as do the routes over it', () => {
  const there = (kind: string, id: string) => ({ ...ref(kind, id), scope: 'aws/123456789012/us-west-2' });
  const sides = {
    requesterVpcInfo: { ownerId: '123456789012', region: 'eu-west-1' },
    accepterVpcInfo: { ownerId: '123456789012', region: 'us-west-2' },
  };
  const world: World = {
    a: [ref('vpc-peering-connection', 'pcx-1'), sides],
    b: [there('route-table', 'rtb-9'), { routes: { '10.0.0.0/16': { vpcPeeringConnectionId: 'pcx-1' } } }],
  };
  const gone = ['delete vpc-peering-connection/pcx-1', '~delete vpc-peering-connection/pcx-1'];
  expect(effects('DeleteVpcPeeringConnection', { vpcPeeringConnectionId: 'pcx-1' }, null, world)).toEqual([
    ...gone,
    '~set route-table/rtb-9 /routes/10.0.0.0~116/state "blackhole"',
  ]);
  const made = { vpcPeeringConnection: { vpcPeeringConnectionId: 'pcx-1', ...sides } };
  expect(effects('CreateVpcPeeringConnection', { vpcId: 'vpc-1' }, made)).toEqual([
    'create vpc-peering-connection/pcx-1',
    '~create vpc-peering-connection/pcx-1',
  ]);
});
