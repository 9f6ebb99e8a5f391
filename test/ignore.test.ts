/** `ignore:` holds for what is known already, ends on its day, and its end is no news. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decodeNote } from '../src/pipeline/notes.ts';
import { findingById } from '../src/questions/findings.ts';
import { changed, event, THING, WITH_ALL, type World } from './run/world.ts';

const RULE = 'ignore:\n  - { kind: fake.thing, id: one, reason: planned, until: 2026-03-02 }\n';
const CRITICAL = { one: { size: 1, critical: true }, two: { size: 1 } };
const configure = (it: World, more: string) => writeFileSync(join(it.dir, 'drifttrail.yaml'), `${WITH_ALL}${more}`);

test('a rule holds for findings from before it, and no longer than it says', async () => {
  const it = await changed(WITH_ALL, CRITICAL);
  const id = (await it.run()).findings[0]?.id ?? '';
  expect((await it.report(60)).findings).toMatchObject([{ id, level: 'critical' }]);
  expect((await it.report(60)).findings[0]?.ignored).toBeUndefined();
  configure(it, RULE);
  expect((await it.report(60)).findings).toMatchObject([{ id, ignored: 'planned' }]);
  expect((await findingById(await it.load(), id)).finding.ignored).toBe('planned');
  it.pass(24 * 60);
  expect((await it.report(25 * 60)).findings[0]?.ignored).toBeUndefined();
});

test('what was ignored when it was seen counts again when the rule ends, and is not told then', async () => {
  const it = await changed(`${WITH_ALL}${RULE}`, CRITICAL);
  await it.run();
  expect((await it.report(60)).findings).toMatchObject([{ ignored: 'planned' }]);
  expect(it.told()).toEqual([]);
  it.time = '2026-03-03T00:10:00.000Z';
  await it.run();
  expect((await it.report(24 * 60)).findings[0]?.ignored).toBeUndefined();
  expect(it.told()).toEqual([]);
});

test('notes that tell what held when they were written are overruled', async () => {
  const it = await changed(WITH_ALL, CRITICAL);
  const { commit } = await it.run();
  const { store } = await it.load();
  const [sha, text = ''] = [...(await store.readFindings([commit ?? '']))][0] ?? [];
  const old = text.replace('"level":', '"ignored": "planned once",\n"level":');
  expect(old).not.toBe(text);
  await store.writeNotes(new Map([[String(sha), { text: '', findings: old }]]));
  expect(decodeNote(old)?.findings[0]?.ignored).toBeUndefined();
  expect((await it.report(60)).findings[0]?.ignored).toBeUndefined();
});

test('an act in a region that nobody looks at can be ignored by its scope, and not by a leaf', async () => {
  const act = { ...event('e-7', '2026-03-02T09:03:00.000Z', 'Put', { id: 'far', path: '/critical', value: true }), region: 'elsewhere' };
  const it = await changed(WITH_ALL, { one: { size: 1, critical: false }, two: { size: 1 } });
  it.events([act]);
  const reasons = async () => (await it.report(60)).findings.map(({ ignored }) => ignored);
  await it.run();
  expect(await reasons()).toEqual([undefined]);
  configure(it, 'ignore:\n  - { scope: fake/a/elsewhere, reason: a sandbox }\n');
  expect(await reasons()).toEqual(['a sandbox']);
  configure(it, `ignore:\n  - { kind: ${THING}, path: "$.critical", reason: known }\n`);
  expect(await reasons()).toEqual([undefined]);
});
