/** The table as the catalogue describes it: its columns and partitions decide what can be asked. */
import { DrifttrailError, isObject, type Json, type JsonObject } from 'drifttrail';
import type { Send } from '../../exporters/_aws/api.ts';
import { camelObject, plainObject } from '../../exporters/_aws/camel.ts';
import { AnswerError } from '../../exporters/_aws/errors.ts';
import type { Table } from '../_query/queries.ts';
import { quoted } from '../_query/sql.ts';
import { type Division, divisionOf, type PartitionKey } from './partitions.ts';

export interface TableName {
  readonly catalog: string;
  readonly database: string;
  readonly table: string;
  readonly workgroup: string;
}

export interface Described {
  readonly table: Table;
  readonly division: Division;
}

const NEEDED = [
  'eventtime',
  'eventsource',
  'eventname',
  'eventid',
  'awsregion',
  'recipientaccountid',
  'readonly',
  'useridentity',
  'requestparameters',
  'responseelements',
];

/** Rejects with the SDK's errors, AnswerError, and DrifttrailError `table-unfit` for a table that holds no records. */
export async function describeTable(send: Send, region: string, name: TableName, signal: AbortSignal): Promise<Described> {
  const input = { CatalogName: name.catalog, DatabaseName: name.database, TableName: name.table, WorkGroup: name.workgroup };
  const { TableMetadata } = plainObject(await send({ service: 'athena', operation: 'GetTableMetadata', input, region }, signal));
  if (!isObject(TableMetadata)) throw new AnswerError('invalid', 'the answer describes no table');
  const { columns, partitionKeys } = camelObject(TableMetadata);
  const parameters = isObject(TableMetadata.Parameters) ? TableMetadata.Parameters : {};
  return tableFrom(name, columnsIn(columns), columnsIn(partitionKeys), parameters);
}

export function tableFrom(
  { database, table }: Pick<TableName, 'database' | 'table'>,
  columns: readonly PartitionKey[],
  partitionKeys: readonly PartitionKey[],
  parameters: JsonObject,
): Described {
  const schema = new Map(columns.map(({ name, type }) => [name, type]));
  const missing = NEEDED.filter((column) => !schema.has(column));
  if (missing.length > 0) {
    throw new DrifttrailError({
      code: 'table-unfit',
      message: `${database}.${table} is no table of CloudTrail's records: it has no ${missing.join(', ')}`,
      remedy: 'name a table made as in https://docs.aws.amazon.com/athena/latest/ug/cloudtrail-logs.html',
    });
  }
  const division = divisionOf(partitionKeys, parameters);
  return {
    division,
    table: {
      from: `${quoted(database)}.${quoted(table)}`,
      schema,
      quote: quoted,
      timestamp: 'typed',
      // A federated event data store has the records whole.
      whole: schema.has('eventjson'),
      partitions: division.conditions,
      named: { region: division.needs.includes('regions') },
    },
  };
}

function columnsIn(list: Json | undefined): PartitionKey[] {
  return (Array.isArray(list) ? list : []).map((column: Json) => {
    const { name, type } = isObject(column) ? column : {};
    if (typeof name !== 'string' || typeof type !== 'string') throw new AnswerError('invalid', 'a column has no name or type');
    return { name: name.toLowerCase(), type: type.toLowerCase() };
  });
}
