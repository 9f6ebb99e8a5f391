/** The questions to a table of CloudTrail's records, as SQL that Presto and Trino understand. */
import type { Span } from '../_cloudtrail/resume.ts';
import type { Column, Quote } from './columns.ts';
import { isText, recordColumns } from './columns.ts';
import { oneOf, text } from './sql.ts';
import { type Schema, typeAt } from './types.ts';

export interface Table {
  /** As it stands after FROM. */
  readonly from: string;
  readonly schema: Schema;
  readonly quote: Quote;
  /** How a time is written: CloudTrail Lake compares timestamps with text, Trino wants them typed. */
  readonly timestamp: 'text' | 'typed';
  /** The whole record stands in `eventjson`; otherwise it is put together from the columns. */
  readonly whole: boolean;
  /** What spares reading partitions; added to every question. */
  readonly partitions: (scope: Scope) => readonly string[];
  /** Accounts and regions that must be named because the partitions cannot be listed. */
  readonly named?: { readonly region: boolean };
}

export interface Scope extends Span {
  readonly accounts?: readonly string[] | undefined;
  readonly regions?: readonly string[] | undefined;
}

const ISSUERS = ['AssumeRole', 'AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity', 'AssumeRoot', 'GetSessionToken', 'GetFederationToken'];
/** The longest that credentials of a role may last. Milliseconds. */
const LONGEST_SESSION = 12 * 3_600_000;

/** The columns that `writesQuery` and `issuersQuery` select, in order. */
export function columnsOf({ whole, schema, quote }: Table): readonly Column[] {
  return whole ? [{ sql: quote('eventjson'), path: '', form: 'json' }] : recordColumns(schema, quote);
}

/** Everything that may have changed something in the span, ends included. */
export function writesQuery(table: Table, scope: Scope): string {
  const readOnly = table.quote('readonly');
  // Old records do not say whether they only read.
  const write = isText(typeAt(table.schema, ['readonly']) ?? '')
    ? `coalesce(${readOnly}, 'false') <> 'true'`
    : `coalesce(${readOnly}, false) = false`;
  return select(columnsOf(table), table, [...within(table, scope), write]);
}

/** The calls that issued credentials, which may be older than what was done with them. Credentials come from records. */
export function issuersQuery(table: Table, credentials: readonly string[], scope: Scope): string {
  const from = new Date(Date.parse(scope.from) - LONGEST_SESSION).toISOString();
  const regions = table.named?.region === true ? scope.regions : undefined; // a role is assumed anywhere
  return select(columnsOf(table), table, [
    ...within(table, { ...scope, from, regions }),
    oneOf(table.quote('eventname'), ISSUERS),
    oneOf(issuedBy(table), credentials),
  ]);
}

/** Where anything at all was recorded. */
export function placesQuery(table: Table, scope: Scope): string {
  const places = ['recipientaccountid', 'awsregion'].map((name) => ({ sql: table.quote(name) }));
  return select(places, table, within(table, scope), 'DISTINCT ');
}

function select(columns: readonly { readonly sql: string }[], { from }: Table, conditions: readonly string[], distinct = ''): string {
  const list = columns.map(({ sql }, index) => `${sql} AS c${index}`).join(', ');
  return `SELECT ${distinct}${list} FROM ${from} WHERE ${conditions.join(' AND ')}`;
}

function within(table: Table, scope: Scope): string[] {
  const { quote, schema, partitions } = table;
  const category = quote('eventcategory');
  return [
    ...partitions(scope),
    `${quote('eventtime')} >= ${instant(table, scope.from, 0)}`,
    `${quote('eventtime')} <= ${instant(table, scope.to, 999)}`,
    ...(scope.accounts === undefined ? [] : [oneOf(quote('recipientaccountid'), scope.accounts)]),
    ...(scope.regions === undefined ? [] : [oneOf(quote('awsregion'), scope.regions)]),
    // Of data events there may be millions, and none changes what is tracked.
    ...(schema.has('eventcategory') ? [`coalesce(${category}, 'Management') = 'Management'`] : []),
  ];
}

/** Records have whole seconds: the begin is rounded down and the end up. */
function instant({ schema, timestamp }: Table, time: string, up: number): string {
  const seconds = new Date(Date.parse(time) + up).toISOString().slice(0, 19);
  if (isText(typeAt(schema, ['eventtime']) ?? '')) return text(`${seconds}Z`);
  const literal = text(seconds.replace('T', ' '));
  return timestamp === 'typed' ? `timestamp ${literal}` : literal;
}

function issuedBy({ schema, quote }: Table): string {
  const column = quote('responseelements');
  return isText(typeAt(schema, ['responseelements']) ?? '')
    ? `json_extract_scalar(${column}, '$.credentials.accessKeyId')`
    : `json_extract_scalar(element_at(${column}, 'credentials'), '$.accessKeyId')`;
}
