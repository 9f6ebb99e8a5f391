/** Walks the wanted folders under the root in name order; links are read, never followed. */
import { isAbsent, type RawPath, type Status, type Tree, Unreadable, unreadable } from './filesystem.ts';
import type { Selection } from './globs.ts';
import { textOf } from './names.ts';

type EntryType = 'file' | 'directory' | 'symlink' | 'fifo' | 'socket' | 'block-device' | 'character-device';

export interface Entry {
  /** Relative to the root, without leading slash: `etc/ssh/sshd_config`. */
  readonly path: string;
  /** The absolute path as the file system has it. */
  readonly raw: RawPath;
  readonly type: EntryType;
  readonly stats: Status;
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

export function* walk(fs: Tree, root: string, selection: Selection): Generator<Entry | Hidden> {
  for (const base of selection.bases) {
    // A base reached through a link (etc -> /srv/etc) would leave the root: each part must be a true folder.
    if (!reachable(fs, root, base)) continue;
    yield* below(fs, base === '' ? root : `${root === '/' ? '' : root}/${base}`, base, selection);
  }
}

function reachable(fs: Tree, root: string, base: string): boolean {
  const parts = base.split('/').slice(0, -1);
  return parts.every((_, index) => {
    try {
      return fs.lstatSync(`${root}/${parts.slice(0, index + 1).join('/')}`).isDirectory();
    } catch {
      return true; // missing or unreadable: visiting the base itself says so
    }
  });
}

function* below(fs: Tree, start: RawPath, base: string, selection: Selection): Generator<Entry | Hidden> {
  // A list of its own in place of recursion: through nested generators each entry would pass every folder above it.
  const waiting: { readonly raw: RawPath; readonly path: string }[] = [{ raw: start, path: base }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { raw, path } = next;
    if (selection.excludes(path)) continue;
    let entry: Entry;
    try {
      const stats = fs.lstatSync(raw);
      const type = typeOf(stats);
      entry = type === 'symlink' ? { path, raw, type, stats, target: targetOf(fs, raw) } : { path, raw, type, stats };
    } catch (error) {
      if (!isAbsent(error)) yield { folder: folderOf(path), error: failure(path, error) };
      continue;
    }
    if (selection.selects(path)) yield entry;
    if (entry.type !== 'directory') continue;
    try {
      const children = namesIn(fs, raw).map((name) => ({
        raw: joined(raw, name),
        path: path === '' ? textOf(name) : `${path}/${textOf(name)}`,
      }));
      waiting.push(...children.reverse());
    } catch (error) {
      if (!isAbsent(error)) yield { folder: path === '' ? '/' : path, error: failure(path, error) };
    }
  }
}

/** What Node puts in place of bytes that are no UTF-8. */
const REPLACED = '\ufffd';

function namesIn(fs: Tree, folder: RawPath): readonly (string | Buffer)[] {
  const names = fs.readdirSync(folder);
  if (!names.some((name) => name.includes(REPLACED))) return names.sort();
  return fs.readdirSync(folder, { encoding: 'buffer' }).sort(Buffer.compare);
}

function targetOf(fs: Tree, link: RawPath): string {
  const target = fs.readlinkSync(link);
  return textOf(target.includes(REPLACED) ? fs.readlinkSync(link, { encoding: 'buffer' }) : target);
}

function joined(folder: RawPath, name: string | Buffer): RawPath {
  if (typeof folder === 'string' && typeof name === 'string') return folder === '/' ? `/${name}` : `${folder}/${name}`;
  const parent = Buffer.from(folder);
  return Buffer.concat(parent.equals(SLASH) ? [SLASH, Buffer.from(name)] : [parent, SLASH, Buffer.from(name)]);
}

const SLASH = Buffer.from('/');

function failure(path: string, error: unknown): Unreadable {
  const found = unreadable(path, error);
  if (found instanceof Unreadable) return found;
  throw found;
}

function typeOf(stats: Status): EntryType {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  if (stats.isSymbolicLink()) return 'symlink';
  if (stats.isFIFO()) return 'fifo';
  if (stats.isSocket()) return 'socket';
  return stats.isBlockDevice() ? 'block-device' : 'character-device';
}
