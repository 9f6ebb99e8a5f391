import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { changed, event, WITH_ALL, type World } from './run/world.ts';

const PUT = event('e-1', '2026-03-02T09:02:00.000Z', 'Put', { id: 'one', path: '/size', value: 2 });
const answer = (it: World, status: string) =>
  writeFileSync(join(it.dir, 'told.jsonl.answer'), JSON.stringify({ status, detail: `the outlet says ${status}` }));

test('a commit is told once, in one message, when its actors are known; nothing more at later looks', async () => {
  const it = await changed(WITH_ALL, { one: { size: 2, critical: false }, two: { size: 2 } });
  it.events([PUT, event('e-2', '2026-03-02T09:03:00.000Z', 'Put', { id: 'two', path: '/size', value: 2 }, 'bob')]);
  const { commit } = await it.run();
  expect(it.told()).toMatchObject([{ kind: 'changes', commit }]);
  expect(
    it
      .told()[0]
      ?.findings.map(({ attribution }) => attribution.actor?.name)
      .sort(),
  ).toEqual(['alice', 'bob']);
  for (let look = 0; look < 3; look++) {
    it.pass(5);
    await it.run();
  }
  expect(it.told()).toHaveLength(1);
});

test('what has no actor yet waits for the trail, then says who', async () => {
  const it = await changed(WITH_ALL, { one: { size: 2, critical: false }, two: { size: 1 } });
  await it.run();
  expect(it.told()).toEqual([]);
  it.pass(5);
  it.events([PUT]);
  await it.run();
  expect(it.told()).toMatchObject([{ kind: 'changes', findings: [{ attribution: { actor: { name: 'alice' } } }] }]);
});

test('what is urgent does not wait, and gets one follow-up when its actor is known', async () => {
  const it = await changed(WITH_ALL, { one: { size: 1, critical: true }, two: { size: 1 } });
  await it.run();
  expect(it.told()).toMatchObject([{ kind: 'changes', findings: [{ level: 'critical', attribution: { status: 'pending' } }] }]);
  it.pass(5);
  it.events([event('e-1', '2026-03-02T09:02:00.000Z', 'Put', { id: 'one', path: '/critical', value: true })]);
  await it.run();
  it.pass(60);
  await it.run();
  expect(it.told()).toMatchObject([{ kind: 'changes' }, { kind: 'follow-up', findings: [{ attribution: { actor: { name: 'alice' } } }] }]);
});

test('patience ends: what nobody can be named for is told all the same, once', async () => {
  const it = await changed(WITH_ALL, { one: { size: 2, critical: false }, two: { size: 1 } });
  await it.run();
  for (let look = 0; look < 8; look++) {
    it.pass(5);
    await it.run();
  }
  expect(it.told()).toMatchObject([{ kind: 'changes', findings: [{ change: { ref: { id: 'one' } } }] }]);
});

test('an outlet that is down gets the message later, and the snapshot does not fail for it', async () => {
  const it = await changed(WITH_ALL, { one: { size: 2, critical: false }, two: { size: 1 } });
  it.events([PUT]);
  answer(it, 'retry');
  const { exitCode, problems } = await it.run();
  expect(exitCode).toBe(0);
  expect(it.told()).toEqual([]);
  expect(problems.join('\n')).toContain('the outlet says retry');
  answer(it, 'delivered');
  it.pass(60);
  await it.run();
  expect(it.told()).toMatchObject([{ kind: 'changes' }]);
});

test('a level that an outlet does not want is not told there, but where it is wanted', async () => {
  const both = `${WITH_ALL}  - use: ./plugins/recorder\n    file: high.jsonl\n    from: high\n`;
  const it = await changed(both, { one: { size: 2, critical: false }, two: { size: 1 } });
  it.events([PUT]);
  await it.run();
  expect(it.told()).toHaveLength(1);
  expect(it.told('high.jsonl')).toEqual([]);
});

test('a list of what was told that cannot be read is an error with its remedy, not a second telling', async () => {
  const it = await changed(WITH_ALL, { one: { size: 2, critical: false }, two: { size: 1 } });
  it.events([PUT]);
  await it.run();
  const file = join((await it.load()).stateDir, 'announced.json');
  expect(existsSync(file) && JSON.parse(readFileSync(file, 'utf8'))).not.toEqual({});
  writeFileSync(file, '{"1-');
  it.pass(5);
  await expect(it.run()).rejects.toThrow(
    expect.objectContaining({ code: 'state-unreadable', remedy: expect.stringContaining('delete it') }),
  );
});
