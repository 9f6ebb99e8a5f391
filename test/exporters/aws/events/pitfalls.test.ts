/** What trips readers of CloudTrail, trap by trap: ids that only a snapshot knows, consequences without events, tags by every door. */
import { describe, expect, test } from 'vitest';
import type { Json } from '../../../../src/model.ts';
import { ref } from '../../../attribute/world.ts';
import { effects, items, type World } from './effects.ts';

describe('ids that only the last snapshot knows', () => {
  test.each<[string, Json, Json, World, string[]]>([
    [
      'DisassociateAddress',
      { associationId: 'eipassoc-1' },
      null,
      { a: [ref('address', 'eipalloc-1'), { associationId: 'eipassoc-1' }] },
      ['associationId', 'networkInterfaceId', 'instanceId', 'privateIpAddress', 'networkInterfaceOwnerId'].map(
        (field) => `unset address/eipalloc-1 /${field}`,
      ),
    ],
    [
      'DisassociateVpcCidrBlock',
      { associationId: 'vpc-cidr-assoc-1' },
      null,
      { a: [ref('vpc', 'vpc-1'), { cidrBlockAssociations: { 'vpc-cidr-assoc-1': { cidrBlock: '10.1.0.0/16' } } }] },
      ['unset vpc/vpc-1 /cidrBlockAssociations/vpc-cidr-assoc-1'],
    ],
    [
      'ReplaceNetworkAclAssociation',
      { associationId: 'aclassoc-1', networkAclId: 'acl-2' },
      { newAssociationId: 'aclassoc-2' },
      { a: [ref('network-acl', 'acl-1'), { associations: { 'aclassoc-1': { subnetId: 'subnet-1' } } }] },
      ['unset network-acl/acl-1 /associations/aclassoc-1', 'set network-acl/acl-2 /associations/aclassoc-2 {"subnetId":"subnet-1"}'],
    ],
    [
      'ReplaceRouteTableAssociation',
      { associationId: 'rtbassoc-1', routeTableId: 'rtb-2' },
      { newAssociationId: 'rtbassoc-2' },
      { a: [ref('route-table', 'rtb-1'), { associations: { 'rtbassoc-1': { main: true } } }] },
      ['unset route-table/rtb-1 /associations/rtbassoc-1', 'set route-table/rtb-2 /associations/rtbassoc-2 {"main":true}'],
    ],
    [
      'DetachNetworkInterface',
      { attachmentId: 'eni-attach-1' },
      null,
      {
        a: [ref('network-interface', 'eni-1'), { attachment: { attachmentId: 'eni-attach-1' } }],
        b: [ref('network-interface', 'eni-2'), {}],
      },
      ['unset network-interface/eni-1 /attachment', '~set network-interface/eni-1 /status "available"'],
    ],
    [
      'RevokeSecurityGroupEgress',
      { groupId: 'sg-1', ipPermissions: {}, securityGroupRuleIds: items({ securityGroupRuleId: 'sgr-1' }) },
      { _return: true },
      { a: [ref('security-group', 'sg-1'), { rules: { 'egress all all 0.0.0.0/0': { securityGroupRuleId: 'sgr-1' } } }] },
      ['unset security-group/sg-1 /rules/egress all all 0.0.0.0~10'],
    ],
  ])('%s', (name, request, response, world, expected) => {
    expect(effects(name, request, response, world)).toEqual(expected);
  });

  test('an id that no snapshot and no event knows is no effect, rather than a guess', () => {
    expect(effects('DisassociateRouteTable', { associationId: 'rtbassoc-9' })).toEqual([]);
  });

  test('an id is looked for where the call was made: the same id in another region is another thing', () => {
    const elsewhere = { ...ref('route-table', 'rtb-1'), scope: 'aws/123456789012/us-east-1' };
    const world: World = { a: [elsewhere, { associations: { 'rtbassoc-1': { subnetId: 'subnet-1' } } }] };
    expect(effects('DisassociateRouteTable', { associationId: 'rtbassoc-1' }, null, world)).toEqual([]);
    expect(effects('DisassociateRouteTable', { associationId: 'rtbassoc-1' }, null, world, { region: 'us-east-1' })).toHaveLength(1);
  });

  test('a group told by its name alone is the one of that name, and none when there are two', () => {
    const request = { groupName: 'web', ipPermissions: {}, ipProtocol: 'tcp', fromPort: 22, toPort: 22, cidrIp: '10.0.0.0/8' };
    const world: World = {
      a: [ref('security-group', 'sg-1'), { groupName: 'web' }],
      b: [ref('security-group', 'sg-2'), { groupName: 'db' }],
    };
    const opened = ['set security-group/sg-1 /rules/ingress tcp 22 10.0.0.0~18 {}'];
    expect(effects('AuthorizeSecurityGroupIngress', request, null, world)).toEqual(opened);
    const two: World = { ...world, c: [ref('security-group', 'sg-3'), { groupName: 'web' }] };
    expect(effects('AuthorizeSecurityGroupIngress', request, null, two)).toEqual([]);
  });
});

