/** The zones that servers really tell: Debian's PostgreSQL says Etc/UTC, which is a link and not in every list. */
import { expect, test } from 'vitest';
import linux from '../../trails/linux-audit/index.ts';
import mariadb from '../../trails/mariadb-audit/index.ts';
import postgres from '../../trails/postgres-log/index.ts';

const LOG = { server: 'main', log: 'log' };
test.each([
  ['linux-audit', linux, {}],
  ['mariadb-audit', mariadb, LOG],
  ['postgres-log', postgres, LOG],
])('%s knows zones by all of their names', (_, { options }, own) => {
  for (const timezone of ['UTC', 'Etc/UTC', 'Europe/Berlin', 'US/Eastern'])
    expect(options.safeParse({ ...own, timezone }).success, timezone).toBe(true);
  expect(options.safeParse({ ...own, timezone: 'Mars/Olympus' }).error?.issues[0]?.message).toBe(
    'must be a time zone such as Europe/Berlin',
  );
});
