import { expect, test } from 'vitest';
import type { AuditEvent, Finding, JsonObject } from '../src/model.ts';
import { correlateRecent } from '../src/correlate.ts';
import { toContract } from '../src/report/contract.ts';
import { renderText } from '../src/report/text.ts';
import { cli } from './cli/run.ts';
import { fill } from './folder.ts';
import { event, SCOPE, type State, THING, WITH_TRAIL, type World, world } from './run/world.ts';

/** Looks at 09:00 and 09:05; by the second, `one` is bigger. */
async function changed(config = WITH_TRAIL): Promise<World> {
  const it = await world(config);
  it.events([]);
  it.things({ one: { size: 1 } });
  await it.run();
  it.pass(5);
  it.things({ one: { size: 2 } });
  return it;
}

const PUT = event('e-1', '2026-03-02T09:02:00.000Z', 'Put', { id: 'one', path: '/size', value: 2 });
const notes = (it: World) => it.git('for-each-ref', '--format=%(refname) %(objectname)', 'refs/notes');

test('a change with its event is attributed at once: the person, the grade, the event', async () => {
  const it = await changed();
  it.events([PUT]);
  const { findings } = await it.run();
  expect(findings).toHaveLength(1);
  expect(findings[0]?.attribution).toMatchObject({
    status: 'attributed',
    grade: 'exact',
    actor: { name: 'alice' },
    edits: { '/size': { eventIds: ['e-1'] } },
  });
  expect(await it.git('notes', '--ref=drifttrail', 'show', 'main')).toContain('alice');
});

test('an event that comes late: pending first, attributed at the next look, the same finding', async () => {
  const it = await changed();
  const first = (await it.run()).findings;
  expect(first.map(({ attribution }) => attribution.status)).toEqual(['pending']);
  it.pass(5);
  it.events([PUT]);
  const second = (await it.run()).findings;
  expect(second.map(({ id, attribution }) => [id, attribution.status, attribution.actor?.name])).toEqual([
    [first[0]?.id, 'attributed', 'alice'],
  ]);
});

test('a correction reopens what was final, also hours later: who was refused did not do it', async () => {
  const it = await changed();
  it.events([PUT]);
  await it.run();
  it.pass(60);
  await it.run();
  it.pass(5 * 60);
  it.events([PUT, { ...PUT, error: { code: 'AccessDenied', message: '' }, addendum: true }]);
  const { findings } = await it.run();
  expect(findings.map(({ attribution }) => [attribution.status, attribution.actor])).toEqual([['unattributed', undefined]]);
  const told = await notes(it);
  it.pass(5);
  await it.run();
  expect(await notes(it)).toBe(told);
});

test.each([
  ['8 minutes slow', '2026-03-02T08:52:30.000Z', /8 min before the window/],
  ['9 minutes fast', '2026-03-02T09:13:30.000Z', /9 min after the window/],
])('a clock %s: what fits exactly is told as possible, and to be off', async (_what, time, because) => {
  const it = await changed();
  await it.run();
  it.events([{ ...PUT, time }, event('e-8', time, 'Put', { id: 'one', path: '/size', value: 7 }, 'mallory')]);
  it.pass(30);
  const { findings } = await it.run();
  const [finding] = findings.filter(({ change }) => change !== undefined);
  expect(finding?.attribution).toMatchObject({
    status: 'ambiguous',
    grade: 'candidate',
    actor: { name: 'alice' },
    because: expect.stringMatching(because),
  });
  expect(findings.filter(({ attribution }) => attribution.actor?.name === 'alice')).toHaveLength(1);
});

test('an act in a region that nobody looks at is told of from the trail alone, one on what is watched is not', async () => {
  const it = await changed();
  const grave = { id: 'far', path: '/critical', value: true };
  it.events([PUT, { ...event('e-7', '2026-03-02T09:03:00.000Z', 'Put', grave, 'mallory'), region: 'elsewhere' }]);
  const { findings } = await it.run();
  const acts = findings.filter(({ change }) => change === undefined);
  expect(acts).toMatchObject([
    {
      level: 'critical',
      transient: { ref: { scope: 'fake/a/elsewhere', kind: THING, id: 'far' } },
      attribution: { status: 'attributed', actor: { name: 'mallory' }, events: [{ id: 'e-7' }] },
    },
  ]);
});

