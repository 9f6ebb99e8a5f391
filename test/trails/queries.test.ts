/** The SQL of Lake and Athena, run on the embedded engine over real records in tables of their shapes. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AuditEvent, Json } from '../../src/model.ts';
import { isObject } from '../../src/pointer.ts';
import { parseRecord } from '../../trails/_cloudtrail/parse.ts';
import { columnsOf, issuersQuery, placesQuery, type Scope, type Table, writesQuery } from '../../trails/_query/queries.ts';
import { eventOf } from '../../trails/_query/records.ts';
import { quoted, text } from '../../trails/_query/sql.ts';
import { fieldsOf, typeAt } from '../../trails/_query/types.ts';
import { tableFrom } from '../../trails/athena/table.ts';
import { tableOf } from '../../trails/lake/index.ts';
import { LAKE } from '../../trails/lake/schema.ts';
import { ATHENA_COLUMNS, type CloudTrailRecord, LAKE_COLUMNS, openTables, RECORDS, type Tables, timeAt } from './tables.ts';

const STORE = 'a1b2c3d4-5678-90ab-cdef-example11111';
const dayOf = ({ eventTime }: CloudTrailRecord) => eventTime.slice(0, 10).replaceAll('-', '/');
const athena = (keys: readonly string[], parameters = {}, table = 'console') =>
  tableFrom(
    { database: 'default', table },
    ATHENA_COLUMNS.map(([name, type]) => ({ name, type })),
    keys.map((name) => ({ name, type: 'string' })),
    parameters,
  ).table;
/** Lake takes the id as it is; this engine wants it in quotes. */
const lake = (flattened: boolean): Table => tableOf(`"${STORE}"`, flattened);
const ORGANISATION = athena(['account', 'region', 'timestamp'], { 'projection.timestamp.format': 'yyyy/MM/dd' }, 'organisation');
const PARTS = athena(['account', 'region', 'year', 'month', 'day'], {}, 'parts');
const TABLES: readonly (readonly [string, Table])[] = [
  ['lake', lake(false)],
  ['lake, flattened', lake(true)],
  ['athena, as the console makes it', athena([])],
  ['athena, an organisation with projected partitions', ORGANISATION],
  ['athena, an organisation with partitions by hand', PARTS],
];
const ALL: Scope = { from: timeAt(0), to: timeAt(RECORDS.length) };
let tables: Tables;

beforeAll(async () => {
  tables = await openTables();
  await tables.add(STORE, LAKE_COLUMNS, RECORDS);
  await tables.add('default.console', ATHENA_COLUMNS, RECORDS);
  const place = (record: CloudTrailRecord) => ({ account: String(record['recipientAccountId']), region: String(record['awsRegion']) });
  await tables.add('default.organisation', ATHENA_COLUMNS, RECORDS, (record) => ({ ...place(record), timestamp: dayOf(record) }));
  await tables.add('default.parts', ATHENA_COLUMNS, RECORDS, (record) => {
    const [year = '', month = '', day = ''] = dayOf(record).split('/');
    return { ...place(record), year, month, day };
  });
});
afterAll(() => tables?.close());

async function events(table: Table, sql: string): Promise<AuditEvent[]> {
  const rows = await tables.query(sql);
  return rows.map((row) =>
    eventOf(
      columnsOf(table),
      row.map((cell) => cell ?? undefined),
    ),
  );
}
const parsed = RECORDS.map((record) => parseRecord(record)).filter((event) => event !== undefined);
const ids = (list: readonly AuditEvent[]) => list.map(({ id }) => id).sort();
const recorded = (record: CloudTrailRecord | undefined, key: string) => String(record?.[key]);

test.each(TABLES)('%s: exactly the writes of the span, and those that old records do not call reads', async (_name, table) => {
  const some = { from: timeAt(10), to: timeAt(40) };
  const wanted = RECORDS.filter((record, index) => index >= 10 && index <= 40 && record['readOnly'] !== true).map(({ eventID }) => eventID);
  expect(wanted.length).toBeGreaterThan(10);
  expect(ids(await events(table, writesQuery(table, some)))).toEqual(wanted.sort());
});

