/** Recorded answers: JSON lines that stand in for AWS, made by one run and read by another. Format: README.md. */
import { appendFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DrifttrailError, isObject, type Json, type JsonObject } from 'drifttrail';
import type { Answer, AwsRequest, Send } from './api.ts';
import { errorName } from './errors.ts';

/** One line of a recording. `*` as account, region or input fits any. */
interface Line {
  readonly account: string;
  readonly region: string;
  readonly service: string;
  readonly operation: string;
  readonly input: JsonObject | '*';
  readonly output?: Json;
  readonly error?: { readonly name: string; readonly message: string; readonly status?: number };
}

export type Recording = ReadonlyMap<string, Line>;

/** Reads every `*.jsonl` of a folder. Of two lines for one request the later counts. */
export async function readRecording(folder: string): Promise<Recording> {
  const files = await readdir(folder).catch((cause: unknown) => {
    throw new DrifttrailError({
      code: 'replay-missing',
      message: `cannot read the recorded answers in ${folder}`,
      remedy: 'check the option replay, or make the folder with the option record',
      cause,
    });
  });
  const lines = new Map<string, Line>();
  for (const file of files.filter((name) => name.endsWith('.jsonl')).sort()) {
    const path = join(folder, file);
    const text = await readFile(path, 'utf8');
    text.split('\n').forEach((source, index) => {
      if (source.trim() === '') return;
      const line = parseLine(source, path, index + 1);
      lines.set(keyOf(line.account, line.region, line.service, line.operation, line.input), line);
    });
  }
  return lines;
}

/** A sender that answers for one account from a recording. `account` is its number, or its label before that is known. */
export function replaying(recording: Recording, account: string): Send {
  return async ({ service, operation, input, region }, signal) => {
    signal.throwIfAborted();
    for (const key of candidates(account, region, service, operation, input)) {
      const line = recording.get(key);
      if (line === undefined) continue;
      if (line.error !== undefined) throw revivedError(line.error);
      return revive(line.output ?? {}) as Answer;
    }
    throw new DrifttrailError({
      code: 'not-recorded',
      message: `no recorded answer of ${account} for ${JSON.stringify(input)}`,
      remedy: 'record again',
    });
  };
}

/** A sender that passes requests on and writes every answer, errors too, to `<folder>/<account>.<region>.jsonl`. */
export function recordingTo(folder: string, account: string, send: Send): Send {
  const write = async (request: AwsRequest, result: Pick<Line, 'output' | 'error'>) => {
    const { service, operation, region, input } = request;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const line = JSON.stringify({ account, region, service, operation, input, ...result });
    await appendFile(join(folder, `${account.replaceAll(/[^\w.@-]/g, '_')}.${region}.jsonl`), `${line}\n`, { mode: 0o600 });
  };
  return async (request, signal) => {
    let answer: Answer;
    try {
      answer = await send(request, signal);
    } catch (error) {
      const status = (error as { $metadata?: { httpStatusCode?: number } } | null)?.$metadata?.httpStatusCode;
      const message = error instanceof Error ? error.message : String(error);
      await write(request, { error: { name: errorName(error), message, ...(status === undefined ? {} : { status }) } });
      throw error;
    }
    await write(request, { output: storable(answer) });
    return answer;
  };
}

function candidates(account: string, region: string, service: string, operation: string, input: JsonObject): string[] {
  const keys: string[] = [];
  for (const wantedInput of [input, '*' as const]) {
    for (const wantedAccount of [account, '*']) {
      for (const wantedRegion of [region, '*']) keys.push(keyOf(wantedAccount, wantedRegion, service, operation, wantedInput));
    }
  }
  return keys;
}

function keyOf(account: string, region: string, service: string, operation: string, input: JsonObject | '*'): string {
  const plainInput = input === '*' ? '*' : JSON.stringify(Object.entries(input).sort(([a], [b]) => (a < b ? -1 : 1)));
  return [account, region, service, operation, plainInput].join(' ');
}

function parseLine(source: string, file: string, line: number): Line {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (cause) {
    throw invalidLine(file, line, 'is no JSON', cause);
  }
  if (!isObject(value)) throw invalidLine(file, line, 'is no object');
  for (const field of ['account', 'region', 'service', 'operation']) {
    if (typeof value[field] !== 'string') throw invalidLine(file, line, `has no ${field}`);
  }
  if (value.output === undefined && value.error === undefined) throw invalidLine(file, line, 'has neither output nor error');
  return { input: {}, ...value } as unknown as Line;
}

function invalidLine(file: string, line: number, what: string, cause?: unknown): DrifttrailError {
  return new DrifttrailError({
    code: 'replay-invalid',
    message: `a line of the recorded answers ${what}`,
    remedy: 'record again, or remove the line',
    position: { file, line },
    ...(cause === undefined ? {} : { cause }),
  });
}

function revivedError(error: { name: string; message: string; status?: number }): Error {
  return Object.assign(new Error(error.message), { name: error.name, $metadata: { httpStatusCode: error.status } });
}

/** Dates as `{ "$date": "…" }`; the SDK's own metadata is left out. */
function storable(value: unknown): Json {
  if (value instanceof Date) return { $date: value.toISOString() };
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64'); // as `camelObject` writes it
  if (Array.isArray(value)) return value.map(storable);
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([name, field]) => name !== '$metadata' && field !== undefined);
    return Object.fromEntries(entries.map(([name, field]) => [name, storable(field)]));
  }
  return (value ?? null) as Json;
}

function revive(value: Json): unknown {
  if (Array.isArray(value)) return value.map(revive);
  if (!isObject(value)) return value;
  if (typeof value.$date === 'string' && Object.keys(value).length === 1) return new Date(value.$date);
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, revive(field)]));
}
