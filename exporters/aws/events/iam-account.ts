/** The account itself: password policy, aliases, identity providers. */
import { type Effect, pointer, type Ref } from 'drifttrail';
import { type Act, text, texts } from './act.ts';
import { account, tagRules } from './iam-principals.ts';
import { created, iam, iamRef, remove, set, type Topic, unset } from './rules.ts';

/** Parameters of UpdateAccountPasswordPolicy; what a call leaves out falls back to AWS's default. */
const PASSWORD_POLICY = [
  'minimumPasswordLength',
  'requireSymbols',
  'requireNumbers',
  'requireUppercaseCharacters',
  'requireLowercaseCharacters',
  'allowUsersToChangePassword',
  'maxPasswordAge',
  'passwordReusePrevention',
  'hardExpiry',
];

/** The account's summary has a number. */
const TOKEN_VERSIONS: Readonly<Record<string, number>> = { v1Token: 1, v2Token: 2 };

function passwordPolicy(act: Act): Effect[] {
  const named = PASSWORD_POLICY.flatMap((field) => {
    const value = text(act.request, field);
    return value === undefined ? [] : set(account(act), pointer('passwordPolicy', field), value);
  });
  return [...named, ...set(account(act), '/passwordPolicy/**')];
}

const suffix = (arn: string | undefined, type: string) => arn?.split(`:${type}/`)[1];
const saml = (act: Act): Ref[] =>
  iamRef(act, 'saml-provider', suffix(text(act.request, 'sAMLProviderArn') ?? text(act.response, 'sAMLProviderArn'), 'saml-provider'));
const oidc = (act: Act): Ref[] =>
  iamRef(
    act,
    'oidc-provider',
    suffix(text(act.request, 'openIDConnectProviderArn') ?? text(act.response, 'openIDConnectProviderArn'), 'oidc-provider'),
  );

/** New metadata brings another end of its validity; a key is added or removed by itself. */
function updateSaml(act: Act): Effect[] {
  const metadata = text(act.request, 'sAMLMetadataDocument');
  const mode = text(act.request, 'assertionEncryptionMode');
  const changesKeys = act.request.addPrivateKey !== undefined || act.request.removePrivateKey !== undefined;
  return [
    // Long ones are cut off in the record, or left out of it.
    ...(metadata === undefined && (mode !== undefined || changesKeys)
      ? []
      : [...set(saml(act), '/metadataDocument'), ...set(saml(act), '/validUntil')]),
    ...(mode === undefined ? [] : set(saml(act), '/assertionEncryptionMode', mode)),
    ...(changesKeys ? set(saml(act), '/privateKeyList/**') : []),
  ];
}

function clientId(act: Act, change: typeof set): Effect[] {
  const id = text(act.request, 'clientID', 'clientId');
  return id === undefined ? [] : change(oidc(act), '/clientIds/**', id);
}

/** Of the list as a whole, and of the one alias in it: it may come and go while the list changes for good. */
function alias(act: Act, change: typeof set, left: (name: string) => readonly string[]): Effect[] {
  const name = text(act.request, 'accountAlias') ?? '';
  return [...set(account(act), '/aliases', left(name)), ...change(account(act), '/aliases/**', name)];
}

export const iamAccount: Topic = {
  kinds: ['aws.iam.account', 'aws.iam.saml-provider', 'aws.iam.oidc-provider'],
  rules: [
    iam('UpdateAccountPasswordPolicy', passwordPolicy),
    iam('DeleteAccountPasswordPolicy', (act) => unset(account(act), '/passwordPolicy')),
    // An account has one: a new one takes the place of the old. https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccountAlias.html
    iam('CreateAccountAlias', (act) => alias(act, set, (name) => [name])),
    iam('DeleteAccountAlias', (act) => alias(act, unset, () => [])),
    iam('SetSecurityTokenServicePreferences', (act) =>
      set(account(act), '/summary/GlobalEndpointTokenVersion', TOKEN_VERSIONS[text(act.request, 'globalEndpointTokenVersion') ?? '']),
    ),
    iam('CreateSAMLProvider', (act) => created(act, saml(act))),
    iam('UpdateSAMLProvider', updateSaml),
    iam('DeleteSAMLProvider', (act) => remove(saml(act))),
    iam('CreateOpenIDConnectProvider', (act) => created(act, oidc(act))),
    iam('DeleteOpenIDConnectProvider', (act) => remove(oidc(act))),
    iam('AddClientIDToOpenIDConnectProvider', (act) => clientId(act, set)),
    iam('RemoveClientIDFromOpenIDConnectProvider', (act) => clientId(act, unset)),
    // The list of the call takes the place of the one that was there.
    iam('UpdateOpenIDConnectProviderThumbprint', (act) =>
      set(oidc(act), '/thumbprints', texts(act.request.thumbprintList ?? null, 'content')),
    ),
    ...tagRules('SAMLProvider', saml),
    ...tagRules('OpenIDConnectProvider', oidc),
  ],
};
