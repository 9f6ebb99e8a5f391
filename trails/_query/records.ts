/** Rows of a query as the records that they were. */
import { type AuditEvent, isObject, type Json, type JsonObject } from 'drifttrail';
import { AnswerError } from '../../exporters/_aws/errors.ts';
import { parseRecord } from '../_cloudtrail/parse.ts';
import type { Column } from './columns.ts';

/** In the order of the columns; undefined for NULL. */
export type Row = readonly (string | undefined)[];

/** Throws AnswerError for a row that holds no record. */
export function eventOf(columns: readonly Column[], row: Row): AuditEvent {
  const event = parseRecord(recordOf(columns, row));
  if (event === undefined) throw new AnswerError('invalid', 'a row holds no CloudTrail record');
  return event;
}

function recordOf(columns: readonly Column[], row: Row): Json {
  const record: JsonObject = {};
  for (const [index, column] of columns.entries()) {
    const cell = row[index];
    if (cell === undefined || cell === '') continue;
    const value = READ[column.form](cell, column);
    if (column.path === '') return value;
    if (value !== null) put(record, column.path.split('.'), value);
  }
  return record;
}

/** In a map of strings a policy that the record has as a string looks like one that it has as an object; these are strings. */
const STRINGS = /policyDocument$|^policy$/i;

const READ: Readonly<Record<Column['form'], (cell: string, column: Column) => Json>> = {
  text: (cell, { path }) => (path === 'eventTime' ? isoTime(cell) : cell),
  json: parsed,
  map: (cell) => {
    const map = parsed(cell);
    if (!isObject(map)) return null;
    return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, STRINGS.test(key) ? value : nested(value)]));
  },
  resources: (cell, { parts = [] }) => {
    const list = parsed(cell);
    return Array.isArray(list) ? list.map((item: Json) => resource(item, parts)) : null;
  },
};

/** Presto prints a row as a list of its parts, Trino as an object of them. */
function resource(item: Json, parts: readonly string[]): JsonObject {
  const given = Array.isArray(item) ? Object.fromEntries(parts.map((name, index) => [name, item[index] ?? null])) : item;
  if (!isObject(given)) return {};
  const entries = [
    ['ARN', given.arn],
    ['accountId', given.accountid],
    ['type', given.type],
  ].filter(([, value]) => typeof value === 'string');
  return Object.fromEntries(entries) as JsonObject;
}

/** `2026-07-01 10:00:00.000` in UTC, as engines print timestamps. */
function isoTime(cell: string): string {
  const [, day, time] = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}(?:\.\d+)?)(?: UTC)?$/.exec(cell) ?? [];
  return day === undefined ? cell : `${day}T${time}Z`;
}

function parsed(cell: string): Json {
  try {
    return JSON.parse(cell) as Json;
  } catch (cause) {
    throw new AnswerError('invalid', `a cell that should be JSON is not: ${(cause as Error).message}`);
  }
}

/** What begins like JSON need not be it. */
function nested(value: Json): Json {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return value;
  }
}

function put(record: JsonObject, [first = '', ...rest]: readonly string[], value: Json): void {
  const target = record as Record<string, Json>;
  if (rest.length === 0) {
    target[first] = value;
    return;
  }
  const below = target[first];
  const next: JsonObject = isObject(below) ? below : {};
  target[first] = next;
  put(next, rest, value);
}
