/** Which keys log in as whom: the authorized_keys of every account, by fingerprint, wherever sshd looks for them. */
import type { JsonObject } from 'drifttrail';
import type { Source } from '../source.ts';
import { dataLines, type Fact, keyed } from './fact.ts';
import { publicKey } from './openssh-keys.ts';

export const authorizedKeys: Fact = {
  name: 'authorized-keys',
  kind: 'host.authorized-key',
  title: 'authorized key',
  read,
  ahead: `list etc/ssh/sshd_config.d; texts /etc/ssh/sshd_config /etc/ssh/sshd_config.d/*.conf
cut -d: -f6 /etc/passwd | sort -u | while IFS= read -r home; do
  texts "\${home%/}/.ssh/authorized_keys" "\${home%/}/.ssh/authorized_keys2"
done`,
};

function read(source: Source): JsonObject | undefined {
  const passwd = source.read('etc/passwd');
  if (passwd === undefined) return undefined;
  const patterns = patternsOf(source);
  return keyed(
    dataLines(passwd).flatMap((line): [string, JsonObject][] => {
      const [user = '', , , , , home = ''] = line.split(':');
      if (user === '' || !home.startsWith('/')) return [];
      const files = new Set(patterns.map((pattern) => placeOf(pattern, user, home)));
      return [...files].flatMap((file) => keysIn(source.read(file) ?? '', user, file));
    }),
  );
}

/** sshd_config(5): the first value counts, included files stand where they are included; Debian includes at the top. */
function patternsOf(source: Source): string[] {
  const included = source
    .list('etc/ssh/sshd_config.d')
    .filter((name) => name.endsWith('.conf'))
    .map((name) => `etc/ssh/sshd_config.d/${name}`);
  for (const file of [...included, 'etc/ssh/sshd_config']) {
    const global = (source.read(file) ?? '').split(/^\s*Match\s/im)[0] ?? '';
    const found = /^\s*AuthorizedKeysFile[\s=]+(.+?)\s*$/im.exec(global)?.[1];
    if (found !== undefined) return found.replaceAll('"', '').split(/\s+/);
  }
  return ['.ssh/authorized_keys', '.ssh/authorized_keys2'];
}

function placeOf(pattern: string, user: string, home: string): string {
  const path = pattern.replaceAll(/%([%hu])/g, (_, token: string) => ({ '%': '%', h: home, u: user })[token] ?? '');
  return (path.startsWith('/') ? path : `${home.replace(/\/$/, '')}/${path}`).replace(/^\/+/, '');
}

function keysIn(text: string, user: string, file: string): [string, JsonObject][] {
  return dataLines(text).flatMap((line): [string, JsonObject][] => {
    const key = publicKey(line);
    if (key === undefined) return [];
    const { type, fingerprint, comment, options } = key;
    return [[`${user} ${fingerprint}`, { user, type, fingerprint, comment, ...(options === '' ? {} : { options }), file }]];
  });
}
