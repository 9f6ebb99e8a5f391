import { existsSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadDeployment } from '../../src/deployment.ts';
import { run } from '../../src/run.ts';
import { acquireLock } from '../../src/store/lock.ts';
import { realSurroundings } from '../../src/surroundings.ts';
import { SCOPE, THING, world } from './world.ts';

test('the first look is the baseline: a commit, and nobody is blamed for it', async () => {
  const it = await world();
  it.things({ one: { size: 1 }, two: { size: 2 } });
  const first = await it.run();
  expect(first).toMatchObject({ findings: [], gaps: [], problems: [], exitCode: 0 });
  expect(first.changes.map(({ type, ref }) => [type, ref.id])).toEqual([
    ['created', 'one'],
    ['created', 'two'],
  ]);
  expect(await it.git('rev-parse', 'main')).toBe(first.commit);
  expect(await it.git('show', 'main:fake/a/r/thing/one.json')).toBe('{\n  "size": 1\n}');
});

test('a change after it is a finding: the edit, the window from the last sight of the old to the first of the new, the undo', async () => {
  const it = await world();
  it.things({ one: { size: 1 } });
  await it.run();
  it.pass(5);
  await it.run();
  it.pass(5);
  it.things({ one: { size: 9 }, new: {} });
  const { commit, findings } = await it.run();
  expect(findings.map(({ change }) => [change?.type, change?.ref.id])).toEqual(
    expect.arrayContaining([
      ['modified', 'one'],
      ['created', 'new'],
    ]),
  );
  const one = findings.find(({ change }) => change?.ref.id === 'one');
  expect(one).toMatchObject({
    commit,
    change: { edits: [{ path: '/size', before: 1, after: 9 }] },
    // Not since the last commit: since the last look.
    window: { from: '2026-03-02T09:05:00.000Z', to: '2026-03-02T09:10:00.000Z' },
    undo: ["restore 'one'"],
  });
  expect(one?.id).toMatch(/^f-[0-9a-f]{12}$/);
  expect(await it.git('log', '-1', '--format=%(trailers:key=Drifttrail-Window,valueonly)', 'main')).toBe(
    '2026-03-02T09:05:00.000Z/2026-03-02T09:10:00.000Z',
  );
  expect(await it.git('notes', '--ref=drifttrail', 'show', 'main')).toContain('one');
});

test('what went is a finding too, and its file is gone', async () => {
  const it = await world();
  it.things({ one: { size: 1 }, two: {} });
  await it.run();
  it.pass(5);
  it.things({ two: {} });
  const { findings } = await it.run();
  expect(findings.map(({ change }) => [change?.type, change?.ref.id])).toEqual([['deleted', 'one']]);
  expect(await it.git('ls-tree', '-r', '--name-only', 'main', 'fake/')).toBe('fake/a/r/thing/two.json');
});

test('a dry run tells the changes and writes nothing at all', async () => {
  const it = await world();
  it.things({ one: { size: 1 } });
  await it.run();
  it.pass(5);
  it.things({ one: { size: 2 } });
  const refs = () => it.git('for-each-ref', '--format=%(refname) %(objectname)');
  const before = [await refs(), await it.git('count-objects', '-v')];
  const dry = await it.run({ dryRun: true });
  expect(dry).toMatchObject({
    commit: null,
    findings: [],
    changes: [{ type: 'modified', edits: [{ path: '/size', before: 1, after: 2 }] }],
  });
  expect([await refs(), await it.git('count-objects', '-v')]).toEqual(before);
  const real = await it.run();
  expect(real.changes).toEqual(dry.changes);
  expect(real.findings[0]?.window.from).toBe('2026-03-02T09:00:00.000Z');
});

