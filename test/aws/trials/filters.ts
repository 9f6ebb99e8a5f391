/** What lets traffic through: security groups, network ACLs, prefix lists. */
import * as ec2 from '@aws-sdk/client-ec2';
import * as place from './places.ts';
import { known, trial, type Trial } from './trial.ts';

const HTTPS = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0', Description: "Ann's & Bob's" }] };
const FORGETFUL = { paths: ['/prefixListName'], because: 'moto forgets the name of a prefix list whose entries change' };

export const filterTrials: readonly Trial[] = [
  trial('ec2.security-group', 'created', 'made', async ({ ec2: aws }) => {
    const vpc = await place.vpc(aws);
    return () => place.securityGroup(aws, vpc);
  }),
  trial('ec2.security-group', 'deleted', 'with rules, one of which names itself', async ({ ec2: aws }) => {
    const GroupId = await openGroup(aws);
    const IpPermissions = [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId, Description: 'each other' }] }];
    await aws.send(new ec2.AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
    return () => aws.send(new ec2.DeleteSecurityGroupCommand({ GroupId }));
  }),
  trial('ec2.security-group', 'deleted', 'without the way out', async ({ ec2: aws }) => {
    const GroupId = await openGroup(aws);
    await aws.send(
      new ec2.RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }] }),
    );
    return () => aws.send(new ec2.DeleteSecurityGroupCommand({ GroupId }));
  }),
  trial('ec2.security-group', 'modified', 'opened', async ({ ec2: aws }) => {
    const GroupId = await openGroup(aws);
    const world = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }], Ipv6Ranges: [{ CidrIpv6: '::/0' }] };
    return () => aws.send(new ec2.AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [world] }));
  }),
  trial('ec2.security-group', 'modified', 'closed', async ({ ec2: aws }) => {
    const GroupId = await openGroup(aws);
    return () => aws.send(new ec2.RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: [HTTPS] }));
  }),
  ...(['ICMP', 'protocol', 'group', 'prefix list'] as const).map((what) =>
    trial('ec2.security-group', 'modified', `${what} rule revoked`, async ({ ec2: aws }) => {
      const vpc = await place.vpc(aws);
      const GroupId = await place.securityGroup(aws, vpc);
      const IpPermissions = [await permission(aws, what, vpc)];
      await aws.send(new ec2.AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
      return () => aws.send(new ec2.RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
    }),
  ),
  trial('ec2.security-group', 'modified', 'way out closed', async ({ ec2: aws }) => {
    const GroupId = await openGroup(aws);
    const IpPermissions = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
    return () => aws.send(new ec2.RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions }));
  }),
  trial('ec2.security-group', 'modified', 'description of a rule', async ({ ec2: aws }) => {
    const GroupId = await openGroup(aws);
    const IpPermissions = [{ ...HTTPS, IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'changed' }] }];
    return () => aws.send(new ec2.UpdateSecurityGroupRuleDescriptionsIngressCommand({ GroupId, IpPermissions }));
  }),
  trial('ec2.security-group', 'modified', 'tags of a rule', async ({ ec2: aws }) => {
    const GroupId = await openGroup(aws);
    const { SecurityGroupRules } = await aws.send(
      new ec2.DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [GroupId] }] }),
    );
    const rule = known(SecurityGroupRules?.find(({ IsEgress }) => IsEgress === false)?.SecurityGroupRuleId);
    await place.withTags(aws, rule);
    return () => place.retag(aws, rule);
  }),
  trial('ec2.security-group', 'modified', 'tags', async ({ ec2: aws }) => {
    const id = await openGroup(aws);
    return () => place.retag(aws, id);
  }),
  trial('ec2.network-acl', 'created', 'made and used', async ({ ec2: aws }) => {
    const VpcId = await place.vpc(aws);
    const subnet = await place.subnet(aws, VpcId);
    return async () => moveSubnet(aws, subnet, await acl(aws, VpcId));
  }),
  trial('ec2.network-acl', 'deleted', 'with entries', async ({ ec2: aws }) => {
    const NetworkAclId = await acl(aws, await place.vpc(aws));
    return () => aws.send(new ec2.DeleteNetworkAclCommand({ NetworkAclId }));
  }),
  trial('ec2.network-acl', 'modified', 'entry deleted', async ({ ec2: aws }) => {
    const NetworkAclId = await acl(aws, await place.vpc(aws));
    return () => aws.send(new ec2.DeleteNetworkAclEntryCommand({ NetworkAclId, RuleNumber: 100, Egress: false }));
  }),
  trial('ec2.network-acl', 'modified', 'entry added', async ({ ec2: aws }) => {
    const NetworkAclId = await acl(aws, await place.vpc(aws));
    const entry = { RuleNumber: 90, Egress: true, Protocol: '-1', RuleAction: 'deny' as const, Ipv6CidrBlock: '::/0' };
    return () => aws.send(new ec2.CreateNetworkAclEntryCommand({ NetworkAclId, ...entry }));
  }),
  trial('ec2.network-acl', 'modified', 'entry replaced', async ({ ec2: aws }) => {
    const NetworkAclId = await acl(aws, await place.vpc(aws));
    const entry = {
      RuleNumber: 100,
      Egress: false,
      Protocol: '17',
      RuleAction: 'deny' as const,
      CidrBlock: '0.0.0.0/0',
      PortRange: { From: 1, To: 9 },
    };
    return () => aws.send(new ec2.ReplaceNetworkAclEntryCommand({ NetworkAclId, ...entry }));
  }),
  trial('ec2.network-acl', 'modified', 'subnet moved to another ACL', async ({ ec2: aws }) => {
    const VpcId = await place.vpc(aws);
    const [subnet, other] = [await place.subnet(aws, VpcId), await acl(aws, VpcId)];
    return () => moveSubnet(aws, subnet, other);
  }),
  trial('ec2.network-acl', 'modified', 'tags', async ({ ec2: aws }) => {
    const id = await acl(aws, await place.vpc(aws));
    return () => place.retag(aws, id);
  }),
  trial('ec2.managed-prefix-list', 'created', 'made', async ({ ec2: aws }) => {
    return () => place.prefixList(aws);
  }),
  trial('ec2.managed-prefix-list', 'deleted', 'deleted', async ({ ec2: aws }) => {
    const PrefixListId = await place.prefixList(aws);
    return () => aws.send(new ec2.DeleteManagedPrefixListCommand({ PrefixListId }));
  }),
  ...(
    [
      { what: 'entry added', edit: { AddEntries: [{ Cidr: '0.0.0.0/1' }] } },
      { what: 'entry removed', edit: { RemoveEntries: [{ Cidr: '198.51.100.0/24' }] } },
    ] satisfies { what: string; edit: Partial<ec2.ModifyManagedPrefixListRequest> }[]
  ).map(({ what, edit }) =>
    trial(
      'ec2.managed-prefix-list',
      'modified',
      what,
      async ({ ec2: aws }) => {
        const PrefixListId = await place.prefixList(aws);
        const request = { PrefixListId, CurrentVersion: 1, ...edit };
        return () => aws.send(new ec2.ModifyManagedPrefixListCommand(request));
      },
      { lost: { paths: ['/version'], because: 'versions count on' }, limit: FORGETFUL },
    ),
  ),
  trial(
    'ec2.managed-prefix-list',
    'modified',
    'description of an entry',
    async ({ ec2: aws }) => {
      const PrefixListId = await place.prefixList(aws);
      const Cidr = '198.51.100.0/24';
      return async () => {
        await aws.send(new ec2.ModifyManagedPrefixListCommand({ PrefixListId, CurrentVersion: 1, RemoveEntries: [{ Cidr }] }));
        await aws.send(
          new ec2.ModifyManagedPrefixListCommand({ PrefixListId, CurrentVersion: 2, AddEntries: [{ Cidr, Description: 'x' }] }),
        );
      };
    },
    { lost: { paths: ['/version'], because: 'versions count on' }, limit: FORGETFUL },
  ),
  trial('ec2.managed-prefix-list', 'modified', 'name', async ({ ec2: aws }) => {
    const PrefixListId = await place.prefixList(aws);
    return () => aws.send(new ec2.ModifyManagedPrefixListCommand({ PrefixListId, PrefixListName: 'other' }));
  }),
  trial('ec2.managed-prefix-list', 'modified', 'maximum', async ({ ec2: aws }) => {
    const PrefixListId = await place.prefixList(aws);
    return () => aws.send(new ec2.ModifyManagedPrefixListCommand({ PrefixListId, MaxEntries: 9 }));
  }),
  trial('ec2.managed-prefix-list', 'modified', 'tags', async ({ ec2: aws }) => {
    const id = await place.prefixList(aws);
    return () => place.retag(aws, id);
  }),
];

