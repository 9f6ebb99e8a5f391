/** Acts on IAM: people, roles, groups, policies and their keys. */
import * as iam from '@aws-sdk/client-iam';
import { type Act, pickHot, type Stage } from '../stage.ts';

const MANAGED = ['AdministratorAccess', 'ReadOnlyAccess', 'AmazonS3FullAccess', 'AmazonEC2FullAccess'].map(
  (name) => `arn:aws:iam::aws:policy/${name}`,
);

const policy = (stage: Stage) => {
  const Action = stage.random.chance(0.5) ? 's3:GetObject' : ['ec2:Describe*', `s3:Put${stage.random.hex(3)}`];
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });
};
const trust = (account: string) =>
  JSON.stringify(
    {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'sts:AssumeRole' }],
    },
    null,
    2,
  );

async function users({ look }: Stage): Promise<string[]> {
  return ((await look.iam.send(new iam.ListUsersCommand({}))).Users ?? []).map((one) => one.UserName ?? '');
}
async function roles({ look }: Stage): Promise<string[]> {
  return ((await look.iam.send(new iam.ListRolesCommand({}))).Roles ?? []).map((one) => one.RoleName ?? '');
}
async function groups({ look }: Stage): Promise<string[]> {
  return ((await look.iam.send(new iam.ListGroupsCommand({}))).Groups ?? []).map((one) => one.GroupName ?? '');
}

