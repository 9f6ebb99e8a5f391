/** Private key material: whatever stands between a private key's first and last line. */
import type { SecretPattern } from './types.ts';

const LABEL = String.raw`(?:[A-Z0-9]+ ){0,4}(?:PRIVATE KEY(?: BLOCK)?|Static key V\d)`;

export const KEYS: readonly SecretPattern[] = [
  {
    id: 'pem',
    words: ['private key', 'static key'],
    // An end that is missing (a file cut off) ends at the text's end or where the base64 does.
    pattern: new RegExp(
      String.raw`-----BEGIN (?<label>${LABEL})-----(?:\s|\\r|\\n)*(?<secret>(?:(?!-----)[\s\S])+?)(?:\s|\\r|\\n)*(?:-----END \k<label>-----|(?=-----BEGIN )|$(?![\s\S])|\n[ \t]*\n(?![A-Za-z0-9+/=:\s-]{40}))`,
      'dg',
    ),
  },
  {
    id: 'pem-openvpn',
    words: ['openvpn static key'],
    pattern: /-----BEGIN OpenVPN Static key V1-----\s*(?<secret>[0-9a-fA-F\s]+?)\s*(?:-----END|$(?![\s\S]))/dg,
  },
  {
    id: 'ssh2',
    words: ['ssh2 encrypted private key'],
    pattern: /---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\s*(?<secret>[\s\S]+?)\s*---- END/dg,
  },
  {
    id: 'putty',
    words: ['private-lines:'],
    pattern: /^Private-Lines: \d+\r?\n(?<secret>(?:[A-Za-z0-9+/=]+(?:\r?\n|$(?![\s\S])))+)/dgm,
  },
  { id: 'putty-mac', words: ['private-mac:'], pattern: /^Private-MAC: (?<secret>[0-9a-f]+)/dgm },
  // RFC 8037 and RFC 7517: the private members of a JSON web key.
  { id: 'jwk', words: ['"kty"'], pattern: /"(?:d|p|q|dp|dq|qi|k)"\s*:\s*"(?<secret>[\w-]{20,})"/dg },
];
