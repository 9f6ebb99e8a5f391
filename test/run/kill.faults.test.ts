/** SIGKILL at any moment of `drifttrail snapshot`: collect, write, commit, notes, attribution, delivery, push (R1, R13). */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Finding } from '../../src/model.ts';
import type { Compiled } from '../compiled.ts';
import { amount, git, temporaryFolder } from '../store/repository.ts';
import { compileSnapshot, randomBy, snapshots } from './killable.ts';
import { event, TAPED, type World, world } from './world.ts';

const THINGS = 4;
const ROUNDS = amount(process.env['CI'] === undefined ? 12 : 60, 500);
const SEED = Number(process.env['DRIFTTRAIL_SEED'] ?? Date.now() % 100_000);
/** Between two looks; the trail's events are older than the skew before the look before, so that each belongs to one version. */
const MINUTES = 4;

const CONFIG = (remote: string) => `exporters:
  - use: ./plugins/fake
    state: state.json
    pause: 10
${TAPED}remote: ${remote}
`;

let compiled: Compiled;
beforeAll(async () => {
  compiled = await compileSnapshot();
});
afterAll(() => compiled.remove());

/** The world of version `version`: every thing says so, and the trail tells who wrote it. */
function become(it: World, version: number): void {
  it.things(Object.fromEntries(Array.from({ length: THINGS }, (_, index) => [`t${index}`, { index, version }])));
  const past = events.get(version);
  if (past === undefined && version > 1) {
    const time = new Date(Date.parse(it.time) - 100_000).toISOString();
    events.set(version, [
      ...Array.from({ length: THINGS }, (_, index) =>
        event(`e-${version}-${index}`, time, 'Put', { id: `t${index}`, path: '/version', value: version }),
      ),
    ]);
  }
  writeFileSync(join(it.dir, 'events.json'), JSON.stringify({ events: [...events.values()].flat() }));
}
const events = new Map<number, ReturnType<typeof event>[]>();

/** What a finding says, with the version's own numbers left out. A kill makes windows wider, so only the cause counts of the events. */
function essence({ change, coverage, attribution, level, score, rules }: Finding, version: number): string {
  const causes = Object.values(attribution.edits).map(({ grade, eventIds }) => [grade, eventIds[0]]);
  const { status, actor } = attribution;
  return JSON.stringify({ change, coverage, status, actor, causes, level, score, rules })
    .replaceAll(`e-${version}-`, 'e-V-')
    .replaceAll(new RegExp(`"(after|version)":${version}\\b`, 'g'), '"$1":"V"')
    .replaceAll(new RegExp(`"(before|version)":${version - 1}\\b`, 'g'), '"$1":"V-1"');
}

