/** SIGKILL between a commit and the last of its messages, to five outlets at once that fail now and then themselves (R13). */
import { existsSync, mkdirSync, readdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Finding } from '../../src/model.ts';
import { type Built, copyBuilt } from '../built.ts';
import { amount } from '../store/repository.ts';
import { randomBy, started } from './killable.ts';
import { type Got, receivers } from './receiving.ts';
import { event, type World, world } from './world.ts';

const THINGS = 3;
const KILLS = Number(process.env['DRIFTTRAIL_KILLS'] ?? amount(process.env['CI'] === undefined ? 12 : 40, 500));
const SEED = Number(process.env['DRIFTTRAIL_SEED'] ?? Date.now() % 100_000);
const MINUTES = 12;
/** At once. */
const DEPLOYMENTS = amount(2, 4);
/** What a kill may follow. */
const ANCHORS = ['commit', 'outbox', 'arrival'] as const;

/** `t0` is critical, and told at once where urgent things are; the others wait for their actor, and then for the digest or group. */
const CONFIG = (web: string, smtp: number) => `exporters:
  - use: ./plugins/fake
    state: state.json
trail:
  - use: ./plugins/tape
    file: events.json
hooks:
  - { use: webhook, url: "${web}/webhook", allowPrivate: true, from: info }
  - { use: exec, command: [node, take.mjs], from: info, only: [{ id: t0 }, { id: t1 }], env: { PATH: "${process.env['PATH']}" } }
  - { use: slack, url: env:SLACK, allowPrivate: true, from: info, group: 20m }
  - { use: mail, host: 127.0.0.1, port: ${smtp}, security: none, allowPrivate: true, sender: drift@ops.example, to: [ops@ops.example],
      from: info, digest: "*/30 * * * *", urgent: never }
  - { use: pagerduty, url: "${web}", routingKey: env:ROUTING, allowPrivate: true, from: info, trigger: info, except: [{ id: t2 }] }
`;
/** The things that each outlet is to hear of. */
const WANTED: Readonly<Record<string, readonly string[]>> = {
  webhook: ['t0', 't1', 't2'],
  exec: ['t0', 't1'],
  slack: ['t0', 't1', 't2'],
  mail: ['t0', 't1', 't2'],
  pagerduty: ['t0', 't1'],
};

let built: Built;
beforeAll(() => {
  built = copyBuilt();
});
afterAll(() => built.remove());

/** Each version is another state of all things; the trail tells who made it, sometimes later than the next look. */
function become(
  it: World,
  version: number,
  trail: Map<number, { readonly from: number; readonly events: ReturnType<typeof event>[] }>,
  late: number,
) {
  const leaf = (index: number) => (index === 0 ? 'critical' : 'version');
  const indices = Array.from({ length: THINGS }, (_, index) => index);
  it.things(Object.fromEntries(indices.map((index) => [`t${index}`, { [leaf(index)]: version }])));
  const time = new Date(Date.parse(it.time) - 100_000).toISOString();
  if (version > 1)
    trail.set(version, {
      from: version + late,
      events: indices.map((index) =>
        event(`e-${version}-${index}`, time, 'Put', { id: `t${index}`, path: `/${leaf(index)}`, value: version }),
      ),
    });
  const known = [...trail.values()].filter(({ from }) => from <= version).flatMap(({ events }) => events);
  writeFileSync(join(it.dir, 'events.json'), JSON.stringify({ events: known }));
}