test('after two weeks of acquaintance a stranger is called one, and a regular is not', async () => {
  const it = await changed();
  const [alice, mallory] = [PUT, event('e-9', '2026-03-20T09:02:00.000Z', 'Put', { id: 'one', path: '/size', value: 3 }, 'mallory')];
  it.events([alice]);
  const early = await it.run();
  expect(early.findings[0]?.reasons).not.toContain('by a principal not seen before');
  it.time = '2026-03-20T09:00:00.000Z';
  await it.run();
  it.pass(5);
  it.events([alice, mallory]);
  it.things({ one: { size: 3 } });
  expect((await it.run()).findings.at(-1)?.reasons).toContain('by a principal not seen before');
  it.pass(5);
  it.events([alice, mallory, event('e-8', '2026-03-20T09:06:00.000Z', 'Put', { id: 'one', path: '/size', value: 4 })]);
  it.things({ one: { size: 4 } });
  const regular = (await it.run()).findings.find(({ attribution }) => attribution.actor?.name === 'alice');
  expect(regular?.attribution.events[0]?.id).toBe('e-8');
  expect(regular?.reasons).not.toContain('by a principal not seen before');
});

test('nobody is said once the trail had its time, and taken back when the trail was later still', async () => {
  const it = await changed();
  await it.run();
  it.pass(30);
  expect((await it.correlate())[0]?.attribution.status).toBe('unattributed');
  it.things({ one: { size: 2 }, other: {} });
  await it.run(); // its commit is not the tip any more
  it.pass(120);
  it.events([PUT]);
  const one = (await it.correlate()).find(({ change }) => change?.ref.id === 'one');
  expect(one?.attribution).toMatchObject({ status: 'attributed', actor: { name: 'alice' } });
});

test('correlating again with the same events writes nothing, at the tip and behind it, also after quiet looks', async () => {
  const it = await changed();
  it.events([
    PUT,
    event('e-2', '2026-03-02T09:03:00.000Z', 'Put', { id: 'one', path: '/colour', value: 'red' }),
    event('e-3', '2026-03-02T09:03:20.000Z', 'Unset', { id: 'one', path: '/colour' }),
  ]);
  const first = (await it.run()).findings;
  expect(first.some(({ transient }) => transient !== undefined)).toBe(true);
  const before = await notes(it);
  expect(await it.correlate()).toEqual(first);
  expect(await notes(it)).toBe(before);
  const quietLooks = async () => {
    for (let look = 0; look < 4; look++) {
      it.pass(5);
      expect((await it.run()).findings).toEqual(first);
    }
    return notes(it);
  };
  const settled = await quietLooks(); // a quarter of an hour on, the notes say that they are final: once
  expect(settled.split('\n')[0]).toBe(before.split('\n')[0]);
  expect(await quietLooks()).toBe(settled);
});

test('done and undone between two looks leaves no diff and is told once, with how long it stood', async () => {
  const it = await changed();
  await it.run();
  it.pass(5);
  it.events([
    PUT,
    event('e-2', '2026-03-02T09:06:30.000Z', 'Put', { id: 'one', path: '/open', value: true }, 'bob'),
    event('e-3', '2026-03-02T09:08:00.000Z', 'Unset', { id: 'one', path: '/open' }, 'bob'),
  ]);
  const transients = async () => (await it.run()).findings.filter(({ transient }) => transient !== undefined);
  const found = await transients();
  expect(found).toMatchObject([
    { commit: null, transient: { duration: 90_000, ref: { id: 'one' } }, attribution: { actor: { name: 'bob' } } },
  ]);
  it.pass(5);
  expect(await transients()).toEqual(found);
  // A later change does not tell of it a second time.
  it.pass(5);
  it.things({ one: { size: 3 } });
  const later = await it.run();
  expect(later.commit).not.toBeNull();
  expect(later.findings.filter(({ transient }) => transient !== undefined)).toEqual(found);
});

