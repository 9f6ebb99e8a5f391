/** Leaves out of a log file, before it is parsed, the records of calls that only read and that nobody asks for. */
import type { Json, JsonObject, TrailContext } from 'drifttrail';
import { isUnwanted } from './parse.ts';
import { skipSpace, skipValue } from './skip.ts';

/** The members of a record by which it is judged; each is looked at where it stands, and the last of a name counts. */
const JUDGED = ['readOnly', 'eventName', 'eventSource', 'eventTime', 'recipientAccountId', 'awsRegion'] as const;
/** A record that wraps another is judged by the inner one. */
const WRAPS = ['CloudTrailEvent', 'cloudTrailEvent'];
const NAMES = [...JUDGED, ...WRAPS].map((name) => Buffer.from(name));
const LONGEST = Math.max(...NAMES.map(({ length }) => length));
const OF_LENGTH = Array.from({ length: LONGEST + 1 }, (_, length) =>
  NAMES.flatMap((name, index) => (name.length === length ? [{ name, index }] : [])),
);

const BEGIN = /^[ \t\r\n]*\{[ \t\r\n]*"Records"[ \t\r\n]*:[ \t\r\n]*\[/;
const TRUE = Buffer.from('true');

/**
 * The records of `{"Records":[…]}` that are wanted, parsed. Follows the grammar of JSON from the first byte to the last, so
 * that nothing inside a record can pass for a record of its own. Undefined for whatever is not exactly such a file: it has
 * to be parsed as a whole, which also says what is wrong with it. `passed` is told of each record that was left out.
 */
export function siftRecords(
  bytes: Buffer,
  reads: NonNullable<TrailContext['reads']>,
  passed?: (record: JsonObject) => void,
): Json[] | undefined {
  const begin = BEGIN.exec(bytes.toString('latin1', 0, 200));
  if (begin === null) return undefined;
  const spans: { readonly start: number; readonly end: number }[] = [];
  const left: JsonObject[] = [];
  const places = new Int32Array(2 * NAMES.length);
  let at = skipSpace(bytes, begin[0].length);
  if (bytes[at] === 0x5d) at++;
  else {
    for (;;) {
      const start = at;
      places.fill(-1);
      const end = bytes[at] === 0x7b ? membersOf(bytes, at, places) : skipValue(bytes, at);
      if (end === -1) return undefined;
      const record = headOf(bytes, places);
      if (record !== undefined && isUnwanted(record, reads)) left.push(record);
      else spans.push({ start, end });
      at = skipSpace(bytes, end);
      if (bytes[at] === 0x5d) break;
      if (bytes[at] !== 0x2c) return undefined;
      at = skipSpace(bytes, at + 1);
    }
    at++;
  }
  at = skipSpace(bytes, at);
  if (bytes[at] !== 0x7d || skipSpace(bytes, at + 1) !== bytes.length) return undefined;
  if (passed !== undefined) for (const record of left) passed(record);
  return spans.map(({ start, end }) => JSON.parse(bytes.toString('utf8', start, end)) as Json);
}

/** Past an object; notes where the values of the members stand that matter. -1 when it is no JSON, or a name is written in escapes. */
function membersOf(bytes: Buffer, from: number, places: Int32Array): number {
  let at = skipSpace(bytes, from + 1);
  if (bytes[at] === 0x7d) return at + 1;
  for (;;) {
    const name = at + 1;
    at = skipPlain(bytes, at);
    if (at === -1) return -1;
    const index = indexOf(bytes, name, at - 1);
    at = skipSpace(bytes, at);
    if (bytes[at] !== 0x3a) return -1;
    const value = skipSpace(bytes, at + 1);
    const end = skipValue(bytes, value);
    if (end === -1) return -1;
    if (index !== -1) {
      places[2 * index] = value;
      places[2 * index + 1] = end;
    }
    at = skipSpace(bytes, end);
    if (bytes[at] === 0x7d) return at + 1;
    if (bytes[at] !== 0x2c) return -1;
    at = skipSpace(bytes, at + 1);
  }
}

/** Past a string without escapes; -1 for any other. */
function skipPlain(bytes: Buffer, from: number): number {
  if (bytes[from] !== 0x22) return -1;
  let at = from + 1;
  for (let byte = bytes[at] ?? 0; byte !== 0x22; byte = bytes[++at] ?? 0) if (byte < 0x20 || byte === 0x5c) return -1;
  return at + 1;
}

/** Which of the names that matter stands here; -1 for another. */
function indexOf(bytes: Buffer, from: number, end: number): number {
  const length = end - from;
  if (length > LONGEST) return -1;
  for (const { name, index } of OF_LENGTH[length] ?? []) {
    let same = 0;
    while (same < length && name[same] === bytes[from + same]) same++;
    if (same === length) return index;
  }
  return -1;
}

/** The members that a record is judged by; undefined when it has to be parsed to be judged. */
function headOf(bytes: Buffer, places: Int32Array): JsonObject | undefined {
  for (let index = JUDGED.length; index < NAMES.length; index++) if (places[2 * index] !== -1) return undefined;
  const [from = -1, to = -1] = places;
  if (from === -1 || to - from !== TRUE.length || TRUE.compare(bytes, from, to) !== 0) return undefined;
  const head: Record<string, Json> = { readOnly: true };
  for (let index = 1; index < JUDGED.length; index++) {
    const [start = -1, end = -1] = [places[2 * index], places[2 * index + 1]];
    if (start === -1) continue;
    const text = plainText(bytes, start, end);
    if (text === undefined) return undefined;
    head[JUDGED[index] as string] = text;
  }
  return head;
}

/** A string without escapes and in ASCII, as these members always are. */
function plainText(bytes: Buffer, start: number, end: number): string | undefined {
  if (bytes[start] !== 0x22) return undefined;
  for (let at = start + 1; at < end - 1; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x5c || byte >= 0x80) return undefined;
  }
  return bytes.toString('latin1', start + 1, end - 1);
}
