/** Acts on security groups, in all the shapes that tools send. */
import * as ec2 from '@aws-sdk/client-ec2';
import { type Act, cidr, pickHot, type Stage } from '../stage.ts';

async function groups({ look, place }: Stage): Promise<ec2.SecurityGroup[]> {
  const answer = await look.ec2(place.region).send(new ec2.DescribeSecurityGroupsCommand({}));
  return (answer.SecurityGroups ?? []).filter((group) => group.GroupName !== 'default');
}

async function rules({ look, place }: Stage, group: string | undefined): Promise<ec2.SecurityGroupRule[]> {
  const filter = { Name: 'group-id', Values: [group ?? ''] };
  const answer = await look.ec2(place.region).send(new ec2.DescribeSecurityGroupRulesCommand({ Filters: [filter] }));
  return (answer.SecurityGroupRules ?? []).filter((rule) => rule.IsEgress === false && rule.CidrIpv4 !== undefined);
}

const PORTS = [22, 80, 443, 3306, 3389, 5432, 6379, 8080];

/** As the command line sends it. */
const openFlat: Act = async (stage) => {
  const group = pickHot(stage.random, await groups(stage));
  if (group === undefined) return undefined;
  const port = stage.random.pick(PORTS);
  const CidrIp = stage.random.chance(0.3) ? '0.0.0.0/0' : cidr(stage.random);
  const rule = { GroupId: group.GroupId, IpProtocol: 'tcp', FromPort: port, ToPort: port, CidrIp };
  const { region } = stage.place;
  await stage.person.clients.ec2(region).send(new ec2.AuthorizeSecurityGroupIngressCommand(rule));
  return (person) => person.clients.ec2(region).send(new ec2.RevokeSecurityGroupIngressCommand(rule));
};

/** As Terraform and the console send it: several rules in one call. */
const openNested: Act = async (stage) => {
  const all = await groups(stage);
  const group = pickHot(stage.random, all);
  if (group === undefined) return undefined;
  const port = stage.random.pick(PORTS);
  const peers = all.filter((one) => one.VpcId === group.VpcId).map((one) => ({ GroupId: one.GroupId }));
  const permissions: ec2.IpPermission[] = [
    {
      IpProtocol: 'tcp',
      FromPort: port,
      ToPort: port,
      IpRanges: [{ CidrIp: cidr(stage.random), Description: 'a' }, { CidrIp: cidr(stage.random) }],
    },
    ...(stage.random.chance(0.5) ? [{ IpProtocol: 'udp', FromPort: 5000, ToPort: 5100, UserIdGroupPairs: peers.slice(0, 1) }] : []),
    ...(stage.random.chance(0.3) ? [{ IpProtocol: 'tcp', FromPort: port, ToPort: port, Ipv6Ranges: [{ CidrIpv6: '::/0' }] }] : []),
  ];
  const input = { GroupId: group.GroupId, IpPermissions: permissions };
  const { region } = stage.place;
  await stage.person.clients.ec2(region).send(new ec2.AuthorizeSecurityGroupIngressCommand(input));
  return (person) => person.clients.ec2(region).send(new ec2.RevokeSecurityGroupIngressCommand(input));
};

const openEgress: Act = async (stage) => {
  const group = pickHot(stage.random, await groups(stage));
  if (group === undefined) return undefined;
  const input = {
    GroupId: group.GroupId,
    IpPermissions: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: cidr(stage.random) }] }],
  };
  const { region } = stage.place;
  await stage.person.clients.ec2(region).send(new ec2.AuthorizeSecurityGroupEgressCommand(input));
  return (person) => person.clients.ec2(region).send(new ec2.RevokeSecurityGroupEgressCommand(input));
};

const revokeById: Act = async (stage) => {
  const group = pickHot(stage.random, await groups(stage));
  const rule = stage.random.pick([...(await rules(stage, group?.GroupId)), undefined]);
  if (group === undefined || rule === undefined) return undefined;
  const call = new ec2.RevokeSecurityGroupIngressCommand({
    GroupId: group.GroupId,
    SecurityGroupRuleIds: [rule.SecurityGroupRuleId ?? ''],
  });
  await stage.person.clients.ec2(stage.place.region).send(call);
  return undefined;
};

const modifyRule: Act = async (stage) => {
  const group = pickHot(stage.random, await groups(stage));
  const rule = stage.random.pick([...(await rules(stage, group?.GroupId)), undefined]);
  if (group === undefined || rule === undefined) return undefined;
  const changed = {
    IpProtocol: rule.IpProtocol,
    FromPort: rule.FromPort,
    ToPort: rule.ToPort,
    CidrIpv4: cidr(stage.random),
    Description: 'changed',
  };
  const SecurityGroupRules = [{ SecurityGroupRuleId: rule.SecurityGroupRuleId, SecurityGroupRule: changed }];
  await stage.person.clients
    .ec2(stage.place.region)
    .send(new ec2.ModifySecurityGroupRulesCommand({ GroupId: group.GroupId, SecurityGroupRules }));
  return undefined;
};

const describeRule: Act = async (stage) => {
  const group = pickHot(stage.random, await groups(stage));
  const rule = stage.random.pick([...(await rules(stage, group?.GroupId)), undefined]);
  if (group === undefined || rule === undefined) return undefined;
  const IpRanges = [{ CidrIp: rule.CidrIpv4, Description: `ticket ${stage.random.int(9000)}` }];
  const IpPermissions = [{ IpProtocol: rule.IpProtocol, FromPort: rule.FromPort, ToPort: rule.ToPort, IpRanges }];
  const call = new ec2.UpdateSecurityGroupRuleDescriptionsIngressCommand({ GroupId: group.GroupId, IpPermissions });
  await stage.person.clients.ec2(stage.place.region).send(call);
  return undefined;
};

const createGroup: Act = async (stage) => {
  const { region } = stage.place;
  const vpc = (await groups(stage))[0]?.VpcId;
  if (vpc === undefined) return undefined;
  const client = stage.person.clients.ec2(region);
  const name = `sg-${stage.random.hex(5)}`;
  const made = await client.send(new ec2.CreateSecurityGroupCommand({ GroupName: name, Description: name, VpcId: vpc }));
  const all = { GroupId: made.GroupId, IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }] };
  // Terraform removes the egress that came with the group.
  if (stage.random.chance(0.5)) await client.send(new ec2.RevokeSecurityGroupEgressCommand(all));
  return (person) => person.clients.ec2(region).send(new ec2.DeleteSecurityGroupCommand({ GroupId: made.GroupId }));
};

const deleteGroup: Act = async (stage) => {
  const group = stage.random.pick([...(await groups(stage)).slice(3), undefined]);
  if (group === undefined) return undefined;
  await stage.person.clients.ec2(stage.place.region).send(new ec2.DeleteSecurityGroupCommand({ GroupId: group.GroupId }));
  return undefined;
};

export const securityGroupActs = { openFlat, openNested, openEgress, revokeById, modifyRule, describeRule, createGroup, deleteGroup };
