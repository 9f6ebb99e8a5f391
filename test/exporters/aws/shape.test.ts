/** What is kept of an answer, what is left out, and what is a set. */
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../exporters/_aws/api.ts';
import { documents, one } from './documents.ts';

describe('what AWS may add one day', () => {
  const NEW = { BrandNew: { Mode: 'on' } };
  const KEPT = { brandNew: { mode: 'on' } };
  const details = (list: string, item: object) => ({ GetAccountAuthorizationDetails: { [list]: [{ ...item, ...NEW }] } });

  it.each<[string, Readonly<Record<string, Answer>>]>([
    ['iam.group', details('GroupDetailList', { GroupName: 'g' })],
    ['iam.role', { ...details('RoleDetailList', { RoleName: 'r' }), ListRoles: { Roles: [{ RoleName: 'r' }] } }],
    [
      'iam.user',
      {
        ...details('UserDetailList', { UserName: 'u' }),
        ListAccessKeys: { AccessKeyMetadata: [] },
        ListMFADevices: { MFADevices: [] },
        GetLoginProfile: { LoginProfile: { UserName: 'u' } },
      },
    ],
    ['iam.policy', { ...details('Policies', { Arn: 'arn:aws:iam::1:policy/p' }), ListPolicyTags: { Tags: [] } }],
    [
      'iam.attached-managed-policy',
      {
        ListPolicies: { Policies: [{ Arn: 'arn:aws:iam::aws:policy/P', DefaultVersionId: 'v1', ...NEW }] },
        GetPolicyVersion: { PolicyVersion: { Document: '{}' } },
      },
    ],
    [
      'iam.instance-profile',
      {
        ListInstanceProfiles: { InstanceProfiles: [{ InstanceProfileName: 'p' }] },
        GetInstanceProfile: { InstanceProfile: { InstanceProfileName: 'p', ...NEW } },
      },
    ],
    [
      'iam.mfa-device',
      { ListVirtualMFADevices: { VirtualMFADevices: [{ SerialNumber: 'arn:aws:iam::1:mfa/d', ...NEW }] }, ListMFADeviceTags: { Tags: [] } },
    ],
    [
      'iam.saml-provider',
      {
        ListSAMLProviders: { SAMLProviderList: [{ Arn: 'arn:aws:iam::1:saml-provider/s' }] },
        GetSAMLProvider: { SAMLMetadataDocument: '<x/>', ...NEW },
      },
    ],
    [
      'iam.oidc-provider',
      {
        ListOpenIDConnectProviders: { OpenIDConnectProviderList: [{ Arn: 'arn:aws:iam::1:oidc-provider/o' }] },
        GetOpenIDConnectProvider: { Url: 'o', ...NEW },
      },
    ],
    ['ec2.network-acl', { DescribeNetworkAcls: { NetworkAcls: [{ NetworkAclId: 'a', ...NEW }] } }],
  ])('is kept in %s', async (type, answers) => {
    expect(await one(type, answers)).toMatchObject(KEPT);
  });

  it('is kept in the parts of a document too', async () => {
    const answers = {
      DescribeSecurityGroups: { SecurityGroups: [{ GroupId: 'sg', OwnerId: '1' }] },
      DescribeSecurityGroupRules: {
        SecurityGroupRules: [
          { GroupId: 'sg', SecurityGroupRuleId: 'r1', IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIpv4: '10.0.0.0/8', ...NEW },
          {
            GroupId: 'sg',
            SecurityGroupRuleId: 'r2',
            IpProtocol: '-1',
            ReferencedGroupInfo: { GroupId: 'sg-2', UserId: '1', PeeringStatus: 'deleted' },
          },
          { GroupId: 'sg', SecurityGroupRuleId: 'r3', IpProtocol: '-1', NewPeer: 'x' },
          { GroupId: 'sg', SecurityGroupRuleId: 'r4', IpProtocol: '-1', NewPeer: 'y' },
        ],
      },
    };
    expect(await one('ec2.security-group', answers)).toMatchObject({
      rules: {
        'ingress tcp 22 10.0.0.0/8': { securityGroupRuleId: 'r1', ...KEPT },
        'ingress all all sg-2': { securityGroupRuleId: 'r2', referencedGroupInfo: { peeringStatus: 'deleted' } },
        'ingress all all unknown r3': { newPeer: 'x' },
        'ingress all all unknown r4': { newPeer: 'y' },
      },
    });
  });
});