const attachRole: Act = async (stage) => {
  const input = { RoleName: pickHot(stage.random, await roles(stage)), PolicyArn: stage.random.pick(MANAGED) };
  await stage.person.clients.iam.send(new iam.AttachRolePolicyCommand(input));
  return (person) => person.clients.iam.send(new iam.DetachRolePolicyCommand(input));
};
const attachUser: Act = async (stage) => {
  const input = { UserName: pickHot(stage.random, await users(stage)), PolicyArn: stage.random.pick(MANAGED) };
  await stage.person.clients.iam.send(new iam.AttachUserPolicyCommand(input));
  return (person) => person.clients.iam.send(new iam.DetachUserPolicyCommand(input));
};
const attachGroup: Act = async (stage) => {
  const input = { GroupName: pickHot(stage.random, await groups(stage)), PolicyArn: stage.random.pick(MANAGED) };
  await stage.person.clients.iam.send(new iam.AttachGroupPolicyCommand(input));
  return undefined;
};
const inlineUser: Act = async (stage) => {
  const input = { UserName: pickHot(stage.random, await users(stage)), PolicyName: `p${stage.random.int(3)}` };
  await stage.person.clients.iam.send(new iam.PutUserPolicyCommand({ ...input, PolicyDocument: policy(stage) }));
  return (person) => person.clients.iam.send(new iam.DeleteUserPolicyCommand(input));
};
const inlineRole: Act = async (stage) => {
  const input = { RoleName: pickHot(stage.random, await roles(stage)), PolicyName: `p${stage.random.int(3)}` };
  await stage.person.clients.iam.send(new iam.PutRolePolicyCommand({ ...input, PolicyDocument: policy(stage) }));
  return undefined;
};
const inlineGroup: Act = async (stage) => {
  const input = { GroupName: pickHot(stage.random, await groups(stage)), PolicyName: `p${stage.random.int(3)}` };
  await stage.person.clients.iam.send(new iam.PutGroupPolicyCommand({ ...input, PolicyDocument: policy(stage) }));
  return undefined;
};
const widenTrust: Act = async (stage) => {
  const account = stage.random.pick(['111122223333', '222233334444', '999988887777']);
  const input = { RoleName: pickHot(stage.random, await roles(stage)), PolicyDocument: trust(account) };
  await stage.person.clients.iam.send(new iam.UpdateAssumeRolePolicyCommand(input));
  return undefined;
};
const accessKey: Act = async (stage) => {
  const UserName = pickHot(stage.random, await users(stage));
  const listed = await stage.look.iam.send(new iam.ListAccessKeysCommand({ UserName }));
  const present = listed.AccessKeyMetadata?.[0];
  if (present !== undefined) {
    const AccessKeyId = present.AccessKeyId ?? '';
    const Status = present.Status === 'Active' ? 'Inactive' : 'Active';
    if (stage.random.chance(0.4)) await stage.person.clients.iam.send(new iam.DeleteAccessKeyCommand({ UserName, AccessKeyId }));
    else await stage.person.clients.iam.send(new iam.UpdateAccessKeyCommand({ UserName, AccessKeyId, Status }));
    return undefined;
  }
  const made = await stage.person.clients.iam.send(new iam.CreateAccessKeyCommand({ UserName }));
  const AccessKeyId = made.AccessKey?.AccessKeyId;
  return (person) => person.clients.iam.send(new iam.DeleteAccessKeyCommand({ UserName, AccessKeyId }));
};
const loginProfile: Act = async (stage) => {
  const UserName = pickHot(stage.random, await users(stage));
  await stage.person.clients.iam.send(new iam.CreateLoginProfileCommand({ UserName, Password: `Aa1!${stage.random.hex(12)}` }));
  return (person) => person.clients.iam.send(new iam.DeleteLoginProfileCommand({ UserName }));
};
const mfa: Act = async (stage) => {
  const UserName = pickHot(stage.random, await users(stage));
  const made = await stage.person.clients.iam.send(
    new iam.CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: `mfa-${stage.random.hex(4)}` }),
  );
  const SerialNumber = made.VirtualMFADevice?.SerialNumber;
  const codes = { AuthenticationCode1: '123456', AuthenticationCode2: '654321' };
  await stage.person.clients.iam.send(new iam.EnableMFADeviceCommand({ UserName, SerialNumber, ...codes }));
  return (person) => person.clients.iam.send(new iam.DeactivateMFADeviceCommand({ UserName, SerialNumber }));
};
const boundary: Act = async (stage) => {
  const input = { UserName: pickHot(stage.random, await users(stage)), PermissionsBoundary: stage.random.pick(MANAGED) };
  await stage.person.clients.iam.send(new iam.PutUserPermissionsBoundaryCommand(input));
  return undefined;
};
const membership: Act = async (stage) => {
  const input = { UserName: pickHot(stage.random, await users(stage)), GroupName: pickHot(stage.random, await groups(stage)) };
  const current = await stage.look.iam.send(new iam.ListGroupsForUserCommand({ UserName: input.UserName }));
  const member = (current.Groups ?? []).some((one) => one.GroupName === input.GroupName);
  if (member) await stage.person.clients.iam.send(new iam.RemoveUserFromGroupCommand(input));
  else await stage.person.clients.iam.send(new iam.AddUserToGroupCommand(input));
  return undefined;
};
const policyVersion: Act = async (stage) => {
  const listed = (await stage.look.iam.send(new iam.ListPoliciesCommand({ Scope: 'Local' }))).Policies ?? [];
  const PolicyArn = pickHot(stage.random, listed)?.Arn;
  if (PolicyArn === undefined) return undefined;
  const input = { PolicyArn, PolicyDocument: policy(stage), SetAsDefault: stage.random.chance(0.7) };
  await stage.person.clients.iam.send(new iam.CreatePolicyVersionCommand(input));
  return undefined;
};
const createPolicy: Act = async (stage) => {
  const input = { PolicyName: `custom-${stage.random.hex(4)}`, PolicyDocument: policy(stage) };
  const made = await stage.person.clients.iam.send(new iam.CreatePolicyCommand(input));
  return (person) => person.clients.iam.send(new iam.DeletePolicyCommand({ PolicyArn: made.Policy?.Arn }));
};
const createUser: Act = async (stage) => {
  const UserName = `temp-${stage.random.hex(4)}`;
  await stage.person.clients.iam.send(new iam.CreateUserCommand({ UserName, Tags: [{ Key: 'team', Value: 'x' }] }));
  return (person) => person.clients.iam.send(new iam.DeleteUserCommand({ UserName }));
};
const createRole: Act = async (stage) => {
  const RoleName = `svc-${stage.random.hex(4)}`;
  await stage.person.clients.iam.send(new iam.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust(stage.place.account) }));
  return (person) => person.clients.iam.send(new iam.DeleteRoleCommand({ RoleName }));
};
const tagRole: Act = async (stage) => {
  const RoleName = pickHot(stage.random, await roles(stage));
  const Tags = [{ Key: 'owner', Value: `team ${stage.random.int(9)}` }];
  await stage.person.clients.iam.send(new iam.TagRoleCommand({ RoleName, Tags }));
  return (person) => person.clients.iam.send(new iam.UntagRoleCommand({ RoleName, TagKeys: ['owner'] }));
};
const instanceProfile: Act = async (stage) => {
  const InstanceProfileName = `profile-${stage.random.hex(4)}`;
  await stage.person.clients.iam.send(new iam.CreateInstanceProfileCommand({ InstanceProfileName }));
  const RoleName = pickHot(stage.random, await roles(stage));
  await stage.person.clients.iam.send(new iam.AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName }));
  return undefined;
};
const sessionLength: Act = async (stage) => {
  const input = { RoleName: pickHot(stage.random, await roles(stage)), MaxSessionDuration: 3600 * (1 + stage.random.int(12)) };
  await stage.person.clients.iam.send(new iam.UpdateRoleCommand(input));
  return undefined;
};

export const iamActs = {
  attachRole,
  attachUser,
  attachGroup,
  inlineUser,
  inlineRole,
  inlineGroup,
  widenTrust,
  accessKey,
  loginProfile,
  mfa,
  boundary,
  membership,
  policyVersion,
  createPolicy,
  createUser,
  createRole,
  tagRole,
  instanceProfile,
  sessionLength,
};
