/** A database that a whole list lacks is gone; one that a part of a list lacks is not known to be. */
import { expect, test } from 'vitest';
import { databasesToRead, type Listing } from '../../../exporters/_sql/databases.ts';
import type { Gap } from '../../../src/model.ts';

function ask(listing: Listing, known: readonly string[] = [], databases: 'all' | readonly string[] = 'all') {
  const gaps: Gap[] = [];
  const said: string[] = [];
  const surveys = new Map<string, readonly string[]>();
  const context = {
    known: () =>
      ['_server', ...known]
        .map((name) => ({ scope: `databases/main/${name}`, kind: 'x.table' }))
        .concat({ scope: 'databases/main2/else', kind: 'x.table' }),
    gap: (gap: Gap) => void gaps.push(gap),
    progress: (text: string) => void said.push(text),
    surveyed: (above: string, scopes: readonly string[]) => void surveys.set(above, scopes),
  };
  const read = databasesToRead(context, { name: 'main', databases }, listing);
  return {
    read,
    gaps: gaps.map(({ scope, reason, detail }) => `${scope} ${reason}: ${detail}`),
    said,
    survey: surveys.get('databases/main'),
  };
}
const listed = (...names: string[]): Listing => ({ databases: names.map((name) => ({ name })) });

test('all that are open are read, and named with those that are not', () => {
  const databases = [{ name: 'shop' }, { name: 'old', closed: 'is OFFLINE' }, { name: 'template1', builtIn: true }];
  expect(ask({ databases })).toEqual({
    read: ['shop'],
    gaps: [],
    said: [],
    survey: ['_server', 'shop', 'old', 'template1'].map((name) => `databases/main/${name}`),
  });
});

test('one that is gone is not named, is no gap, and is said', () => {
  const { read, gaps, said, survey } = ask(listed('shop'), ['shop', 'gone']);
  expect([read, gaps, said]).toEqual([['shop'], [], ['main has no database gone any more']]);
  expect(survey).not.toContain('databases/main/gone');
  expect(ask(listed('shop'), ['gone'], ['gone', 'shop'])).toMatchObject({ read: ['shop'], gaps: [] });
});

test('one that is not wanted any more, or was never asked for, is there all the same', () => {
  const { read, survey } = ask(listed('shop', 'crm'), ['shop', 'crm'], ['shop']);
  expect(read).toEqual(['shop']);
  expect(survey).toContain('databases/main/crm');
});

test('one that is asked for and never was there is a gap', () => {
  expect(ask(listed('shop'), [], ['shpo']).gaps).toEqual([
    'databases/main/shpo invalid: main has no database shpo; mend or remove the name under databases:',
  ]);
});

test('one that was read and lets nobody in now is a gap', () => {
  const closed: Listing = { databases: [{ name: 'shop', closed: 'accepts no connections' }] };
  expect(ask(closed, ['shop'])).toMatchObject({
    read: [],
    gaps: ['databases/main/shop denied: the database shop accepts no connections'],
    survey: ['databases/main/_server', 'databases/main/shop'],
  });
});

test('of a list that is only a part, nothing is known to be gone', () => {
  const part: Listing = { ...listed('shop'), hidden: 'GRANT X' };
  expect(ask(part, ['shop', 'crm'])).toEqual({
    read: ['shop'],
    gaps: ['databases/main/crm denied: the database crm is not shown to us; GRANT X'],
    said: [],
    survey: undefined,
  });
  expect(ask(part, [], ['crm']).gaps).toHaveLength(1);
});

test('where case means nothing a database is called as it was configured', () => {
  const { read, survey } = ask({ ...listed('shop'), caseless: true }, ['Shop'], ['Shop']);
  expect(read).toEqual(['Shop']);
  expect(survey).toContain('databases/main/Shop');
  expect(ask(listed('shop'), ['Shop'], ['Shop'])).toMatchObject({ read: [], survey: ['databases/main/_server', 'databases/main/shop'] });
  expect(ask({ ...listed('shop', 'Shop'), caseless: true }, [], ['Shop']).read).toEqual(['Shop']);
});
