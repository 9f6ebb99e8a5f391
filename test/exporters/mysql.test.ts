/** What a server answered becomes the expected files; what it hides is a gap. */
import { conformance } from 'drifttrail/testing';
import { describe, expect, it, test } from 'vitest';
import { type Connection, Refused } from '../../exporters/_sql/connection.ts';
import type { Connect } from '../../exporters/mysql/connect.ts';
import { createMysqlExporter } from '../../exporters/mysql/index.ts';
import { accountId, accountName } from '../../exporters/mysql/names.ts';
import { withoutCounter } from '../../exporters/mysql/read-database.ts';
import { collect } from '../../src/collect/collect.ts';
import { loadRules } from '../../src/rank/rules.ts';
import { verifyRules } from '../../src/rank/verify.ts';
import { realSurroundings } from '../../src/surroundings.ts';
import { replay } from './replay.ts';

const folder = new URL('../fixtures/mysql/first/', import.meta.url);
const exporter = createMysqlExporter(replay);
conformance(exporter, [{ name: 'first', folder, options: () => ({ name: 'crm' }) }], { describe, it, expect });

it('has rules that agree with their examples', async () => {
  expect(verifyRules(await loadRules([exporter.rules ?? '']))).toEqual([]);
});

const read = (other: (name: string) => ReturnType<Connection['query']> | undefined) => {
  const connect: Connect = async (target, dir) => {
    const connection = await replay(target, dir);
    return { ...connection, query: (name, sql) => other(name) ?? connection.query(name, sql) };
  };
  const one = createMysqlExporter(connect);
  const deps = {
    surroundings: realSurroundings(new URL('calls/', folder).pathname),
    signal: AbortSignal.timeout(10_000),
    progress: () => undefined,
  };
  return collect(one, one.options.parse({ name: 'crm' }), deps);
};

it('takes a body that is not shown for a gap, with what to grant', async () => {
  const { gaps, complete } = await read((name) =>
    name === 'procedure close_day' ? Promise.resolve([{ 'Create Procedure': null }]) : undefined,
  );
  expect(gaps).toMatchObject([
    { scope: 'databases/crm/shop', kind: 'mysql.procedure', reason: 'denied', detail: expect.stringContaining('GRANT SELECT ON mysql.*') },
  ]);
  expect(complete).toContainEqual({ scope: 'databases/crm/shop', kind: 'mysql.function' });
});

it('makes a gap of all that was not read when the connection goes', async () => {
  const { gaps } = await read((name) => (name === 'mysql.view' ? Promise.reject(new Refused('lost', 'unreachable', true)) : undefined));
  expect(gaps.map(({ kind }) => kind)).toEqual(['mysql.view', 'mysql.procedure', 'mysql.function', 'mysql.trigger', 'mysql.event']);
});

test.each([
  [
    "CREATE TABLE `a` (\n  `b` int COMMENT 'AUTO_INCREMENT=5'\n) ENGINE=InnoDB AUTO_INCREMENT=77 DEFAULT CHARSET=x",
    "CREATE TABLE `a` (\n  `b` int COMMENT 'AUTO_INCREMENT=5'\n) ENGINE=InnoDB DEFAULT CHARSET=x",
  ],
  [
    "CREATE TABLE `a` (\n  `b` int\n) ENGINE=InnoDB COMMENT='x AUTO_INCREMENT=9'",
    "CREATE TABLE `a` (\n  `b` int\n) ENGINE=InnoDB COMMENT='x AUTO_INCREMENT=9'",
  ],
])('leaves the next value out, and nothing else: %#', (statement, expected) => {
  expect(withoutCounter(statement)).toBe(expected);
});

test.each([
  ['alice', '%', 'alice@%', '`alice`@`%`'],
  ['a@b', 'x', 'a%40b@x', '`a@b`@`x`'],
  ['50%', undefined, '50%25', '`50%`'],
])('names the account %s@%s and back', (user, host, id, name) => {
  expect(accountId(user, host)).toBe(id);
  expect(accountName(id)).toBe(name);
});
