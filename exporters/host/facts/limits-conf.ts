/** limits.conf(5): its entries, whom each is about, and which of several counts for a user. */
import type { Source } from '../source.ts';
import { dataLines } from './fact.ts';
import type { Account } from './accounts.ts';

export interface Entry {
  readonly domain: string;
  /** `soft`, `hard`, or `-` for both. */
  readonly type: string;
  readonly item: string;
  readonly value: string;
  readonly file: string;
}

/** In the order in which pam_limits reads them. */
export function limitEntries(source: Source): Entry[] {
  const files = [
    'etc/security/limits.conf',
    ...source
      .list('etc/security/limits.d')
      .filter((name) => name.endsWith('.conf'))
      .map((name) => `etc/security/limits.d/${name}`),
  ];
  return files.flatMap((file) => entriesIn(source.read(file) ?? '', file));
}

export function entriesIn(text: string, file: string): Entry[] {
  return dataLines(text).flatMap((line): Entry[] => {
    const [domain, type, item, value] = line.replace(/\s#.*$/, '').split(/\s+/);
    return domain === undefined || type === undefined || item === undefined || value === undefined
      ? []
      : [{ domain, type, item, value, file }];
  });
}

/** How `/proc/<pid>/limits` calls an item, and how many of its units one of limits.conf's is. */
export const ITEMS: Readonly<Record<string, { readonly title: string; readonly unit: number }>> = {
  nofile: { title: 'Max open files', unit: 1 },
  nproc: { title: 'Max processes', unit: 1 },
  core: { title: 'Max core file size', unit: 1024 },
  memlock: { title: 'Max locked memory', unit: 1024 },
  stack: { title: 'Max stack size', unit: 1024 },
  as: { title: 'Max address space', unit: 1024 },
  fsize: { title: 'Max file size', unit: 1024 },
  data: { title: 'Max data size', unit: 1024 },
  rss: { title: 'Max resident set', unit: 1024 },
  cpu: { title: 'Max cpu time', unit: 60 },
  locks: { title: 'Max file locks', unit: 1 },
  sigpending: { title: 'Max pending signals', unit: 1 },
  msgqueue: { title: 'Max msgqueue size', unit: 1 },
};

/** An entry's value as `/proc/<pid>/limits` prints it; undefined for what that does not tell. */
export function wantedValue({ item, value }: Entry): string | undefined {
  const known = ITEMS[item];
  if (known === undefined) return undefined;
  if (/^(unlimited|infinity|-1)$/.test(value)) return 'unlimited';
  return /^\d+$/.test(value) ? String(Number(value) * known.unit) : undefined;
}

/** Of the entries about an item and a side (`soft`, `hard`) the one that counts for a user: the closer one, of equals the last. */
export function winning(entries: readonly Entry[], account: Account, item: string, side: string): Entry | undefined {
  let best: Entry | undefined;
  let closest = 0;
  for (const entry of entries) {
    if (entry.item !== item || (entry.type !== '-' && entry.type !== side)) continue;
    const closeness = closenessOf(entry.domain, account);
    if (closeness > 0 && closeness >= closest) {
      best = entry;
      closest = closeness;
    }
  }
  return best;
}

/** 3 the user, 2 a group, 1 everybody, 0 somebody else. Groups and `*` are not root's; `%` is about log-ins alone. */
function closenessOf(domain: string, { name, uid, groups, gids }: Account): number {
  if (domain === name) return 3;
  if (uid === 0) return 0;
  if (domain === '*') return 1;
  if (domain.startsWith('@')) return groups.includes(domain.slice(1)) || gids.some((gid) => isWithin(domain.slice(1), gid)) ? 2 : 0;
  return isWithin(domain, uid) ? 3 : 0;
}

/** `100:200`, `100:` for all from there, `:100` for that one alone. */
function isWithin(range: string, id: number): boolean {
  const [, from = '', to = ''] = /^(\d*):(\d*)$/.exec(range) ?? [];
  if (from === '') return to !== '' && id === Number(to);
  return id >= Number(from) && (to === '' || id <= Number(to));
}

/** Whether any log-in asks for limits.conf at all. */
export function isAsked(source: Source): boolean {
  const files = ['etc/pam.conf', ...source.list('etc/pam.d').map((name) => `etc/pam.d/${name}`)];
  return files.some((file) => dataLines(source.read(file) ?? '').some((line) => /\bpam_limits\.so\b/.test(line)));
}
