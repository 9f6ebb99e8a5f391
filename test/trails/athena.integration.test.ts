/** Athena's queries against moto's Athena, which knows the protocol and answers with rows that it is given. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '../../src/model.ts';
import { realSurroundings } from '../../src/surroundings.ts';
import { openAccess } from '../../trails/_cloudtrail/access.ts';
import { type Engine, QueryFault, runQuery } from '../../trails/_query/run.ts';
import { athenaEngine } from '../../trails/athena/engine.ts';
import { type Moto, startMoto } from '../aws/endpoint/moto.ts';

const NAME = { catalog: 'AwsDataCatalog', database: 'default', table: 'cloudtrail_logs', workgroup: 'primary' };
let moto: Moto;
let endpoint: string;
let close: () => void;
let engine: Engine;

beforeAll(async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
  moto = await startMoto();
  endpoint = `http://${moto.host}:${moto.port}`;
  const access = await openAccess({ endpoint }, 50, realSurroundings('/'));
  close = access.close;
  engine = athenaEngine(access.send, 'us-east-1', NAME, 's3://results/');
});
afterAll(async () => {
  close?.();
  await moto?.stop();
});

async function answerNext(rows: readonly (readonly (string | undefined)[])[]): Promise<void> {
  const Rows = rows.map((row) => ({
    Data: row.map((cell) => (cell === undefined ? {} : { VarCharValue: cell })),
  })) as unknown as JsonObject;
  const results = [{ rows: Rows, column_info: [] }];
  const body = JSON.stringify({ account_id: '123456789012', region: 'us-east-1', results });
  const answer = await fetch(`${endpoint}/moto-api/static/athena/query-results`, { method: 'POST', body });
  if (!answer.ok) throw new Error(await answer.text());
}

async function rowsOf(sql: string) {
  const deps = { ...realSurroundings('/'), signal: AbortSignal.timeout(30_000), deadline: 10_000 };
  const rows = [];
  for await (const page of runQuery(engine, sql, deps)) rows.push(...page);
  return rows;
}

test('a query is started, waited for and read, without the row that names the columns', async () => {
  await answerNext([
    ['c0', 'c1'],
    ['123456789012', undefined],
    ['210987654321', 'eu-west-1'],
  ]);
  expect(await rowsOf('SELECT 1')).toEqual([
    ['123456789012', undefined],
    ['210987654321', 'eu-west-1'],
  ]);
});

test('a query that nobody knows is a fault with the call', async () => {
  const lost: Engine = { ...engine, start: async () => '00000000-0000-0000-0000-000000000000' };
  const deps = { ...realSurroundings('/'), signal: AbortSignal.timeout(30_000), deadline: 10_000 };
  const reading = async () => {
    for await (const _page of runQuery(lost, 'SELECT 1', deps));
  };
  await expect(reading()).rejects.toThrow(QueryFault);
});
