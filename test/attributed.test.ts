import { expect, test } from 'vitest';
import { deriveAttributed } from '../src/attributed.ts';
import { folder } from './folder.ts';
import { event, WITH_TRAIL, type World, world } from './run/world.ts';
import { git } from './store/repository.ts';

const put = (id: string, time: string, thing: string, value: number, who: string) =>
  event(id, `2026-03-02T${time}.000Z`, 'Put', { id: thing, path: '/size', value }, who);
const authors = async (it: World) => (await it.git('log', '--reverse', '--format=%an|%s', 'attributed')).split('\n');
const sameTree = async (it: World, of = 'main') =>
  expect(await it.git('rev-parse', 'attributed^{tree}')).toBe(await it.git('rev-parse', `${of}^{tree}`));

/** Three looks: a baseline, two people's changes in one look, and a change whose record is not there. */
async function story(more = ''): Promise<World> {
  const it = await world(`${WITH_TRAIL}${more}`);
  it.events([]);
  it.things({ one: { size: 1 }, two: { size: 1 }, three: { size: 1 } });
  await it.run();
  it.pass(5);
  it.things({ one: { size: 2 }, two: { size: 2 }, three: { size: 1 } });
  it.events([put('e-1', '09:03:00', 'one', 2, 'alice@example.com'), put('e-2', '09:02:00', 'two', 2, 'bob <b@x>\nTrailer: x')]);
  await it.run();
  it.pass(5);
  it.things({ one: { size: 2 }, two: { size: 2 }, three: { size: 5 } });
  await it.run();
  return it;
}

test('one commit for each person once the windows have settled, to the same trees; blame and author search answer', async () => {
  const it = await story();
  await expect(it.git('rev-parse', '--verify', 'attributed')).rejects.toThrow();
  it.pass(30);
  await it.run();
  expect(await authors(it)).toEqual([
    'drifttrail|Begin the snapshots',
    expect.stringMatching(/^drifttrail\|.*3 things added$/),
    'bob b@xTrailer: x|fake a: 1 thing changed',
    'alice@example.com|fake a: 1 thing changed',
    'unattributed|fake a: 1 thing changed',
  ]);
  await sameTree(it);
  expect(await it.git('log', '--author=alice@example.com', '--format=%aI', 'attributed')).toBe('2026-03-02T09:03:00+00:00');
  expect(await it.git('blame', '-s', '-L2,2', '--porcelain', 'attributed', '--', 'fake/a/r/thing/one.json')).toContain(
    'author alice@example.com\nauthor-mail <alice@example.com>',
  );
  expect(await it.git('shortlog', '-sn', 'attributed')).toMatch(/1\talice@example\.com/);
});

test('derived from scratch, or step by step, the ids are the same', async () => {
  const it = await story();
  it.pass(30);
  await it.run();
  const tip = await it.git('rev-parse', 'attributed');
  const deployment = await it.load();
  expect(await deriveAttributed(deployment)).toBe(0);
  it.pass(60);
  expect(await deriveAttributed(await it.load(), { anew: true })).toBe(5);
  expect(await it.git('rev-parse', 'attributed')).toBe(tip);
});

test('what a late record changes is derived anew from there, and nothing before it', async () => {
  const it = await story();
  it.pass(30);
  await it.run();
  const alice = await it.git('rev-parse', 'attributed~1');
  it.pass(23 * 60);
  it.events([
    put('e-1', '09:03:00', 'one', 2, 'alice@example.com'),
    put('e-2', '09:02:00', 'two', 2, 'bob <b@x>\nTrailer: x'),
    put('e-3', '09:07:00', 'three', 5, 'carol'),
  ]);
  await it.run();
  expect((await authors(it)).at(-1)).toBe('carol|fake a: 1 thing changed');
  expect(await it.git('rev-parse', 'attributed~1')).toBe(alice);
  await sameTree(it);
});

test('what removes a thing is a removal there too', async () => {
  const it = await world(WITH_TRAIL);
  it.events([]);
  it.things({ one: { size: 1 }, two: {} });
  await it.run();
  it.pass(5);
  it.things({ two: {} });
  it.events([event('e-1', '2026-03-02T09:02:00.000Z', 'Delete', { id: 'one' }, 'dave')]);
  await it.run();
  it.pass(30);
  await it.run();
  expect((await authors(it)).at(-1)).toBe('dave|fake a: 1 thing removed');
  await sameTree(it);
});

test('without a trail there is nobody to name, and no branch', async () => {
  const it = await world();
  it.things({ one: {} });
  await it.run();
  it.pass(60);
  await it.run();
  await expect(it.git('rev-parse', '--verify', 'attributed')).rejects.toThrow();
});

test('the remote gets it after what it is derived from, also when a correction moved it back', async () => {
  const remote = folder();
  await git(remote, 'init', '--quiet', '--bare');
  const it = await story(`remote: ${remote}\n`);
  it.pass(30);
  await it.run();
  const first = await it.git('rev-parse', 'attributed');
  expect(await git(remote, 'rev-parse', 'attributed')).toBe(first);
  it.pass(60);
  it.events([put('e-3', '09:07:00', 'three', 5, 'carol')]);
  await it.run();
  const second = await it.git('rev-parse', 'attributed');
  expect(await it.git('log', '-1', '--format=%an %P', 'attributed')).toBe(`carol ${await it.git('rev-parse', `${first}~1`)}`);
  expect(await git(remote, 'rev-parse', 'attributed')).toBe(second);
});
