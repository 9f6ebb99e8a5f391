/** Scopes, names, tokens and addresses that both exporters of databases stand on. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { meant, partsOf, splitLast } from '../../../exporters/_sql/names.ts';
import { addressOf } from '../../../exporters/_sql/options.ts';
import { databaseOf, databaseScope, isServerScope, serverScope } from '../../../exporters/_sql/scope.ts';
import { splitStatements, tokenize } from '../../../exporters/_sql/tokens.ts';

test('a database has one scope of three segments, told back, and none is that of the server', () => {
  const names = fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom('_server', '__server', 'a/b', 'a%2Fb', '%'));
  fc.assert(
    fc.property(names, (name) => {
      const scope = databaseScope('main', name);
      expect(scope.split('/')).toHaveLength(3);
      expect(isServerScope(scope)).toBe(false);
      expect(databaseOf(scope)).toBe(name);
    }),
  );
  expect(isServerScope(serverScope('main'))).toBe(true);
});

test('quoted names of any kind are parted where their dots are', () => {
  const quoted = fc.string({ minLength: 1 }).map((name) => ({ name, written: `"${name.replaceAll('"', '""')}"` }));
  fc.assert(
    fc.property(fc.array(quoted, { minLength: 1, maxLength: 3 }), (names) => {
      const written = names.map((each) => each.written).join('.');
      expect(partsOf(written).map(meant)).toEqual(names.map(({ name }) => name));
      expect(splitLast(written)[1]).toBe(names.at(-1)?.written);
    }),
  );
});

test('every text is taken apart without end or loss', () => {
  fc.assert(
    fc.property(fc.string(), fc.boolean(), (text, backquotes) => {
      const tokens = tokenize(text, { backquotes });
      expect(tokens.every(({ start, end, text: own }) => end > start && text.slice(start, end) === own)).toBe(true);
      expect(tokens.every(({ start }, index) => index === 0 || start >= (tokens[index - 1]?.end ?? 0))).toBe(true);
    }),
  );
});

test.each([
  ["SELECT ';'; DROP TABLE a; -- ;\n GRANT b TO c", ["SELECT ';'", 'DROP TABLE a', 'GRANT b TO c']],
  [
    'CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 1 END; END; SELECT 2',
    ['CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 1 END; END', 'SELECT 2'],
  ],
  ['BEGIN; CREATE TABLE a (); COMMIT', ['BEGIN', 'CREATE TABLE a ()', 'COMMIT']],
  ['DO $x$ a; b $x$; SELECT 1', ['DO $x$ a; b $x$', 'SELECT 1']],
])('%s', (text, expected) => {
  expect(splitStatements(text)).toEqual(expected);
});

const OPTIONS = { ssl: false, timeout: 60 } as const;
test('an address is taken apart, what stands beside it wins, and an error tells nothing of it', () => {
  const url = 'postgres://a%40b:p%2Fw@[::1]:5433/shop?sslmode=require';
  expect(addressOf({ ...OPTIONS, url, user: 'c' }, ['postgres'])).toEqual({
    host: '::1',
    port: 5433,
    user: 'c',
    password: 'p/w',
    database: 'shop',
    ssl: true,
  });
  expect(addressOf({ ...OPTIONS, url: 'postgres://a@/x?host=/run/pg' }, ['postgres'])).toMatchObject({ socket: '/run/pg', ssl: false });
  expect(() => addressOf({ ...OPTIONS, url: 'mysql://a:hunter2@b' }, ['postgres'])).toThrow(
    expect.objectContaining({ code: 'database-url-invalid', message: expect.not.stringContaining('hunter2') }),
  );
});
