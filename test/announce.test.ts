/** When outlets are told, beyond the plain case: filters, quiet hours, digests, groups, and what was put back. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { announceAll } from '../src/announce.ts';
import { changed, event, WITH_ALL, world } from './run/world.ts';

const PUT = event('e-1', '2026-03-02T09:02:00.000Z', 'Put', { id: 'one', path: '/size', value: 2 });

const levelled = (more: string) => WITH_ALL.replace('    from: info\n', `    from: info\n${more}`);
const OPENED = { one: { size: 1, critical: true }, two: { size: 1 } };
const CLOSED = { one: { size: 1, critical: false }, two: { size: 1 } };

test('what is put back is told as such, once, to whoever was told of it; also days later', async () => {
  const it = await changed(WITH_ALL, OPENED);
  await it.run();
  const [first] = it.told();
  it.pass(60);
  await it.run();
  // So late that a run does not look at the first commit any more.
  it.pass(3 * 24 * 60);
  it.things(CLOSED);
  const { commit } = await it.run();
  const resolved = it.told().filter(({ kind }) => kind === 'resolve');
  expect(resolved).toMatchObject([
    { commit, title: 'Put back: 1 change, worst critical', findings: [{ id: first?.findings[0]?.id, undone: {} }] },
  ]);
  for (let look = 0; look < 2; look++) {
    it.pass(30);
    await it.run();
  }
  expect(it.told().filter(({ kind }) => kind === 'resolve')).toHaveLength(1);
  // The change that put it back is no news besides.
  expect(it.told().map(({ kind }) => kind)).toEqual(['changes', 'resolve']);
});

test('what comes back after it was put back is news each time, and never itself told to be put back', async () => {
  const it = await changed(WITH_ALL, OPENED);
  await it.run();
  for (const things of [CLOSED, OPENED, CLOSED, OPENED]) {
    it.pass(30);
    it.things(things);
    await it.run();
  }
  expect(it.told().map(({ kind, findings }) => [kind, findings.map(({ level }) => level)])).toEqual([
    ['changes', ['critical']],
    ['resolve', ['critical']],
    ['changes', ['critical']],
    ['resolve', ['critical']],
    ['changes', ['critical']],
  ]);
  const ids = it.told().flatMap(({ kind, findings }) => (kind === 'changes' ? findings.map(({ id }) => id) : []));
  expect(new Set(ids).size).toBe(3);
});

test('what changed further, and was not put back, is not told to be', async () => {
  const it = await changed(WITH_ALL, { one: { size: 2, critical: false }, two: { size: 1 } });
  it.events([PUT]);
  await it.run();
  it.pass(30);
  it.things({ one: { size: 3, critical: false }, two: { size: 1 } });
  await it.run();
  it.pass(30);
  await it.run();
  expect(it.told().map(({ kind }) => kind)).toEqual(['changes', 'changes']);
});

test('a digest collects what is not urgent and tells it at its time in one message; what is urgent does not wait', async () => {
  const it = await changed(levelled('    digest: "0 12 * * *"\n'), { one: { size: 2, critical: false }, two: { size: 1 } });
  it.events([PUT]);
  await it.run();
  it.pass(5);
  it.things({ one: { size: 2, critical: true }, two: { size: 2 } });
  it.events([PUT, event('e-2', '2026-03-02T09:08:00.000Z', 'Put', { id: 'two', path: '/size', value: 2 }, 'bob')]);
  await it.run();
  expect(it.told()).toMatchObject([{ kind: 'changes', findings: [{ level: 'critical' }] }]);
  it.time = '2026-03-02T12:01:00.000Z';
  await it.run();
  const [, digest, ...more] = it.told();
  expect(more).toEqual([]);
  expect(digest).toMatchObject({ kind: 'digest', commit: null, totals: { levels: { critical: 0 } } });
  expect(digest?.totals?.actors).toEqual([
    { name: 'alice', count: 1 },
    { name: 'bob', count: 1 },
  ]);
  it.pass(24 * 60);
  await it.run();
  expect(it.told()).toHaveLength(2);
});

test('quiet hours hold what is not urgent until they end, by their own clock', async () => {
  const it = await changed(levelled('    quiet: { from: "09:00", to: "11:00" }\n    zone: Europe/Berlin\n'), {
    one: { size: 2, critical: false },
    two: { size: 1 },
  });
  it.events([PUT]);
  await it.run(); // 10:05 in Berlin
  expect(it.told()).toEqual([]);
  it.time = '2026-03-02T09:59:00.000Z';
  await it.run();
  expect(it.told()).toEqual([]);
  it.time = '2026-03-02T10:00:00.000Z';
  await it.run();
  expect(it.told()).toMatchObject([{ kind: 'changes', findings: [{ attribution: { actor: { name: 'alice' } } }] }]);
});

test('a group leaves together; a crash before that was written down repeats it under its id, and so once', async () => {
  const it = await changed(levelled('    group: 20m\n    title: "{{count}} by {{actor}}"\n'), {
    one: { size: 2, critical: false },
    two: { size: 1 },
  });
  it.events([PUT]);
  await it.run();
  it.pass(10);
  it.things({ one: { size: 2, critical: false }, two: { size: 2 } });
  it.events([PUT, event('e-2', '2026-03-02T09:10:00.000Z', 'Put', { id: 'two', path: '/size', value: 2 })]);
  await it.run();
  expect(it.told()).toEqual([]);
  const { stateDir } = await it.load();
  const files = ['announced.json', 'held/plugins-recorder.json'].map((name) => join(stateDir, name));
  const before = files.map((file) => readFileSync(file, 'utf8'));
  it.pass(15);
  it.things({ one: { size: 2, critical: false }, two: { size: 2 }, three: { size: 1 } });
  await it.run();
  expect(it.told()).toMatchObject([{ kind: 'digest', title: '2 by alice' }]);
  // As after a crash when the findings had left the tray and nothing was written down yet.
  const tray = JSON.parse(before[1] ?? '') as { findings: unknown[] };
  writeFileSync(files[0] ?? '', before[0] ?? '');
  writeFileSync(files[1] ?? '', JSON.stringify({ since: null, findings: [], leaving: tray.findings }));
  it.pass(5);
  await it.run();
  expect(it.told()).toHaveLength(1);
});

test('an outlet hears of what it wants to hear of', async () => {
  const it = await changed(levelled('    only: [{ scope: fake/a }]\n    except: [{ id: two }]\n'), {
    one: { size: 2, critical: false },
    two: { size: 2 },
  });
  it.events([PUT, event('e-2', '2026-03-02T09:03:00.000Z', 'Put', { id: 'two', path: '/size', value: 2 })]);
  await it.run();
  expect(it.told()).toMatchObject([{ findings: [{ change: { ref: { id: 'one' } } }], more: 0 }]);
});

test('a crash between what is written down as told and the outbox: the message goes out, and the follow-up that it owes', async () => {
  const it = await changed(WITH_ALL, OPENED);
  await it.run();
  const [told] = it.told();
  expect(told).toMatchObject({ kind: 'changes', findings: [{ attribution: { status: 'pending' } }] });
  const { stateDir } = await it.load();
  const file = join(stateDir, 'announced.json');
  const announced = JSON.parse(readFileSync(file, 'utf8')) as object;
  expect(announced).not.toHaveProperty('$due');
  writeFileSync(file, JSON.stringify({ ...announced, $due: [['plugins-recorder', told]] }));
  rmSync(join(stateDir, 'outbox'), { recursive: true });
  it.pass(5);
  it.events([event('e-1', '2026-03-02T09:02:00.000Z', 'Put', { id: 'one', path: '/critical', value: true })]);
  await it.run();
  expect(it.told().map(({ id, kind }) => [id === told?.id, kind])).toEqual([
    [true, 'changes'],
    [true, 'changes'],
    [false, 'follow-up'],
  ]);
});

test('a second crash, after what the first one owed was told and while a group leaves, loses nothing of the group', async () => {
  const it = await changed(levelled('    group: 20m\n'), OPENED);
  await it.run();
  const [urgent] = it.told();
  expect(urgent).toMatchObject({ findings: [{ level: 'critical' }] });
  it.pass(5);
  it.things({ ...OPENED, two: { size: 2 } });
  it.events([
    event('e-1', '2026-03-02T09:02:00.000Z', 'Put', { id: 'one', path: '/critical', value: true }),
    event('e-2', '2026-03-02T09:08:00.000Z', 'Put', { id: 'two', path: '/size', value: 2 }),
  ]);
  const { findings } = await it.run();
  const held = findings.find(({ change }) => change?.ref.id === 'two');
  const before = it.told().length;
  const deployment = await it.load();
  const file = join(deployment.stateDir, 'announced.json');
  writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as object), $due: [['plugins-recorder', urgent]] }));
  it.pass(25);
  const info = () => Promise.reject(new Error('crash'));
  await expect(announceAll({ ...deployment, store: { ...deployment.store, info } }, findings)).rejects.toThrow('crash');
  await it.run();
  const later = it.told().slice(before);
  expect(later.flatMap((message) => message.findings.map(({ id }) => id)).filter((id) => id === held?.id)).toEqual([held?.id]);
});

const recording = (answers: string) => ({
  'plugins/keeper/index.mjs': `import { appendFileSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
export default {
  name: 'keeper',
  summary: 'records to a file',
  options: z.strictObject({ file: z.string() }),
  records: true,
  async deliver(message, signal, { options, dir }) {
    ${answers}
    appendFileSync(join(dir, options.file), JSON.stringify(message) + '\\n');
    return { status: 'delivered', detail: 'kept' };
  },
};
`,
});

test('an outlet of records gets every finding of a commit, in order, also when it is away for a while', async () => {
  const it = await world(`${WITH_ALL}  - use: ./plugins/keeper\n    file: kept.jsonl\n    from: info\n`);
  const plugin = recording(
    `if (existsSync(join(dir, 'away')) && message.findings.length < 100) return { status: 'retry', detail: 'away' };`,
  );
  for (const [path, text] of Object.entries(plugin)) {
    mkdirSync(dirname(join(it.dir, path)), { recursive: true });
    writeFileSync(join(it.dir, path), text);
  }
  const things = (size: number) => Object.fromEntries(Array.from({ length: 240 }, (_, index) => [`t-${index}`, { size, [index]: size }]));
  it.events([]);
  it.things(things(1));
  await it.run();
  it.pass(5);
  it.things(things(2));
  writeFileSync(join(it.dir, 'away'), '');
  await it.run();
  it.pass(40); // patience is over: nobody is known
  await it.run();
  expect(it.told('kept.jsonl').map(({ findings }) => findings.length)).toEqual([100, 100]);
  rmSync(join(it.dir, 'away'));
  it.pass(20);
  await it.run();
  const kept = it.told('kept.jsonl');
  expect(kept.map(({ findings, more }) => [findings.length, more])).toEqual([
    [100, 0],
    [100, 0],
    [40, 0],
  ]);
  expect(new Set(kept.flatMap(({ findings }) => findings.map(({ id }) => id))).size).toBe(240);
  expect(new Set(kept.map(({ id }) => id)).size).toBe(3);
  // Who reads is told of the worst, as ever.
  expect(it.told()).toMatchObject([{ findings: { length: 5 }, more: 235 }]);
});

test('what a digest held back reaches an outlet of records as a whole', async () => {
  const it = await world(`${WITH_ALL}  - use: ./plugins/keeper\n    file: kept.jsonl\n    from: info\n    digest: "0 12 * * *"\n`);
  for (const [path, text] of Object.entries(recording(''))) {
    mkdirSync(dirname(join(it.dir, path)), { recursive: true });
    writeFileSync(join(it.dir, path), text);
  }
  const things = (size: number) => Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`t-${index}`, { size }]));
  it.events([]);
  it.things(things(1));
  await it.run();
  for (const size of [2, 3]) {
    it.pass(30);
    it.things({ ...things(size), extra: { size } });
    await it.run();
  }
  it.pass(30);
  await it.run();
  it.time = '2026-03-02T12:01:00.000Z';
  await it.run();
  const [digest, ...more] = it.told('kept.jsonl');
  expect(more).toEqual([]);
  expect(digest).toMatchObject({ kind: 'digest', more: 0 });
  expect(digest?.findings).toHaveLength(62);
});
