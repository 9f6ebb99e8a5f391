/** Names of users and groups by number, from the passwd and group files of the machine that wrote the logs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { requirePlain } from 'drifttrail';

export interface Names {
  /** The number itself where no name is known. */
  readonly user: (id: number) => string;
  readonly group: (id: number) => string;
}

/** Logs that were copied without these files name users by what the log itself tells, or by number. */
export function readNames(root: string): Names {
  const [users, groups] = [numbered(join(root, 'etc/passwd')), numbered(join(root, 'etc/group'))];
  const named = (names: ReadonlyMap<number, string>, id: number) => names.get(id) ?? (id === 0 ? 'root' : String(id));
  return { user: (id) => named(users, id), group: (id) => named(groups, id) };
}

function numbered(file: string): Map<number, string> {
  const names = new Map<number, string>();
  for (const line of textOf(file).split('\n')) {
    const [name, , number = ''] = line.split(':');
    if (name !== undefined && /^\d+$/.test(number) && !names.has(Number(number))) names.set(Number(number), name);
  }
  return names;
}

function textOf(file: string): string {
  try {
    requirePlain(file);
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (['ENOENT', 'EACCES', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return '';
    throw error;
  }
}
