/** Password hashes: not the password, but enough to guess it at leisure. */
import type { SecretPattern } from './types.ts';

export const HASHES: readonly SecretPattern[] = [
  // crypt(5): MD5, bcrypt, SHA, yescrypt, scrypt, gost-yescrypt, Apache's apr1, Cisco's 8 and 9.
  {
    id: 'crypt',
    words: ['$'],
    pattern: /(?<![\w$])(?<secret>\$(?:1|2[abxy]?|3|5|6|7|8|9|y|gy|md5|sha1|apr1|P|H)\$[./A-Za-z0-9$=,+]{8,})/dg,
  },
  {
    id: 'argon2',
    words: ['$argon2', '$scrypt', '$pbkdf2', '$bcrypt'],
    pattern: /(?<secret>\$(?:argon2(?:id|i|d)|scrypt|pbkdf2[\w-]*|bcrypt[\w-]*)\$[./A-Za-z0-9$=,+_-]{16,})/dg,
  },
  {
    id: 'ldap',
    words: ['sha}', 'sha256}', 'sha512}', 'md5}', 'crypt}', 'pbkdf2'],
    pattern: /(?<secret>\{(?:S?SHA(?:256|384|512)?|S?MD5|CRYPT|PBKDF2[\w-]*)\}[./A-Za-z0-9$=+]{12,})/dgi,
  },
  { id: 'ldap-base64', words: ['userpassword::'], pattern: /userPassword::\s*(?<secret>[A-Za-z0-9+/=]{8,})/dgi },
  {
    id: 'scram',
    words: ['scram-sha-'],
    pattern: /(?<secret>SCRAM-SHA-(?:1|256|512)\$\d+:[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+)/dg,
  },
  { id: 'postgres-md5', words: ['password'], pattern: /password\s*['"]?\s*[:=]?\s*['"](?<secret>md5[0-9a-f]{32})['"]/dgi },
  { id: 'mysql-native', words: ['*'], pattern: /(?<![\w*])(?<secret>\*[0-9A-F]{40})(?![0-9A-F])/dg },
  { id: 'django', words: ['pbkdf2_sha', 'bcrypt_sha'], pattern: /(?<secret>(?:pbkdf2_sha\d+|bcrypt_sha256|scrypt)\$[^\s"']{20,})/dg },
  { id: 'werkzeug', words: ['pbkdf2:sha', 'scrypt:'], pattern: /(?<secret>(?:pbkdf2:sha\d+|scrypt)(?::\d+){1,3}\$[^\s"']{20,})/dg },
];
