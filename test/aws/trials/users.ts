/** Users of IAM: policies, groups, credentials. */
import * as iam from '@aws-sdk/client-iam';
import { known, trial, type Trial } from './trial.ts';

const TAGS = [{ Key: 'team', Value: "it's $(id)" }];
const ADMIN = 'arn:aws:iam::aws:policy/AdministratorAccess';
const READ_ONLY = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const document = (Action: string) => JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });
type Client = iam.IAMClient;

export const userTrials: readonly Trial[] = [
  trial('iam.user', 'created', 'with everything a user can have', async ({ iam: aws }) => {
    await aws.send(new iam.CreateGroupCommand({ GroupName: 'admins' }));
    return async () => {
      await user(aws);
      await aws.send(new iam.AddUserToGroupCommand({ UserName: 'bob', GroupName: 'admins' }));
      await aws.send(new iam.AttachUserPolicyCommand({ UserName: 'bob', PolicyArn: ADMIN }));
      await aws.send(new iam.PutUserPolicyCommand({ UserName: 'bob', PolicyName: 'inline', PolicyDocument: document('*') }));
      await aws.send(new iam.CreateAccessKeyCommand({ UserName: 'bob' }));
      await aws.send(new iam.CreateLoginProfileCommand({ UserName: 'bob', Password: 'correct horse battery' }));
    };
  }),
  trial('iam.user', 'deleted', 'with groups and policies', async ({ iam: aws }) => {
    await user(aws, '/team/');
    await aws.send(new iam.CreateGroupCommand({ GroupName: 'admins' }));
    const member = { UserName: 'bob', GroupName: 'admins' };
    const attached = { UserName: 'bob', PolicyArn: READ_ONLY };
    const inline = { UserName: 'bob', PolicyName: 'inline' };
    await aws.send(new iam.AddUserToGroupCommand(member));
    await aws.send(new iam.AttachUserPolicyCommand(attached));
    await aws.send(new iam.PutUserPolicyCommand({ ...inline, PolicyDocument: document('s3:*') }));
    return async () => {
      await aws.send(new iam.RemoveUserFromGroupCommand(member));
      await aws.send(new iam.DetachUserPolicyCommand(attached));
      await aws.send(new iam.DeleteUserPolicyCommand(inline));
      await aws.send(new iam.DeleteUserCommand({ UserName: 'bob' }));
    };
  }),
  trial(
    'iam.user',
    'deleted',
    'with a key and a password',
    async ({ iam: aws }) => {
      await user(aws);
      const { AccessKey } = await aws.send(new iam.CreateAccessKeyCommand({ UserName: 'bob' }));
      await aws.send(new iam.CreateLoginProfileCommand({ UserName: 'bob', Password: 'correct horse battery' }));
      return async () => {
        await aws.send(new iam.DeleteAccessKeyCommand({ UserName: 'bob', AccessKeyId: AccessKey?.AccessKeyId }));
        await aws.send(new iam.DeleteLoginProfileCommand({ UserName: 'bob' }));
        await aws.send(new iam.DeleteUserCommand({ UserName: 'bob' }));
      };
    },
    { lost: { paths: ['/accessKeys', '/loginProfile'], because: 'no secret can be brought back' }, told: { PASSWORD: 'another $word' } },
  ),
  trial('iam.user', 'modified', 'policies granted', async ({ iam: aws }) => {
    await user(aws);
    return async () => {
      await aws.send(new iam.AttachUserPolicyCommand({ UserName: 'bob', PolicyArn: ADMIN }));
      await aws.send(new iam.PutUserPolicyCommand({ UserName: 'bob', PolicyName: 'inline', PolicyDocument: document('*') }));
    };
  }),
  trial('iam.user', 'modified', 'policies withdrawn and changed', async ({ iam: aws }) => {
    await user(aws);
    await aws.send(new iam.AttachUserPolicyCommand({ UserName: 'bob', PolicyArn: READ_ONLY }));
    await aws.send(new iam.PutUserPolicyCommand({ UserName: 'bob', PolicyName: 'one', PolicyDocument: document('s3:*') }));
    await aws.send(new iam.PutUserPolicyCommand({ UserName: 'bob', PolicyName: 'two', PolicyDocument: document('s3:*') }));
    return async () => {
      await aws.send(new iam.DetachUserPolicyCommand({ UserName: 'bob', PolicyArn: READ_ONLY }));
      await aws.send(new iam.DeleteUserPolicyCommand({ UserName: 'bob', PolicyName: 'one' }));
      await aws.send(new iam.PutUserPolicyCommand({ UserName: 'bob', PolicyName: 'two', PolicyDocument: document('*') }));
    };
  }),
  trial('iam.user', 'modified', 'groups', async ({ iam: aws }) => {
    await user(aws);
    for (const GroupName of ['one', 'two']) await aws.send(new iam.CreateGroupCommand({ GroupName }));
    await aws.send(new iam.AddUserToGroupCommand({ UserName: 'bob', GroupName: 'one' }));
    return async () => {
      await aws.send(new iam.AddUserToGroupCommand({ UserName: 'bob', GroupName: 'two' }));
      await aws.send(new iam.RemoveUserFromGroupCommand({ UserName: 'bob', GroupName: 'one' }));
    };
  }),
  trial('iam.user', 'modified', 'key made', async ({ iam: aws }) => {
    await user(aws);
    return () => aws.send(new iam.CreateAccessKeyCommand({ UserName: 'bob' }));
  }),
  trial('iam.user', 'modified', 'key deactivated', async ({ iam: aws }) => {
    await user(aws);
    const { AccessKey } = await aws.send(new iam.CreateAccessKeyCommand({ UserName: 'bob' }));
    return () => aws.send(new iam.UpdateAccessKeyCommand({ UserName: 'bob', AccessKeyId: AccessKey?.AccessKeyId, Status: 'Inactive' }));
  }),
  trial(
    'iam.user',
    'modified',
    'key deleted',
    async ({ iam: aws }) => {
      await user(aws);
      const { AccessKey } = await aws.send(new iam.CreateAccessKeyCommand({ UserName: 'bob' }));
      return () => aws.send(new iam.DeleteAccessKeyCommand({ UserName: 'bob', AccessKeyId: AccessKey?.AccessKeyId }));
    },
    { lost: { paths: ['/accessKeys'], because: 'no secret can be brought back' } },
  ),
  trial('iam.user', 'modified', 'password given', async ({ iam: aws }) => {
    await user(aws);
    return () => aws.send(new iam.CreateLoginProfileCommand({ UserName: 'bob', Password: 'correct horse battery' }));
  }),
  trial(
    'iam.user',
    'modified',
    'password taken',
    async ({ iam: aws }) => {
      await user(aws);
      await aws.send(new iam.CreateLoginProfileCommand({ UserName: 'bob', Password: 'correct horse battery' }));
      return () => aws.send(new iam.DeleteLoginProfileCommand({ UserName: 'bob' }));
    },
    { lost: { paths: ['/loginProfile'], because: 'the old password cannot be brought back' }, told: { PASSWORD: 'another $word & more' } },
  ),
  trial(
    'iam.user',
    'modified',
    'MFA device taken off',
    async ({ iam: aws }) => {
      await user(aws);
      const SerialNumber = await device(aws, 'bob');
      const codes = { AuthenticationCode1: '123456', AuthenticationCode2: '654321' };
      await aws.send(new iam.EnableMFADeviceCommand({ UserName: 'bob', SerialNumber, ...codes }));
      return () => aws.send(new iam.DeactivateMFADeviceCommand({ UserName: 'bob', SerialNumber }));
    },
    {
      lost: { paths: ['/mfaDevices', 'iam.mfa-device:'], because: 'two codes must be read from the device' },
      told: { CODE1: '123456', CODE2: '654321' },
    },
  ),
  trial('iam.user', 'modified', 'MFA device put on', async ({ iam: aws }) => {
    await user(aws);
    const SerialNumber = await device(aws, 'bob');
    const codes = { AuthenticationCode1: '123456', AuthenticationCode2: '654321' };
    return () => aws.send(new iam.EnableMFADeviceCommand({ UserName: 'bob', SerialNumber, ...codes }));
  }),
  trial('iam.user', 'modified', 'boundary set', async ({ iam: aws }) => {
    await user(aws);
    return () => aws.send(new iam.PutUserPermissionsBoundaryCommand({ UserName: 'bob', PermissionsBoundary: READ_ONLY }));
  }),
  trial('iam.user', 'modified', 'boundary removed', async ({ iam: aws }) => {
    await user(aws);
    await aws.send(new iam.PutUserPermissionsBoundaryCommand({ UserName: 'bob', PermissionsBoundary: READ_ONLY }));
    return () => aws.send(new iam.DeleteUserPermissionsBoundaryCommand({ UserName: 'bob' }));
  }),
  trial('iam.user', 'modified', 'path', async ({ iam: aws }) => {
    await user(aws);
    return () => aws.send(new iam.UpdateUserCommand({ UserName: 'bob', NewPath: '/other/' }));
  }),
  trial('iam.user', 'modified', 'tags', async ({ iam: aws }) => {
    await user(aws);
    return async () => {
      await aws.send(new iam.UntagUserCommand({ UserName: 'bob', TagKeys: ['team'] }));
      await aws.send(new iam.TagUserCommand({ UserName: 'bob', Tags: [{ Key: 'new', Value: '1' }] }));
    };
  }),
];

async function user(aws: Client, Path = '/'): Promise<void> {
  await aws.send(new iam.CreateUserCommand({ UserName: 'bob', Path, Tags: TAGS }));
}

async function device(aws: Client, VirtualMFADeviceName: string): Promise<string> {
  const made = await aws.send(new iam.CreateVirtualMFADeviceCommand({ VirtualMFADeviceName, Tags: TAGS }));
  return known(made.VirtualMFADevice?.SerialNumber);
}
