/** Groups, roles and policies of IAM. */
import * as iam from '@aws-sdk/client-iam';
import { known, trial, type Trial } from './trial.ts';

const TAGS = [{ Key: 'team', Value: "it's $(id)" }];
const ADMIN = 'arn:aws:iam::aws:policy/AdministratorAccess';
const READ_ONLY = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const document = (Action: string) => JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });
const trust = (Service: string) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }] });
type Client = iam.IAMClient;

export const roleTrials: readonly Trial[] = [
  trial('iam.group', 'created', 'with policies', async ({ iam: aws }) => {
    return () => group(aws);
  }),
  trial('iam.group', 'deleted', 'with policies', async ({ iam: aws }) => {
    await group(aws);
    return async () => {
      await aws.send(new iam.DetachGroupPolicyCommand({ GroupName: 'admins', PolicyArn: READ_ONLY }));
      await aws.send(new iam.DeleteGroupPolicyCommand({ GroupName: 'admins', PolicyName: 'inline' }));
      await aws.send(new iam.DeleteGroupCommand({ GroupName: 'admins' }));
    };
  }),
  trial('iam.group', 'modified', 'policies', async ({ iam: aws }) => {
    await group(aws);
    return async () => {
      await aws.send(new iam.DetachGroupPolicyCommand({ GroupName: 'admins', PolicyArn: READ_ONLY }));
      await aws.send(new iam.AttachGroupPolicyCommand({ GroupName: 'admins', PolicyArn: ADMIN }));
      await aws.send(new iam.PutGroupPolicyCommand({ GroupName: 'admins', PolicyName: 'inline', PolicyDocument: document('*') }));
    };
  }),
  trial('iam.group', 'modified', 'path', async ({ iam: aws }) => {
    await group(aws);
    return () => aws.send(new iam.UpdateGroupCommand({ GroupName: 'admins', NewPath: '/other/' }));
  }),
  trial('iam.role', 'created', 'with policies', async ({ iam: aws }) => {
    return () => role(aws);
  }),
  trial('iam.role', 'deleted', 'with all that describes it', async ({ iam: aws }) => {
    await role(aws);
    return async () => {
      await aws.send(new iam.DetachRolePolicyCommand({ RoleName: 'deploy', PolicyArn: READ_ONLY }));
      await aws.send(new iam.DeleteRolePolicyCommand({ RoleName: 'deploy', PolicyName: 'inline' }));
      await aws.send(new iam.DeleteRoleCommand({ RoleName: 'deploy' }));
    };
  }),
  trial('iam.role', 'modified', 'trust', async ({ iam: aws }) => {
    await role(aws);
    return () => aws.send(new iam.UpdateAssumeRolePolicyCommand({ RoleName: 'deploy', PolicyDocument: trust('lambda.amazonaws.com') }));
  }),
  trial('iam.role', 'modified', 'description and session length', async ({ iam: aws }) => {
    await role(aws);
    return () => aws.send(new iam.UpdateRoleCommand({ RoleName: 'deploy', Description: 'x', MaxSessionDuration: 43_200 }));
  }),
  trial('iam.role', 'modified', 'policies', async ({ iam: aws }) => {
    await role(aws);
    return async () => {
      await aws.send(new iam.DetachRolePolicyCommand({ RoleName: 'deploy', PolicyArn: READ_ONLY }));
      await aws.send(new iam.AttachRolePolicyCommand({ RoleName: 'deploy', PolicyArn: ADMIN }));
      await aws.send(new iam.PutRolePolicyCommand({ RoleName: 'deploy', PolicyName: 'inline', PolicyDocument: document('*') }));
    };
  }),
  trial('iam.role', 'modified', 'boundary', async ({ iam: aws }) => {
    await role(aws);
    await aws.send(new iam.PutRolePermissionsBoundaryCommand({ RoleName: 'deploy', PermissionsBoundary: READ_ONLY }));
    return () => aws.send(new iam.PutRolePermissionsBoundaryCommand({ RoleName: 'deploy', PermissionsBoundary: ADMIN }));
  }),
  trial('iam.role', 'modified', 'tags', async ({ iam: aws }) => {
    await role(aws);
    return async () => {
      await aws.send(new iam.UntagRoleCommand({ RoleName: 'deploy', TagKeys: ['team'] }));
      await aws.send(new iam.TagRoleCommand({ RoleName: 'deploy', Tags: [{ Key: 'new', Value: '1' }] }));
    };
  }),
  trial('iam.policy', 'created', 'with a second version', async ({ iam: aws }) => async () => {
    const PolicyArn = await policy(aws);
    await aws.send(new iam.CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: document('*'), SetAsDefault: true }));
  }),
  trial('iam.policy', 'deleted', 'of one version', async ({ iam: aws }) => {
    const PolicyArn = await policy(aws);
    return () => aws.send(new iam.DeletePolicyCommand({ PolicyArn }));
  }),
  trial('iam.policy', 'modified', 'new version in force', async ({ iam: aws }) => {
    const PolicyArn = await policy(aws);
    return () => aws.send(new iam.CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: document('*'), SetAsDefault: true }));
  }),
  trial('iam.policy', 'modified', 'earlier version in force', async ({ iam: aws }) => {
    const PolicyArn = await policy(aws);
    await aws.send(new iam.CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: document('*'), SetAsDefault: true }));
    return () => aws.send(new iam.SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
  }),
  trial('iam.policy', 'modified', 'idle version added', async ({ iam: aws }) => {
    const PolicyArn = await policy(aws);
    return () => aws.send(new iam.CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: document('*') }));
  }),
  trial(
    'iam.policy',
    'modified',
    'idle version deleted',
    async ({ iam: aws }) => {
      const PolicyArn = await policy(aws);
      await aws.send(new iam.CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: document('*') }));
      return () => aws.send(new iam.DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v2' }));
    },
    { lost: { paths: ['/versions'], because: 'the document of a version not in force is not kept' } },
  ),
  trial(
    'iam.policy',
    'modified',
    'the version in force replaced and deleted',
    async ({ iam: aws }) => {
      const PolicyArn = await policy(aws);
      return async () => {
        await aws.send(new iam.CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: document('*'), SetAsDefault: true }));
        await aws.send(new iam.DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
      };
    },
    { lost: { paths: ['/versions', '/defaultVersionId'], because: 'versions count on' } },
  ),
  trial('iam.policy', 'modified', 'tags', async ({ iam: aws }) => {
    const PolicyArn = await policy(aws);
    return async () => {
      await aws.send(new iam.UntagPolicyCommand({ PolicyArn, TagKeys: ['team'] }));
      await aws.send(new iam.TagPolicyCommand({ PolicyArn, Tags: [{ Key: 'new', Value: '1' }] }));
    };
  }),
];