describe('consequences without an event of their own', () => {
  const table = (routes: Json, more: object = {}): Json => ({ vpcId: 'vpc-1', routes, ...more });
  test.each<[string, Json, Json, World, string[]]>([
    [
      'DeleteVpc',
      { vpcId: 'vpc-1' },
      null,
      {
        a: [ref('route-table', 'rtb-1'), table({}, { associations: { 'rtbassoc-1': { main: true } } })],
        b: [ref('route-table', 'rtb-2'), table({}, { associations: { 'rtbassoc-2': { subnetId: 'subnet-1' } } })],
        c: [ref('network-acl', 'acl-1'), { vpcId: 'vpc-1', isDefault: true }],
        d: [ref('security-group', 'sg-1'), { vpcId: 'vpc-1', groupName: 'default' }],
        e: [ref('security-group', 'sg-2'), { vpcId: 'vpc-2', groupName: 'default' }],
      },
      ['delete vpc/vpc-1', '~delete route-table/rtb-1', '~delete network-acl/acl-1', '~delete security-group/sg-1'],
    ],
    [
      'CreateSubnet',
      { vpcId: 'vpc-1', cidrBlock: '10.0.1.0/24' },
      { subnet: { subnetId: 'subnet-1' } },
      { a: [ref('network-acl', 'acl-1'), { associations: { 'aclassoc-1': { subnetId: 'subnet-1' } } }] },
      ['create subnet/subnet-1', '~set network-acl/acl-1 /associations/aclassoc-1'],
    ],
    [
      'DetachInternetGateway',
      { internetGatewayId: 'igw-1', vpcId: 'vpc-1' },
      null,
      { a: [ref('route-table', 'rtb-1'), table({ '0.0.0.0/0': { gatewayId: 'igw-1' }, '10.0.0.0/8': { gatewayId: 'igw-2' } })] },
      ['unset internet-gateway/igw-1 /attachments/vpc-1', '~set route-table/rtb-1 /routes/0.0.0.0~10/state "blackhole"'],
    ],
    [
      'DeleteVpcPeeringConnection',
      { vpcPeeringConnectionId: 'pcx-1' },
      null,
      { a: [ref('route-table', 'rtb-1'), table({ '10.9.0.0/16': { vpcPeeringConnectionId: 'pcx-1' } })] },
      ['delete vpc-peering-connection/pcx-1', '~set route-table/rtb-1 /routes/10.9.0.0~116/state "blackhole"'],
    ],
    [
      'CreateVpcEndpoint',
      { CreateVpcEndpointRequest: { VpcId: 'vpc-1', RouteTableId: { content: 'rtb-1', tag: 1 } } },
      { CreateVpcEndpointResponse: { vpcEndpoint: { vpcEndpointId: 'vpce-1' } } },
      { a: [ref('route-table', 'rtb-1'), table({ 'pl-1': { gatewayId: 'vpce-1' } })] },
      ['create vpc-endpoint/vpce-1', '~set route-table/rtb-1 /routes/pl-1'],
    ],
    [
      'DeleteVpcEndpoints',
      {
        DeleteVpcEndpointsRequest: {
          VpcEndpointId: [
            { content: 'vpce-1', tag: 1 },
            { content: 'vpce-2', tag: 2 },
          ],
        },
      },
      { DeleteVpcEndpointsResponse: { unsuccessful: { item: { resourceId: 'vpce-2' } } } },
      { a: [ref('route-table', 'rtb-1'), table({ 'pl-1': { gatewayId: 'vpce-1' }, 'pl-2': { gatewayId: 'vpce-2' } })] },
      ['delete vpc-endpoint/vpce-1', '~unset route-table/rtb-1 /routes/pl-1'],
    ],
    [
      'DisableVgwRoutePropagation',
      { routeTableId: 'rtb-1', gatewayId: 'vgw-1' },
      null,
      { a: [ref('route-table', 'rtb-1'), table({ '192.168.0.0/16': { gatewayId: 'vgw-1' } })] },
      ['unset route-table/rtb-1 /propagatingVgws/vgw-1', '~unset route-table/rtb-1 /routes/192.168.0.0~116'],
    ],
    [
      'TerminateInstances',
      { instancesSet: items({ instanceId: 'i-1' }) },
      null,
      {
        a: [ref('network-interface', 'eni-1'), { attachment: { instanceId: 'i-1', deleteOnTermination: true } }],
        b: [ref('network-interface', 'eni-2'), { attachment: { instanceId: 'i-1', deleteOnTermination: false } }],
        c: [ref('network-interface', 'eni-3'), { attachment: { instanceId: 'i-2' } }],
      },
      [
        '~delete network-interface/eni-1',
        '~unset network-interface/eni-1 /attachment',
        '~unset network-interface/eni-2 /attachment',
        '~set network-interface/eni-1 /status "available"',
        '~set network-interface/eni-2 /status "available"',
      ],
    ],
    [
      'UpdateGroup',
      { groupName: 'ops', newGroupName: 'sre' },
      null,
      { a: [ref('iam.user', 'eve'), { groups: ['ops'] }], b: [ref('iam.user', 'bob'), { groups: ['dev'] }] },
      ['delete iam.group/ops', 'create iam.group/sre', '~unset iam.user/eve /groups/** "ops"', '~set iam.user/eve /groups/** "sre"'],
    ],
    [
      'CreateServiceLinkedRole',
      { aWSServiceName: 'rds.amazonaws.com' },
      { role: { roleName: 'AWSServiceRoleForRDS' } },
      {},
      ['create iam.role/AWSServiceRoleForRDS'],
    ],
  ])('%s', (name, request, response, world, expected) => {
    expect(effects(name, request, response, world)).toEqual(expected);
  });
});

