/** A trail that is dead is silent: each place says so, and those who are told hear of it once. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { examine } from '../../src/cli/doctor-checks.ts';
import type { Finding } from '../../src/model.ts';
import { coverageRows } from '../../src/questions/coverage-rows.ts';
import { WITH_ALL, type World, world } from './world.ts';

const OF_FILES = `${WITH_ALL.replace('trail:\n', 'trail:\n  - { use: files, files: [trail] }\n')}`;
const HOUR = 60;

const coverageOf = (findings: readonly Finding[]) => findings.flatMap(({ coverage }) => (coverage === undefined ? [] : [coverage.type]));
const told = (it: World) => it.told().flatMap(({ kind, findings }) => coverageOf(findings).map((type) => `${kind} ${type}`));
const record = { eventID: 'e', eventTime: '2026-03-02T08:00:00Z', eventSource: 'ec2.amazonaws.com', eventName: 'DeleteRoute' };

function lay(it: World) {
  mkdirSync(join(it.dir, 'trail'), { recursive: true });
  const records = [{ ...record, awsRegion: 'eu-west-1', recipientAccountId: '123456789012', userIdentity: { type: 'Root' } }];
  writeFileSync(join(it.dir, 'trail', 'a.json'), JSON.stringify({ Records: records }));
}

/** Two trails, of which the files are there; looked at once. */
async function trailed(): Promise<World> {
  const it = await world(OF_FILES);
  lay(it);
  it.events([]);
  it.things({ one: { size: 1 } });
  expect(await it.run()).toMatchObject({ exitCode: 0, gaps: [] });
  it.pass(5);
  return it;
}

const doctor = async (it: World) => {
  const { surroundings } = await it.load();
  const results = await examine(it.dir, surroundings, { offline: true, signal: AbortSignal.timeout(30_000), progress: () => undefined });
  return results.filter(({ name }) => name.startsWith('trail'));
};

test('a trail that is gone is a gap of each run and told once, and once more when it is back', async () => {
  const it = await trailed();
  const before = await it.commits();
  rmSync(join(it.dir, 'trail'), { recursive: true });
  for (const minutes of [0, 5, HOUR, 23 * HOUR, 24 * HOUR]) {
    it.pass(minutes);
    const { exitCode, gaps, problems } = await it.run();
    expect([exitCode, gaps]).toEqual([
      3,
      [{ scope: 'trail/files', reason: 'invalid', detail: expect.stringContaining('trail does not exist') }],
    ]);
    expect(problems.filter((line) => line.includes('does not exist'))).toHaveLength(1);
  }
  expect(await it.commits()).toBe(before);
  expect(told(it)).toEqual(['changes lost']);

  const found = await it.report(3 * 24 * HOUR);
  expect(found.gaps).toMatchObject([{ scope: 'trail/files' }]);
  expect(found.findings).toMatchObject([
    { level: 'medium', rules: ['trail-lost'], window: { from: '2026-03-02T09:00:00.000Z', to: '2026-03-02T09:05:00.000Z' } },
  ]);
  // It was lost before the last hour, and still is.
  expect(await it.report(HOUR)).toMatchObject({ findings: [], gaps: [{ scope: 'trail/files' }] });
  const rows = await coverageRows(await it.load(), new Date(it.time), 1);
  expect(rows.find(({ scope }) => scope === 'trail/files')).toMatchObject({
    status: 'unreadable',
    lastComplete: '2026-03-02T09:00:00.000Z',
    lastTried: it.time,
  });
  expect(await doctor(it)).toMatchObject([
    { name: 'trail files', status: 'fail', fix: expect.stringContaining('drifttrail snapshot') },
    { status: 'fail', detail: expect.stringContaining('does not exist'), fix: expect.stringContaining('put the records back at') },
  ]);

  // What an outlet was told of is over, days later and beside another commit.
  it.things({ one: { size: 2 } });
  lay(it);
  expect(await it.run()).toMatchObject({ exitCode: 0, gaps: [] });
  it.pass(5);
  await it.run();
  expect(told(it)).toEqual(['changes lost', 'resolve lost']);
  expect(coverageOf((await it.report(3 * 24 * HOUR)).findings).sort()).toEqual(['lost', 'regained']);
  expect(coverageOf((await it.report(HOUR)).findings)).toEqual(['regained']);
  expect((await doctor(it)).map(({ status }) => status)).toEqual(['ok']);
});

test('a run that was killed before it knew what it had told tells nothing twice', async () => {
  const it = await trailed();
  const file = join(it.dir, 'state', 'trails.json');
  const before = readFileSync(file);
  rmSync(join(it.dir, 'trail'), { recursive: true });
  await it.run();
  writeFileSync(file, before);
  it.pass(5);
  it.things({ one: { size: 2 } });
  const { findings } = await it.run();
  expect(coverageOf(findings)).toEqual(['lost']);
  expect(told(it)).toEqual(['changes lost']);
});

test('of several trails each is told by itself, and one that lacks only what surrounds its writes is not lost', async () => {
  const it = await trailed();
  it.events([], [{ account: 'a', region: 'r', reason: 'denied', detail: 'no' }]);
  expect((await it.run()).gaps).toMatchObject([{ scope: 'trail/tape/a/r', reason: 'denied' }]);
  it.pass(5);
  rmSync(join(it.dir, 'trail'), { recursive: true });
  expect((await it.run()).gaps.map(({ scope }) => scope)).toEqual(['trail/files', 'trail/tape/a/r']);
  it.pass(5);
  lay(it);
  it.events([], [{ account: 'a', region: 'r', reason: 'truncated', detail: 'sessions', partial: true }]);
  const { exitCode, findings } = await it.run();
  expect(exitCode).toBe(0);
  expect(coverageOf(findings)).toEqual(['lost', 'lost', 'regained', 'regained']);
});

test('a trail that is configured no more is not missed', async () => {
  const it = await trailed();
  rmSync(join(it.dir, 'trail'), { recursive: true });
  await it.run();
  writeFileSync(join(it.dir, 'drifttrail.yaml'), WITH_ALL);
  expect((await it.report(HOUR)).gaps).toEqual([]);
  it.pass(5);
  const { exitCode, findings } = await it.run();
  expect([exitCode, coverageOf(findings), existsSync(join(it.dir, 'state', 'trails.json'))]).toEqual([0, ['lost'], true]);
});

test('days after the last commit, with a clock that goes on during a run, the trail is read all the same', async () => {
  const it = await trailed();
  let [base, ticks] = [Date.parse(it.time) + 3 * 24 * HOUR * 60_000, 0];
  Object.defineProperty(it, 'time', { get: () => new Date(base + ticks++).toISOString() });
  rmSync(join(it.dir, 'trail'), { recursive: true });
  expect(await it.run()).toMatchObject({ commit: null, exitCode: 3 });
  base += 5 * 60_000;
  lay(it);
  expect(await it.run()).toMatchObject({ commit: null, exitCode: 0, gaps: [] });
});
