/** Machines that somebody has logged in to: known_hosts of ssh, with plain and with hashed names. */
import { createHash, createHmac } from 'node:crypto';
import type { Sight } from 'drifttrail';
import { notAddress } from './names.ts';

/** Keys of certificate authorities and revoked ones are no machines. */
export function knownHosts(text: string): Sight[] {
  const hashed: Sight[] = [];
  const named = new Map<string, { readonly id: string; readonly aliases: Set<string> }>();
  for (const [index, line] of text.split('\n').entries()) {
    const [names = '', type = '', key = ''] = line.trim().split(/\s+/);
    if (names === '' || /^[#@]/.test(names) || key === '') continue;
    const fingerprint = fingerprintOf(key);
    if (names.startsWith('|1|')) {
      hashed.push({
        title: 'server of a hashed name',
        id: `line ${index + 1}, ${type} ${fingerprint}`,
        aliases: [fingerprint],
        matches: (name) => isHashOf(names, name),
      });
      continue;
    }
    const plain = names.split(',').filter((name) => !/^!|[*?]/.test(name));
    const all = plain.map((name) => /^\[(.+)\]:\d+$/.exec(name)?.[1] ?? name);
    const id = all.find(notAddress) ?? all[0];
    if (id === undefined) continue;
    const entry = named.get(id) ?? { id, aliases: new Set<string>() };
    for (const alias of [...all, fingerprint]) entry.aliases.add(alias);
    named.set(id, entry);
  }
  return [
    ...[...named.values()].map(({ id, aliases }) => ({ title: 'server', id, aliases: [...aliases].filter((one) => one !== id) })),
    ...hashed,
  ];
}

/** As `ssh-keygen -l` prints it. */
function fingerprintOf(key: string): string {
  return `SHA256:${createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64').replace(/=+$/, '')}`;
}

/** `|1|salt|HMAC-SHA1 of the name|`, as sshd(8) describes it. */
function isHashOf(field: string, name: string): boolean {
  const [, , salt = '', hash = ''] = field.split('|');
  return [name, `[${name}]:22`].some((text) => createHmac('sha1', Buffer.from(salt, 'base64')).update(text).digest('base64') === hash);
}