describe('tags by every door', () => {
  test.each<[string, Json, Json, string[]]>([
    [
      'CreateVpc',
      { tagSpecificationSet: items({ resourceType: 'vpc', tags: [{ key: 'Name', value: 'prod' }] }) },
      { vpc: { vpcId: 'vpc-1' } },
      ['set vpc/vpc-1 /tags/Name "prod"'],
    ],
    [
      'CreateFlowLogs',
      { CreateFlowLogsRequest: { TagSpecification: { ResourceType: 'vpc-flow-log', tag: 1, Tag: { Key: 'a', Value: 1, tag: 1 } } } },
      { CreateFlowLogsResponse: { flowLogIdSet: { item: 'fl-1' } } },
      ['set flow-log/fl-1 /tags/a "1"'],
    ],
    [
      'CreateTags',
      {
        resourcesSet: items({ resourceId: 'igw-1' }, { resourceId: 'eigw-1' }, { resourceId: 'vpce-1' }),
        tagSet: items({ key: 'a', value: 'b' }),
      },
      null,
      [
        'set internet-gateway/igw-1 /tags/a "b"',
        'set egress-only-internet-gateway/eigw-1 /tags/a "b"',
        'set vpc-endpoint/vpce-1 /tags/a "b"',
      ],
    ],
    ['DeleteTags', { resourcesSet: items({ resourceId: 'vpc-1' }), tagSet: {} }, null, ['unset vpc/vpc-1 /tags/**']],
    ['CreateUser', { userName: 'u', tags: [{ key: 'team', value: 'x' }] }, null, ['set iam.user/u /tags/team "x"']],
    ['TagRole', { roleName: 'r', tags: [{ key: 'team', value: '' }] }, null, ['set iam.role/r /tags/team ""']],
    ['UntagUser', { userName: 'u', tagKeys: ['a', 'b/c'] }, null, ['unset iam.user/u /tags/a', 'unset iam.user/u /tags/b~1c']],
    [
      'TagPolicy',
      { policyArn: 'arn:aws:iam::123456789012:policy/x/p', tags: [{ key: 'a', value: 'b' }] },
      null,
      ['set iam.policy/x/p /tags/a "b"'],
    ],
    [
      'TagInstanceProfile',
      { instanceProfileName: 'i', tags: [{ key: 'a', value: 'b' }] },
      null,
      ['set iam.instance-profile/i /tags/a "b"'],
    ],
  ])('%s', (name, request, response, expected) => {
    expect(effects(name, request, response).filter((line) => line.includes('/tags/'))).toEqual(expected);
  });

  test('a tag on a group’s rule stands inside the group', () => {
    const world: World = { a: [ref('security-group', 'sg-1'), { rules: { 'ingress tcp 22 pl-1': { securityGroupRuleId: 'sgr-1' } } }] };
    const request = { resourcesSet: items({ resourceId: 'sgr-1' }), tagSet: items({ key: 'a', value: 'b' }) };
    expect(effects('CreateTags', request, null, world)).toEqual(['set security-group/sg-1 /rules/ingress tcp 22 pl-1/tags/a "b"']);
  });

  test('of two kinds of things made at once each gets its own tags', () => {
    const specification = (resourceType: string) => ({ resourceType, tags: [{ key: 'for', value: resourceType }] });
    const request = { tagSpecificationSet: items(specification('security-group'), specification('security-group-rule')) };
    expect(effects('CreateSecurityGroup', request, { groupId: 'sg-1' }).filter((line) => line.includes('/tags/'))).toEqual([
      'set security-group/sg-1 /tags/for "security-group"',
    ]);
  });
});

