/** The account itself, those who vouch for its people, and their devices. */
import * as iam from '@aws-sdk/client-iam';
import { known, trial, type Trial } from './trial.ts';

const TAGS = [{ Key: 'team', Value: 'infra' }];
const NEW = [{ Key: 'new', Value: '1' }];
const THUMBPRINT = '6938fd4d98bab03faadb97b34396831e3780aea1';
const CODES = { AuthenticationCode1: '123456', AuthenticationCode2: '654321' };
const metadata = (entity: string) =>
  `<?xml version="1.0"?>\n<EntityDescriptor entityID='${entity}'>\n${' '.repeat(1000)}\n</EntityDescriptor>`;

export const accountTrials: readonly Trial[] = [
  trial('iam.account', 'modified', 'alias given', async ({ iam: aws }) => {
    return () => aws.send(new iam.CreateAccountAliasCommand({ AccountAlias: 'shop' }));
  }),
  trial('iam.account', 'modified', 'alias changed', async ({ iam: aws }) => {
    await aws.send(new iam.CreateAccountAliasCommand({ AccountAlias: 'shop' }));
    return async () => {
      await aws.send(new iam.DeleteAccountAliasCommand({ AccountAlias: 'shop' }));
      await aws.send(new iam.CreateAccountAliasCommand({ AccountAlias: 'other' }));
    };
  }),
  trial('iam.account', 'modified', 'password policy made', async ({ iam: aws }) => {
    return () => aws.send(new iam.UpdateAccountPasswordPolicyCommand({ MinimumPasswordLength: 6 }));
  }),
  trial('iam.account', 'modified', 'password policy weakened', async ({ iam: aws }) => {
    const strict = { MinimumPasswordLength: 14, RequireSymbols: true, MaxPasswordAge: 90, HardExpiry: false, PasswordReusePrevention: 5 };
    await aws.send(new iam.UpdateAccountPasswordPolicyCommand(strict));
    return () => aws.send(new iam.UpdateAccountPasswordPolicyCommand({ MinimumPasswordLength: 6, AllowUsersToChangePassword: true }));
  }),
  trial('iam.account', 'modified', 'password policy deleted', async ({ iam: aws }) => {
    await aws.send(new iam.UpdateAccountPasswordPolicyCommand({ MinimumPasswordLength: 14, RequireNumbers: true }));
    return () => aws.send(new iam.DeleteAccountPasswordPolicyCommand({}));
  }),

  trial(
    'iam.attached-managed-policy',
    'created',
    'first attachment',
    async ({ iam: aws }) => {
      await aws.send(new iam.CreateGroupCommand({ GroupName: 'admins' }));
      return () => aws.send(new iam.AttachGroupPolicyCommand({ GroupName: 'admins', PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }));
    },
    { lost: { paths: ['', 'iam.group:'], because: 'it goes with its last attachment, which the group has' } },
  ),
  trial(
    'iam.attached-managed-policy',
    'deleted',
    'last attachment',
    async ({ iam: aws }) => {
      const attachment = { GroupName: 'admins', PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' };
      await aws.send(new iam.CreateGroupCommand({ GroupName: 'admins' }));
      await aws.send(new iam.AttachGroupPolicyCommand(attachment));
      return () => aws.send(new iam.DetachGroupPolicyCommand(attachment));
    },
    { lost: { paths: ['', 'iam.group:'], because: 'it comes back with an attachment, which the group has' } },
  ),

  trial('iam.instance-profile', 'created', 'with a role', async ({ iam: aws }) => {
    await roles(aws);
    return () => profile(aws);
  }),
  trial('iam.instance-profile', 'deleted', 'with a role', async ({ iam: aws }) => {
    await roles(aws);
    await profile(aws);
    return async () => {
      await aws.send(new iam.RemoveRoleFromInstanceProfileCommand({ InstanceProfileName: 'web', RoleName: 'one' }));
      await aws.send(new iam.DeleteInstanceProfileCommand({ InstanceProfileName: 'web' }));
    };
  }),
  trial('iam.instance-profile', 'modified', 'another role', async ({ iam: aws }) => {
    await roles(aws);
    await profile(aws);
    return async () => {
      await aws.send(new iam.RemoveRoleFromInstanceProfileCommand({ InstanceProfileName: 'web', RoleName: 'one' }));
      await aws.send(new iam.AddRoleToInstanceProfileCommand({ InstanceProfileName: 'web', RoleName: 'two' }));
    };
  }),
  trial('iam.instance-profile', 'modified', 'tags', async ({ iam: aws }) => {
    await roles(aws);
    await profile(aws);
    return async () => {
      await aws.send(new iam.UntagInstanceProfileCommand({ InstanceProfileName: 'web', TagKeys: ['team'] }));
      await aws.send(new iam.TagInstanceProfileCommand({ InstanceProfileName: 'web', Tags: NEW }));
    };
  }),

  trial('iam.mfa-device', 'created', 'made', async ({ iam: aws }) => {
    return () => device(aws);
  }),
  trial(
    'iam.mfa-device',
    'deleted',
    'deleted',
    async ({ iam: aws }) => {
      const SerialNumber = await device(aws);
      return () => aws.send(new iam.DeleteVirtualMFADeviceCommand({ SerialNumber }));
    },
    { lost: { paths: [''], because: 'the seed is gone: a new one must be scanned' } },
  ),
  trial('iam.mfa-device', 'modified', 'put on a user', async ({ iam: aws }) => {
    const SerialNumber = await device(aws);
    await aws.send(new iam.CreateUserCommand({ UserName: 'bob' }));
    return () => aws.send(new iam.EnableMFADeviceCommand({ UserName: 'bob', SerialNumber, ...CODES }));
  }),
  trial(
    'iam.mfa-device',
    'modified',
    'taken off a user',
    async ({ iam: aws }) => {
      const SerialNumber = await device(aws);
      await aws.send(new iam.CreateUserCommand({ UserName: 'bob' }));
      await aws.send(new iam.EnableMFADeviceCommand({ UserName: 'bob', SerialNumber, ...CODES }));
      return () => aws.send(new iam.DeactivateMFADeviceCommand({ UserName: 'bob', SerialNumber }));
    },
    {
      lost: { paths: ['/enableDate', 'iam.user:/mfaDevices'], because: 'two codes must be read from the device' },
      told: { CODE1: '123456', CODE2: '654321' },
    },
  ),
  trial('iam.mfa-device', 'modified', 'tags', async ({ iam: aws }) => {
    const SerialNumber = await device(aws);
    return async () => {
      await aws.send(new iam.UntagMFADeviceCommand({ SerialNumber, TagKeys: ['team'] }));
      await aws.send(new iam.TagMFADeviceCommand({ SerialNumber, Tags: NEW }));
    };
  }),

  trial('iam.oidc-provider', 'created', 'made', async ({ iam: aws }) => {
    return () => oidc(aws);
  }),
  trial('iam.oidc-provider', 'deleted', 'deleted', async ({ iam: aws }) => {
    const OpenIDConnectProviderArn = await oidc(aws);
    return () => aws.send(new iam.DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }));
  }),
  trial('iam.oidc-provider', 'modified', 'clients', async ({ iam: aws }) => {
    const OpenIDConnectProviderArn = await oidc(aws);
    return async () => {
      await aws.send(new iam.AddClientIDToOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, ClientID: 'evil' }));
      await aws.send(new iam.RemoveClientIDFromOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, ClientID: 'sts.amazonaws.com' }));
    };
  }),
  trial('iam.oidc-provider', 'modified', 'thumbprints', async ({ iam: aws }) => {
    const OpenIDConnectProviderArn = await oidc(aws);
    const ThumbprintList = ['a'.repeat(40)];
    return () => aws.send(new iam.UpdateOpenIDConnectProviderThumbprintCommand({ OpenIDConnectProviderArn, ThumbprintList }));
  }),
  trial('iam.oidc-provider', 'modified', 'tags', async ({ iam: aws }) => {
    const OpenIDConnectProviderArn = await oidc(aws);
    return async () => {
      await aws.send(new iam.UntagOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, TagKeys: ['team'] }));
      await aws.send(new iam.TagOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, Tags: NEW }));
    };
  }),

  trial('iam.saml-provider', 'created', 'made', async ({ iam: aws }) => {
    return () => saml(aws);
  }),
  trial('iam.saml-provider', 'deleted', 'deleted', async ({ iam: aws }) => {
    const SAMLProviderArn = await saml(aws);
    return () => aws.send(new iam.DeleteSAMLProviderCommand({ SAMLProviderArn }));
  }),
  trial('iam.saml-provider', 'modified', 'metadata', async ({ iam: aws }) => {
    const SAMLProviderArn = await saml(aws);
    return () => aws.send(new iam.UpdateSAMLProviderCommand({ SAMLProviderArn, SAMLMetadataDocument: metadata('evil') }));
  }),
  trial('iam.saml-provider', 'modified', 'tags', async ({ iam: aws }) => {
    const SAMLProviderArn = await saml(aws);
    return async () => {
      await aws.send(new iam.UntagSAMLProviderCommand({ SAMLProviderArn, TagKeys: ['team'] }));
      await aws.send(new iam.TagSAMLProviderCommand({ SAMLProviderArn, Tags: NEW }));
    };
  }),
];

