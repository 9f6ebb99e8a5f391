/** Settings and command lines that name a secret in a syntax of their own. */
import type { SecretPattern } from './types.ts';

const VALUE = String.raw`(?:"(?<secret>[^"\n]+)"|'(?<secret2>[^'\n]+)'|(?<secret3>[^\s"';#]\S*?))(?=[\s;,)]|$)`;

function directive(id: string, words: readonly string[], before: string, value = VALUE, flags = 'dgim'): SecretPattern {
  return { id, words, pattern: new RegExp(`${before}${value}`, flags) };
}

const LINE = String.raw`^[ \t]*`;

export const DIRECTIVES: readonly SecretPattern[] = [
  directive(
    'redis',
    ['requirepass', 'masterauth', 'sentinel auth-pass'],
    `${LINE}(?:requirepass|masterauth|sentinel auth-pass \\S+)[ \\t]+`,
  ),
  directive('redis-acl', ['user '], `${LINE}user[ \\t]+\\S+[ \\t][^\\n]{0,300}?(?<=[ \\t])>`, String.raw`(?<secret>\S+)`),
  directive(
    'netrc',
    ['machine ', 'default'],
    String.raw`(?:\bmachine\s+\S+|^default)(?:\s+login\s+\S+)?\s+password\s+`,
    String.raw`(?<secret>\S+)`,
  ),
  directive(
    'snmp-community',
    ['community'],
    `${LINE}(?:(?:snmp-server|snmp|set)[ \\t]+(?:\\S+[ \\t]+)*?)?(?:r[ow]community6?|trapcommunity|community)[ \\t]+`,
  ),
  directive('snmp-com2sec', ['com2sec'], `${LINE}com2sec6?(?:[ \\t]+-Cn[ \\t]+\\S+)?[ \\t]+\\S+[ \\t]+\\S+[ \\t]+`),
  directive('snmp-sink', ['trapsink', 'trap2sink', 'informsink'], `${LINE}(?:trap2?sink|informsink)[ \\t]+\\S+[ \\t]+`),
  directive(
    'snmp-host',
    ['snmp-server host'],
    `${LINE}snmp-server host[ \\t]+\\S+[ \\t]+(?:(?:traps|informs|version[ \\t]+\\S+(?:[ \\t]+(?:auth|noauth|priv))?)[ \\t]+)*`,
  ),
  directive(
    'snmp-user',
    ['createuser', 'usmuser'],
    `${LINE}createUser[ \\t]+(?:-e[ \\t]+\\S+[ \\t]+)?\\S+[ \\t]+(?:MD5|SHA(?:-?\\d+)?)[ \\t]+`,
  ),
  directive(
    'snmp-user-privacy',
    ['createuser'],
    `${LINE}createUser[ \\t]+(?:-e[ \\t]+\\S+[ \\t]+)?\\S+[ \\t]+\\S+[ \\t]+(?:"[^"]*"|\\S+)[ \\t]+(?:AES|DES)\\S*[ \\t]+`,
  ),
  directive(
    'cisco-secret',
    ['secret', 'password'],
    `${LINE}(?:enable|username[ \\t]+\\S+)(?:[ \\t]+(?:privilege|level)[ \\t]+\\d+)?[ \\t]+(?:secret|password)[ \\t]+(?:[0-9][ \\t]+)?`,
  ),
  directive(
    'cisco-line',
    ['password', 'key 7', 'key 0', 'key-string', 'md5 '],
    `${LINE}(?:password|key-string|(?:tacacs|radius)-server key|key|ip ospf message-digest-key[ \\t]+\\d+[ \\t]+md5|neighbor[ \\t]+\\S+[ \\t]+password)[ \\t]+[0-9][ \\t]+`,
  ),
  directive('bind-key', ['secret'], String.raw`\bsecret[ \t]+`, String.raw`"?(?<secret>[A-Za-z0-9+/]{8,}={0,2})"?[ \t]*;`),
  directive('ipsec-secrets', ['psk', 'xauth', 'eap'], String.raw`:[ \t]*(?:PSK|XAUTH|EAP|NTLM)[ \t]+`),
  directive(
    'sql-password',
    ['identified', 'password'],
    String.raw`\b(?:IDENTIFIED(?:[ \t]+WITH[ \t]+\S+)?[ \t]+(?:BY|AS)(?:[ \t]+PASSWORD)?|(?:ENCRYPTED[ \t]+)?PASSWORD(?=[ \t(])|PASSWORD[ \t]+FOR[ \t]+\S+[ \t]*=)[ \t]*\(?[ \t]*`,
    String.raw`(?:'(?<secret>(?:[^'\n]|'')+)'|"(?<secret2>[^"\n:]+)")`,
  ),
  directive('kickstart', ['rootpw', 'user --', 'bootloader'], `${LINE}rootpw[ \\t]+(?:--\\S+[ \\t]+)*`),
  directive('grub', ['password'], `${LINE}password(?:_pbkdf2)?[ \\t]+\\S+[ \\t]+`, String.raw`(?<secret>grub\.pbkdf2\.\S+)[ \t]*$`),
  directive('ldap-rootpw', ['rootpw', 'bindpw', 'rootbinddn', 'credentials'], `${LINE}(?:rootpw|bindpw|olcRootPW:?)[ \\t]+`),
  directive('postfix-sasl', ['sasl_passwd'], String.raw`static:[^\s:]+:`, String.raw`(?<secret>\S+)`),
  directive('haproxy', ['insecure-password', ' password '], String.raw`\buser[ \t]+\S+[ \t]+(?:insecure-password|password)[ \t]+`),
  directive('haproxy-stats', ['stats auth'], `${LINE}stats[ \\t]+auth[ \\t]+[^\\s:]+:`, String.raw`(?<secret>\S+)`),
  directive('keepalived', ['auth_pass'], `${LINE}auth_pass[ \\t]+`),
  directive('ppp', ['password '], `${LINE}password[ \\t]+(?:"(?<secret>[^"\\n]+)"|(?<secret2>[^\\s"=:]+))[ \\t]*$`, ''),
  directive('radius', ['secret'], `${LINE}secret[ \\t]+`, String.raw`(?:"(?<secret>[^"\n]+)"|(?<secret2>[^\s"=;{]+))[ \t]*;?$`),
  directive('corosync', ['secauth'], `${LINE}password:[ \\t]*`),
  directive(
    'curl-user',
    ['curl', 'wget', 'http'],
    String.raw`\bcurl\b[^\n]{0,300}?[ \t](?:-u|--user|--proxy-user|-U)[ \t=]*["']?[^\s:"']+:`,
    String.raw`(?<secret>[^\s"']+)`,
  ),
  directive(
    'login-pair',
    ['login=', 'userpwd', 'auth=', 'user='],
    String.raw`\b(?:login|userpwd|auth|user|credentials)=["']?[^\s:="']{1,64}:`,
    String.raw`(?<secret>[^\s"']+)`,
  ),
  directive(
    'password-option',
    ['-pass', '-p'],
    String.raw`(?<=[\s"'])--?(?:passw(?:or)?d|pass|passphrase|token|secret|api-?key|secret-key|auth-token|client-secret|db-password|storepass|keypass)[ \t]+`,
    String.raw`(?:"(?<secret>[^"\n]+)"|'(?<secret2>[^'\n]+)'|(?<secret3>(?![-$<{/])[^\s"',\]]+))`,
  ),
  directive(
    'mysql-p',
    ['mysql', 'mariadb', 'mysqldump'],
    String.raw`\b(?:mysql|mariadb|mysqldump|mysqladmin|mariadb-dump)\b[^\n|;]{0,300}?[ \t]-p`,
    String.raw`(?:'(?<secret>[^'\n]+)'|"(?<secret2>[^"\n]+)"|(?<secret3>(?![$-])[^\s"';|]{3,}))`,
    'dgm',
  ),
  directive('sshpass', ['sshpass'], String.raw`\bsshpass[ \t]+-p[ \t]*`),
  directive('openssl-pass', ['pass:'], String.raw`-pass(?:in|out)?[ \t]+pass:`, String.raw`(?<secret>\S+)`),
  directive('docker-login', ['login'], String.raw`\b(?:docker|podman|helm registry|az|oc)[ \t]+login\b[^\n]{0,300}?[ \t]-p[ \t]+`),
  // In quotes it is an attribute or an assignment: the quotes stay, so that XML is XML afterwards.
  directive(
    'smb-option',
    ['username=', 'user=', 'password='],
    String.raw`(?:^|[\s,])pass(?:word)?=(?!["'])`,
    String.raw`(?<secret>[^\s,]+)`,
  ),
  directive(
    'authorization',
    ['authorization', 'bearer'],
    String.raw`\bAuthorization["']?[ \t]*[:=,]?[ \t]*["']?(?:Bearer|Basic|Token|Digest|ApiKey|GenieKey|AWS4-HMAC-SHA256|NTLM|Negotiate)[ \t]+`,
    String.raw`(?<secret>[^\s"'\\]{4,}(?:[ \t]*,[^\n"']+)?)`,
  ),
  directive('bearer', ['bearer '], String.raw`\bbearer[ \t]+`, String.raw`(?<secret>(?=[\w.~+/-]*\d)[\w.~+/-]{16,}=*)`),
  directive(
    'header',
    ['x-', 'api-key', 'cookie', 'private-token'],
    String.raw`(?:\bX-[\w-]*(?:Key|Token|Secret|Auth|Password)[\w-]*|\bapi-key|\bPRIVATE-TOKEN|\bJOB-TOKEN|\bDD-API-KEY)["']?[ \t]*[:=,]?[ \t]+["']?`,
    String.raw`(?<secret>(?![$<{%])[^\s"',;]{6,})`,
  ),
  directive('cookie', ['cookie'], String.raw`\b(?:Set-)?Cookie["']?[ \t]*:[ \t]*["']?`, String.raw`(?<secret>[^\s=;"']+=[^\n"']{6,})`),
  directive(
    'wpa',
    ['psk', 'wep_key', 'wpa'],
    `${LINE}(?:psk|wep_key\\d|wpa_passphrase|sae_password|wpa-psk|wireless-key\\d?|password)[ \\t]*[= \\t][ \\t]*`,
    String.raw`(?:"(?<secret>[^"\n]+)"|(?<secret2>[0-9a-fA-F]{64}))`,
  ),
  directive(
    'wpa-interfaces',
    ['wpa-psk', 'wireless-key', 'wpa-password'],
    `${LINE}(?:wpa-psk|wpa-password|wireless-key\\d?)[ \\t]+`,
    String.raw`(?<secret>\S.*?)[ \t]*$`,
  ),
  directive(
    'proxy',
    ['proxy-authorization'],
    String.raw`\bProxy-Authorization["']?[ \t]*:[ \t]*["']?\w+[ \t]+`,
    String.raw`(?<secret>\S+)`,
  ),
  directive('wifi-code', ['wifi:'], String.raw`\bWIFI:[^\n]{0,100}?;P:`, String.raw`(?<secret>[^\s;]+)`),
  directive(
    'connect-call',
    ['connect', 'pdo', 'mysqli'],
    String.raw`(?:\bDBI->connect|\bmysqli?_p?connect|\bnew\s+(?:mysqli|PDO))\s*\(\s*[^,()]{1,200},\s*["'][^"'\n]{0,64}["']\s*,\s*["']`,
    String.raw`(?<secret>[^"'\n]+)`,
  ),
  directive(
    'login-without-scheme',
    ['@'],
    String.raw`(?<=[\s'"=])[\w.-]{1,32}:`,
    String.raw`(?<secret>(?=[^\s:@/]*\d)(?=[^\s:@/]*[a-z])[^\s:@/]{8,64})(?=@[\w.-]+:\d{2,5}(?![\w.]))`,
  ),
];
