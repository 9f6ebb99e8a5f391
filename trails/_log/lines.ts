/**
 * A log file and its rotated predecessors as whole lines, from where the last run stopped. A file is known again by its
 * first line, whatever it is called by now and compressed or not; half a line at the end is left for the next run.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, open, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createGunzip, gunzipSync } from 'node:zlib';
import { DrifttrailError, requirePlain } from 'drifttrail';

export interface LogMark {
  /** Fingerprint of the file's first line. */
  readonly head: string;
  /** Bytes (of the uncompressed text) that have been read. */
  readonly offset: number;
}

/** Why lines may be missing between the last run and this one. */
type Fault = 'rotated-away' | 'truncated';

export interface Log {
  /** Whether this run goes on where the last one stopped, without loss. */
  readonly continues: boolean;
  readonly fault?: Fault;
  /** `until` is when the line's file was last written, in milliseconds: no line is younger. */
  readonly lines: () => AsyncGenerator<{ readonly text: string; readonly until: number }>;
  /** Where the lines given so far end. */
  readonly mark: () => LogMark | undefined;
  readonly close: () => Promise<void>;
}

interface LogFile {
  readonly path: string;
  readonly handle: FileHandle;
  readonly packed: boolean;
  readonly size: number;
  readonly until: number;
  /** Undefined while the file has no whole line. */
  readonly head: string | undefined;
}

const HEAD = 64 * 1024;
const NEWLINE = 0x0a;
/** Bytes of head and tail, without anything in between (RFC 1952). */
const SMALLEST_ARCHIVE = 18;

/** Undefined when there is no such log. Rejects with the error of the file system for one that may not be read. */
export async function openLog(path: string, mark: LogMark | undefined): Promise<Log | undefined> {
  const files = await openFiles(path);
  if (files.length === 0) return undefined;
  const known = mark === undefined ? -1 : files.findIndex(({ head }) => head === mark.head);
  const truncated = known >= 0 && mark !== undefined && !files[known]?.packed && (files[known]?.size ?? 0) < mark.offset;
  const fault = mark === undefined ? undefined : truncated ? 'truncated' : known < 0 ? 'rotated-away' : undefined;
  const start = known >= 0 && mark !== undefined && !truncated ? mark.offset : 0;
  const unread = files.slice(Math.max(known, 0));
  let reached = mark !== undefined && fault === undefined ? mark : undefined;
  return {
    continues: mark !== undefined && fault === undefined,
    ...(fault === undefined ? {} : { fault }),
    lines: async function* () {
      for (const [index, file] of unread.entries()) {
        const { head } = file;
        if (head === undefined) continue;
        const isLast = index === unread.length - 1;
        for await (const { text, end } of wholeLines(file, index === 0 ? start : 0, isLast)) {
          reached = { head, offset: end };
          yield { text, until: file.until };
        }
      }
    },
    mark: () => reached,
    close: async () => {
      for (const { handle } of files) await handle.close();
    },
  };
}

/** Oldest first. A file that goes while they are opened has been deleted by the rotation. */
async function openFiles(path: string): Promise<LogFile[]> {
  const found: LogFile[] = [];
  const named = basename(path).includes('*');
  try {
    for (const name of await (named ? namesLike(path) : namesOf(path))) {
      const file = await openFile(join(dirname(path), name));
      if (file !== undefined) found.push(file);
    }
    // Names such as of weekdays do not tell the age; when a file was last written does.
    return named ? found.sort((a, b) => a.until - b.until) : found;
  } catch (error) {
    for (const { handle } of found) await handle.close();
    throw error;
  }
}

async function openFile(path: string): Promise<LogFile | undefined> {
  requirePlain(path);
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const packed = path.endsWith('.gz');
  try {
    const { size, mtimeMs } = await handle.stat();
    if (packed && size < SMALLEST_ARCHIVE) throw damaged(path, 'it is cut off');
    return { path, handle, packed, size, until: mtimeMs, head: await headOf(handle, packed) };
  } catch (error) {
    // Nobody else knows of it: left open, it would be closed by the garbage collector, which complains.
    await handle.close();
    throw isOfZlib(error) ? damaged(path, error.message) : error;
  }
}

/** Logs that begin a file of another name each time: `postgresql-*.csv`. */
async function namesLike(path: string): Promise<string[]> {
  const parts = basename(path)
    .split('*')
    .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const fits = new RegExp(`^${parts.join('.*')}(?:\\.gz)?$`);
  const names = await namesIn(dirname(path));
  return names.filter((name) => fits.test(name)).sort();
}

