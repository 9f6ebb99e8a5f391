/** What a call changes beside, or instead of, what it names: instances behind interfaces, a whole region, lists kept by IPAM. */
import { describe, expect, test } from 'vitest';
import type { AuditEvent, Json } from '../../../../src/model.ts';
import { auditEvent } from '../../../attribute/events.ts';
import { attributeWorld, ref } from '../../../attribute/world.ts';
import { effects, items, type World } from './effects.ts';

const NAT_INSTANCE: World = {
  table: [ref('route-table', 'rtb-1'), { routes: { '0.0.0.0/0': { instanceId: 'i-1', networkInterfaceId: 'eni-1', state: 'active' } } }],
  interface: [ref('network-interface', 'eni-1'), { attachment: { attachmentId: 'eni-attach-1', instanceId: 'i-1' } }],
  address: [ref('address', 'eipalloc-1'), { instanceId: 'i-1', networkInterfaceId: 'eni-1' }],
};
const ROUTE = 'route-table/rtb-1 /routes/0.0.0.0~10';
const started = (change: string) =>
  ['/association/**', '/privateIpAddresses/**'].map((path) => `~${change} network-interface/eni-1 ${path}`);

describe('an instance that routes lead to', () => {
  test('stopped and started: the routes lead nowhere, and somewhere again', () => {
    const request = { instancesSet: items({ instanceId: 'i-1' }) };
    expect(effects('StopInstances', request, null, NAT_INSTANCE)).toEqual([...started('set'), `~set ${ROUTE}/state "blackhole"`]);
    expect(effects('StartInstances', request, null, NAT_INSTANCE)).toEqual([...started('set'), `~set ${ROUTE}/state "active"`]);
  });

  test('its interface taken off and put on: routes and addresses lose and gain the instance', () => {
    expect(effects('DetachNetworkInterface', { attachmentId: 'eni-attach-1' }, null, NAT_INSTANCE)).toEqual([
      'unset network-interface/eni-1 /attachment',
      '~set network-interface/eni-1 /status "available"',
      `~set ${ROUTE}/state "blackhole"`,
      `~unset ${ROUTE}/instanceId`,
      `~unset ${ROUTE}/instanceOwnerId`,
      '~unset address/eipalloc-1 /instanceId',
    ]);
    const request = { networkInterfaceId: 'eni-1', instanceId: 'i-2', deviceIndex: 1 };
    expect(effects('AttachNetworkInterface', request, { attachmentId: 'eni-attach-2' }, NAT_INSTANCE)).toEqual([
      'set network-interface/eni-1 /attachment {"attachmentId":"eni-attach-2","instanceId":"i-2","deviceIndex":1}',
      '~set network-interface/eni-1 /status "in-use"',
      `~set ${ROUTE}/state "active"`,
      `~set ${ROUTE}/instanceId`,
      `~set ${ROUTE}/instanceOwnerId`,
      '~set address/eipalloc-1 /instanceId',
    ]);
  });

  /** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/finding-an-interrupted-Spot-Instance.html: no request, no response. */
  test('taken back by EC2: told by the details of a service’s event', () => {
    const more: Partial<AuditEvent> = { extra: { eventType: 'AwsServiceEvent', serviceEventDetails: { instanceIdSet: ['i-1'] } } };
    const found = effects('BidEvictedEvent', null, null, NAT_INSTANCE, more);
    expect(found).toContain('~delete network-interface/eni-1');
    expect(found).toContain(`~set ${ROUTE}/state "blackhole"`);
  });

  test.each<[string, Json, string[]]>([
    ['ResetInstanceAttribute', { instanceId: 'i-1', attribute: 'sourceDestCheck' }, ['~set network-interface/eni-1 /sourceDestCheck true']],
    ['ResetInstanceAttribute', { instanceId: 'i-1', attribute: 'kernel' }, []],
    [
      'ModifyInstanceAttribute',
      { instanceId: 'i-1', attribute: 'sourceDestCheck', value: '<sensitiveDataRemoved>' },
      ['~set network-interface/eni-1 /sourceDestCheck'],
    ],
    [
      'ModifyPrivateDnsNameOptions',
      { ModifyPrivateDnsNameOptionsRequest: { InstanceId: 'i-1', PrivateDnsHostnameType: 'resource-name' } },
      ['~set network-interface/eni-1 /privateDnsName', '~set network-interface/eni-1 /privateIpAddresses/**'],
    ],
  ])('%s %j', (name, request, expected) => {
    expect(effects(name, request, null, NAT_INSTANCE)).toEqual(expected);
  });
});

