/** Audit records from files, one at a time; what cannot be read is named by file and line. */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { createGunzip, gunzipSync } from 'node:zlib';
import { type AuditEvent, DrifttrailError, type Json, type JsonObject, type TrailContext } from 'drifttrail';
import { isUnwanted, parseRecord } from '../_cloudtrail/parse.ts';
import { recordsOf } from '../_cloudtrail/records.ts';
import { findFiles } from './paths.ts';

export interface ReadFilesOptions {
  /** Milliseconds added to every event's time. */
  readonly shift?: number;
  /** Which calls that only read are wanted; all without it. */
  readonly reads?: TrailContext['reads'];
  /** Called for each record that is not wanted. */
  readonly passed?: (record: JsonObject) => void;
  /** Called for every file or record that cannot be read; without it the first one is thrown. */
  readonly problem?: (error: DrifttrailError) => void;
}

/**
 * The events of `.json`, `.jsonl` (and `.gz`) files, folders and patterns: CloudTrail files (`{Records}`), LookupEvents
 * answers, EventBridge events, or plain records. Throws `trail-file-missing` and `trail-file-invalid`.
 */
export async function* readTrailFiles(paths: readonly string[], options: ReadFilesOptions = {}): AsyncGenerator<AuditEvent> {
  const report = options.problem ?? fail;
  for (const file of findFiles(paths)) {
    for await (const { document, line } of documentsOf(file, report)) {
      for (const record of recordsOf(document)) {
        if (record !== undefined && isUnwanted(record, options.reads)) {
          options.passed?.(record);
          continue;
        }
        const event = record === undefined ? undefined : parseRecord(record);
        if (event === undefined) report(invalid({ file, ...line }, 'it holds no audit records'));
        else yield options.shift === undefined ? event : { ...event, time: moved(event.time, options.shift) };
      }
    }
  }
}

interface Placed {
  readonly document: Json;
  readonly line: { readonly line?: number };
}

async function* documentsOf(file: string, report: (error: DrifttrailError) => void): AsyncGenerator<Placed> {
  try {
    yield* /\.(jsonl|ndjson)(\.gz)?$/i.test(file) ? lines(file, report) : whole(file, report);
  } catch (cause) {
    if (cause instanceof DrifttrailError) throw cause;
    report(invalid({ file }, (cause as Error).message, cause));
  }
}

async function* lines(file: string, report: (error: DrifttrailError) => void): AsyncGenerator<Placed> {
  const raw = createReadStream(file);
  const input = file.endsWith('.gz') ? raw.pipe(createGunzip()) : raw;
  raw.on('error', (error) => input.destroy(error));
  let line = 0;
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    line++;
    if (text.trim() === '') continue;
    try {
      yield { document: JSON.parse(text) as Json, line: { line } };
    } catch (cause) {
      if (!(cause instanceof SyntaxError)) throw cause;
      report(invalid({ file, line }, cause.message, cause));
    }
  }
}

async function* whole(file: string, report: (error: DrifttrailError) => void): AsyncGenerator<Placed> {
  const bytes = await readFile(file);
  const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8');
  if (text.trim() === '') {
    report(invalid({ file, line: 1 }, 'the file is empty'));
    return;
  }
  let document: Json;
  try {
    document = JSON.parse(text) as Json;
  } catch (cause) {
    // Some tools write one record a line under the name .json.
    if (/^\s*\{.*\}\s*\n\s*\{/.test(text)) yield* lines(file, report);
    else report(invalid({ file, ...lineOf(text, cause as Error) }, (cause as Error).message, cause));
    return;
  }
  yield { document, line: {} };
}

/** V8 tells the offset, or quotes ten characters on each side of it, or says that the text ended. */
function lineOf(text: string, { message }: Error): { line?: number } {
  const quoted = /, (?:(\.\.\.)?"([\s\S]*?)"(?:\.\.\.)?) is not valid JSON/.exec(message);
  const start = quoted === null ? -1 : text.indexOf(quoted[2] ?? '');
  const offset = /position (\d+)/.exec(message)?.[1] ?? (start < 0 ? undefined : start + (quoted?.[1] === undefined ? 0 : 10));
  if (offset === undefined) return message.includes('end of JSON') ? { line: text.split('\n').length } : {};
  return { line: text.slice(0, Number(offset)).split('\n').length };
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