test.each(TABLES)('%s: only the accounts and regions that are asked for', async (_name, table) => {
  const [account, region] = [recorded(RECORDS[0], 'recipientAccountId'), recorded(RECORDS[0], 'awsRegion')];
  const found = await events(table, writesQuery(table, { ...ALL, accounts: [account, "1' OR '1'='1"], regions: [region] }));
  const wanted = parsed.filter((event) => event.account === account && event.region === region);
  expect(ids(found)).toEqual(
    ids(wanted.filter(({ id }) => RECORDS.some((record) => record.eventID === id && record['readOnly'] !== true))),
  );
  expect(found.length).toBeLessThan(RECORDS.length);
  expect(await tables.query(placesQuery(table, { ...ALL, accounts: [account], regions: [region] }))).toEqual([[account, region]]);
});

test.each(TABLES)('%s: the place of every record', async (_name, table) => {
  const places = (await tables.query(placesQuery(table, ALL))).map((row) => row.join(' ')).sort();
  expect(places).toEqual(
    [...new Set(RECORDS.map((record) => `${recorded(record, 'recipientAccountId')} ${recorded(record, 'awsRegion')}`))].sort(),
  );
});

test.each(TABLES)('%s: the events are what the records say', async (name, table) => {
  const found = new Map((await events(table, writesQuery(table, ALL))).map((event) => [event.id, event]));
  expect(found.size).toBeGreaterThan(30);
  for (const [id, event] of found) {
    const own = parsed.find((other) => other.id === id);
    if (name === 'lake') expect(event).toEqual(own);
    const { source, time, account, region, readOnly, error, actor } = event;
    expect({ name: event.name, source, time, account, region, readOnly, error, actor }).toEqual({
      ...{ name: own?.name, source: own?.source, time: own?.time, account: own?.account, region: own?.region },
      ...{ readOnly: own?.readOnly, error: own?.error, actor: own?.actor },
    });
    const loose = name === 'lake, flattened';
    expect([words(event.request, loose), words(event.response, loose)]).toEqual([
      words(own?.request ?? null, loose),
      words(own?.response ?? null, loose),
    ]);
    expect(event.extra?.['resources']).toEqual(own?.extra?.['resources'] ?? undefined);
  }
});

/** Columns that are maps hold strings: nothing tells a number from its digits, nor JSON in a string from an object. */
function words(value: Json, loose: boolean): Json {
  if (!loose || !isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, key === 'policyDocument' ? item : plain(item)]));
}

function plain(item: Json): Json {
  if (typeof item === 'object' && item !== null) return item;
  return String(item).startsWith('{') ? (JSON.parse(String(item)) as Json) : String(item);
}

test.each(TABLES)('%s: who issued a credential, up to twelve hours before', async (_name, table) => {
  const issuers = parsed.filter(({ issued }) => issued !== undefined);
  const [first] = issuers;
  expect(first?.issued).toBeDefined();
  const later = { from: '2026-07-01T21:00:00Z', to: '2026-07-01T22:00:00Z', regions: ['eu-nowhere-1'] };
  const credentials = [first?.issued ?? '', 'ASIANOBODY'];
  expect(ids(await events(table, issuersQuery(table, credentials, later)))).toEqual(
    ids(issuers.filter(({ issued }) => issued === first?.issued)),
  );
  const muchLater = { from: '2026-07-01T22:30:00Z', to: '2026-07-01T23:00:00Z' };
  expect(await events(table, issuersQuery(table, credentials, muchLater))).toEqual([]);
});

test('the days of delivery are chosen by partition: near midnight the next too', () => {
  const late = { from: '2026-06-30T23:10:00Z', to: '2026-06-30T23:50:00Z', accounts: ['123456789012'] };
  const sql = writesQuery(ORGANISATION, late);
  expect(sql).toContain(`"timestamp" BETWEEN '2026/06/30' AND '2026/07/01'`);
  expect(sql).toContain(`"account" IN ('123456789012')`);
  expect(sql).not.toContain('"region" IN');
  expect(writesQuery(PARTS, late)).toContain(
    `(("year" = '2026' AND "month" = '06' AND "day" IN ('30')) OR ("year" = '2026' AND "month" = '07' AND "day" IN ('01')))`,
  );
});