describe('IAM', () => {
  it('leaves out when a role or a password was last used, and how often a policy is attached', async () => {
    const role = { RoleName: 'r', RoleLastUsed: { LastUsedDate: new Date(0), Region: 'eu-west-1' } };
    const answers = { GetAccountAuthorizationDetails: { RoleDetailList: [role] }, ListRoles: { Roles: [role] } };
    expect(JSON.stringify(await one('iam.role', answers))).not.toMatch(/astUsed/);
    const device = {
      SerialNumber: 'arn:aws:iam::1:mfa/d',
      Base32StringSeed: Buffer.from('seed'),
      User: { UserName: 'ann', Arn: 'a', PasswordLastUsed: new Date(0) },
    };
    const found = await one('iam.mfa-device', {
      ListVirtualMFADevices: { VirtualMFADevices: [device] },
      ListMFADeviceTags: { Tags: [{ Key: 'team', Value: 'ops' }] },
    });
    expect(found).toEqual({ serialNumber: 'arn:aws:iam::1:mfa/d', userName: 'ann', userArn: 'a', tags: { team: 'ops' } });
    const policy = { Arn: 'arn:aws:iam::1:policy/p', AttachmentCount: 4, PermissionsBoundaryUsageCount: 1, UpdateDate: new Date(0) };
    const document = await one('iam.policy', { GetAccountAuthorizationDetails: { Policies: [policy] }, ListPolicyTags: { Tags: [] } });
    expect(Object.keys(document as object).sort()).toEqual(['arn', 'document', 'tags', 'versions']);
  });

  it('keeps quotas and flags of the account and leaves out what is counted', async () => {
    const answers = {
      GetAccountPasswordPolicy: { PasswordPolicy: { MinimumPasswordLength: 14 } },
      GetAccountSummary: { SummaryMap: { Users: 3, UsersQuota: 5000, AccountMFAEnabled: 1, SomethingNew: 2 } },
      ListAccountAliases: { AccountAliases: ['b', 'a'] },
    };
    expect(await one('iam.account', answers)).toEqual({
      aliases: ['a', 'b'],
      passwordPolicy: { minimumPasswordLength: 14 },
      summary: { UsersQuota: 5000, AccountMFAEnabled: 1, SomethingNew: 2 },
    });
  });
});

describe('order', () => {
  it('of what a tunnel offers, of prefixes and of tags means nothing', async () => {
    const reversed = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(reversed).reverse()
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(Object.entries(value).map(([key, field]) => [key, reversed(field)]))
          : value;
    const tunnel = (OutsideIpAddress: string) => ({
      OutsideIpAddress,
      Phase1EncryptionAlgorithms: [{ Value: 'AES128' }, { Value: 'AES256' }],
      Phase2DHGroupNumbers: [{ Value: 2 }, { Value: 14 }],
      IkeVersions: [{ Value: 'ikev1' }, { Value: 'ikev2' }],
    });
    const cases: readonly [string, string, Answer][] = [
      [
        'ec2.vpn-connection',
        'DescribeVpnConnections',
        { VpnConnections: [{ VpnConnectionId: 'v', Options: { TunnelOptions: [tunnel('192.0.2.1'), tunnel('192.0.2.2')] } }] },
      ],
      [
        'ec2.network-interface',
        'DescribeNetworkInterfaces',
        {
          NetworkInterfaces: [
            {
              NetworkInterfaceId: 'e',
              Ipv4Prefixes: [{ Ipv4Prefix: '10.0.0.0/28' }, { Ipv4Prefix: '10.0.1.0/28' }],
              AssociatedSubnets: ['s1', 's2'],
            },
          ],
        },
      ],
      [
        'ec2.nat-gateway',
        'DescribeNatGateways',
        { NatGateways: [{ NatGatewayId: 'n', AttachedAppliances: [{ ApplianceArn: 'a' }, { ApplianceArn: 'b' }] }] },
      ],
      [
        'ec2.vpc-endpoint',
        'DescribeVpcEndpoints',
        {
          VpcEndpoints: [
            {
              VpcEndpointId: 'v',
              Ipv4Prefixes: [
                { SubnetId: 's', IpPrefixes: ['1', '2'] },
                { SubnetId: 't', IpPrefixes: [] },
              ],
              DnsOptions: { PrivateDnsSpecifiedDomains: ['x', 'y'] },
              Tags: [
                { Key: 'a', Value: '1' },
                { Key: 'b', Value: '2' },
              ],
            },
          ],
        },
      ],
    ];
    for (const [type, operation, answer] of cases) {
      const there = await one(type, { [operation]: answer });
      expect(await one(type, { [operation]: reversed(answer) as Answer })).toEqual(there);
    }
  });
});

it('reads what only the listing of its own type tells of an attachment', async () => {
  const answers = {
    DescribeTransitGatewayAttachments: {
      TransitGatewayAttachments: [
        { TransitGatewayAttachmentId: 'p', ResourceType: 'peering', State: 'available', Association: { State: 'disassociating' } },
        { TransitGatewayAttachmentId: 'v', ResourceType: 'vpc', ResourceId: 'vpc-1', State: 'available' },
      ],
    },
    DescribeTransitGatewayPeeringAttachments: {
      TransitGatewayPeeringAttachments: [{ TransitGatewayAttachmentId: 'p', AccepterTgwInfo: { Region: 'us-east-1', OwnerId: '2' } }],
    },
    DescribeTransitGatewayVpcAttachments: {
      TransitGatewayVpcAttachments: [
        { TransitGatewayAttachmentId: 'v', VpcId: 'vpc-1', SubnetIds: ['b', 'a'], Options: { DnsSupport: 'enable' } },
      ],
    },
  };
  expect(await documents('ec2.transit-gateway-attachment', answers)).toEqual({
    p: {
      transitGatewayAttachmentId: 'p',
      resourceType: 'peering',
      state: 'available',
      accepterTgwInfo: { region: 'us-east-1', ownerId: '2' },
    },
    v: {
      transitGatewayAttachmentId: 'v',
      resourceType: 'vpc',
      resourceId: 'vpc-1',
      state: 'available',
      subnetIds: ['a', 'b'],
      options: { dnsSupport: 'enable' },
    },
  });
});