it(`loses no message in ${KILLS} kills after a commit, and repeats each under its id (seed ${SEED})`, async () => {
  // Most of the time a deployment waits: for its disk, its receivers, its children.
  const sieges = await Promise.all(Array.from({ length: DEPLOYMENTS }, (_, index) => besieged(SEED + index * 1000, KILLS / DEPLOYMENTS)));
  const sum = (pick: (one: (typeof sieges)[number]) => number) => sieges.reduce((total, one) => total + pick(one), 0);
  const tallies = sieges.flatMap(({ tally }) => tally);
  console.log(
    [
      `R13: seed ${SEED}, ${sum(({ kills }) => kills)} kills of ${DEPLOYMENTS} deployments, ${sum(({ ended }) => ended)} ended before theirs, ${sum(({ commits }) => commits)} commits`,
      ...sieges.map(({ usual, outcomes }) => JSON.stringify({ usual, outcomes })),
      ...Object.keys(WANTED).map((outlet) => {
        const rows = tallies.filter((row) => row.outlet === outlet);
        const of = (pick: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + pick(row), 0);
        return `${outlet}: ${of(({ findings }) => findings)} findings in ${of(({ messages }) => messages)} messages, ${of(({ repeats }) => repeats)} repeats, ${of(({ lost }) => lost.length)} lost, ${of(({ underTwoIds }) => underTwoIds.length)} under two ids, ${of(({ promised }) => promised.length)} without the follow-up they owe`;
      }),
    ].join('\n'),
  );
  for (const row of tallies) expect(row, `seed ${SEED}`).toMatchObject({ lost: [], underTwoIds: [], promised: [] });
  expect(tallies.reduce((total, { repeats }) => total + repeats, 0)).toBeGreaterThan(0);
}, 3_600_000);