async function openGroup(aws: ec2.EC2Client): Promise<string> {
  const GroupId = await place.securityGroup(aws, await place.vpc(aws));
  await aws.send(new ec2.AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [HTTPS] }));
  return GroupId;
}

async function permission(aws: ec2.EC2Client, what: string, vpc: string): Promise<ec2.IpPermission> {
  if (what === 'ICMP') return { IpProtocol: 'icmp', FromPort: 8, ToPort: -1, IpRanges: [{ CidrIp: '10.0.0.0/8' }] };
  if (what === 'protocol') return { IpProtocol: '50', IpRanges: [{ CidrIp: '192.0.2.0/24' }] };
  const ports = { IpProtocol: 'udp', FromPort: 8000, ToPort: 8100 };
  if (what === 'group') return { ...ports, UserIdGroupPairs: [{ GroupId: await place.securityGroup(aws, vpc, 'other') }] };
  return { ...ports, PrefixListIds: [{ PrefixListId: await place.prefixList(aws) }] };
}

async function acl(aws: ec2.EC2Client, VpcId: string): Promise<string> {
  const made = await aws.send(new ec2.CreateNetworkAclCommand({ VpcId, ...place.tagged('network-acl') }));
  const NetworkAclId = known(made.NetworkAcl?.NetworkAclId);
  const entry = {
    RuleNumber: 100,
    Egress: false,
    Protocol: '6',
    RuleAction: 'allow' as const,
    CidrBlock: '10.0.0.0/8',
    PortRange: { From: 443, To: 443 },
  };
  await aws.send(new ec2.CreateNetworkAclEntryCommand({ NetworkAclId, ...entry }));
  const icmp = {
    RuleNumber: 7,
    Egress: true,
    Protocol: '1',
    RuleAction: 'deny' as const,
    CidrBlock: '0.0.0.0/0',
    IcmpTypeCode: { Type: 8, Code: -1 },
  };
  await aws.send(new ec2.CreateNetworkAclEntryCommand({ NetworkAclId, ...icmp }));
  return NetworkAclId;
}

async function moveSubnet(aws: ec2.EC2Client, subnet: string, NetworkAclId: string): Promise<void> {
  const Filters = [{ Name: 'association.subnet-id', Values: [subnet] }];
  const { NetworkAcls } = await aws.send(new ec2.DescribeNetworkAclsCommand({ Filters }));
  const association = NetworkAcls?.[0]?.Associations?.find(({ SubnetId }) => SubnetId === subnet);
  await aws.send(new ec2.ReplaceNetworkAclAssociationCommand({ AssociationId: association?.NetworkAclAssociationId, NetworkAclId }));
}
