/** The account itself: password policy, aliases, and the lasting part of its summary. */
import { type Change, type JsonObject, valueAt } from 'drifttrail';
import type { Argument } from '../../_aws/cli.ts';
import { note } from '../../_shell/words.ts';
import { iamKind } from '../definition.ts';
import { defined, differs, entriesOf, fieldOf, membersOf } from '../document.ts';

/** How many there are now, such as `"Users": 41`: the files beside this one show them one by one. Quotas and flags stay. */
const COUNTS = [
  'Groups',
  'InstanceProfiles',
  'MFADevices',
  'MFADevicesInUse',
  'Policies',
  'PolicyVersionsInUse',
  'Providers',
  'Roles',
  'ServerCertificates',
  'Users',
];

/** `minimumPasswordLength` → `minimum-password-length`. */
function optionOf(field: string): string {
  return field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function policyArguments(policy: readonly (readonly [string, unknown])[]): Record<string, Argument> {
  const settable = policy.filter(([field]) => field !== 'expirePasswords');
  return Object.fromEntries(
    // No age and no reuse that counts is answered as 0 and told by leaving it out: the least that may be told is 1.
    settable.flatMap(([field, value]) =>
      typeof value === 'boolean' || (typeof value === 'number' && value > 0) ? [[optionOf(field), value]] : [],
    ),
  );
}

/** Flags of the summary that only the root user can turn. */
const ROOTS = ['AccountAccessKeysPresent', 'AccountMFAEnabled', 'AccountPasswordPresent', 'AccountSigningCertificatesPresent'];

function rootsOwn(change: Change): string[] {
  const was = valueAt(change.before, '/summary');
  return ROOTS.filter((flag) => differs(change, `/summary/${flag}`)).map((flag) =>
    note(`${flag} was ${String(fieldOf(was, flag))}: only the root user, signed in, can change it back`),
  );
}

export const account = iamKind({
  type: 'account',
  title: 'account',
  actions: ['GetAccountPasswordPolicy', 'GetAccountSummary', 'ListAccountAliases'],
  list: async (reader) => {
    const [policy, summary, aliases] = await Promise.all([
      reader.maybe(reader.ask('GetAccountPasswordPolicy', 'PasswordPolicy')),
      reader.askPlain('GetAccountSummary', 'SummaryMap'),
      reader.ask('ListAccountAliases', 'AccountAliases'),
    ]);
    const config: JsonObject = defined({
      aliases: aliases.accountAliases ?? [],
      passwordPolicy: policy?.passwordPolicy,
      summary: Object.fromEntries(entriesOf(summary, 'SummaryMap').filter(([name]) => !COUNTS.includes(name))),
    });
    return [{ id: 'account', config }];
  },
  sets: [{ path: '/aliases' }],
  undo: {
    // An account neither begins nor ends: its document does, and there is nothing to put back.
    created: () => [],
    deleted: () => [],
    modified: (cli, change) => {
      const { added, removed } = membersOf(change, '/aliases');
      const before = valueAt(change.before, '/passwordPolicy');
      return [
        ...(differs(change, '/passwordPolicy')
          ? [
              before === undefined
                ? cli('iam delete-account-password-policy')
                : cli('iam update-account-password-policy', policyArguments(entriesOf(before))),
            ]
          : []),
        ...rootsOwn(change),
        ...added.map(([alias]) => cli('iam delete-account-alias', { 'account-alias': alias })),
        ...removed.map(([alias]) => cli('iam create-account-alias', { 'account-alias': alias })),
      ];
    },
  },
});
