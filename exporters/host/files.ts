/** The files of a host and what is known of them beside their bytes. */
import type { Gap, JsonObject, Resource } from 'drifttrail';
import type { HostContext } from './context.ts';
import { Unreadable } from './filesystem.ts';
import { createSelection } from './globs.ts';
import type { Content } from './read-file.ts';
import type { Source } from './source.ts';
import { VOLATILE_FILES } from './volatile.ts';
import { type Entry, folderOf, type Hidden, walk } from './walk.ts';

const FILE = 'host.file';
const METADATA = 'host.file-metadata';
/** Entries, and bytes read, after which other work of the process gets its turn: reading is synchronous. */
const TURN = 64;
const TURN_BYTES = 8 * 1024 * 1024;

/**
 * Yields each text file, then a document of metadata for each folder. A file that cannot be read is a gap of `host.file`
 * alone, a folder that cannot be listed one of both; they are partial: all that was read is yielded and written, and
 * only deletions wait. The document of such a folder is withheld: without its entries it would read like their deletion.
 */
export async function* collectFiles(context: HostContext, source: Source, scope: string): AsyncGenerator<Resource> {
  const { files, maxContent, maxHash } = context.options;
  if (files.include.length === 0) return;
  const selection = createSelection(files.include, files.exclude);
  const quiet = createSelection(
    VOLATILE_FILES.map(({ path }) => path).filter((path) => !files.include.includes(path)),
    [],
  );
  const metadata = new Map<string, Record<string, JsonObject>>();
  const unreadFiles: Unreadable[] = [];
  const hidden: Hidden[] = [];
  const names = ownerNames(source);
  let count = 0;
  let unpaused = 0;

  for (const entry of walk(source.fs, source.root, selection)) {
    if (++count % TURN === 0 || unpaused >= TURN_BYTES) {
      unpaused = 0;
      await new Promise(setImmediate);
    }
    context.signal.throwIfAborted();
    if ('error' in entry) {
      hidden.push(entry);
      continue;
    }
    let content: Content | undefined;
    let unread = false;
    if (entry.type === 'file' && !quiet.selects(entry.path)) {
      try {
        content = source.content(entry, { maxContent, maxHash });
        unpaused += Math.min(entry.stats.size, maxHash);
        if (content === undefined) continue; // gone, or another thing by now: the next run sees what it has become
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error;
        unreadFiles.push(error);
        unread = true;
      }
    }
    if (!(names instanceof Unreadable)) {
      const folder = folderOf(entry.path);
      const entries = metadata.get(folder) ?? {};
      metadata.set(folder, entries);
      entries[entry.path] = describe(entry, names, content, unread);
    }
    if (content?.bytes !== undefined) yield { ref: { scope, kind: FILE, id: entry.path }, config: content.bytes };
  }

  if (count === 0) {
    const missing = files.include.join(', ');
    for (const kind of [FILE, METADATA]) {
      context.gap({ scope, kind, reason: 'unreachable', detail: `none of ${missing} exists under ${source.root}; is the image mounted?` });
    }
    return;
  }
  const unreadFolders = hidden.map(({ error }) => error);
  const withheld = new Set(hidden.map(({ folder }) => folder));
  for (const [id, entries] of metadata) if (!withheld.has(id)) yield { ref: { scope, kind: METADATA, id }, config: entries };
  // With numbers in place of names every entry would seem to have changed hands.
  if (names instanceof Unreadable) context.gap(gapOf(scope, METADATA, [names, ...unreadFolders]));
  else if (hidden.length > 0) context.gap({ ...gapOf(scope, METADATA, unreadFolders), partial: true });
  else context.complete(scope, METADATA);
  const unread = [...unreadFiles, ...unreadFolders];
  if (unread.length === 0) context.complete(scope, FILE);
  else context.gap({ ...gapOf(scope, FILE, unread), partial: true });
}

function gapOf(scope: string, kind: string, failures: readonly Unreadable[]): Gap {
  const shown = failures.slice(0, 5).map((failure) => failure.message);
  const more = failures.length > shown.length ? ` and ${failures.length - shown.length} more` : '';
  const reason = failures.find((failure) => failure.reason === 'denied')?.reason ?? failures[0]?.reason ?? 'invalid';
  const remedy = reason === 'denied' ? '; run as root, or leave them out with files.exclude' : '';
  return { scope, kind, reason, detail: `${shown.join(', ')}${more}${remedy}` };
}

type Names = { readonly users: ReadonlyMap<number, string>; readonly groups: ReadonlyMap<number, string> };

function describe({ type, stats, target }: Entry, names: Names, content: Content | undefined, unread: boolean): JsonObject {
  return {
    type,
    // A link's mode is always 0777 and means nothing.
    ...(type === 'symlink' ? {} : { mode: (stats.mode & 0o7777).toString(8).padStart(4, '0') }),
    owner: names.users.get(stats.uid) ?? String(stats.uid),
    group: names.groups.get(stats.gid) ?? String(stats.gid),
    ...(target === undefined ? {} : { target }),
    ...(content?.digest ?? {}),
    ...(unread ? { content: 'unreadable' } : {}),
  };
}

/** Names by number from the root's own passwd and group: an image's numbers are not this machine's names. */
function ownerNames(source: Source): Names | Unreadable {
  try {
    return { users: numbered(source, 'etc/passwd'), groups: numbered(source, 'etc/group') };
  } catch (error) {
    if (error instanceof Unreadable) return error;
    throw error;
  }
}

function numbered(source: Source, path: string): Map<number, string> {
  const names = new Map<number, string>();
  for (const line of (source.read(path) ?? '').split('\n')) {
    const [name, , number] = line.split(':');
    if (name !== undefined && number !== undefined && /^\d+$/.test(number) && !names.has(Number(number))) names.set(Number(number), name);
  }
  return names;
}
