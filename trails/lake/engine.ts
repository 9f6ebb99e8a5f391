/** CloudTrail Lake's queries: started, looked at, read and cancelled by calls of CloudTrail. */
import { isObject, type Json } from 'drifttrail';
import type { Send } from '../../exporters/_aws/api.ts';
import { camelObject } from '../../exporters/_aws/camel.ts';
import { AnswerError } from '../../exporters/_aws/errors.ts';
import { pages } from '../../exporters/_aws/paginate.ts';
import type { Row } from '../_query/records.ts';
import type { Engine, State } from '../_query/run.ts';

/** The most that GetQueryResults gives at once. */
const PAGE = 1000;

const STATES: Readonly<Record<string, State['is']>> = {
  QUEUED: 'running',
  RUNNING: 'running',
  FINISHED: 'done',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
  TIMED_OUT: 'timed-out',
};

export function lakeEngine(send: Send, region: string): Engine {
  const request = (operation: string, input: { readonly [name: string]: Json }) =>
    ({ service: 'cloudtrail', operation, input, region }) as const;
  return {
    region,
    actions: { start: 'cloudtrail:StartQuery', state: 'cloudtrail:DescribeQuery', rows: 'cloudtrail:GetQueryResults' },
    start: async (QueryStatement, signal) => {
      const { queryId } = camelObject(await send(request('StartQuery', { QueryStatement }), signal));
      if (typeof queryId !== 'string') throw new AnswerError('invalid', 'the answer names no query');
      return queryId;
    },
    state: async (QueryId, signal) => {
      const { queryStatus, errorMessage } = camelObject(await send(request('DescribeQuery', { QueryId }), signal));
      const is = STATES[String(queryStatus)];
      if (is === undefined) throw new AnswerError('invalid', 'the answer tells no known status');
      return { is, why: typeof errorMessage === 'string' ? errorMessage : '' };
    },
    rows: async function* (QueryId, signal) {
      for await (const { queryResultRows: rows = [] } of pages(
        send,
        request('GetQueryResults', { QueryId, MaxQueryResults: PAGE }),
        signal,
      )) {
        if (!Array.isArray(rows)) throw new AnswerError('invalid', 'the answer has no rows');
        yield rows.map(rowOf);
      }
    },
    cancel: async (QueryId, signal) => {
      await send(request('CancelQuery', { QueryId }), signal);
    },
    remedies: {
      InactiveEventDataStoreException: 'the event data store takes no queries; doctor shows its status',
      EventDataStoreNotFoundException: 'check eventDataStore and its region',
      EventDataStoreARNInvalidException: 'check eventDataStore and its region',
      InvalidQueryStatementException: 'try flattened: true',
      MaxConcurrentQueriesException: 'others use the same limit: run less often',
      UnsupportedOperationException: 'CloudTrail Lake is not there in this region, or for this account',
    },
  };
}

/** A list of objects with one column each; columns without a value may be missing. */
function rowOf(item: Json): Row {
  if (!Array.isArray(item)) throw new AnswerError('invalid', 'a row is no list');
  const cells: Record<string, Json> = Object.assign({}, ...item.filter((cell: Json) => isObject(cell)));
  const row: (string | undefined)[] = [];
  for (const [name, value] of Object.entries(cells)) {
    const index = Number(/^c(\d+)$/i.exec(name)?.[1] ?? Number.NaN);
    if (!Number.isInteger(index)) throw new AnswerError('invalid', `the answer has a column ${name} that was not asked for`);
    row[index] = typeof value === 'string' ? value : undefined;
  }
  return row;
}
