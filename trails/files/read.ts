/** Audit records from files, one at a time; what cannot be read is named by file and line. */
import { createReadStream, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { type AuditEvent, DrifttrailError, type Json, type JsonObject, type TrailContext } from 'drifttrail';
import { isUnwanted, parseRecord } from '../_cloudtrail/parse.ts';
import { recordsOf } from '../_cloudtrail/records.ts';
import { siftRecords } from '../_cloudtrail/sift.ts';
import { skipSpace, skipValue } from '../_cloudtrail/skip.ts';
import { unpacked } from '../_cloudtrail/unpack.ts';
import { findFiles } from './paths.ts';

export interface ReadFilesOptions {
  /** Milliseconds added to every event's time. */
  readonly shift?: number;
  /** Which calls that only read are wanted; all without it. */
  readonly reads?: TrailContext['reads'];
  /** Called for each record that is not wanted. */
  readonly passed?: (record: JsonObject) => void;
  /** Called for each file that is read. */
  readonly opened?: (file: string) => void;
  /** Called for every file or record that cannot be read; without it the first one is thrown. */
  readonly problem?: (error: DrifttrailError) => void;
}

/**
 * The events of `.json`, `.jsonl` (and `.gz`) files, folders and patterns: CloudTrail files (`{Records}`), LookupEvents
 * answers, EventBridge events, exports of CloudWatch Logs and of log shippers, or plain records. Throws `trail-file-missing` and `trail-file-invalid`.
 */
export async function* readTrailFiles(paths: readonly string[], options: ReadFilesOptions = {}): AsyncGenerator<AuditEvent> {
  const report = options.problem ?? fail;
  for await (const { file, content } of loaded(findFiles(paths))) {
    options.opened?.(file);
    for await (const { document, line } of documentsOf(file, content, options, report)) {
      const records = recordsOf(document);
      let others = 0;
      for (const record of records) {
        if (record !== undefined && isUnwanted(record, options.reads)) {
          options.passed?.(record);
          continue;
        }
        const event = record === undefined ? undefined : parseRecord(record);
        if (event === undefined) others++;
        else yield options.shift === undefined ? event : { ...event, time: moved(event.time, options.shift) };
      }
      if (others > 0) report(invalid({ file, ...line }, noRecords(others, records.length)));
    }
  }
}

interface Placed {
  readonly document: Json;
  readonly line: { readonly line?: number };
}

/** A whole file as bytes; lines are read one by one instead. */
type Content = () => Promise<Buffer>;

async function load(file: string): Promise<Buffer> {
  const bytes = await readFile(file);
  requireWhole(bytes.length, file);
  return withoutMark(await unpacked(bytes));
}

/** The next file is read and unpacked, by another thread, while one is worked on. */
async function* loaded(files: readonly string[]): AsyncGenerator<{ readonly file: string; readonly content: Content }> {
  const start = (file: string | undefined): Promise<PromiseSettledResult<Buffer>[]> =>
    file === undefined || IN_LINES.test(file) ? Promise.resolve([]) : Promise.allSettled([load(file)]);
  let next = start(files[0]);
  for (const [index, file] of files.entries()) {
    const [result] = await next;
    next = start(files[index + 1]);
    yield {
      file,
      content: async () => {
        if (result?.status === 'rejected') throw result.reason;
        return result?.value ?? load(file);
      },
    };
  }
}

function noRecords(others: number, all: number): string {
  return others === all ? 'it holds no audit records' : `${others} of ${all} things in it are no audit records`;
}

/** The time that CloudWatch Logs writes before each line that it exports, and the stream that its tail adds. */
const BEFORE = /^\d{4}-\d\d-\d\dT\S+[ \t]+(?:\S+[ \t]+)?(?=\{)/;
const LINES = /^\s*(?:\{.*\}\s*\n\s*\{|\d{4}-\d\d-\d\dT[^{\n]*\{)/;
/** A first line that names columns. */
const TABLE = /^\s*[\w" -]+(?:,[\w" -]+){2,}\r?\n/;
const PACKED = /\.gz$/i;

/** An archive has a head, whatever is in it: none at all was cut off. */
function requireWhole(bytes: number, file: string): void {
  if (bytes === 0 && PACKED.test(file)) throw new Error('the archive is cut off: not a byte of it is there');
}

/** Editors and shells of Windows begin a text with a byte order mark, which JSON does not know. */
function withoutMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

const IN_LINES = /\.(jsonl|ndjson)(\.gz)?$/i;

async function* documentsOf(
  file: string,
  content: Content,
  options: ReadFilesOptions,
  report: (error: DrifttrailError) => void,
): AsyncGenerator<Placed> {
  try {
    yield* IN_LINES.test(file) ? lines(file, report) : whole(file, await content(), options, report);
  } catch (cause) {
    if (cause instanceof DrifttrailError) throw cause;
    report(invalid({ file }, (cause as Error).message, cause));
  }
}

async function* lines(file: string, report: (error: DrifttrailError) => void): AsyncGenerator<Placed> {
  requireWhole(statSync(file).size, file);
  const raw = createReadStream(file);
  const input = PACKED.test(file) ? raw.pipe(createGunzip()) : raw;
  raw.on('error', (error) => input.destroy(error));
  let line = 0;
  let isEmpty = true;
  for await (const read of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    const text = line === 0 ? read.replace(/^\uFEFF/, '') : read;
    line++;
    if (text.trim() === '') continue;
    isEmpty = false;
    try {
      yield { document: JSON.parse(text.replace(BEFORE, '')) as Json, line: { line } };
    } catch (cause) {
      if (!(cause instanceof SyntaxError)) throw cause;
      report(invalid({ file, line }, cause.message, cause));
    }
  }
  if (isEmpty) report(empty(file));
}

async function* whole(
  file: string,
  bytes: Buffer,
  { reads, passed }: ReadFilesOptions,
  report: (error: DrifttrailError) => void,
): AsyncGenerator<Placed> {
  const wanted = reads === undefined ? undefined : siftRecords(bytes, reads, passed);
  if (wanted !== undefined) {
    yield { document: wanted, line: {} };
    return;
  }
  const text = bytes.toString('utf8');
  if (text.trim() === '') {
    report(empty(file));
    return;
  }
  let document: Json;
  try {
    document = JSON.parse(text) as Json;
  } catch (cause) {
    const several = severalOf(bytes);
    // Some tools write one record a line under the name .json.
    if (LINES.test(text)) yield* lines(file, report);
    else if (several !== undefined) for (const one of several) yield { document: one, line: {} };
    else if (TABLE.test(text)) report(invalid({ file }, 'it is CSV, which leaves out what the calls asked for: save the records as JSON'));
    else report(invalid({ file, ...lineOf(text, cause as Error) }, (cause as Error).message, cause));
    return;
  }
  yield { document, line: {} };
}

/** Documents one after the other, as jq prints them; undefined when anything else stands between or behind them. */
function severalOf(bytes: Buffer): Json[] | undefined {
  const found: Json[] = [];
  for (let at = skipSpace(bytes, 0); at < bytes.length; ) {
    const end = skipValue(bytes, at);
    if (end === -1) return undefined;
    found.push(JSON.parse(bytes.toString('utf8', at, end)) as Json);
    at = skipSpace(bytes, end);
  }
  return found;
}

/** V8 tells the offset, or quotes ten characters on each side of it, or says that the text ended. */
function lineOf(text: string, { message }: Error): { line?: number } {
  const quoted = /, (?:(\.\.\.)?"([\s\S]*?)"(?:\.\.\.)?) is not valid JSON/.exec(message);
  const start = quoted === null ? -1 : text.indexOf(quoted[2] ?? '');
  const offset = /position (\d+)/.exec(message)?.[1] ?? (start < 0 ? undefined : start + (quoted?.[1] === undefined ? 0 : 10));
  if (offset === undefined) return message.includes('end of JSON') ? { line: text.split('\n').length } : {};
  return { line: text.slice(0, Number(offset)).split('\n').length };
}

function empty(file: string): DrifttrailError {
  return invalid({ file, line: 1 }, 'the file is empty, it holds no records');
}

function invalid(position: NonNullable<DrifttrailError['position']>, why: string, cause?: unknown): DrifttrailError {
  return new DrifttrailError({ code: 'trail-file-invalid', message: why, remedy: 'repair the file or leave it out', position, cause });
}

function fail(error: DrifttrailError): never {
  throw error;
}

function moved(time: string, by: number): string {
  return new Date(Date.parse(time) + by).toISOString().replace('.000Z', 'Z');
}
