/** Programs that take a password as an argument: the option alone says nothing, the program and the option together do. */
import type { SecretPattern } from './types.ts';

const WORD = String.raw`(?:"(?<secret>[^"\n]+)"|'(?<secret2>[^'\n]+)'|(?<secret3>(?![-$<{])[^\s"';|&)]+))`;

/** Programs, what stands before the password, and words of which one must be in the text. */
const OPTIONS: readonly (readonly [id: string, words: readonly string[], program: string, before: string])[] = [
  ['redis-cli', ['redis-cli'], 'redis-cli', String.raw`(?:-a[ \t]*|--pass[ \t=]+)`],
  ['ldap-tools', ['ldap'], 'ldap(?:search|modify|add|delete|compare|whoami|passwd|modrdn)', String.raw`-[ws][ \t]*`],
  ['sqlcmd', ['sqlcmd', 'bcp', 'isql', 'osql'], '(?:sqlcmd|bcp|osql|isql|tsql)', String.raw`-P[ \t]*`],
  [
    'smb-tools',
    ['smb', 'rpcclient', 'winexe'],
    '(?:smbclient|smbget|smbmap|rpcclient|winexe)',
    String.raw`(?:-U|--user)[ \t=]*["']?[^\s%"']+%`,
  ],
  ['htpasswd', ['htpasswd'], '(?:htpasswd|htdbm)', String.raw`-\w*b\w*[ \t]+(?:-\w+[ \t]+)*\S+[ \t]+\S+[ \t]+`],
  ['rabbitmqctl', ['rabbitmqctl'], 'rabbitmqctl', String.raw`(?:add_user|change_password|authenticate_user)[ \t]+\S+[ \t]+`],
  ['archivers', ['7z', 'rar'], '(?:7z[arz]?|unrar|rar)', '-h?p(?=[^\\s-])'],
  ['zip', ['zip'], '(?:un)?zip', String.raw`-P[ \t]*`],
  ['openssl-key', ['openssl'], 'openssl', String.raw`-[kK][ \t]+`],
  ['mongo', ['mongo'], 'mongo(?:sh|dump|restore|export|import|stat)?', String.raw`-p[ \t]+`],
  ['ipmitool', ['ipmitool', 'ipmi-'], '(?:ipmitool|ipmi-[a-z]+)', String.raw`-[Pp][ \t]+`],
  ['snmp-tools', ['snmp'], 'snmp(?:get|getnext|walk|set|bulkwalk|bulkget|table|trap|inform|status|df)', String.raw`-[cAX][ \t]*`],
  ['mosquitto', ['mosquitto_'], 'mosquitto_(?:pub|sub|rr)', String.raw`-P[ \t]+`],
  ['mosquitto-passwd', ['mosquitto_passwd'], 'mosquitto_passwd', String.raw`-b[ \t]+\S+[ \t]+\S+[ \t]+`],
  ['cassandra', ['cqlsh', 'nodetool'], '(?:cqlsh|nodetool)', String.raw`-pw?[ \t]+`],
  ['remote-desktop', ['freerdp', 'rdesktop'], '(?:w?x?l?freerdp|rdesktop)', String.raw`(?:/p:|-p[ \t]+)`],
  ['lftp', ['lftp', 'ncftp'], '(?:lftp|ncftp(?:put|get)?)', String.raw`(?:-u[ \t]+[^\s,]+,|-p[ \t]+)`],
  ['net-user', ['net user'], String.raw`net[ \t]+user`, String.raw`\w[\w.-]*[ \t]+(?=\S+[ \t]+/)`],
  ['useradd', ['useradd', 'usermod'], '(?:useradd|usermod)', String.raw`-p[ \t]+`],
  ['nmcli', ['nmcli'], 'nmcli', String.raw`(?:password|wifi-sec\.psk|802-1x\.password)[ \t]+`],
];

/** Programs that read the password from a pipe. */
const READERS = String.raw`(?:chpasswd|passwd[ \t]+--stdin|smbpasswd|kinit|cryptsetup|sudo[ \t]+(?:-\w+[ \t]+)*-\w*S|(?:docker|podman|helm|oras|crane)[ \t]+(?:registry[ \t]+)?(?:login|auth)|gh[ \t]+auth|gpg|ssh-add|vault[ \t]+login)`;

export const COMMANDS: readonly SecretPattern[] = [
  ...OPTIONS.map(
    ([id, words, program, before]): SecretPattern => ({
      id,
      words,
      pattern: new RegExp(String.raw`(?<![\w.-])${program}\b[^\n|;]{0,300}?[ \t]${before}${WORD}`, 'dg'),
    }),
  ),
  {
    id: 'echo-piped',
    words: ['echo', 'printf'],
    pattern: new RegExp(
      String.raw`\b(?:echo|printf)(?:[ \t]+-\w+)*[ \t]+(?:"(?:[\w.@-]+:)?(?<secret>[^"\n$]+)"|'(?:[\w.@-]+:)?(?<secret2>[^'\n]+)'|(?:[\w.@-]+:)?(?<secret3>[^\s"'|$\x60;]+))[ \t]*\|[ \t]*(?:sudo[ \t]+)?${READERS}`,
      'dg',
    ),
  },
];