describe('shapes of requests', () => {
  test('an empty wrapper, and a wrapper around one element or several', () => {
    expect(effects('ModifyVpcEndpoint', { ModifyVpcEndpointRequest: '' })).toEqual([]);
    const remove = (value: Json) =>
      effects('ModifyVpcEndpoint', { ModifyVpcEndpointRequest: { VpcEndpointId: 'vpce-1', RemoveSubnetId: value } }).filter(
        (line) => !line.startsWith('~'),
      );
    expect(remove({ content: 'subnet-1', tag: 1 })).toEqual(['unset vpc-endpoint/vpce-1 /subnetIds/** "subnet-1"']);
    expect(
      remove([
        { content: 'subnet-1', tag: 1 },
        { content: 'subnet-2', tag: 2 },
      ]),
    ).toHaveLength(2);
  });

  test('descriptions by permission, or by the rule’s id', () => {
    const world: World = {
      a: [ref('security-group', 'sg-1'), { rules: { 'ingress tcp 22 10.0.0.0/8': { securityGroupRuleId: 'sgr-1' } } }],
    };
    const told = ['set security-group/sg-1 /rules/ingress tcp 22 10.0.0.0~18/description "x"'];
    const permission = { ipProtocol: 'tcp', fromPort: 22, toPort: 22, ipRanges: items({ cidrIp: '10.0.0.0/8', description: 'x' }) };
    const name = 'UpdateSecurityGroupRuleDescriptionsIngress';
    expect(effects(name, { groupId: 'sg-1', ipPermissions: items(permission) }, null, world)).toEqual(told);
    const byId = { groupId: 'sg-1', securityGroupRuleDescription: items({ securityGroupRuleId: 'sgr-1', description: 'x' }) };
    expect(effects(name, byId, null, world)).toEqual(told);
  });

  test('a policy in a path is known by its ARN; a user in one by the name alone', () => {
    const policyArn = 'arn:aws:iam::123456789012:policy/team/a/deploy';
    expect(effects('DeletePolicy', { policyArn })).toEqual(['delete iam.policy/team/a/deploy']);
    expect(effects('DeleteUser', { userName: 'eve' }, null, { a: [ref('iam.user', 'eve'), { path: '/staff/' }] })).toEqual([
      'delete iam.user/eve',
    ]);
  });

  test('policies of other partitions are AWS’s own, too', () => {
    expect(effects('AttachRolePolicy', { roleName: 'r', policyArn: 'arn:aws-cn:iam::aws:policy/AdministratorAccess' })).toContain(
      '~create iam.attached-managed-policy/AdministratorAccess "role r"',
    );
  });
});