test('what a look of days ago told of a quiet time stays told, though its events are not asked for again', async () => {
  const it = await changed();
  it.events([
    PUT,
    event('e-2', '2026-03-02T09:06:30.000Z', 'Put', { id: 'one', path: '/open', value: true }, 'bob'),
    event('e-3', '2026-03-02T09:08:00.000Z', 'Unset', { id: 'one', path: '/open' }, 'bob'),
  ]);
  await it.run();
  it.pass(5);
  const first = (await it.run()).findings;
  expect(first).toHaveLength(2);
  it.pass(3 * 24 * 60);
  it.events([event('e-4', '2026-03-05T09:09:00.000Z', 'Strange', { id: 'one' })]);
  await it.run();
  expect(await it.report(4 * 24 * 60)).toMatchObject({ findings: first, unmapped: [{ name: 'Strange', count: 1 }] });
});

test('a write that a look was too early to see becomes a change at the next one, and is no transient any more', async () => {
  const it = await changed();
  it.events([PUT]);
  await it.run(); // the commit of 09:05
  it.pass(30);
  const late = event('e-9', '2026-03-02T09:34:30.000Z', 'Put', { id: 'one', path: '/size', value: 3 });
  it.events([PUT, late]);
  const quiet = await it.run(); // 09:35, and the system still answers with the old size
  expect(quiet.commit).toBeNull();
  it.pass(5);
  it.things({ one: { size: 3 } });
  const { commit, findings } = await it.run();
  const about = findings.filter(({ attribution }) => attribution.events.some(({ id }) => id === 'e-9'));
  expect(about).toMatchObject([{ commit, change: { ref: { id: 'one' } }, attribution: { status: 'attributed' } }]);
});

test('a run killed between its commit and its note: the next one gives a sane window, the actor, and no blame for what was new', async () => {
  const it = await changed(`${WITH_TRAIL}`);
  it.events([PUT]);
  const added: State = {
    resources: [
      [SCOPE, THING, 'one', { size: 2 }],
      [SCOPE, 'fake.package', 'all', { bash: '5' }],
    ],
    complete: [
      [SCOPE, THING],
      [SCOPE, 'fake.package'],
    ],
  };
  it.state(added);
  const whole = (await it.run()).findings;
  expect(whole.map(({ change }) => change?.ref.id)).toEqual(['one']);
  await it.git('update-ref', '-d', 'refs/notes/drifttrail-findings');
  await it.git('update-ref', '-d', 'refs/notes/drifttrail');
  it.pass(5);
  const again = (await it.run()).findings;
  expect(again.map(({ id, change, attribution }) => [id, change?.ref.id, attribution.actor?.name])).toEqual([
    [whole[0]?.id, 'one', 'alice'],
  ]);
  expect(again[0]?.window).toEqual({ from: '2026-03-02T09:00:00.000Z', to: '2026-03-02T09:05:00.000Z' });
});

test('without any trail nothing waits for one, and the run says so at once', async () => {
  const it = await changed('exporters:\n  - use: ./plugins/fake\n    state: state.json\n');
  const { findings } = await it.run();
  expect(findings[0]?.attribution).toMatchObject({ status: 'unattributed', because: expect.stringContaining('no trail is configured') });
  const before = await notes(it);
  it.pass(60);
  expect((await it.run()).findings).toEqual(findings);
  expect(await notes(it)).toBe(before);
});

test('a trail that cannot be read is the reason, in its words', async () => {
  const it = await changed();
  it.events([], [{ account: 'a', region: 'r', reason: 'denied', detail: 'LookupEvents' }]);
  expect((await it.run()).problems.join('\n')).toContain('LookupEvents');
  it.pass(30);
  expect((await it.correlate())[0]?.attribution).toMatchObject({
    status: 'unattributed',
    because: expect.stringMatching(/denied.*LookupEvents/),
  });
});

const STOP_RULE = `- id: log-stopped
  title: Audit log stopped
  events: ["audit:Stop*"]
  when: actor.type != "nobody"
  level: critical
  score: 95
  threat: detection
  reason: nobody sees what happens from here on
  falsePositives: [Maintenance]
  examples:
    true: [{ event: { name: StopLog } }]
    false: [{ event: { name: StopLog }, actor: { type: nobody } }]
`;