test('partitions in other forms: by the hour, with dashes, as dates and numbers; unknown ones narrow nothing', () => {
  const conditions = (keys: [string, string][], parameters = {}) =>
    tableFrom(
      { database: 'd', table: 't' },
      ATHENA_COLUMNS.map(([name, type]) => ({ name, type })),
      keys.map(([name, type]) => ({ name, type })),
      parameters,
    );
  const scope = { from: '2026-07-01T10:00:00Z', to: '2026-07-01T11:00:00Z', regions: ['eu-west-1'] };
  const of = (...given: Parameters<typeof conditions>) => conditions(...given).table.partitions(scope);
  expect(of([['date', 'date']])).toEqual([`"date" BETWEEN date '2026-07-01' AND date '2026-07-01'`]);
  expect(of([['dt', 'string']], { 'projection.dt.format': 'yyyy-MM-dd-HH' })).toEqual([`"dt" BETWEEN '2026-07-01-00' AND '2026-07-01-23'`]);
  expect(of([['aws_region', 'string']])).toEqual([`"aws_region" IN ('eu-west-1')`]);
  expect(
    of([
      ['year', 'int'],
      ['month', 'int'],
      ['day', 'int'],
    ]),
  ).toEqual(['(("year" = 2026 AND "month" = 7 AND "day" IN (1)))']);
  expect(of([['team', 'string']])).toEqual([]);
  expect(of([['timestamp', 'string']], { 'projection.timestamp.format': 'dd.MM.yyyy' })).toEqual([]);
  expect(conditions([['account', 'string']], { 'projection.account.type': 'injected' }).division).toMatchObject({
    needs: ['accounts'],
    undivided: true,
  });
});

test('a table that is not of records is refused by name', () => {
  expect(() => tableFrom({ database: 'd', table: 'flows' }, [{ name: 'eventtime', type: 'string' }], [], {})).toThrow(
    /d\.flows is no table.*eventsource/,
  );
});

test('nothing gets into a statement but as a literal or a name', () => {
  expect(text(`o'clock`)).toBe(`'o''clock'`);
  expect(() => text('a\nb')).toThrow('cannot stand in a query');
  expect(() => text('ключ')).toThrow('cannot stand in a query');
  expect(quoted('timestamp')).toBe('"timestamp"');
  expect(() => quoted('a" OR "b')).toThrow('cannot stand in a query');
  expect(() => quoted('')).toThrow('cannot stand in a query');
});

test('no question is longer than CloudTrail Lake takes', () => {
  const many = (count: number, value: string) => Array.from({ length: count }, () => value);
  const scope = { ...ALL, accounts: many(200, '123456789012'), regions: many(34, 'ap-northeast-1') };
  for (const flattened of [false, true]) {
    const table = tableOf(STORE, flattened);
    expect(writesQuery(table, scope).length).toBeLessThanOrEqual(10_000);
    expect(issuersQuery(table, many(100, 'ASIAIOSFODNN7EXAMPLE'), scope).length).toBeLessThanOrEqual(10_000);
  }
});

test('types of columns are followed into structs', () => {
  expect(fieldsOf('array<struct<arn:string,accountid:string>>').map(([name]) => name)).toEqual(['arn', 'accountid']);
  expect(fieldsOf('map<string,string>')).toEqual([]);
  expect(typeAt(LAKE, ['useridentity', 'sessioncontext', 'sessionissuer', 'username'])).toBe('string');
  expect(typeAt(LAKE, ['useridentity', 'sessioncontext', 'attributes', 'creationdate'])).toBe('timestamp');
  expect(typeAt(LAKE, ['useridentity', 'nothing', 'below'])).toBeUndefined();
});