/**
 * `audit.log.2`, `auth.log.3.gz`, `secure-20261101`, `audit-2026-11-21T12-00-00.000.log`: numbers grow with age, dates shrink;
 * the log itself is the youngest.
 */
async function namesOf(path: string): Promise<string[]> {
  const base = basename(path);
  const names = await namesIn(dirname(path));
  const aged = names.flatMap((name): [number, string][] => {
    if (name === base) return [[0, name]];
    const stamp = stampOf(name, base);
    if (stamp !== undefined) return [[1e14 - stamp, name]];
    if (!name.startsWith(base)) return [];
    const [, number, date] = /^(?:\.(\d{1,4})|-(\d{8,14}))(?:\.gz)?$/.exec(name.slice(base.length)) ?? [];
    if (number !== undefined) return [[Number(number), name]];
    return date === undefined ? [] : [[1e14 - Number(date.padEnd(14, '0')), name]];
  });
  // The same file both packed and not is being packed right now: the plain one is whole.
  const plain = aged.filter(([, name]) => !name.endsWith('.gz') || !names.includes(name.slice(0, -3)));
  return plain.sort(([a], [b]) => b - a).map(([, name]) => name);
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

/** API servers rotate into `<name>-<time><extension>`. */
function stampOf(name: string, base: string): number | undefined {
  const dot = base.lastIndexOf('.');
  const [stem, extension] = dot < 1 ? [base, ''] : [base.slice(0, dot), base.slice(dot)];
  const plain = name.endsWith('.gz') ? name.slice(0, -3) : name;
  if (!plain.startsWith(`${stem}-`) || !plain.endsWith(extension)) return undefined;
  const middle = plain.slice(stem.length + 1, plain.length - extension.length);
  return /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}$/.test(middle) ? Number(middle.replaceAll(/\D/g, '').slice(0, 14)) : undefined;
}

async function headOf(handle: FileHandle, packed: boolean): Promise<string | undefined> {
  const buffer = Buffer.alloc(HEAD);
  const { bytesRead } = await handle.read(buffer, 0, HEAD, 0);
  const bytes = buffer.subarray(0, bytesRead);
  const text = (packed ? unpackStart(bytes) : bytes).subarray(0, HEAD);
  const newline = text.indexOf(NEWLINE);
  // A line may be longer than what is looked at: its beginning is as good a fingerprint.
  const end = newline < 0 && text.length === HEAD ? HEAD : newline;
  if (end < 0) return undefined;
  return createHash('sha256').update(text.subarray(0, end)).digest('hex').slice(0, 32);
}

async function* unpacking(stream: AsyncIterable<Buffer>, path: string): AsyncGenerator<Buffer> {
  try {
    yield* stream;
  } catch (error) {
    throw isOfZlib(error) ? damaged(path, error.message) : error;
  }
}

/** What can be unpacked of the first bytes. */
function unpackStart(bytes: Buffer): Buffer {
  if (bytes.length === 0) return bytes;
  return gunzipSync(bytes, { finishFlush: 2 /* Z_SYNC_FLUSH: the rest is missing on purpose */ });
}

/** What comes after it is not read either: it may go on where nobody knows what came before. */
function damaged(path: string, why: string): DrifttrailError {
  return new DrifttrailError({
    code: 'log-damaged',
    message: `${path} is a damaged archive: ${why}`,
    remedy: 'restore it, or move it away: what stands in it is then not read',
  });
}

function isOfZlib(error: unknown): error is NodeJS.ErrnoException {
  return (error as NodeJS.ErrnoException).code?.startsWith('Z_') === true;
}

async function* wholeLines(file: LogFile, from: number, isLast: boolean): AsyncGenerator<{ text: string; end: number }> {
  const raw = file.handle.createReadStream({ start: file.packed ? 0 : from, autoClose: false });
  const stream = file.packed ? raw.pipe(createGunzip()) : raw;
  raw.on('error', (error) => stream.destroy(error));
  let skip = file.packed ? from : 0;
  let end = from;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of unpacking(stream, file.path)) {
    let bytes = chunk as Buffer;
    if (skip > 0) {
      const cut = Math.min(skip, bytes.length);
      skip -= cut;
      bytes = bytes.subarray(cut);
    }
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    let start = 0;
    for (let at = rest.indexOf(NEWLINE, start); at >= 0; at = rest.indexOf(NEWLINE, start)) {
      end += at + 1 - start;
      yield { text: rest.toString('utf8', start, at), end };
      start = at + 1;
    }
    rest = rest.subarray(start);
  }
  // A rotated file gets no more: what stands there without a newline was all.
  if (!isLast && rest.length > 0) yield { text: rest.toString('utf8'), end: end + rest.length };
}