test('a dangerous act on what nobody reads is a finding, once, though no diff shows it; a refused or harmless one is none', async () => {
  const it = await changed();
  fill(it.dir, { 'rules/own.yaml': STOP_RULE });
  const act = (id: string, name: string, minute: number, more: Partial<AuditEvent> = {}): AuditEvent => ({
    ...event(id, `2026-03-02T09:0${minute}:00.000Z`, name, { id: 'x' }, 'mallory'),
    source: 'audit',
    request: { logName: 'main-log' },
    ...more,
  });
  it.events([
    PUT,
    act('stop-1', 'StopLog', 3),
    act('refused', 'StopLog', 3, { error: { code: 'AccessDenied', message: '' } }),
    act('other', 'RotateLog', 3),
    act('stop-2', 'StopLog', 8),
  ]);
  const acts = (findings: readonly Finding[]) =>
    findings.flatMap(({ commit, transient, level, attribution }) =>
      transient === undefined ? [] : [`${attribution.events[0]?.id} ${level} ${attribution.actor?.name} ${transient.ref.id} ${commit}`],
    );
  expect(acts((await it.run()).findings)).toEqual(['stop-1 critical mallory main-log null']);
  it.pass(5);
  await it.run(); // nothing changed: the second belongs to the quiet time
  const report = await it.report(60);
  expect(acts(report.findings).sort()).toEqual(['stop-1 critical mallory main-log null', 'stop-2 critical mallory main-log null']);
  const [first] = toContract(report).findings as JsonObject[];
  expect(first).toMatchObject({ transient: false, type: 'modified', edits: [], resource: { id: 'main-log', path: null } });
  expect(renderText(report, { colour: false, width: 100 })).toContain('CRITICAL audit main-log: StopLog — mallory, console session');
  const id = String(first?.id);
  const shown = await cli(['--dir', it.dir, 'show', id]);
  expect([shown.code, shown.stdout.includes('StopLog'), shown.stdout.includes('diff --git')]).toEqual([0, true, false]);
  const undo = await cli(['--dir', it.dir, 'undo', id]);
  expect([undo.code, undo.stderr]).toEqual([1, expect.stringContaining('what it was done to is not recorded')]);
  for (let look = 0; look < 3; look++) {
    it.pass(30);
    await it.run();
  }
  expect(acts((await it.report(600)).findings)).toHaveLength(2);
});

test('notes are written as they come: after a kill among many commits, those that were judged are not judged again', async () => {
  const it = await world(WITH_TRAIL);
  it.events([]);
  it.things({ one: { size: 0 } });
  await it.run();
  const deployment = await it.load();
  const { store } = deployment;
  for (let size = 1; size <= 45; size++) {
    it.pass(2);
    const writes = new Map([['fake/a/r/thing/one.json', Buffer.from(`{\n  "size": ${size}\n}\n`)]]);
    await store.commit({ parent: await store.tip(), writes, deletes: [], message: 'Test\n', date: it.time });
  }
  it.pass(3 * 24 * 60);
  const written: string[][] = [];
  const options = { signal: new AbortController().signal, progress: () => undefined, problem: () => undefined };
  const killedAfter = (pages: number) => ({
    ...deployment,
    store: {
      ...store,
      writeNotes: async (entries: Parameters<typeof store.writeNotes>[0]) => {
        if (written.length === pages) throw new Error('killed');
        written.push([...entries.keys()]);
        await store.writeNotes(entries);
      },
    },
  });
  await expect(correlateRecent(killedAfter(1), options)).rejects.toThrow('killed');
  expect(written.map((page) => page.length)).toEqual([20]);
  const findings = await correlateRecent(killedAfter(Number.POSITIVE_INFINITY), options);
  expect(new Set(written.flat()).size).toBe(written.flat().length);
  expect(written.flat()).toHaveLength(Number(await it.git('rev-list', '--count', 'main')));
  expect(new Set(findings.map(({ id }) => id)).size).toBeGreaterThanOrEqual(25);
});