async function roles(aws: iam.IAMClient): Promise<void> {
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  };
  for (const RoleName of ['one', 'two'])
    await aws.send(new iam.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(trust) }));
}

async function profile(aws: iam.IAMClient): Promise<void> {
  await aws.send(new iam.CreateInstanceProfileCommand({ InstanceProfileName: 'web', Path: '/team/', Tags: TAGS }));
  await aws.send(new iam.AddRoleToInstanceProfileCommand({ InstanceProfileName: 'web', RoleName: 'one' }));
}

async function device(aws: iam.IAMClient): Promise<string> {
  const made = await aws.send(new iam.CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'bob', Path: '/team/', Tags: TAGS }));
  return known(made.VirtualMFADevice?.SerialNumber);
}

async function oidc(aws: iam.IAMClient): Promise<string> {
  const request = {
    Url: 'https://token.example.com',
    ClientIDList: ['sts.amazonaws.com', 'builds'],
    ThumbprintList: [THUMBPRINT],
    Tags: TAGS,
  };
  return known((await aws.send(new iam.CreateOpenIDConnectProviderCommand(request))).OpenIDConnectProviderArn);
}

async function saml(aws: iam.IAMClient): Promise<string> {
  const request = { Name: 'corp', SAMLMetadataDocument: metadata('corp'), Tags: TAGS };
  return known((await aws.send(new iam.CreateSAMLProviderCommand(request))).SAMLProviderArn);
}
