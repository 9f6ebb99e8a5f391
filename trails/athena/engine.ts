/** Athena's queries: started in a work group, looked at, read and stopped. */
import { isObject, type Json, type JsonObject } from 'drifttrail';
import type { Send } from '../../exporters/_aws/api.ts';
import { camelObject } from '../../exporters/_aws/camel.ts';
import { AnswerError } from '../../exporters/_aws/errors.ts';
import { pages } from '../../exporters/_aws/paginate.ts';
import type { Row } from '../_query/records.ts';
import type { Engine, State } from '../_query/run.ts';
import type { TableName } from './table.ts';

/** The most that GetQueryResults gives at once. */
const PAGE = 1000;

const STATES: Readonly<Record<string, State['is']>> = {
  QUEUED: 'running',
  RUNNING: 'running',
  SUCCEEDED: 'done',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
};

/** `output`: where results go when the work group does not say. */
export function athenaEngine(send: Send, region: string, name: TableName, output: string | undefined): Engine {
  const request = (operation: string, input: JsonObject) => ({ service: 'athena', operation, input, region }) as const;
  const context = { Catalog: name.catalog, Database: name.database };
  const result = output === undefined ? {} : { ResultConfiguration: { OutputLocation: output } };
  return {
    region,
    actions: { start: 'athena:StartQueryExecution', state: 'athena:GetQueryExecution', rows: 'athena:GetQueryResults' },
    start: async (QueryString, signal) => {
      const input = { QueryString, QueryExecutionContext: context, WorkGroup: name.workgroup, ...result };
      const { queryExecutionId } = camelObject(await send(request('StartQueryExecution', input), signal));
      if (typeof queryExecutionId !== 'string') throw new AnswerError('invalid', 'the answer names no query');
      return queryExecutionId;
    },
    state: async (QueryExecutionId, signal) => {
      const { queryExecution } = camelObject(await send(request('GetQueryExecution', { QueryExecutionId }), signal));
      const status = isObject(queryExecution) && isObject(queryExecution['status']) ? queryExecution['status'] : {};
      const is = STATES[String(status['state'])];
      if (is === undefined) throw new AnswerError('invalid', 'the answer tells no known state');
      const { stateChangeReason: why } = status;
      return { is, why: typeof why === 'string' ? why : '' };
    },
    rows: async function* (QueryExecutionId, signal) {
      let first = true;
      for await (const { resultSet } of pages(send, request('GetQueryResults', { QueryExecutionId, MaxResults: PAGE }), signal)) {
        if (!isObject(resultSet) || !Array.isArray(resultSet['rows'])) throw new AnswerError('invalid', 'the answer has no rows');
        const rows = resultSet['rows'].map(rowOf);
        // The first row of the first page names the columns.
        yield first && isHeader(rows[0]) ? rows.slice(1) : rows;
        first = false;
      }
    },
    cancel: async (QueryExecutionId, signal) => {
      await send(request('StopQueryExecution', { QueryExecutionId }), signal);
    },
    remedies: {
      InvalidRequestException: 'check workgroup and output: one of them must say where results go',
      MetadataException: 'check catalog, database and table, and that the role may glue:GetTable',
      TooManyRequestsException: 'others use the same limit: run less often',
    },
  };
}

function rowOf(item: Json): Row {
  const data = isObject(item) ? item.data : undefined;
  if (!Array.isArray(data)) throw new AnswerError('invalid', 'a row has no data');
  return data.map((cell: Json) => (isObject(cell) && typeof cell['varCharValue'] === 'string' ? cell['varCharValue'] : undefined));
}

function isHeader(row: Row | undefined): boolean {
  return row?.every((cell, index) => cell === `c${index}`) === true;
}