describe('addresses of an interface', () => {
  /** Empty lists of what was not asked for stand beside the count. */
  const counted = { networkInterfaceId: 'eni-1', secondaryPrivateIpAddressCount: 1, privateIpAddressesSet: {}, ipv4Prefixes: {} };

  test('a number of them: those that the answer names, else any', () => {
    const answer = { assignedPrivateIpAddressesSet: { assignedPrivateIpAddressSetType: [{ privateIpAddress: '10.0.0.9' }] } };
    expect(effects('AssignPrivateIpAddresses', counted, answer)).toEqual(['set network-interface/eni-1 /privateIpAddresses/10.0.0.9']);
    expect(effects('AssignPrivateIpAddresses', counted, { _return: true })).toEqual(['set network-interface/eni-1 /privateIpAddresses/**']);
  });

  test('prefixes', () => {
    const request = { networkInterfaceId: 'eni-1', privateIpAddressesSet: {}, ipv4Prefixes: items({ ipv4Prefix: '10.0.1.0/28' }) };
    expect(effects('UnassignPrivateIpAddresses', request)).toEqual(['unset network-interface/eni-1 /ipv4Prefixes/10.0.1.0~128']);
  });

  test('one that another interface had goes from there', () => {
    const request = {
      networkInterfaceId: 'eni-1',
      allowReassignment: true,
      privateIpAddressesSet: items({ privateIpAddress: '10.0.0.9' }),
    };
    const world: World = { other: [ref('network-interface', 'eni-2'), { privateIpAddresses: { '10.0.0.9': {} } }] };
    expect(effects('AssignPrivateIpAddresses', request, null, world)).toEqual([
      'set network-interface/eni-1 /privateIpAddresses/10.0.0.9',
      '~unset network-interface/eni-2 /privateIpAddresses/10.0.0.9',
    ]);
  });

  test.each<[Json, string[]]>([
    [{ enablePrimaryIpv6: true }, ['/ipv6Address', '/ipv6Addresses/**']],
    [{ associatePublicIpAddress: true }, ['/association/**', '/privateIpAddresses/**', '/publicDnsName']],
    [{ enaSrdSpecification: { enaSrdEnabled: true } }, ['/attachment/enaSrdSpecification/**']],
    [{ associatedSubnetId: items({ associatedSubnetId: 'subnet-2' }) }, ['/associatedSubnets/**']],
  ])('settings that show under another name: %j', (setting, paths) => {
    expect(effects('ModifyNetworkInterfaceAttribute', { networkInterfaceId: 'eni-1', ...(setting as object) })).toEqual(
      paths.map((path) => `set network-interface/eni-1 ${path}`),
    );
  });

  test('its public name', () => {
    const request = { ModifyPublicIpDnsNameOptionsRequest: { NetworkInterfaceId: 'eni-1', HostnameType: 'public-ipv4-dns-name' } };
    expect(effects('ModifyPublicIpDnsNameOptions', request)).toEqual([
      'set network-interface/eni-1 /publicIpDnsNameOptions/**',
      '~set network-interface/eni-1 /publicDnsName',
      '~set network-interface/eni-1 /association/**',
    ]);
  });
});

