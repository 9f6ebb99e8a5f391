/** CloudTrail Lake and Athena as a server of our own: their protocols in front of the embedded engine, and their ways to fail. */
import { openLoopback } from './loopback.ts';
import type { Tables } from './tables.ts';

type Input = Record<string, unknown>;

export interface QueryEndpoint {
  readonly url: string;
  readonly calls: { readonly operation: string; readonly input: Input }[];
  /** The states that a query is told to be in, one a look; the last stays. */
  states: string[];
  why: string;
  /** Rows a page. */
  page: number;
  /** The pages' token never changes. */
  stuck: boolean;
  /** Errors to answer an operation with, one a call; after them it works. */
  readonly refuse: Map<string, string[]>;
  /** Answers of GetEventDataStore and GetTableMetadata. */
  store: object;
  table: object;
  /** Runs before each call is answered. */
  onCall: () => void;
  readonly statements: () => string[];
  readonly close: () => Promise<void>;
}

export async function openQueryEndpoint(tables: Tables): Promise<QueryEndpoint> {
  const results = new Map<string, readonly (readonly (string | null)[])[]>();
  const looks = new Map<string, number>();
  const run = async (sql: unknown): Promise<string> => {
    const id = `00000000-0000-0000-0000-${String(results.size).padStart(12, '0')}`;
    // Lake has its tables by ids without quotes.
    const rows = await tables.query(String(sql).replace(/ FROM ([0-9a-f]{8}-[0-9a-z-]{27}) /, ' FROM "$1" '));
    results.set(id, rows);
    return id;
  };
  const stateOf = (id: unknown): string => {
    const look = looks.get(String(id)) ?? 0;
    looks.set(String(id), look + 1);
    return endpoint.states[Math.min(look, endpoint.states.length - 1)] ?? '';
  };
  const pageOf = (id: unknown, token: unknown, header: (columns: number) => string[] | undefined) => {
    const rows = results.get(String(id)) ?? [];
    const names = header(rows[0]?.length ?? 0);
    const all: (readonly (string | null)[])[] = names === undefined ? [...rows] : [names, ...rows];
    const start = Number(token ?? 0);
    const next = start + endpoint.page;
    return { rows: all.slice(start, next), ...(next < all.length ? { NextToken: endpoint.stuck ? '1' : String(next) } : {}) };
  };
  const answers: Record<string, (input: Input) => object | Promise<object>> = {
    GetEventDataStore: () => endpoint.store,
    StartQuery: async ({ QueryStatement }) => ({ QueryId: await run(QueryStatement) }),
    DescribeQuery: ({ QueryId }) => ({ QueryId, QueryStatus: stateOf(QueryId), ErrorMessage: endpoint.why }),
    CancelQuery: ({ QueryId }) => ({ QueryId, QueryStatus: 'CANCELLED' }),
    'CloudTrail GetQueryResults': ({ QueryId, NextToken }) => {
      const { rows, ...next } = pageOf(QueryId, NextToken, () => undefined);
      // What is NULL is not in the row.
      const QueryResultRows = rows.map((row) => row.flatMap((cell, index) => (cell === null ? [] : [{ [`c${index}`]: cell }])));
      return { QueryStatus: 'FINISHED', QueryResultRows, ...next };
    },
    GetTableMetadata: () => ({ TableMetadata: endpoint.table }),
    StartQueryExecution: async ({ QueryString }) => ({ QueryExecutionId: await run(QueryString) }),
    GetQueryExecution: ({ QueryExecutionId }) => ({
      QueryExecution: { QueryExecutionId, Status: { State: stateOf(QueryExecutionId), StateChangeReason: endpoint.why } },
    }),
    StopQueryExecution: () => ({}),
    'Athena GetQueryResults': ({ QueryExecutionId, NextToken }) => {
      const header = (columns: number) => Array.from({ length: columns }, (_, index) => `c${index}`);
      const { rows, ...next } = pageOf(QueryExecutionId, NextToken, header);
      const Rows = rows.map((row) => ({ Data: row.map((cell) => (cell === null ? {} : { VarCharValue: cell })) }));
      return { ResultSet: { Rows, ResultSetMetadata: { ColumnInfo: [] } }, ...next };
    },
  };
  const { url, close } = await openLoopback('application/x-amz-json-1.1', async (target, input) => {
    const operation = target.split('.').at(-1) ?? '';
    endpoint.onCall();
    endpoint.calls.push({ operation, input });
    const code = endpoint.refuse.get(operation)?.shift();
    if (code !== undefined) return { status: 400, body: { __type: code, message: 'no' } };
    const answer = answers[operation] ?? answers[`${target.includes('Athena') ? 'Athena' : 'CloudTrail'} ${operation}`];
    try {
      return { status: 200, body: await answer?.(input as Input) };
    } catch (error) {
      return { status: 400, body: { __type: 'InvalidQueryStatementException', message: String(error) } };
    }
  });
  const endpoint: QueryEndpoint = {
    url,
    calls: [],
    states: [],
    why: '',
    page: 7,
    stuck: false,
    refuse: new Map(),
    store: {},
    table: {},
    onCall: () => undefined,
    statements: () => endpoint.calls.flatMap(({ input }) => [input['QueryStatement'] ?? input['QueryString'] ?? []].flat().map(String)),
    close,
  };
  return endpoint;
}