/** One deployment, its receivers, and what they have got in the end. */
async function besieged(seed: number, wanted: number) {
  const random = randomBy(seed);
  const self = await world();
  const usual = { commit: [] as number[], outbox: [] as number[], arrival: [] as number[] };
  let mark: (what: keyof typeof usual) => void = () => undefined;
  const { web, smtp, got } = await receivers(self.dir, randomBy(seed + 1), () => mark('arrival'));
  writeFileSync(join(self.dir, 'drifttrail.yaml'), CONFIG(web, smtp));
  const env = { SLACK: `${web}/slack`, ROUTING: 'r'.repeat(32) };
  // Ahead of the machine's clock, by which locks are judged.
  self.time = new Date(Date.now() + 3_600_000).toISOString();
  const go = (whenToKill?: (kill: () => void) => void) =>
    started(built, ['--dir', self.dir, 'snapshot', '--json'], { time: self.time, env, whole: random() < 0.5 }, whenToKill);
  const trail = new Map<number, { readonly from: number; readonly events: ReturnType<typeof event>[] }>();
  const heads = join(self.dir, 'snapshots', '.git', 'refs', 'heads');
  const outbox = join(self.dir, 'state', 'outbox');
  const looseHead = () => (existsSync(join(heads, 'main')) ? readFileSync(join(heads, 'main'), 'utf8') : undefined);

  /**
   * One look that finds a new version. It is killed `share` of the usual time after the commit, after the first message lies in
   * the outbox, or after the first has arrived: telling is the shorter part.
   */
  let version = 0;
  const look = async (kill?: { readonly after: keyof typeof usual; readonly share: number }, late = 0) => {
    self.pass(MINUTES);
    version += 1;
    become(self, version, trail, late);
    const seen = { commit: 0, outbox: 0, arrival: 0 };
    const stop = new AbortController();
    const before = looseHead();
    // Packing the refs removes the file, perhaps by a child that outlived the last kill: that is no commit.
    const isMoved = () => ![undefined, before].includes(looseHead());
    const ended = await go((end) => {
      mark = (what) => {
        if (seen[what] > 0) return;
        seen[what] = performance.now();
        if (kill?.after === what) void delay(kill.share * median(usual[what])).then(end);
      };
      watch(heads, { signal: stop.signal }, (_, name) => name === 'main' && isMoved() && mark('commit'));
      for (const outlet of Object.keys(WANTED))
        watch(join(outbox, outlet), { signal: stop.signal }, () => seen.commit > 0 && mark('outbox'));
    });
    stop.abort();
    for (const what of ANCHORS) if (kill === undefined && seen[what] > 0) usual[what].push(performance.now() - seen[what]);
    return ended;
  };

  // Undisturbed: the baseline, and how long telling takes.
  for (const outlet of Object.keys(WANTED)) mkdirSync(join(outbox, outlet), { recursive: true, mode: 0o700 });
  for (let round = 0; round < 6; round += 1) {
    const { code, stderr } = await look();
    expect(code, stderr).toBe(0);
  }
  const outcomes = { 'before the outbox': 0, 'before the first arrival': 0, 'amid or after arrivals': 0 };
  let [kills, ended] = [0, 0];
  while (kills < wanted) {
    const before = { arrived: got().length, queued: queued(self).size };
    const after = ANCHORS[Math.floor(random() * ANCHORS.length)] ?? 'commit';
    const { code, stderr } = await look({ after, share: random() }, random() < 0.3 ? 1 + Math.floor(random() * 3) : 0);
    if (code !== null) {
      expect(code, `seed ${seed}: ${stderr}`).toBe(0);
      ended += 1;
      continue;
    }
    kills += 1;
    if (got().length > before.arrived) outcomes['amid or after arrivals'] += 1;
    else outcomes[queued(self).size > before.queued ? 'before the first arrival' : 'before the outbox'] += 1;
  }
  // What the trail was late with it tells now: nobody is owed what it never told.
  self.events([...trail.values()].flatMap(({ events }) => events));
  // All that waits, for its actor, its turn or another try, has its time, and then the outbox is empty.
  const left = () => readdirSync(outbox, { recursive: true, encoding: 'utf8' }).filter((name) => /^[^/]+\/\d+-m-/.test(name));
  for (let round = 0; round < 5 || (left().length > 0 && round < 100); round += 1) {
    self.pass(30);
    const { code, stderr } = await go();
    expect(code, stderr).toBe(0);
  }
  expect(left()).toEqual([]);

  const commits = (await self.git('rev-list', 'main', '--', 'fake')).split('\n');
  const findings: string[] = [];
  for (const commit of commits) {
    const note = JSON.parse(await self.git('notes', '--ref=drifttrail-findings', 'show', commit)) as { findings: Finding[] };
    findings.push(...note.findings.map(({ change }) => `${change?.ref.id}@${change?.edits[0]?.after}`));
  }
  expect(commits).toHaveLength(version);
  expect(findings).toHaveLength((version - 1) * THINGS);

  const arrived = got();
  const tally = Object.entries(WANTED).map(([outlet, things]) => {
    const mine = findings.filter((finding) => things.includes(finding.split('@')[0] ?? ''));
    const told = arrived.filter((one) => one.outlet === outlet);
    return { outlet, findings: mine.length, ...judge(mine, told) };
  });
  const milliseconds = Object.fromEntries(ANCHORS.map((what) => [what, Math.round(median(usual[what]))]));
  return { tally, kills, ended, commits: commits.length, outcomes, usual: milliseconds };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** Names of all messages that any outlet has had in its queue or has sent. */
function queued({ dir }: World): Set<string> {
  const outbox = join(dir, 'state', 'outbox');
  return new Set(readdirSync(outbox, { recursive: true, encoding: 'utf8' }).flatMap((name) => /m-[0-9a-f]{16}/.exec(name)?.[0] ?? []));
}

/** What one outlet got of what it was to hear of. */
function judge(wanted: readonly string[], got: readonly Got[]) {
  const messages = [...new Map(got.map((one) => [one.id, one])).values()];
  const unsettled = idsBy(messages, true);
  const settled = idsBy(messages, false);
  const counted = messages.reduce((sum, { more }) => sum + more, 0);
  const absent = wanted.filter((finding) => !unsettled.has(finding) && !settled.has(finding));
  return {
    messages: messages.length,
    repeats: got.length - messages.length,
    /** What a long digest only counts is not lost. */
    lost: absent.length <= counted ? [] : absent,
    /** Once while its actor is looked for, and once when that is known. */
    underTwoIds: [...unsettled, ...settled].filter(([, ids]) => ids.size > 1).map(([finding]) => finding),
    promised: wanted.filter((finding) => unsettled.has(finding) && !settled.has(finding)).slice(counted),
  };
}

function idsBy(messages: readonly Got[], wanted: boolean): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { id, findings } of messages)
    for (const { name, pending } of findings) if (pending === wanted) found.set(name, (found.get(name) ?? new Set()).add(id));
  return found;
}