describe('what holds for all VPCs of a region', () => {
  const IP = '/privateIpAddresses/10.0.0.9';
  const world: World = {
    vpc: [ref('vpc', 'vpc-1'), {}],
    subnet: [ref('subnet', 'subnet-1'), { vpcId: 'vpc-1' }],
    interface: [ref('network-interface', 'eni-1'), { vpcId: 'vpc-1', privateIpAddresses: { '10.0.0.9': {} } }],
  };
  const answer = (resource: string) => ({
    DeleteVpcBlockPublicAccessExclusionResponse: {
      vpcBlockPublicAccessExclusion: { exclusionId: 'vpcbpa-exclude-1', resourceArn: `arn:aws:ec2:eu-west-1:123456789012:${resource}` },
    },
  });
  test.each<[string, Json, Json, string[]]>([
    [
      'ModifyVpcBlockPublicAccessOptions',
      { ModifyVpcBlockPublicAccessOptionsRequest: { InternetGatewayBlockMode: 'off' } },
      null,
      ['~set vpc/vpc-1 /blockPublicAccessStates/**', '~set subnet/subnet-1 /blockPublicAccessStates/**'],
    ],
    [
      'CreateVpcBlockPublicAccessExclusion',
      { CreateVpcBlockPublicAccessExclusionRequest: { VpcId: 'vpc-1', InternetGatewayExclusionMode: 'allow-bidirectional' } },
      null,
      ['set vpc/vpc-1 /blockPublicAccessStates/**', '~set subnet/subnet-1 /blockPublicAccessStates/**'],
    ],
    [
      'DeleteVpcBlockPublicAccessExclusion',
      { DeleteVpcBlockPublicAccessExclusionRequest: { ExclusionId: 'vpcbpa-exclude-1' } },
      answer('subnet/subnet-1'),
      ['set subnet/subnet-1 /blockPublicAccessStates/**'],
    ],
    ['ModifyAccountVpcEncryptionControl', {}, null, ['~set vpc/vpc-1 /encryptionControl/**']],
    [
      'ModifyVpcAttribute',
      { vpcId: 'vpc-1', enableDnsHostnames: { value: true } },
      { _return: true },
      [
        'set vpc/vpc-1 /attributes/enableDnsHostnames true',
        ...[
          '/privateDnsName',
          '/publicDnsName',
          '/association/publicDnsName',
          `${IP}/privateDnsName`,
          `${IP}/association/publicDnsName`,
        ].map((path) => `~set network-interface/eni-1 ${path}`),
      ],
    ],
  ])('%s', (name, request, response, expected) => {
    expect(effects(name, request, response, world)).toEqual(expected);
  });
});

describe('routes that others bring or leave', () => {
  const world: World = {
    table: [
      ref('route-table', 'rtb-1'),
      { routes: { '10.1.0.0/16': { origin: 'Advertisement' }, '10.2.0.0/16': { carrierGatewayId: 'cagw-1', state: 'active' } } },
    ],
  };
  test.each<[string, Json, string[]]>([
    [
      'EnableRouteServerPropagation',
      { EnableRouteServerPropagationRequest: { RouteServerId: 'rs-1', RouteTableId: 'rtb-1' } },
      ['~set route-table/rtb-1 /routes/10.1.0.0~116'],
    ],
    [
      'DisableRouteServerPropagation',
      { DisableRouteServerPropagationRequest: { RouteServerId: 'rs-1', RouteTableId: 'rtb-1' } },
      ['~unset route-table/rtb-1 /routes/10.1.0.0~116'],
    ],
    [
      'DeleteCarrierGateway',
      { DeleteCarrierGatewayRequest: { CarrierGatewayId: 'cagw-1' } },
      ['~set route-table/rtb-1 /routes/10.2.0.0~116/state "blackhole"'],
    ],
  ])('%s', (name, request, expected) => {
    expect(effects(name, request, null, world)).toEqual(expected);
  });
});

test('a rule for a group on the other side of a peering says that it is gone', () => {
  const rules = {
    'ingress tcp 443 210987654321/sg-9': { referencedGroupInfo: { vpcPeeringConnectionId: 'pcx-1', peeringStatus: 'active' } },
    'ingress tcp 443 sg-2': {},
  };
  expect(
    effects('DeleteVpcPeeringConnection', { vpcPeeringConnectionId: 'pcx-1' }, null, { a: [ref('security-group', 'sg-1'), { rules }] }),
  ).toEqual([
    'delete vpc-peering-connection/pcx-1',
    '~set security-group/sg-1 /rules/ingress tcp 443 210987654321~1sg-9/referencedGroupInfo/peeringStatus',
  ]);
});

test('an endpoint’s private names and kind of addresses show in its entries and at its interfaces', () => {
  const world: World = { interface: [ref('network-interface', 'eni-1'), { description: 'VPC Endpoint Interface vpce-1' }] };
  const request = { ModifyVpcEndpointRequest: { VpcEndpointId: 'vpce-1', IpAddressType: 'dualstack', PrivateDnsEnabled: true } };
  expect(effects('ModifyVpcEndpoint', request, null, world)).toEqual([
    'set vpc-endpoint/vpce-1 /ipAddressType "dualstack"',
    'set vpc-endpoint/vpce-1 /privateDnsEnabled "true"',
    '~set vpc-endpoint/vpce-1 /dnsEntries/**',
    '~set network-interface/eni-1 /privateIpAddresses/**',
    '~set network-interface/eni-1 /ipv6Addresses/**',
  ]);
});

