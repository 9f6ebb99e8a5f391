import { expect, test } from 'vitest';
import type { Json } from '../../src/model.ts';
import { SCOPE, type State, THING, type World, world } from './world.ts';

const files = (it: World) => it.git('ls-tree', '-r', 'main', 'fake');
const denied: State = { gaps: [{ scope: SCOPE, kind: THING, reason: 'denied', detail: 'ListThings' }] };
const some = (count: number): Record<string, Json> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`thing-${index}`, { size: index }]));

test('a gap keeps the old files byte for byte, ends with 3, and is told once when sight is lost and once when it is back', async () => {
  const it = await world();
  it.things(some(3));
  await it.run();
  const before = await files(it);
  it.pass(5);
  it.state(denied);
  const lost = await it.run();
  expect(lost).toMatchObject({ exitCode: 3, gaps: denied.gaps });
  expect(lost.findings).toMatchObject([
    { coverage: { type: 'lost', gap: { scope: SCOPE, kind: THING, reason: 'denied' } }, level: 'medium' },
  ]);
  expect(await files(it)).toBe(before);

  it.pass(5);
  const still = await it.run();
  expect(still).toMatchObject({ exitCode: 3, commit: null });
  expect(still.findings).toEqual(lost.findings);

  it.pass(5);
  it.things(some(3));
  const back = await it.run();
  expect(back.exitCode).toBe(0);
  expect(back.findings.map(({ coverage }) => coverage?.type)).toEqual(['lost', 'regained']);
  expect(await files(it)).toBe(before);
});

test('what changed behind a gap is a change when sight is back, with the window of the whole blindness', async () => {
  const it = await world();
  it.things({ one: { size: 1 } });
  await it.run();
  it.pass(5);
  it.state(denied);
  await it.run();
  it.pass(5);
  it.things({ one: { size: 2 } });
  const { findings } = await it.run();
  expect(findings.find(({ change }) => change !== undefined)?.window).toEqual({
    from: '2026-03-02T09:00:00.000Z',
    to: '2026-03-02T09:10:00.000Z',
  });
});

test('an exporter that fails as a whole deletes nothing, and is told once for all its scopes', async () => {
  const it = await world();
  it.state({
    resources: [
      ['fake/a/r', THING, 'one', {}],
      ['fake/b/r', THING, 'one', {}],
    ],
    complete: [
      ['fake/a/r', THING],
      ['fake/b/r', THING],
    ],
  });
  await it.run();
  const before = await files(it);
  it.pass(5);
  it.state({ fail: 'no route to host' });
  const broken = await it.run();
  expect(broken.exitCode).toBe(3);
  expect(broken.gaps[0]?.detail).toContain('no route to host');
  expect(broken.findings.map(({ coverage }) => [coverage?.type, coverage?.gap.scope])).toEqual([['lost', 'fake']]);
  expect(await files(it)).toBe(before);
});

test('an answer that is suddenly empty is held, and believed at the second reading', async () => {
  const it = await world();
  it.things(some(12));
  await it.run();
  const before = await files(it);
  it.pass(5);
  it.things({});
  const held = await it.run();
  expect(held).toMatchObject({ exitCode: 3, gaps: [{ reason: 'suspicious', scope: SCOPE, kind: THING }] });
  expect(await files(it)).toBe(before);
  it.pass(5);
  const believed = await it.run();
  expect(believed.exitCode).toBe(0);
  expect(believed.changes.filter(({ type }) => type === 'deleted')).toHaveLength(12);
  expect(await files(it)).toBe('');
});

test('an answer that was empty only once leaves no trace in the things', async () => {
  const it = await world();
  it.things(some(12));
  await it.run();
  it.pass(5);
  it.things({});
  await it.run();
  it.pass(5);
  it.things(some(12));
  const back = await it.run();
  expect(back.exitCode).toBe(0);
  expect(back.changes).toEqual([]);
});

test('a dry run does not count as the second reading', async () => {
  const it = await world();
  it.things(some(12));
  await it.run();
  it.pass(5);
  it.things({});
  expect((await it.run({ dryRun: true })).exitCode).toBe(3);
  expect((await it.run()).exitCode).toBe(3);
});

test('another account behind the scope is held until a second reading agrees', async () => {
  const it = await world();
  const of = (identity: string, size: number): State => ({
    identities: { [SCOPE]: identity },
    resources: [[SCOPE, THING, 'one', { size }]],
    complete: [[SCOPE, THING]],
  });
  it.state(of('111', 1));
  await it.run();
  const before = await files(it);
  it.pass(5);
  it.state(of('222', 9));
  const held = await it.run();
  expect(held).toMatchObject({ exitCode: 3, gaps: [{ scope: SCOPE, reason: 'suspicious', detail: expect.stringMatching(/222.*111/) }] });
  expect(await files(it)).toBe(before);
  it.pass(5);
  const believed = await it.run();
  expect(believed.exitCode).toBe(0);
  expect(believed.changes).toMatchObject([{ type: 'modified', edits: [{ before: 1, after: 9 }] }]);
});
