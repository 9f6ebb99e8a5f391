import { expect, test } from 'vitest';
import type { Snapshot } from '../../src/model.ts';
import { createRedactor } from '../../src/normalize/redact.ts';
import { withoutRivals } from '../../src/pipeline/rivals.ts';

const PLACE = { scope: 'hosts/web', kind: 'demo.thing' };
const deps = {
  kinds: { 'demo.thing': { title: 'thing', format: 'json' as const, sets: [{ path: '/tags' }] } },
  redactor: createRedactor(Buffer.alloc(32)),
};
const entry = (things: Readonly<Record<string, readonly string[]>>, more: Partial<Snapshot> = {}): Snapshot => ({
  exporter: 'demo',
  startedAt: '',
  finishedAt: '',
  resources: Object.entries(things).map(([id, tags]) => ({ ref: { ...PLACE, id }, config: { tags } })),
  complete: [PLACE],
  gaps: [],
  identities: {},
  ...more,
});

test.each([
  ['the same', { a: ['x', 'y'] }, {}],
  ['the same in another order', { a: ['y', 'x'] }, {}],
  ['a part, since it could not read the rest', {}, { complete: [] }],
])('two entries that find %s may read one place', (_what, things, more) => {
  const both = [entry({ a: ['x', 'y'] }), entry(things, more)];
  expect(withoutRivals(both, deps)).toEqual(both);
});

test.each([
  ['another content', { a: ['x'] }, {}],
  ['more', { a: ['x', 'y'], b: [] }, {}],
  ['nothing', {}, {}],
  ['another content of what little it could read', { a: ['z'] }, { complete: [] }],
])('where one finds %s, neither is believed and nothing is complete', (_what, things, more) => {
  const other = entry({ c: [] }, { complete: [], resources: [{ ref: { scope: 'hosts/db', kind: 'demo.thing', id: 'c' }, config: {} }] });
  const [first, second, third] = withoutRivals([entry({ a: ['x', 'y'] }), entry(things, more), other], deps);
  expect(first).toMatchObject({ resources: [], complete: [], gaps: [{ ...PLACE, reason: 'invalid' }] });
  expect(second).toMatchObject({ resources: [], complete: [], gaps: [] });
  expect(third).toEqual(other);
});

test('two systems of one name are a gap with all below it', () => {
  const below = { ...PLACE, scope: 'hosts/web/inner' };
  const [first, second] = withoutRivals(
    [entry({ a: [] }, { identities: { 'hosts/web': 'one' } }), entry({}, { complete: [below], identities: { 'hosts/web': 'two' } })],
    deps,
  );
  expect(first).toMatchObject({ resources: [], complete: [], identities: {} });
  expect(first?.gaps).toEqual([
    { scope: 'hosts/web', reason: 'invalid', detail: expect.stringContaining('call one and two by this name') },
  ]);
  expect(second).toMatchObject({ complete: [], identities: {} });
});
