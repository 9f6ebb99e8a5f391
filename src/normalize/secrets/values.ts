/** Which values of a secret's setting are plainly no secret, and which strings look random. */

const WORDS = new Set(
  `true false yes no on off null nil none undefined default required optional enabled disabled sufficient requisite never always ask prompt any all
   empty files file systemd compat sss ldap nis db winbind plain login md5 sha1 sha256 sha512 scram-sha-256 string str bytes boolean bool int integer
   number object array text varchar environment env inherit auto prohibit-password without-password x`.split(/\s+/),
);

const REFERENCE = [
  /^\$\{[^}]*\}$/, // shell, terraform, compose
  /^\$[A-Z_][A-Z0-9_]*$/,
  /^\$[0-9@*#?]$/,
  /^\$\([^)]*\)$/,
  /^\$\(/,
  /^\$\w+(?:::|\/)\w/, // openssl's sections, paths under a variable
  /^#/,
  /^`/,
  /^\{\{.*\}\}$/, // jinja, helm
  /^<%.*%>$/,
  /^%[({][^)}]*[)}]s?$/,
  /^%[A-Z_]+%$/,
  /^@[\w.]+@$/, // autoconf
  /^<[^>]*>$/, // <your password here>
  /^[*•.xX_-]+$/,
  /^\.\.\.$/,
  /^!(?:Ref|Sub|GetAtt|ImportValue|secret|vault|env)\b/,
  /^(?:env|file|vault|ref|ssm|awssm|gcpsm|op|keyring|secret|secretref|azurekeyvault):/i,
  /^(?:process\.env|os\.environ|os\.getenv|getenv|ENV)\b/,
  /^arn:aws/,
  /^\{\{?resolve:/,
  /^\$__(?:file|env|vault)\{/,
  /^(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-|sk-ssh-|AAAA[BCEI])/, // a public key
  /^-----BEGIN (?!.*PRIVATE)/,
];

const PATH =
  /^(?:~|\.{1,2}|[A-Za-z]:)?[/\\](?:etc|var|usr|opt|home|root|run|tmp|srv|mnt|dev|proc|sys|s?bin|lib|Users|secrets?|vault|data|config|certs?|keys?|app|private|Program Files)(?:[/\\]|$)/i;
const FILE_NAME =
  /^[\w./~-]+\.(?:pem|key|crt|cer|conf|cfg|json|ya?ml|txt|p12|pfx|jks|keytab|db|sh|py|so|gpg|asc|env|ini|pub|sock|php|xml|html?)$/i;

/** True for values that a setting named password may have without giving one away. */
export function isHarmless(value: string): boolean {
  const text = value.trim();
  if (text === '' || WORDS.has(text.toLowerCase())) return true;
  if (text.includes('redacted:hmac-sha256:') || everyWordHarmless(text)) return true;
  return PATH.test(text) || FILE_NAME.test(text) || REFERENCE.some((pattern) => pattern.test(text));
}

/** `passwd: files systemd`, `password include su`: lists of plain words. */
function everyWordHarmless(text: string): boolean {
  const words = text.toLowerCase().split(/[\s,]+/);
  return words.length > 1 && words.every((word) => WORDS.has(word.replace(/^["']|["']$/g, '')));
}

const CLEAN_SHAPE = [
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i, // uuid
  /^[a-z]{1,12}-[0-9a-f]{8}(?:[0-9a-f]{9})?$/, // ec2 id
  /^A(?:KIA|SIA|ROA|IDA|GPA|NPA|NVA|PKA|SCA|CCA|BIA)[A-Z2-7]{12,20}$/, // iam unique ids: names, not secrets
  /^sha(?:1|256|384|512)[-:]/,
  /^\d{4}-\d\d-\d\d/,
  /^[\d.:/-]+$/,
  /^[a-z]+(?:[-_./ ][a-z]+)*$/i,
];

/** Long enough and mixed enough to be a generated key rather than a name. */
export function looksRandom(value: string): boolean {
  if (value.length < 16 || value.length > 512 || !/^[\w+/=.~!@#$%^&*:-]+$/.test(value)) return false;
  if (isHarmless(value) || CLEAN_SHAPE.some((pattern) => pattern.test(value))) return false;
  if (/^[0-9a-f]+$/i.test(value)) return value.length >= 20 && /\d/.test(value) && /[a-f]/i.test(value);
  // Base32 and its like: one case only, but long.
  if (/^[a-z0-9]{40,}$/.test(value)) return /\d/.test(value) && entropy(value) >= 3.8;
  const classes = [/[a-z]/, /[A-Z]/, /\d/, /[+/=_~.!@#$%^&*-]/].filter((pattern) => pattern.test(value)).length;
  return classes >= 3 && entropy(value) >= 3.3;
}

/** Shannon entropy in bits a character. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