test('a hundred looks without a change make no commit, and the window stays one look wide', async () => {
  const it = await world();
  it.things({ one: { size: 1 } });
  await it.run();
  const before = await it.commits();
  const deployment = await it.load();
  const quiet = { signal: new AbortController().signal, progress: () => undefined };
  for (let look = 0; look < 100; look++) {
    it.pass(5);
    expect(await run(deployment, quiet)).toMatchObject({ commit: null, changes: [], findings: [], exitCode: 0 });
  }
  expect(await it.commits()).toBe(before);
  const lastLook = it.time;
  it.pass(5);
  it.things({ one: { size: 2 } });
  const { findings } = await it.run();
  expect(findings[0]?.window).toEqual({ from: lastLook, to: it.time });
});

test('two entries of one exporter are collected together, and neither speaks for the scope of the other', async () => {
  const it = await world('exporters:\n  - use: ./plugins/fake\n    state: a.json\n  - use: ./plugins/fake\n    state: b.json\n');
  it.state({ resources: [['fake/a/r', THING, 'one', {}]], complete: [['fake/a/r', THING]] }, 'a.json');
  it.state({ resources: [['fake/b/r', THING, 'one', {}]], complete: [['fake/b/r', THING]] }, 'b.json');
  const first = await it.run();
  expect(first.changes.map(({ path }) => path)).toEqual(['fake/a/r/thing/one.json', 'fake/b/r/thing/one.json']);
  it.pass(5);
  it.state({ resources: [], complete: [['fake/a/r', THING]] }, 'a.json');
  const second = await it.run();
  expect(second.changes.map(({ type, path }) => [type, path])).toEqual([['deleted', 'fake/a/r/thing/one.json']]);
});

test('`only` looks at what it names and leaves the rest as it is', async () => {
  const it = await world(
    'exporters:\n  - use: ./plugins/fake\n    state: state.json\n  - use: host\n    name: web01\n    root: root\n    facts: false\n',
  );
  it.things({ one: {} });
  const { gaps } = await it.run({ only: ['./plugins/fake'] });
  expect(gaps).toEqual([]);
  expect(await it.git('ls-tree', '--name-only', 'main')).not.toContain('hosts');
  await expect(it.run({ only: ['hots'] })).rejects.toThrow(
    expect.objectContaining({ code: 'exporter-unknown', remedy: expect.stringContaining('did you mean "host"?') }),
  );
});

test('while another process works on the deployment, a run leaves at once with exit code 75 and touches nothing', async () => {
  const it = await world();
  it.things({ one: {} });
  const deployment = await it.load();
  const lock = await acquireLock(deployment.stateDir, deployment.surroundings);
  await expect(it.run()).rejects.toThrow(expect.objectContaining({ code: 'locked', exitCode: 75 }));
  await lock.release();
  expect((await it.run()).commit).toMatch(/^[0-9a-f]{40}$/);
});

test('a run clears what a git that was killed left behind, and says so', async () => {
  const it = await world();
  it.things({ one: {} });
  const left = join(it.dir, 'snapshots', '.git', 'refs', 'heads', 'attributed.lock');
  writeFileSync(left, '');
  utimesSync(left, new Date('2020-01-01'), new Date('2020-01-01'));
  expect(await it.run()).toMatchObject({ problems: [], exitCode: 0 });
  expect(existsSync(left)).toBe(false);
});

test('a run that fails gives the lock back', async () => {
  const it = await world();
  it.things({ one: {} });
  const deployment = await it.load();
  const broken = { ...deployment, store: { ...deployment.store, tip: () => Promise.reject(new Error('disk on fire')) } };
  const quiet = { signal: new AbortController().signal, progress: () => undefined };
  await expect(run(broken, quiet)).rejects.toThrow('disk on fire');
  expect((await it.run()).exitCode).toBe(0);
});

test('a deployment opened from elsewhere collects from its own folder', async () => {
  const it = await world();
  it.things({ one: {} });
  const deployment = await loadDeployment(it.dir, realSurroundings('/'));
  const { changes } = await run(deployment, { signal: new AbortController().signal, progress: () => undefined });
  expect(changes.map(({ ref }) => ref)).toEqual([{ scope: SCOPE, kind: THING, id: 'one' }]);
});
