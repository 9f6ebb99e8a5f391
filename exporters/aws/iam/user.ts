/** IAM users with their policies, groups, access keys, MFA devices and console password. */
import { isObject, type JsonObject, pointer } from 'drifttrail';
import { type Cli, given } from '../../_aws/cli.ts';
import { note } from '../../_shell/words.ts';
import { type Item, iamKind, type Reader } from '../definition.ts';
import { defined, differs, entriesOf, keyed, membersOf, objectsOf, omit, textOf, textsOf } from '../document.ts';
import { enableDevice } from './mfa-device.ts';
import {
  attachedPolicies,
  boundaryOf,
  inlinePolicies,
  recreateParts,
  removeParts,
  restorePrincipal,
  tagArgument,
  tagsOf,
} from './principal.ts';

/** Three calls a user: the account's authorization details leave out credentials. */
async function userOf(detail: JsonObject, reader: Reader): Promise<Item> {
  const UserName = textOf(detail, 'userName') ?? '';
  const [keys, devices, login] = await Promise.all([
    reader.all('ListAccessKeys', 'AccessKeyMetadata', { UserName }),
    reader.all('ListMFADevices', 'MFADevices', { UserName }),
    reader.maybe(reader.ask('GetLoginProfile', 'LoginProfile', { UserName })),
  ]);
  const profile = login?.loginProfile;
  return {
    id: UserName,
    config: defined({
      ...omit(detail, 'userPolicyList', 'attachedManagedPolicies', 'groupList', 'permissionsBoundary', 'tags'),
      inlinePolicies: inlinePolicies(objectsOf(detail, 'userPolicyList')),
      attachedPolicies: attachedPolicies(detail),
      groups: textsOf(detail, 'groupList').sort(),
      accessKeys: keyed(keys, 'accessKeyId', 'userName'),
      mfaDevices: keyed(devices, 'serialNumber', 'userName'),
      // The flag is left out of the answer while it is false.
      loginProfile: isObject(profile) ? { passwordResetRequired: false, ...omit(profile, 'userName') } : undefined,
      tags: tagsOf(detail),
      ...boundaryOf(detail),
    }),
  };
}

const PASSWORD = given('PASSWORD');

function restorePassword(cli: Cli, id: string): string[] {
  return [
    note('the old password cannot be brought back: set PASSWORD to another one first'),
    cli('iam create-login-profile', { 'user-name': id, password: PASSWORD, 'password-reset-required': true }),
  ];
}

function keyNote(key: string): string {
  return note(`the secret of access key ${key} is gone with it: whoever used it needs another key`);
}

export const user = iamKind({
  type: 'user',
  title: 'IAM user',
  actions: ['GetAccountAuthorizationDetails', 'ListAccessKeys', 'ListMFADevices', 'GetLoginProfile'],
  list: async (reader) => {
    const details = await reader.all('GetAccountAuthorizationDetails', 'UserDetailList', { Filter: ['User'], MaxItems: 1000 });
    return reader.each(details, (detail) => userOf(detail, reader));
  },
  sets: [{ path: '/groups' }],
  secondaryIds: (config) => ({
    ...Object.fromEntries(entriesOf(config, 'accessKeys').map(([id]) => [id, pointer('accessKeys', id)])),
    ...Object.fromEntries(entriesOf(config, 'mfaDevices').map(([id]) => [id, pointer('mfaDevices', id)])),
  }),
  undo: {
    created: (cli, id, after) => [
      ...entriesOf(after, 'accessKeys').map(([key]) => cli('iam delete-access-key', { 'user-name': id, 'access-key-id': key })),
      ...entriesOf(after, 'mfaDevices').map(([serial]) => cli('iam deactivate-mfa-device', { 'user-name': id, 'serial-number': serial })),
      ...(textOf(after, 'loginProfile', 'createDate') === undefined ? [] : [cli('iam delete-login-profile', { 'user-name': id })]),
      ...textsOf(after, 'groups').map((group) => cli('iam remove-user-from-group', { 'user-name': id, 'group-name': group })),
      ...removeParts(cli, 'user', id, after),
      cli('iam delete-user', { 'user-name': id }),
    ],
    deleted: (cli, before, id) => [
      cli('iam create-user', {
        'user-name': id,
        path: textOf(before, 'path'),
        'permissions-boundary': textOf(before, 'permissionsBoundary'),
        tags: tagArgument(entriesOf(before, 'tags')),
      }),
      ...textsOf(before, 'groups').map((group) => cli('iam add-user-to-group', { 'user-name': id, 'group-name': group })),
      ...recreateParts(cli, 'user', id, before),
      ...entriesOf(before, 'accessKeys').map(([key]) => keyNote(key)),
      ...entriesOf(before, 'mfaDevices').flatMap(([serial]) => enableDevice(cli, id, serial)),
      ...(textOf(before, 'loginProfile', 'createDate') === undefined ? [] : restorePassword(cli, id)),
    ],
    anew: 'policies of other accounts and of resources that name it must be saved again',
    modified: (cli, change) => {
      const name = { 'user-name': change.ref.id };
      const groups = membersOf(change, '/groups');
      const keys = membersOf(change, '/accessKeys');
      const devices = membersOf(change, '/mfaDevices');
      const [had, has] = [change.before, change.after].map((config) => textOf(config, 'loginProfile', 'createDate') !== undefined);
      return [
        ...(differs(change, '/path') ? [cli('iam update-user', { ...name, 'new-path': textOf(change.before, 'path') })] : []),
        ...keys.added.map(([key]) => cli('iam delete-access-key', { ...name, 'access-key-id': key })),
        ...keys.removed.map(([key]) => keyNote(key)),
        ...keys.changed.map(({ key, before }) =>
          cli('iam update-access-key', { ...name, 'access-key-id': key, status: textOf(before, 'status') }),
        ),
        ...(has && !had ? [cli('iam delete-login-profile', name)] : []),
        ...(had && !has ? restorePassword(cli, change.ref.id) : []),
        ...devices.added.map(([serial]) => cli('iam deactivate-mfa-device', { ...name, 'serial-number': serial })),
        ...devices.removed.flatMap(([serial]) => enableDevice(cli, change.ref.id, serial)),
        ...groups.added.map(([group]) => cli('iam remove-user-from-group', { ...name, 'group-name': group })),
        ...groups.removed.map(([group]) => cli('iam add-user-to-group', { ...name, 'group-name': group })),
        ...restorePrincipal(cli, 'user', change),
      ];
    },
  },
});
