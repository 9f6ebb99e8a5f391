/** Users: keys, passwords, MFA devices, group memberships. */
import { type Effect, isObject, pointer, type Ref } from 'drifttrail';
import { type Act, text } from './act.ts';
import { account, principal, principalRules, tagRules } from './iam-principals.ts';
import { create, created, iam, iamRef, implied, remove, set, type Topic, unset } from './rules.ts';

const ROOT = 'AWS ROOT USER';

/** Calls on one's own keys and devices leave the user's name out; the root user has none. */
function user(act: Act): Ref[] {
  const name = text(act.request, 'userName') ?? text(act.response, 'accessKey.userName') ?? ownName(act);
  return name === ROOT ? [] : iamRef(act, 'user', name);
}

function ownName(act: Act): string | undefined {
  const identity = act.event.extra?.userIdentity;
  if (isObject(identity)) return text(identity, 'type') === 'IAMUser' ? text(identity, 'userName') : undefined;
  return act.event.actor.type === 'IAMUser' ? act.event.actor.name : undefined;
}

const isRoot = (act: Act) => text(act.request, 'userName') === ROOT || (user(act).length === 0 && act.event.actor.type === 'Root');
const rootSummary = (act: Act, field: string): Effect[] =>
  isRoot(act) ? implied('the root user’s credentials show in the account’s summary', set(account(act), pointer('summary', field))) : [];

function accessKey(act: Act, id: string | undefined, change: typeof set, status?: string): Effect[] {
  if (id === undefined) return [];
  return [
    ...change(user(act), pointer('accessKeys', id), change === set && status !== undefined ? { status } : undefined),
    ...rootSummary(act, 'AccountAccessKeysPresent'),
  ];
}

function mfa(act: Act, change: typeof set): Effect[] {
  const serial = text(act.request, 'serialNumber');
  const onDevice = ['userName', 'userArn', 'enableDate'].flatMap((field) => change(device(act, serial), pointer(field)));
  return [
    ...(serial === undefined ? [] : change(user(act), pointer('mfaDevices', serial))),
    ...implied('the device shows whose it is', onDevice),
    ...rootSummary(act, 'AccountMFAEnabled'),
  ];
}

/** By the serial number that its document has, else by what stands after `mfa/`. */
function device(act: Act, serial: string | undefined): Ref[] {
  if (serial === undefined) return [];
  const known = [...act.lookup.list(`aws/${act.event.account}/global`, 'aws.iam.mfa-device')].filter(
    ({ config }) => text(config, 'serialNumber') === serial,
  );
  return known.length > 0 ? known.map(({ ref }) => ref) : iamRef(act, 'mfa-device', serial.split(':mfa/')[1]);
}

function membership(act: Act, change: typeof set): Effect[] {
  const group = text(act.request, 'groupName');
  return group === undefined ? [] : change(principal(act, 'user'), '/groups/**', group);
}

/** The devices of a user who gets another name or path. */
function devicesOf(act: Act, old: string | undefined, name: string | undefined): Effect[] {
  const devices = [...act.lookup.list(`aws/${act.event.account}/global`, 'aws.iam.mfa-device')]
    .filter(({ ref }) =>
      [act.lookup.before(ref), act.lookup.after(ref)].some((config) => [old, name].includes(text(config, 'userName') ?? '')),
    )
    .map(({ ref }) => ref);
  return [...(name === undefined ? [] : set(devices, '/userName', name)), ...set(devices, '/userArn')];
}

/** A new name takes the whole document along. */
function rename(act: Act): Effect[] {
  const name = text(act.request, 'newUserName');
  const path = text(act.request, 'newPath');
  return [
    ...implied('a device shows whose it is', devicesOf(act, text(act.request, 'userName'), name)),
    ...(name === undefined ? [] : [...remove(principal(act, 'user')), ...create(iamRef(act, 'user', name))]),
    ...(path === undefined ? [] : [...set(principal(act, 'user'), '/path', path), ...set(principal(act, 'user'), '/arn')]),
  ];
}

export const iamUsers: Topic = {
  kinds: ['aws.iam.user', 'aws.iam.mfa-device', 'aws.iam.account', 'aws.iam.attached-managed-policy'],
  rules: [
    iam('CreateUser', (act) => {
      const boundary = text(act.request, 'permissionsBoundary');
      return created(
        act,
        principal(act, 'user'),
        boundary === undefined ? [] : set(principal(act, 'user'), '/permissionsBoundary', boundary),
      );
    }),
    iam('UpdateUser', rename),
    ...principalRules('user'),
    iam('CreateAccessKey', (act) =>
      accessKey(act, text(act.response, 'accessKey.accessKeyId'), set, text(act.response, 'accessKey.status')),
    ),
    iam('UpdateAccessKey', (act) => {
      const id = text(act.request, 'accessKeyId');
      return id === undefined ? [] : set(user(act), `${pointer('accessKeys', id)}/status`, text(act.request, 'status'));
    }),
    iam('DeleteAccessKey', (act) => accessKey(act, text(act.request, 'accessKeyId'), unset)),
    iam('CreateLoginProfile', (act) => [
      ...set(user(act), '/loginProfile', resetRequired(act)),
      ...rootSummary(act, 'AccountPasswordPresent'),
    ]),
    iam('UpdateLoginProfile', (act) => [
      ...set(user(act), '/loginProfile/passwordResetRequired', text(act.request, 'passwordResetRequired')),
      ...set(user(act), '/loginProfile/**'),
    ]),
    iam('DeleteLoginProfile', (act) => [...unset(user(act), '/loginProfile'), ...rootSummary(act, 'AccountPasswordPresent')]),
    iam('UploadSigningCertificate', (act) => rootSummary(act, 'AccountSigningCertificatesPresent')),
    iam('DeleteSigningCertificate', (act) => rootSummary(act, 'AccountSigningCertificatesPresent')),
    // Who had to choose another password at the next sign-in has done so.
    iam('ChangePassword', (act) => set(user(act), '/loginProfile/passwordResetRequired', false)),
    iam('EnableMFADevice', (act) => mfa(act, set)),
    iam('DeactivateMFADevice', (act) => mfa(act, unset)),
    iam('CreateVirtualMFADevice', (act) => created(act, device(act, text(act.response, 'virtualMFADevice.serialNumber')))),
    iam('DeleteVirtualMFADevice', (act) => remove(device(act, text(act.request, 'serialNumber')))),
    ...tagRules('MFADevice', (act) => device(act, text(act.request, 'serialNumber'))),
    iam('AddUserToGroup', (act) => membership(act, set)),
    iam('RemoveUserFromGroup', (act) => membership(act, unset)),
  ],
};

function resetRequired(act: Act) {
  const value = text(act.request, 'passwordResetRequired') ?? text(act.response, 'loginProfile.passwordResetRequired');
  return value === undefined ? undefined : { passwordResetRequired: value };
}
