import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { AuditEvent } from '../../src/model.ts';
import { event, WITH_ALL, WITH_TRAIL, world } from './world.ts';

const NOTES = ['refs/notes/drifttrail', 'refs/notes/drifttrail-findings'];

/** A change is committed by somebody's act, and its run killed before its notes; then nothing for so many days. */
async function killedAfterCommit(days: number, changes = 1) {
  const it = await world(WITH_TRAIL);
  it.events([]);
  it.things({ one: { size: 0 } });
  await it.run();
  it.pass(5);
  await it.run();
  const acts: AuditEvent[] = [];
  const commits: string[] = [];
  for (let size = 1; size <= changes; size += 1) {
    acts.push(event(`e${size}`, it.time, 'Put', { id: 'one', path: '/size', value: size }));
    it.pass(2);
    it.things({ one: { size } });
    commits.push((await it.run()).commit ?? '');
  }
  for (const ref of NOTES)
    await it.git('-c', 'user.name=x', '-c', 'user.email=x@example.com', 'notes', `--ref=${ref}`, 'remove', '--ignore-missing', ...commits);
  it.events(acts);
  writeFileSync(join(it.dir, 'drifttrail.yaml'), WITH_ALL);
  it.pass(days * 24 * 60);
  return it;
}

test.each([1, 3, 13])('what a killed run had committed is judged and told by the next one, %d days later', async (days) => {
  const it = await killedAfterCommit(days, 2);
  await it.run();
  const told = it.told().flatMap(({ findings }) => findings.map(({ change, attribution }) => [change?.ref.id, attribution.actor?.name]));
  expect(told).toEqual(Array(2).fill(['one', 'alice']));
  await it.run();
  expect(it.told()).toHaveLength(2);
});

test('also when it is more than is read at once', async () => {
  const it = await killedAfterCommit(3, 12);
  await it.run();
  expect(new Set(it.told().flatMap(({ findings }) => findings.map(({ id }) => id))).size).toBe(12);
});

test('what is weeks old is left to the attribute command', async () => {
  const it = await killedAfterCommit(15);
  it.pass(60);
  it.things({ one: { size: 99 } });
  await it.run();
  expect(it.told().flatMap(({ findings }) => findings.map(({ change }) => change?.edits[0]?.after))).not.toContain(1);
});