async function group(aws: Client): Promise<void> {
  await aws.send(new iam.CreateGroupCommand({ GroupName: 'admins', Path: '/team/' }));
  await aws.send(new iam.AttachGroupPolicyCommand({ GroupName: 'admins', PolicyArn: READ_ONLY }));
  await aws.send(new iam.PutGroupPolicyCommand({ GroupName: 'admins', PolicyName: 'inline', PolicyDocument: document('s3:*') }));
}

async function role(aws: Client): Promise<void> {
  const description = { Description: "pipelines' own\nof two lines", MaxSessionDuration: 7200, Path: '/ci/', Tags: TAGS };
  await aws.send(new iam.CreateRoleCommand({ RoleName: 'deploy', AssumeRolePolicyDocument: trust('ec2.amazonaws.com'), ...description }));
  await aws.send(new iam.AttachRolePolicyCommand({ RoleName: 'deploy', PolicyArn: READ_ONLY }));
  await aws.send(new iam.PutRolePolicyCommand({ RoleName: 'deploy', PolicyName: 'inline', PolicyDocument: document('s3:*') }));
}

async function policy(aws: Client): Promise<string> {
  const request = { PolicyName: 'buckets', Path: '/team/', Description: 'reads', PolicyDocument: document('s3:GetObject'), Tags: TAGS };
  return known((await aws.send(new iam.CreatePolicyCommand(request))).Policy?.Arn);
}
