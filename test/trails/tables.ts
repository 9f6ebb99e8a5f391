/** CloudTrail's records in tables of the embedded engine, shaped as Athena's and CloudTrail Lake's. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Json, JsonObject } from '../../src/model.ts';
import { isObject } from '../../src/pointer.ts';

export type CloudTrailRecord = JsonObject & { readonly eventID: string; readonly eventTime: string };

/** Real records, moved to a second each from 10:00:00 on, all in known accounts. */
export const RECORDS: readonly CloudTrailRecord[] = readFileSync(new URL('../fixtures/cloudtrail/table.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line, index) => {
    const record = JSON.parse(line) as CloudTrailRecord;
    return { recipientAccountId: '123456789012', ...record, eventTime: timeAt(index) };
  });

export function timeAt(second: number): string {
  return new Date(Date.parse('2026-07-01T10:00:00Z') + second * 1000).toISOString().replace('.000Z', 'Z');
}

const SESSION = (more: string) =>
  `struct<attributes:struct<mfaauthenticated:string,creationdate:${more === '' ? 'string' : 'timestamp'}>,sessionissuer:struct<type:string,principalid:string,arn:string,accountid:string,username:string>,ec2roledelivery:string,webidfederationdata:struct<federatedprovider:string,attributes:map<string,string>>${more}>`;
const IDENTITY = (more: string, first: string) =>
  `struct<type:string,principalid:string,arn:string,accountid:string,invokedby:string,accesskeyid:string,username:string,onbehalfof:struct<userid:string,identitystorearn:string>,sessioncontext:${SESSION(more)}${first}>`;
const TEXTS = [
  ...['eventversion', 'eventsource', 'eventname', 'awsregion', 'sourceipaddress', 'useragent', 'errorcode', 'errormessage'],
  ...['requestid', 'eventid', 'eventtype', 'apiversion', 'recipientaccountid', 'sharedeventid', 'vpcendpointid', 'eventcategory'],
  'sessioncredentialfromconsole',
];
const DOCUMENTS = ['requestparameters', 'responseelements', 'additionaleventdata', 'serviceeventdetails'];
const named = (names: readonly string[], type: string): [string, string][] => names.map((name) => [name, type]);

/** As in https://docs.aws.amazon.com/athena/latest/ug/create-cloudtrail-table.html, in Hive's types. */
export const ATHENA_COLUMNS: readonly (readonly [string, string])[] = [
  ...named([...TEXTS, ...DOCUMENTS, 'eventtime', 'readonly'], 'string'),
  ['useridentity', IDENTITY('', '')],
  ['resources', 'array<struct<arn:string,accountid:string,type:string>>'],
  ['addendum', 'struct<reason:string,updatedfields:string,originalrequestid:string,originaleventid:string>'],
  ['tlsdetails', 'struct<tlsversion:string,ciphersuite:string,clientprovidedhostheader:string>'],
];

/** As in https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-supported-event-schemas.html */
export const LAKE_COLUMNS: readonly (readonly [string, string])[] = [
  ...named([...TEXTS, 'eventjson'], 'string'),
  ...named([...DOCUMENTS, 'addendum'], 'map<string,string>'),
  ['useridentity', IDENTITY(',sourceidentity:string', ',identityprovider:string')],
  ['resources', 'array<struct<accountid:string,type:string,arn:string,arnprefix:string>>'],
  ['eventtime', 'timestamp'],
  ['readonly', 'boolean'],
  ['managementevent', 'boolean'],
];

/** What Presto and Trino have and this engine calls by another name. */
const DIALECT = [
  'CREATE MACRO json_format(value) AS CAST(value AS VARCHAR)',
  'CREATE MACRO json_extract_scalar(document, path) AS json_extract_string(document, path)',
  'CREATE MACRO element_at(document, key) AS map_extract_value(document, key)',
];

export interface Tables {
  readonly query: (sql: string) => Promise<readonly (readonly (string | null)[])[]>;
  /** `partitions` gives the values of a record's partition keys. */
  readonly add: (
    name: string,
    columns: readonly (readonly [string, string])[],
    records: readonly CloudTrailRecord[],
    partitions?: (record: CloudTrailRecord) => Readonly<Record<string, string>>,
  ) => Promise<void>;
  readonly close: () => void;
}

export async function openTables(): Promise<Tables> {
  const dir = mkdtempSync(join(tmpdir(), 'drifttrail-tables-'));
  const instance = await DuckDBInstance.create(':memory:', { threads: '1', memory_limit: '256MB' });
  const connection = await instance.connect();
  for (const statement of DIALECT) await connection.run(statement);
  return {
    query: async (sql) =>
      (await connection.runAndReadAll(sql))
        .getRows()
        .map((row) => row.map((cell) => (cell === null || cell === undefined ? null : String(cell)))),
    add: async (name, columns, records, partitions) => {
      const rows = records.map((record) => ({ ...rowOf(record, columns), ...partitions?.(record) }));
      const keys = Object.keys(records[0] === undefined ? {} : (partitions?.(records[0]) ?? {}));
      const file = join(dir, `${rows.length}.jsonl`);
      writeFileSync(file, rows.map((row) => JSON.stringify(row)).join('\n'));
      const types = [...columns, ...named(keys, 'string')].map(([column, type]) => `'${column}': '${duckType(type)}'`);
      const [schema, table] = name.split('.');
      await connection.run(`CREATE SCHEMA IF NOT EXISTS "${table === undefined ? 'main' : schema}"`);
      await connection.run(
        `CREATE TABLE ${name
          .split('.')
          .map((part) => `"${part}"`)
          .join('.')} AS SELECT * FROM read_json('${file}', format = 'newline_delimited', columns = {${types.join(', ')}})`,
      );
    },
    close: () => {
      connection.closeSync();
      instance.closeSync();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function rowOf(record: CloudTrailRecord, columns: readonly (readonly [string, string])[]): JsonObject {
  const lowered = lower(record) as JsonObject;
  const entries = columns.map(([name, type]) => {
    if (name === 'eventjson') return [name, JSON.stringify(record)];
    const value = lowered[name] ?? null;
    const original = record[Object.keys(record).find((key) => key.toLowerCase() === name) ?? ''] ?? null;
    if (type.startsWith('map')) return [name, isObject(original) ? mapOf(original) : null];
    if (DOCUMENTS.includes(name)) return [name, original === null ? null : JSON.stringify(original)];
    if (type === 'string' && value !== null) return [name, String(value)];
    return [name, value];
  });
  return Object.fromEntries(entries) as JsonObject;
}

/** Maps hold strings: what is deeper is JSON. */
function mapOf(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, typeof item === 'string' ? item : JSON.stringify(item)]));
}

function lower(value: Json): Json {
  if (Array.isArray(value)) return value.map(lower);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key.toLowerCase(), lower(item)]));
}

/** `struct<a:string>` → `STRUCT("a" VARCHAR)`. */
function duckType(type: string): string {
  return type
    .replaceAll(/(\w+):/g, '"$1" ')
    .replaceAll('string', 'VARCHAR')
    .replaceAll(/struct</g, 'STRUCT(')
    .replaceAll(/map</g, 'MAP(')
    .replaceAll(/array<(.*)>$/g, '$1[]')
    .replaceAll('>', ')');
}
