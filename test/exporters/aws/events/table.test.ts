/** What each call does to which leaf, one line a call. */
import { describe, expect, test } from 'vitest';
import { events as rules } from '../../../../exporters/aws/events/index.ts';
import type { Json } from '../../../../src/model.ts';
import { auditEvent } from '../../../attribute/events.ts';
import { ref } from '../../../attribute/world.ts';
import { effects, items, lookupIn, type World } from './effects.ts';

describe('EC2', () => {
  test.each<[string, Json, Json, string[]]>([
    [
      'CreateRoute',
      { routeTableId: 'rtb-1', destinationCidrBlock: '0.0.0.0/0', gatewayId: 'igw-1' },
      { _return: true },
      ['set route-table/rtb-1 /routes/0.0.0.0~10 {"gatewayId":"igw-1"}'],
    ],
    [
      'ReplaceRoute',
      { routeTableId: 'rtb-1', destinationIpv6CidrBlock: '::/0', egressOnlyInternetGatewayId: 'eigw-1' },
      null,
      ['set route-table/rtb-1 /routes/::~10 {"egressOnlyInternetGatewayId":"eigw-1"}'],
    ],
    ['DeleteRoute', { routeTableId: 'rtb-1', destinationPrefixListId: 'pl-1' }, null, ['unset route-table/rtb-1 /routes/pl-1']],
    [
      'AssociateRouteTable',
      { routeTableId: 'rtb-1', subnetId: 'subnet-1' },
      { associationId: 'rtbassoc-1' },
      ['set route-table/rtb-1 /associations/rtbassoc-1 {"subnetId":"subnet-1"}'],
    ],
    ['EnableVgwRoutePropagation', { routeTableId: 'rtb-1', gatewayId: 'vgw-1' }, null, ['set route-table/rtb-1 /propagatingVgws/vgw-1']],
    [
      'CreateNetworkAclEntry',
      {
        networkAclId: 'acl-1',
        egress: false,
        ruleNumber: 100,
        ruleAction: 'allow',
        aclProtocol: '6',
        cidrBlock: '0.0.0.0/0',
        portRange: { from: 22, to: 22 },
      },
      null,
      [
        'set network-acl/acl-1 /entries/ingress 100 {"ruleAction":"allow","cidrBlock":"0.0.0.0/0","protocol":"6","portRange":{"from":22,"to":22}}',
      ],
    ],
    [
      'DeleteNetworkAclEntry',
      { networkAclId: 'acl-1', egress: 'true', ruleNumber: '100' },
      null,
      ['unset network-acl/acl-1 /entries/egress 100'],
    ],
    ['AttachInternetGateway', { internetGatewayId: 'igw-1', vpcId: 'vpc-1' }, null, ['set internet-gateway/igw-1 /attachments/vpc-1']],
    [
      'CreateNatGateway',
      {
        CreateNatGatewayRequest: {
          SubnetId: 'subnet-1',
          TagSpecification: { ResourceType: 'natgateway', tag: 1, Tag: [{ Value: true, tag: 1, Key: 'managed' }] },
        },
      },
      { CreateNatGatewayResponse: { natGateway: { natGatewayId: 'nat-1' } } },
      ['create nat-gateway/nat-1', 'set nat-gateway/nat-1 /tags/managed "true"'],
    ],
    [
      'CreateTransitGatewayVpcAttachment',
      {
        CreateTransitGatewayVpcAttachmentRequest: {
          TransitGatewayId: 'tgw-1',
          TagSpecifications: { tag: 1, ResourceType: 'transit-gateway-attachment', Tag: { Value: 'internal', tag: 1, Key: 'use' } },
        },
      },
      { CreateTransitGatewayVpcAttachmentResponse: { transitGatewayVpcAttachment: { transitGatewayAttachmentId: 'tgw-attach-1' } } },
      ['create transit-gateway-attachment/tgw-attach-1', 'set transit-gateway-attachment/tgw-attach-1 /tags/use "internal"'],
    ],
    [
      'ModifyVpcEndpointPayerResponsibility',
      { ModifyVpcEndpointPayerResponsibilityRequest: { VpcEndpointId: 'vpce-1', Scope: 'vpc-endpoint-charges' } },
      null,
      ['set vpc-endpoint/vpce-1 /payerResponsibilities/**'],
    ],
    ['DeleteFlowLogs', { FlowLogId: ['fl-1'] }, null, ['delete flow-log/fl-1']],
    [
      'ModifyNetworkInterfaceAttribute',
      { networkInterfaceId: 'eni-1', description: 'HIDDEN_DUE_TO_SECURITY_REASONS' },
      null,
      ['set network-interface/eni-1 /description'],
    ],
    [
      'EnableAddressTransfer',
      { EnableAddressTransferRequest: { AllocationId: 'eipalloc-1', TransferAccountId: '210987654321' } },
      null,
      ['~delete address/eipalloc-1'],
    ],
    ['MoveAddressToVpc', { publicIp: '198.51.100.1' }, { allocationId: 'eipalloc-1' }, ['create address/eipalloc-1']],
    [
      'DeleteFlowLogs',
      {
        DeleteFlowLogsRequest: {
          FlowLogId: [
            { content: 'fl-1', tag: 1 },
            { content: 'fl-2', tag: 2 },
          ],
        },
      },
      { DeleteFlowLogsResponse: { unsuccessful: { item: { resourceId: 'fl-2' } } } },
      ['delete flow-log/fl-1'],
    ],
    [
      'CreateFlowLogs',
      { CreateFlowLogsRequest: {} },
      { CreateFlowLogsResponse: { flowLogIdSet: { item: 'fl-1' } } },
      ['create flow-log/fl-1'],
    ],
    [
      'ModifyVpcAttribute',
      { vpcId: 'vpc-1', enableDnsHostnames: { value: true } },
      null,
      ['set vpc/vpc-1 /attributes/enableDnsHostnames true'],
    ],
    [
      'ModifySubnetAttribute',
      { subnetId: 'subnet-1', mapPublicIpOnLaunch: { value: 'true' } },
      null,
      ['set subnet/subnet-1 /mapPublicIpOnLaunch true'],
    ],
    [
      'DeleteTransitGatewayVpcAttachment',
      { DelTGwVpcAttachReq: { TransitGatewayAttachmentId: 'tgw-attach-1' } },
      null,
      ['delete transit-gateway-attachment/tgw-attach-1'],
    ],
    [
      'DeleteTransitGatewayRoute',
      { DeleteTransitGatewayRouteRequest: { TransitGatewayRouteTableId: 'tgw-rtb-1', DestinationCidrBlock: '0.0.0.0/0' } },
      null,
      ['unset transit-gateway-route-table/tgw-rtb-1 /routes/0.0.0.0~10'],
    ],
    [
      'DeleteVpcEndpoints',
      { DeleteVpcEndpointsRequest: { VpcEndpointId: { content: 'vpce-1', tag: 1 } } },
      null,
      ['delete vpc-endpoint/vpce-1'],
    ],
    [
      'ModifyManagedPrefixList',
      {
        ModifyManagedPrefixListRequest: {
          PrefixListId: 'pl-1',
          CurrentVersion: 3,
          AddEntry: { Cidr: '10.1.2.3/8', Description: 'x' },
          RemoveEntry: [{ Cidr: '192.0.2.0/24' }],
        },
      },
      null,
      [
        '~set managed-prefix-list/pl-1 /version 4',
        'unset managed-prefix-list/pl-1 /entries/192.0.2.0~124',
        'set managed-prefix-list/pl-1 /entries/10.0.0.0~18 "x"',
      ],
    ],
    [
      'CreateTags',
      { resourcesSet: items({ resourceId: 'tgw-rtb-1' }, { resourceId: 'i-1' }), tagSet: items({ key: 'a/b', value: '' }) },
      null,
      ['set transit-gateway-route-table/tgw-rtb-1 /tags/a~1b ""'],
    ],
    ['DeleteTags', { resourcesSet: items({ resourceId: 'vpc-1' }), tagSet: items({ key: 'Name' }) }, null, ['unset vpc/vpc-1 /tags/Name']],
    ['ReleaseAddress', { allocationId: 'eipalloc-1' }, null, ['delete address/eipalloc-1']],
    [
      'RunInstances',
      {},
      { instancesSet: items({ instanceId: 'i-1', networkInterfaceSet: items({ networkInterfaceId: 'eni-1' }) }) },
      ['~create network-interface/eni-1'],
    ],
  ])('%s', (name, request, response, expected) => {
    expect(effects(name, request, response)).toEqual(expected);
  });

  test('deleting a subnet takes its associations along', () => {
    const world: World = {
      a: [
        ref('network-acl', 'acl-1'),
        { associations: { 'aclassoc-1': { subnetId: 'subnet-1' }, 'aclassoc-2': { subnetId: 'subnet-2' } } },
      ],
    };
    expect(effects('DeleteSubnet', { subnetId: 'subnet-1' }, null, world)).toEqual([
      'delete subnet/subnet-1',
      '~unset network-acl/acl-1 /associations/aclassoc-1',
    ]);
  });

  test('new groups on an interface replace those it had', () => {
    const world: World = { a: [ref('network-interface', 'eni-1'), { groups: { 'sg-1': 'a', 'sg-2': 'b' } }] };
    expect(
      effects('ModifyNetworkInterfaceAttribute', { networkInterfaceId: 'eni-1', groupSet: items({ groupId: 'sg-2' }) }, null, world),
    ).toEqual(['unset network-interface/eni-1 /groups/sg-1', 'set network-interface/eni-1 /groups/sg-2']);
  });
});