describe('a prefix list whose entries IPAM keeps', () => {
  const world: World = { list: [ref('managed-prefix-list', 'pl-1'), { ipamPrefixListResolverTargetId: 'iplrt-1' }] };
  const kept = ['~set managed-prefix-list/pl-1 /entries/**', '~set managed-prefix-list/pl-1 /version'];
  const resolver = ['/ipamPrefixListResolverTargetId', '/ipamPrefixListResolverSyncEnabled'];
  test('bound, brought to another version, and let go', () => {
    const bound = { CreateIpamPrefixListResolverTargetRequest: { IpamPrefixListResolverId: 'iplr-1', PrefixListId: 'pl-1' } };
    expect(effects('CreateIpamPrefixListResolverTarget', bound)).toEqual([
      ...resolver.map((path) => `set managed-prefix-list/pl-1 ${path}`),
      ...kept,
    ]);
    const named = { IpamPrefixListResolverTargetId: 'iplrt-1' };
    expect(effects('ModifyIpamPrefixListResolverTarget', { ModifyIpamPrefixListResolverTargetRequest: named }, null, world)).toEqual(kept);
    expect(effects('DeleteIpamPrefixListResolverTarget', { DeleteIpamPrefixListResolverTargetRequest: named }, null, world)).toEqual([
      ...resolver.map((path) => `unset managed-prefix-list/pl-1 ${path}`),
      ...kept,
    ]);
  });
});

describe('attachments and route tables that come with something else', () => {
  test.each<[string, Json, Json, World, string[]]>([
    [
      'CreateVpnConcentrator',
      { CreateVpnConcentratorRequest: { TransitGatewayId: 'tgw-1' } },
      { CreateVpnConcentratorResponse: { vpnConcentrator: { vpnConcentratorId: 'vcn-1', transitGatewayAttachmentId: 'tgw-attach-1' } } },
      {},
      ['~create transit-gateway-attachment/tgw-attach-1'],
    ],
    [
      'DeleteClientVpnEndpoint',
      { DeleteClientVpnEndpointRequest: { ClientVpnEndpointId: 'cvpn-endpoint-1' } },
      null,
      { a: [ref('transit-gateway-attachment', 'tgw-attach-1'), { resourceId: 'cvpn-endpoint-1' }] },
      ['~delete transit-gateway-attachment/tgw-attach-1'],
    ],
    [
      'DeleteTransitGatewayClientVpnAttachment',
      { DeleteTransitGatewayClientVpnAttachmentRequest: { TransitGatewayAttachmentId: 'tgw-attach-1' } },
      null,
      {},
      ['delete transit-gateway-attachment/tgw-attach-1'],
    ],
    [
      'CreateNatGateway',
      { CreateNatGatewayRequest: { VpcId: 'vpc-1', AvailabilityMode: 'regional' } },
      { CreateNatGatewayResponse: { natGateway: { natGatewayId: 'nat-1', routeTableId: 'rtb-9' } } },
      {},
      ['create nat-gateway/nat-1', '~create route-table/rtb-9'],
    ],
    [
      'DeleteNatGateway',
      { DeleteNatGatewayRequest: { NatGatewayId: 'nat-1' } },
      null,
      { a: [ref('nat-gateway', 'nat-1'), { routeTableId: 'rtb-9' }] },
      ['delete nat-gateway/nat-1', '~delete route-table/rtb-9'],
    ],
  ])('%s', (name, request, response, world, expected) => {
    expect(effects(name, request, response, world)).toEqual(expected);
  });
});

test('the interfaces that an attachment has in subnets come and go with it', () => {
  const eni = ref('network-interface', 'eni-0a1');
  const config = { description: 'Network Interface for Transit Gateway Attachment tgw-attach-0a1' };
  const attached = auditEvent({
    name: 'CreateTransitGatewayVpcAttachment',
    request: { CreateTransitGatewayVpcAttachmentRequest: { TransitGatewayId: 'tgw-1', VpcId: 'vpc-1' } },
    response: {
      CreateTransitGatewayVpcAttachmentResponse: { transitGatewayVpcAttachment: { transitGatewayAttachmentId: 'tgw-attach-0a1' } },
    },
  });
  const detached = auditEvent({
    name: 'DeleteTransitGatewayVpcAttachment',
    request: { DelTGwVpcAttachReq: { TransitGatewayAttachmentId: 'tgw-attach-0a1' } },
  });
  const found = [attributeWorld([{ ref: eni, after: config }], [attached]), attributeWorld([{ ref: eni, before: config }], [detached])];
  for (const { changes } of found) expect(changes[0]).toMatchObject({ status: 'attributed', grade: 'cascade', actor: { name: 'alice' } });
});
