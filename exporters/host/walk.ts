/** Walks the wanted folders under the root in name order; links are read, never followed. */
import type { Stats } from 'node:fs';
import { type FileSystem, isAbsent, Unreadable, unreadable } from './filesystem.ts';
import type { Selection } from './globs.ts';
import { textOf } from './names.ts';

type EntryType = 'file' | 'directory' | 'symlink' | 'fifo' | 'socket' | 'block-device' | 'character-device';

export interface Entry {
  /** Relative to the root, without leading slash: `etc/ssh/sshd_config`. */
  readonly path: string;
  /** The absolute path as the file system has it. */
  readonly raw: Buffer;
  readonly type: EntryType;
  readonly stats: Stats;
  /** Where a symlink points, as written. */
  readonly target?: string;
}

/** What cannot be read stands in the place of entries: `folder` is the one whose content is therefore not known. */
export interface Hidden {
  readonly folder: string;
  readonly error: Unreadable;
}

/** The folder that an entry stands in; `/` is the root. */
export function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '/';
}

export function* walk(fs: FileSystem, root: string, selection: Selection): Generator<Entry | Hidden> {
  for (const base of selection.bases) {
    // A base reached through a link (etc -> /srv/etc) would leave the root: each part must be a true folder.
    if (!reachable(fs, root, base)) continue;
    yield* visit(fs, Buffer.from(base === '' ? root : `${root === '/' ? '' : root}/${base}`), base, selection);
  }
}

function reachable(fs: FileSystem, root: string, base: string): boolean {
  const parts = base.split('/').slice(0, -1);
  return parts.every((_, index) => {
    try {
      return fs.lstatSync(`${root}/${parts.slice(0, index + 1).join('/')}`).isDirectory();
    } catch {
      return true; // missing or unreadable: visiting the base itself says so
    }
  });
}

function* visit(fs: FileSystem, raw: Buffer, path: string, selection: Selection): Generator<Entry | Hidden> {
  if (selection.excludes(path)) return;
  let entry: Entry;
  try {
    const stats = fs.lstatSync(raw);
    const type = typeOf(stats);
    entry = { path, raw, type, stats, ...(type === 'symlink' ? { target: textOf(fs.readlinkSync(raw, { encoding: 'buffer' })) } : {}) };
  } catch (error) {
    if (!isAbsent(error)) yield { folder: folderOf(path), error: failure(path, error) };
    return;
  }
  if (selection.selects(path)) yield entry;
  if (entry.type !== 'directory') return;
  let names: Buffer[];
  try {
    names = fs.readdirSync(raw, { encoding: 'buffer' });
  } catch (error) {
    if (!isAbsent(error)) yield { folder: path === '' ? '/' : path, error: failure(path, error) };
    return;
  }
  names.sort(Buffer.compare);
  const prefix = path === '' && raw.equals(SLASH) ? SLASH : Buffer.concat([raw, SLASH]);
  for (const name of names) {
    yield* visit(fs, Buffer.concat([prefix, name]), path === '' ? textOf(name) : `${path}/${textOf(name)}`, selection);
  }
}

const SLASH = Buffer.from('/');

function failure(path: string, error: unknown): Unreadable {
  const found = unreadable(path, error);
  if (found instanceof Unreadable) return found;
  throw found;
}

function typeOf(stats: Stats): EntryType {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  if (stats.isSymbolicLink()) return 'symlink';
  if (stats.isFIFO()) return 'fifo';
  if (stats.isSocket()) return 'socket';
  return stats.isBlockDevice() ? 'block-device' : 'character-device';
}