it(`needs no help after ${ROUNDS} kills, tells everything under one id, and finds what an undisturbed run finds (seed ${SEED})`, async () => {
  events.clear();
  const remote = join(temporaryFolder(), 'remote.git');
  await git('/', 'init', '-q', '--bare', '-b', 'main', remote);
  await git(remote, 'config', 'receive.denyNonFastForwards', 'true');
  const self = await world(CONFIG(remote));
  // Ahead of the machine's clock, by which locks are judged.
  self.time = new Date(Date.now() + 3_600_000).toISOString();
  const random = randomBy(SEED);
  const program = snapshots(compiled.folder, random);
  /** Lets the command go, and kills it after `delay` milliseconds unless it ends before. */
  const go = (delay?: number) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ended = program.go(self, (kill) => {
      if (delay !== undefined) timer = setTimeout(kill, delay);
    });
    return ended.finally(() => clearTimeout(timer));
  };
  const outcomes = {
    'before the commit': 0,
    'before the notes': 0,
    'before the delivery': 0,
    'before the push': 0,
    'after the push': 0,
    ended: 0,
  };

  // Undisturbed: the baseline, and two versions as the measure of time and of what is found.
  let longest = 0;
  let version = 1;
  for (; version <= 3; version += 1) {
    self.pass(MINUTES);
    become(self, version);
    const done = await go();
    expect(done, done.stderr).toMatchObject({ code: 0, stderr: '' });
    longest = version === 1 ? 0 : Math.max(longest, done.took);
  }
  version = 3;
  const isCommitted = async () => (await self.git('show', 'main:fake/a/r/thing/t0.json')).includes(`"version": ${version}\n`);
  let tip = await self.git('rev-parse', 'main');
  for (let round = 0; round < ROUNDS; round += 1) {
    self.pass(MINUTES);
    // A version that was committed is followed by the next, or seen once more without a change.
    if ((await isCommitted()) && random() < 0.8) version += 1;
    become(self, version);
    const before = self.told().length;
    const { code, stderr } = await go(random() * longest * 1.1);
    const where = `seed ${SEED} round ${round}: ${stderr}`;
    if (code !== null) {
      expect(code, where).toBe(0);
      outcomes.ended += 1;
    } else {
      const now = await self.git('rev-parse', 'main');
      if (now === tip) outcomes['before the commit'] += 1;
      else if (!(await self.git('notes', '--ref=drifttrail-findings', 'list')).includes(now)) outcomes['before the notes'] += 1;
      else if (self.told().length === before) outcomes['before the delivery'] += 1;
      else outcomes[(await git(remote, 'rev-parse', 'main')) === now ? 'after the push' : 'before the push'] += 1;
    }
    tip = await self.git('rev-parse', 'main');
  }

  self.pass(MINUTES);
  if (await isCommitted()) version += 1;
  become(self, version);
  const last = await go();
  expect(last, `seed ${SEED}`).toMatchObject({ code: 0, stderr: '' });
  program.stop();
  console.log(
    `R1: seed ${SEED}, ${ROUNDS} kills over ${Math.round(longest)} ms, the next run took ${Math.round(last.took)} ms: ${JSON.stringify(outcomes)}`,
  );

  const commits = (await self.git('rev-list', '--reverse', 'main', '--', 'fake')).split('\n');
  const found: Finding[][] = [];
  for (const [index, commit] of commits.entries()) {
    const text = await self.git('grep', '-h', '-E', '"(version)"', commit, '--', 'fake');
    expect(text.match(/\d+/g)?.map(Number), `seed ${SEED} commit ${index}`).toEqual(Array(THINGS).fill(index + 1));
    found.push((JSON.parse(await self.git('notes', '--ref=drifttrail-findings', 'show', commit)) as { findings: Finding[] }).findings);
  }
  expect(commits).toHaveLength(version);
  expect(Number(await self.git('rev-list', '--count', 'main'))).toBe(version + 1);

  const essences = (index: number) => (found[index] ?? []).map((finding) => essence(finding, index + 1)).sort();
  expect([found[0], essences(1).length]).toEqual([[], THINGS]);
  for (const index of found.keys()) if (index > 1) expect(essences(index), `seed ${SEED} version ${index + 1}`).toEqual(essences(1));

  const ids = found.flat().map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const messages = self.told();
  expect([...new Set(messages.flatMap(({ findings }) => findings.map(({ id }) => id)))].sort()).toEqual([...ids].sort());
  for (const id of ids) {
    const about = messages.filter(({ findings }) => findings.some((finding) => finding.id === id));
    expect(new Set(about.map((message) => message.id)).size, `seed ${SEED} finding ${id}`).toBe(1);
  }
  expect(await self.git('fsck', '--full', '--no-dangling', '--no-progress')).toBe('');
  expect(await self.git('status', '--porcelain')).toBe('');
  expect(await self.git('for-each-ref', 'refs/drifttrail/incoming')).toBe('');
  for (const ref of ['refs/heads/main', 'refs/notes/drifttrail', 'refs/notes/drifttrail-findings', 'refs/drifttrail/observed'])
    expect(await git(remote, 'rev-parse', ref), ref).toBe(await self.git('rev-parse', ref));
}, 1_800_000);
