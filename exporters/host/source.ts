/** How facts read a host: by paths that cannot leave its root, and on this machine also by programs. */
import type { CollectContext } from 'drifttrail';
import { type FileSystem, isAbsent, type RawPath, type Tree, Unreadable, unreadable } from './filesystem.ts';
import { nameText } from './names.ts';
import { type Content, type Limits, readFile } from './read-file.ts';

/** Bytes of the largest file that a fact reads. */
export const MAX_READ = 128 * 1024 * 1024;
const MAX_LINKS = 40; // as Linux itself allows
const COMMAND_TIMEOUT = 30_000;

/** How a program may end, where that is not as usual. */
export interface Manner {
  /** Whether an exit code beside 0 comes with all that there is to say. */
  readonly accepts?: (code: number, printed: string) => boolean;
  /** Milliseconds it may take here; over ssh its fact's `ahead` says so. Default 30 s. */
  readonly timeout?: number;
}

export interface Source {
  readonly fs: Tree;
  /** The real path of the root. */
  readonly root: string;
  /** Whether the root is this running machine: only then /proc and programs tell about it. */
  readonly live: boolean;
  /** The text of a file under the root, links resolved within it; undefined when there is none. Throws Unreadable. */
  readonly read: (path: string) => string | undefined;
  /** The names in a folder, sorted; empty when there is none. Throws Unreadable. */
  readonly list: (path: string) => string[];
  /** Where a symlink points, as written; undefined when it is none. */
  readonly link: (path: string) => string | undefined;
  readonly exists: (path: string) => boolean;
  /** What a regular file of a walk holds; undefined when it is gone or another thing by now. Throws Unreadable. */
  readonly content: (entry: { readonly raw: RawPath; readonly path: string }, limits: Limits) => Content | undefined;
  /** What a program prints; undefined when it is not installed. Throws Unreadable when it fails. */
  readonly run: (command: string, args: readonly string[], manner?: Manner) => Promise<string | undefined>;
  readonly signal: AbortSignal;
  readonly now: () => Date;
}

export function createSource(
  fs: FileSystem,
  root: string,
  live: boolean,
  { spawn, signal, now }: Pick<CollectContext, 'spawn' | 'signal' | 'now'>,
): Source {
  const at = (path: string) => `${root === '/' ? '' : root}/${path}`;
  const attempt = <Value>(path: string, action: (absolute: string) => Value): Value | undefined => {
    try {
      const resolved = resolveInRoot(fs, root, path);
      return action(at(resolved));
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw unreadable(path, error);
    }
  };
  return {
    fs,
    root,
    live,
    signal,
    now,
    // procfs files have size 0 whatever they hold: they are read to their end.
    read: (path) =>
      path.startsWith('proc/')
        ? attempt(path, (absolute) => readAll(fs, absolute))
        : attempt(path, (absolute) => text(fs, absolute, path, root)),
    list: (path) => attempt(path, (absolute) => fs.readdirSync(absolute, { encoding: 'buffer' }).map(nameText).sort()) ?? [],
    link: (path) => {
      const slash = path.lastIndexOf('/');
      return attempt(path.slice(0, Math.max(slash, 0)), (folder) => {
        const absolute = `${folder}/${path.slice(slash + 1)}`;
        return fs.lstatSync(absolute).isSymbolicLink() ? fs.readlinkSync(absolute) : undefined;
      });
    },
    exists: (path) => attempt(path, (absolute) => fs.lstatSync(absolute)) !== undefined,
    content: ({ raw, path }, limits) => readFile(fs, raw, path, root, limits),
    run: async (command, args, manner = {}) => {
      const { timeout = COMMAND_TIMEOUT } = manner;
      let result: Awaited<ReturnType<typeof spawn>>;
      try {
        result = await spawn(command, args, { signal, timeout, env: { PATH: SEARCH, LC_ALL: 'C', SYSTEMD_COLORS: '0' } });
      } catch (error) {
        if (signal.aborted) throw error;
        if ((error as { code?: string }).code === 'spawn-failed') return undefined;
        throw error;
      }
      return printedBy(command, { ...result, stdout: result.stdout.toString('utf8') }, manner);
    },
  };
}

export interface Ended {
  /** Null when it was stopped. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a program printed, or why that counts for nothing. Throws Unreadable. */
export function printedBy(command: string, { code, stdout, stderr }: Ended, { accepts, timeout = COMMAND_TIMEOUT }: Manner = {}): string {
  if (code === 0 || (code !== null && accepts?.(code, stdout) === true)) return stdout;
  const why =
    code === null
      ? `did not end within ${timeout / 1000} s`
      : `exit code ${code}${stderr.trim() === '' ? '' : ': '}${stderr.trim().split('\n')[0]}`;
  throw new Unreadable(command, why, /permission denied/i.test(stderr) ? 'denied' : 'invalid');
}

/** The text of a file that is no procfs file; those are text always. */
export function textOfBytes(path: string, bytes: Uint8Array | undefined): string {
  if (bytes === undefined || bytes.length > MAX_READ || bytes.includes(0))
    throw new Unreadable(path, `is binary or larger than ${MAX_READ} bytes`, 'invalid');
  return Buffer.from(bytes).toString('utf8');
}

/** Programs of the system only: what a user put first on the PATH does not answer for the host. */
const SEARCH = '/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * The same path with every symlink resolved as if the root were `/`: absolute targets start at the root again and `..`
 * stops there, as openat2's RESOLVE_IN_ROOT does, which Node does not offer. Throws the errors of lstat, and ELOOP.
 */
function resolveInRoot(fs: FileSystem, root: string, path: string): string {
  if (root === '/') return path;
  const done: string[] = [];
  const todo = path.split('/');
  for (let links = 0; todo.length > 0; ) {
    const part = todo.shift();
    if (part === undefined || part === '' || part === '.') continue;
    if (part === '..') {
      done.pop();
      continue;
    }
    const absolute = `${root}/${[...done, part].join('/')}`;
    if (!fs.lstatSync(absolute).isSymbolicLink()) {
      done.push(part);
      continue;
    }
    if (++links > MAX_LINKS) throw Object.assign(new Error('ELOOP'), { code: 'ELOOP' });
    const target = fs.readlinkSync(absolute);
    if (target.startsWith('/')) done.length = 0;
    todo.unshift(...target.split('/'));
  }
  return done.join('/');
}

function text(fs: FileSystem, absolute: string, path: string, root: string): string | undefined {
  // On this machine itself links are followed by the kernel; the type is checked before and after opening.
  const target = root === '/' ? fs.realpathSync(absolute) : absolute;
  if (!fs.lstatSync(target).isFile()) return undefined;
  const content = readFile(fs, target, path, root, { maxContent: MAX_READ, maxHash: 0 });
  return content === undefined ? undefined : textOfBytes(path, content.bytes);
}

function readAll(fs: FileSystem, absolute: string): string {
  const descriptor = fs.openSync(absolute, 'r');
  try {
    const chunks: Buffer[] = [];
    for (let bytes = 0; bytes < MAX_READ; ) {
      const chunk = Buffer.allocUnsafe(64 * 1024);
      const count = fs.readSync(descriptor, chunk, 0, chunk.length, null);
      if (count === 0) return Buffer.concat(chunks).toString('utf8');
      chunks.push(chunk.subarray(0, count));
      bytes += count;
    }
    throw new Unreadable(absolute, `is larger than ${MAX_READ} bytes`, 'truncated');
  } finally {
    fs.closeSync(descriptor);
  }
}
