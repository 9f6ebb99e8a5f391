/** Passwords inside addresses and connection strings. */
import type { SecretPattern } from './types.ts';

export const URLS: readonly SecretPattern[] = [
  {
    id: 'url-password',
    words: ['://'],
    // Not the port of an address whose path has an @: `http://host:8080/~user@x`.
    pattern:
      /[a-zA-Z][\w+.-]{1,30}:\/\/[^\s:/?#@"'<>]{0,100}:(?!\d{1,5}\/)(?<secret>[^\s"'<>]{1,200}?)@(?=[\w.[$%{-]+(?:[:/?,)\]}\s"'`\\;]|$))/dgm,
  },
  {
    id: 'url-token-user',
    words: ['://'],
    pattern: /https?:\/\/(?<secret>(?=[\w-]*\d)(?=[\w-]*[a-zA-Z])[\w-]{20,})@(?=[\w.-])/dg,
  },
  {
    id: 'url-password-encoded',
    words: ['%3a%2f%2f'],
    pattern: /%3A%2F%2F[\w.-]{0,64}%3A(?<secret>[^\s%&"']{1,100}(?:%(?!40)[0-9A-F]{2}[^\s%&"']{0,100}){0,20})%40/dgi,
  },
  { id: 'go-dsn', words: ['@tcp(', '@unix('], pattern: /(?<![\w.-])[\w.-]{1,64}:(?<secret>[^\s"'`]{1,100}?)@(?:tcp|unix)\(/dg },
  { id: 'jdbc-oracle', words: ['oracle'], pattern: /oracle:(?:thin|oci8?):[^\s/@"']{1,64}\/(?<secret>[^\s@"']{1,100})@/dg },
  {
    id: 'oracle-connect',
    words: ['sqlplus', 'rman', 'expdp', 'impdp'],
    pattern: /\b(?:sqlplus|rman target|expdp|impdp)\s+(?:-\w\s+)*[^\s/@"']{1,64}\/(?<secret>[^\s@"']{1,100})@/dg,
  },
  {
    id: 'query-secret',
    words: ['token=', 'key=', 'secret=', 'password=', 'sig=', 'code=', 'signature='],
    pattern:
      /[?&](?:access_token|auth_token|token|api_?key|key|secret|client_secret|password|passwd|pwd|sig|signature|X-Amz-Signature|X-Amz-Security-Token|code)=(?<secret>(?![$<{%])[^\s&"'<>#;]{6,})/dgi,
  },
];