describe('security-group rules', () => {
  const open = ['set security-group/sg-1 /rules/ingress tcp 22 0.0.0.0~10'];
  test.each<[string, Json, Json]>([
    [
      'nested',
      { groupId: 'sg-1', ipPermissions: items({ ipProtocol: 'tcp', fromPort: 22, toPort: 22, ipRanges: items({ cidrIp: '0.0.0.0/0' }) }) },
      null,
    ],
    [
      'flat, as the command line sends it',
      { groupId: 'sg-1', ipPermissions: {}, ipProtocol: 'tcp', fromPort: 22, toPort: 22, cidrIp: '0.0.0.0/0' },
      null,
    ],
    [
      'numbers as text, protocol as a number, host bits set',
      { groupId: 'sg-1', ipPermissions: {}, ipProtocol: '6', fromPort: '22', toPort: '22', cidrIp: '10.20.30.40/0' },
      null,
    ],
  ])('%s', (_what, request, response) => {
    expect(effects('AuthorizeSecurityGroupIngress', request, response).map((line) => line.replace(/ \{.*$/, ''))).toEqual(open);
  });

  test('the response is preferred: it has the rule’s id, and the group’s when the call named it otherwise', () => {
    const response = {
      securityGroupRuleSet: items({
        securityGroupRuleId: 'sgr-1',
        groupId: 'sg-1',
        isEgress: false,
        ipProtocol: 'tcp',
        fromPort: 22,
        toPort: 22,
        cidrIpv4: '0.0.0.0/0',
      }),
    };
    expect(effects('AuthorizeSecurityGroupIngress', { groupName: 'web', ipPermissions: {} }, response)).toEqual([
      `${open[0]} {"securityGroupRuleId":"sgr-1"}`,
    ]);
  });

  test.each<[string, Json, string]>([
    [
      'all protocols, ports 0/0 in the request',
      { ipProtocol: '-1', fromPort: 0, toPort: 0, ipRanges: items({ cidrIp: '0.0.0.0/0' }) },
      'egress all all 0.0.0.0~10',
    ],
    [
      'a range over IPv6',
      { ipProtocol: 'udp', fromPort: 8000, toPort: 8100, ipv6Ranges: items({ cidrIpv6: '2001:DB8:0:0::/32' }) },
      'egress udp 8000-8100 2001:db8::~132',
    ],
    [
      'another account’s group',
      { ipProtocol: 'tcp', fromPort: 0, toPort: 65535, groups: items({ groupId: 'sg-2', userId: '210987654321' }) },
      'egress tcp 0-65535 210987654321~1sg-2',
    ],
    [
      'a group of the same account',
      { ipProtocol: 'tcp', fromPort: 1, toPort: 1, groups: items({ groupId: 'sg-2', userId: '123456789012' }) },
      'egress tcp 1 sg-2',
    ],
    [
      'ICMP type and code',
      { ipProtocol: 'icmp', fromPort: 8, toPort: -1, ipRanges: items({ cidrIp: '10.0.0.0/8' }) },
      'egress icmp 8~1-1 10.0.0.0~18',
    ],
    [
      'a prefix list',
      { ipProtocol: 'tcp', fromPort: 443, toPort: 443, prefixListIds: items({ prefixListId: 'pl-1' }) },
      'egress tcp 443 pl-1',
    ],
  ])('%s', (_what, permission, key) => {
    expect(effects('RevokeSecurityGroupEgress', { groupId: 'sg-1', ipPermissions: items(permission) })).toEqual([
      `unset security-group/sg-1 /rules/${key}`,
    ]);
  });

  test('modifying a rule moves it from its old key to its new one', () => {
    const world: World = {
      a: [ref('security-group', 'sg-1'), { rules: { 'egress tcp 22 10.0.0.0/8': { securityGroupRuleId: 'sgr-1' } } }],
    };
    const request = {
      ModifySecurityGroupRulesRequest: {
        GroupId: 'sg-1',
        SecurityGroupRule: {
          SecurityGroupRuleId: 'sgr-1',
          tag: 1,
          SecurityGroupRule: { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIpv4: '0.0.0.0/0' },
        },
      },
    };
    expect(effects('ModifySecurityGroupRules', request, null, world)).toEqual([
      'unset security-group/sg-1 /rules/egress tcp 22 10.0.0.0~18',
      'set security-group/sg-1 /rules/egress tcp 22 0.0.0.0~10 {"securityGroupRuleId":"sgr-1"}',
    ]);
  });

  test('rules that the answer leaves out are those of the request', () => {
    const range = (cidrIp: string) => ({ ipProtocol: 'tcp', fromPort: 22, toPort: 22, ipRanges: items({ cidrIp }) });
    const request = { groupId: 'sg-1', ipPermissions: items(range('10.0.0.0/24'), range('10.0.1.9/24')) };
    const rule = (cidrIpv4: string) => ({ groupId: 'sg-1', isEgress: false, ipProtocol: 'tcp', fromPort: 22, toPort: 22, cidrIpv4 });
    const partly = { _return: true, securityGroupRuleSet: items(rule('10.0.1.0/24')) };
    expect(effects('AuthorizeSecurityGroupIngress', request, partly).map((line) => line.split(' {')[0])).toEqual([
      'set security-group/sg-1 /rules/ingress tcp 22 10.0.1.0~124',
      'set security-group/sg-1 /rules/ingress tcp 22 10.0.0.0~124',
    ]);
  });

  test('a new NAT gateway that did not last names its interface in the answer', () => {
    const world: World = { eni: [ref('network-interface', 'eni-1'), {}], other: [ref('network-interface', 'eni-2'), {}] };
    const addresses = { natGatewayAddressSet: { item: { networkInterfaceId: 'eni-1' } } };
    const response = { CreateNatGatewayResponse: { natGateway: { natGatewayId: 'nat-1', ...addresses } } };
    expect(effects('CreateNatGateway', { CreateNatGatewayRequest: { SubnetId: 'subnet-1' } }, response, world)).toEqual([
      'create nat-gateway/nat-1',
      '~create network-interface/eni-1',
    ]);
  });

  test('a new group silently has an egress rule', () => {
    expect(effects('CreateSecurityGroup', { groupName: 'web', vpcId: 'vpc-1' }, { groupId: 'sg-1' })).toContain(
      '~set security-group/sg-1 /rules/egress all all 0.0.0.0~10',
    );
  });
});

describe('IAM', () => {
  const policy = JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' } }, null, 4);
  const canonical = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:*"],"Resource":["*"]}]}';
  const arn = 'arn:aws:iam::123456789012:policy/team/deploy';
  test.each<[string, Json, Json, string[]]>([
    ['PutRolePolicy', { roleName: 'r', policyName: 'p', policyDocument: policy }, null, [`set iam.role/r /inlinePolicies/p ${canonical}`]],
    ['UpdateAssumeRolePolicy', { roleName: 'r', policyDocument: policy }, null, [`set iam.role/r /trustPolicy ${canonical}`]],
    [
      'AttachUserPolicy',
      { userName: 'u', policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
      null,
      [
        'set iam.user/u /attachedPolicies/arn:aws:iam::aws:policy~1AdministratorAccess "AdministratorAccess"',
        '~create iam.attached-managed-policy/AdministratorAccess "user u"',
      ],
    ],
    [
      'DetachGroupPolicy',
      { groupName: 'g', policyArn: arn },
      null,
      ['unset iam.group/g /attachedPolicies/arn:aws:iam::123456789012:policy~1team~1deploy "deploy"'],
    ],
    [
      'CreatePolicyVersion',
      { policyArn: arn, policyDocument: policy, setAsDefault: true },
      { policyVersion: { versionId: 'v2' } },
      [
        'set iam.policy/team/deploy /versions/v2',
        'set iam.policy/team/deploy /defaultVersionId "v2"',
        `set iam.policy/team/deploy /document ${canonical}`,
      ],
    ],
    [
      'CreatePolicyVersion',
      { policyArn: arn, policyDocument: policy },
      { policyVersion: { versionId: 'v3', isDefaultVersion: false } },
      ['set iam.policy/team/deploy /versions/v3'],
    ],
    [
      'CreatePolicy',
      { policyName: 'deploy', path: '/team/', policyDocument: policy },
      { policy: { arn } },
      ['create iam.policy/team/deploy', `set iam.policy/team/deploy /document ${canonical}`],
    ],
    [
      'CreateLoginProfile',
      { userName: 'u', passwordResetRequired: false },
      null,
      ['set iam.user/u /loginProfile {"passwordResetRequired":"false"}'],
    ],
    [
      'DeactivateMFADevice',
      { userName: 'AWS ROOT USER', serialNumber: 'arn:aws:iam::1:mfa/root' },
      null,
      [
        '~unset iam.mfa-device/root /userName',
        '~unset iam.mfa-device/root /userArn',
        '~unset iam.mfa-device/root /enableDate',
        '~set iam.account/account /summary/AccountMFAEnabled',
      ],
    ],
    ['AddUserToGroup', { userName: 'u', groupName: 'admins' }, null, ['set iam.user/u /groups/** "admins"']],
    ['PutUserPermissionsBoundary', { userName: 'u', permissionsBoundary: arn }, null, [`set iam.user/u /permissionsBoundary "${arn}"`]],
    ['AddRoleToInstanceProfile', { instanceProfileName: 'ip', roleName: 'r' }, null, ['set iam.instance-profile/ip /roles/r']],
    [
      'UpdateSAMLProvider',
      { sAMLProviderArn: 'arn:aws:iam::1:saml-provider/sso' },
      null,
      ['set iam.saml-provider/sso /metadataDocument', 'set iam.saml-provider/sso /validUntil'],
    ],
  ])('%s', (name, request, response, expected) => {
    expect(effects(name, request, response)).toEqual(expected);
  });

  test('a key made for oneself leaves the user’s name out', () => {
    const more = { extra: { userIdentity: { type: 'IAMUser', userName: 'alice' } } };
    expect(effects('DeleteAccessKey', { accessKeyId: 'AKIA1' }, null, {}, more)).toEqual(['unset iam.user/alice /accessKeys/AKIA1']);
    expect(effects('CreateAccessKey', null, { accessKey: { userName: 'bob', accessKeyId: 'AKIA2', status: 'Active' } })).toEqual([
      'set iam.user/bob /accessKeys/AKIA2 {"status":"Active"}',
    ]);
  });

  test('a document that was cut off tells its place but no value', () => {
    expect(effects('PutUserPolicy', { userName: 'u', policyName: 'p', policyDocument: '{"Statement":[{"Eff' })).toEqual([
      'set iam.user/u /inlinePolicies/p',
    ]);
  });
});

test('records without any of the expected fields do nothing and do not throw', () => {
  const all = Object.values(rules).flat();
  for (const rule of all) {
    for (const odd of [null, {}, 'text', [], { items: null }, { [`${rule.name}Request`]: 'x' }] as Json[]) {
      const event = auditEvent({ source: rule.source, name: rule.name, request: odd, response: odd });
      for (const { ref: id } of rule.effects(event, lookupIn({}))) expect(id.id).not.toBe('');
      expect(() => rule.secondaryIds?.(event, lookupIn({}))).not.toThrow();
    }
  }
});
