/** Which names of settings announce a secret, and which only talk about one. */

/** A name that ends in one of these words names a secret. */
const SURE = new Set(
  `password passwords passwd passwort kennwort pass passphrase pwd pw psk secret secrets token tokens apikey apikeys secretkey privatekey
   accesskey authkey sharedkey masterkey encryptionkey signingkey credential credentials cred creds community requirepass masterauth bindpw rootpw
   dbpass dbpasswd dbpassword userpass authpass privpass keypass storepass userpassword adminpassword rootpassword authtoken accesstoken
   refreshtoken clientsecret sessionsecret jwtsecret presharedkey connectionstring sas totp`.split(/\s+/),
);

/** `key` is a secret only after one of these. */
const BEFORE_KEY = new Set(
  `api access secret private encryption signing shared preshared master account storage auth authentication service session hmac aes des crypto
   app application license licence client server ipsec wep wpa rndc tsig cookie jwt token webhook integration ingest routing deploy publishable
   recovery admin function host connection primary secondary subscription sas data dec decryption enc seal unseal root cipher crypt vault stripe
   twilio sendgrid mailgun datadog dd pagerduty opsgenie`.split(/\s+/),
);

/** Words after a secret word that leave it a secret: `password1`, `secret_value`, `secretString`, `client-key-data`, `secret_key_base`. */
const AFTER = new Set(
  `value values data string text plain plaintext plain clear base raw b64 base64 encoded hash hashed digest salt old new current previous
  backup primary secondary default prod production staging dev test main env var variable`.split(/\s+/),
);

/** Whole names that look like secrets and are not. */
const NOT = new Set(
  `nexttoken next_token continuationtoken pagetoken page_token clienttoken idempotencytoken idempotency_token
  publickey public_key tokens_used max_tokens maxtokens keypass_file secret_count csrf_token_name forcenewpass change_pass
  primarykey foreignkey primary_key foreign_key sortkey partitionkey hashkey host_key hostkey data_key datakey root_key`.split(/\s+/),
);

/** Names ending so may be secrets: the value has to look random too. */
const MAYBE_LAST = new Set(
  `key keys pat auth authorization salt cookie license licence hash seed nonce signature session bearer code`.split(/\s+/),
);
const NOT_BEFORE_KEY = new Set(
  `public pub sort hash range partition primary foreign object cache tag label map dict index lookup hot press host known
  authorized trusted gpg signed s3 kms cmk sns`.split(/\s+/),
);

export type NameVerdict = 'secret' | 'maybe' | 'no';

/** Something of every word above: ids and addresses, which are keys of documents too, are dismissed at once. */
const HINT =
  /pass|kennwort|pw|pat|secret|token|key|psk|cred|communit|auth|connectionstring|sas|totp|salt|cookie|licen[cs]e|hash|seed|nonce|signature|session|bearer|code/i;

/** `DB_PASSWORD` and `masterUserPassword` are secrets, `password_encryption`, `PasswordAuthentication` and `token_ttl` are not. */
export function judgeName(name: string): NameVerdict {
  if (name.length < 2 || name.length > 120 || !HINT.test(name)) return 'no';
  const lower = name.toLowerCase();
  if (NOT.has(lower.replaceAll(/[-.]/g, '_')) || NOT.has(lower)) return 'no';
  const words = wordsOf(name);
  while (words.length > 1 && (AFTER.has(words.at(-1) ?? '') || /^\d+$/.test(words.at(-1) ?? ''))) words.pop();
  const last = (words.at(-1) ?? '').replace(/\d+$/, '');
  const before = words.at(-2) ?? '';
  if (SURE.has(last) || /(?:password|passwd|passphrase|secret|apikey|authtoken)$/.test(last)) return 'secret';
  if (last !== 'key' && last !== 'keys') return MAYBE_LAST.has(last) ? 'maybe' : 'no';
  if (BEFORE_KEY.has(before)) return 'secret';
  return NOT_BEFORE_KEY.has(before) ? 'no' : 'maybe';
}

/** camelCase, snake_case, kebab-case, dots and spaces, in lower case. */
export function wordsOf(name: string): string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}
