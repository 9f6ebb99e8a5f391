/** What editors, shells and daemons do to files, and who is named for it. */
import { describe, expect, test } from 'vitest';
import { between, BOB, DAEMON, THROUGH_APT, write } from './world.ts';

const entry = (mode = '0644', more: object = {}) => ({ type: 'file', mode, owner: 'root', group: 'root', ...more });
const ETC = { 'etc/passwd': entry(), 'etc/app.conf': entry() };
const HOST = { 'file-metadata etc': ETC, 'file etc/app.conf': 'a\nb\n', 'file etc/passwd': 'root\n' };
const changed = { ...HOST, 'file etc/app.conf': 'a\nc\n' };

describe('one file rewritten', () => {
  test.each([
    ['in place', [write('written', 'etc/app.conf')], 'leaf'],
    [
      'by a file that takes its place',
      [write('created', 'etc/sedAbCdEf'), write('replaced', 'etc/app.conf', { from: 'etc/sedAbCdEf' })],
      'leaf',
    ],
    [
      'by vi: moved away, made anew',
      [
        write('deleted', 'etc/app.conf'),
        write('created', 'etc/app.conf~'),
        write('created', 'etc/app.conf'),
        write('deleted', 'etc/app.conf~'),
      ],
      'leaf',
    ],
  ])('%s', (_, events, grade) => {
    const told = between(HOST, changed, events);
    expect(told).toEqual({ changes: [`file etc/app.conf: attributed ${grade} alice`], transients: [], unmapped: [] });
  });

  test('the last who wrote is the cause', () => {
    const { changes } = between(HOST, changed, [write('written', 'etc/app.conf'), write('written', 'etc/app.conf', {}, BOB)]);
    expect(changes).toEqual(['file etc/app.conf: attributed leaf bob']);
  });

  test('what others wrote elsewhere explains nothing', () => {
    const { changes } = between(HOST, changed, [
      write('written', 'etc/passwd', {}, BOB),
      write('mode', 'etc/app.conf', { mode: '0600' }, BOB),
    ]);
    expect(changes).toEqual(['file etc/app.conf: unattributed']);
  });
});

test('a file made and one taken away are exact, with their entries', () => {
  const after = { 'file-metadata etc': { 'etc/passwd': entry(), 'etc/new': entry() }, 'file etc/passwd': 'root\n', 'file etc/new': 'x\n' };
  const { changes } = between(HOST, after, [write('deleted', 'etc/app.conf'), write('created', 'etc/new'), write('written', 'etc/new')]);
  expect(changes).toEqual([
    'file etc/app.conf: attributed exact alice',
    'file etc/new: attributed exact alice',
    'file-metadata etc: attributed exact alice',
  ]);
});

test('mode and owner are exact, and only with the value that is there now', () => {
  const after = { ...HOST, 'file-metadata etc': { ...ETC, 'etc/app.conf': { ...entry('0600'), owner: 'bob' } } };
  const chown = write('owner', 'etc/app.conf', { owner: 'bob' });
  expect(between(HOST, after, [write('mode', 'etc/app.conf', { mode: '0600' }), chown]).changes).toEqual([
    'file-metadata etc: attributed exact alice',
  ]);
  expect(between(HOST, after, [write('mode', 'etc/app.conf', { mode: '0640' }, BOB)]).changes).toEqual([
    'file-metadata etc: ambiguous candidate',
  ]);
});

test('a binary file is known by its entry alone', () => {
  const before = { ...HOST, 'file-metadata etc': { ...ETC, 'etc/db': entry('0644', { sha256: 'aa' }) } };
  const after = { ...HOST, 'file-metadata etc': { ...ETC, 'etc/db': entry('0644', { sha256: 'bb' }) } };
  const told = between(before, after, [write('deleted', 'etc/db'), write('created', 'etc/db')]);
  expect(told).toEqual({ changes: ['file-metadata etc: attributed leaf alice'], transients: [], unmapped: [] });
});

test('a folder that is moved takes what is in it', () => {
  const inner = (folder: string) => ({
    [`file etc/${folder}/x`]: 'x\n',
    [`file-metadata etc/${folder}`]: { [`etc/${folder}/x`]: entry() },
  });
  const folder = { type: 'directory', mode: '0755', owner: 'root', group: 'root' };
  const before = { 'file-metadata etc': { 'etc/a': folder }, ...inner('a') };
  const after = { 'file-metadata etc': { 'etc/b': folder }, ...inner('b') };
  const move = write('deleted', 'etc/a', { type: 'directory' });
  const request = {
    files: [
      { path: 'etc/a', type: 'directory', change: 'deleted' },
      { path: 'etc/b', type: 'directory', change: 'created', from: 'etc/a' },
    ],
  };
  expect(between(before, after, [{ ...move, name: 'create', request }]).changes).toEqual([
    'file etc/a/x: attributed cascade alice',
    'file etc/b/x: attributed cascade alice',
    'file-metadata etc: attributed exact alice',
    'file-metadata etc/a: attributed cascade alice',
    'file-metadata etc/b: attributed cascade alice',
  ]);
});

describe('writes without a difference', () => {
  test('a person’s is told; a machine’s routine is not', () => {
    expect(between(HOST, HOST, [write('written', 'etc/app.conf')]).transients).toEqual(['file etc/app.conf: write']);
    expect(between(HOST, HOST, [write('written', 'etc/app.conf', {}, DAEMON)]).transients).toEqual([]);
    expect(between(HOST, HOST, [write('replaced', 'etc/app.conf', {}, THROUGH_APT)]).transients).toEqual([]);
    expect(between(HOST, HOST, [write('created', 'etc/x', {}, DAEMON), write('deleted', 'etc/x', {}, DAEMON)]).transients).toEqual([]);
  });

  test('a file that was there for a while is told', () => {
    const told = between(HOST, HOST, [write('created', 'etc/cron.d/job'), write('deleted', 'etc/cron.d/job')]);
    expect(told.transients).toEqual(['file etc/cron.d/job: create delete']);
  });

  test('what a daemon wrote and what changed is the daemon’s', () => {
    expect(between(HOST, changed, [write('written', 'etc/app.conf', {}, DAEMON)]).changes).toEqual([
      'file etc/app.conf: attributed leaf puppet',
    ]);
  });

  test.each([
    'etc/.app.conf.swp',
    'etc/4913',
    'etc/app.conf~',
    'etc/sedAbCdEf',
    'etc/passwd-',
    'etc/group.lock',
    'etc/passwd.4711',
    'etc/app.conf.dpkg-new',
    'etc/.#app.conf',
  ])('scratch files are no news: %s', (path) => {
    expect(between(HOST, HOST, [write('created', path), write('deleted', path)])).toEqual({ changes: [], transients: [], unmapped: [] });
  });

  test('a file whose name only looks like one of those is told', () => {
    expect(between(HOST, HOST, [write('created', 'etc/cron.d/script'), write('deleted', 'etc/cron.d/script')]).transients).toHaveLength(1);
    expect(between(HOST, HOST, [write('created', 'etc/app.config'), write('deleted', 'etc/app.config')]).transients).toHaveLength(1);
    expect(between(HOST, HOST, [write('created', 'etc/app.Xy7Zab'), write('deleted', 'etc/app.Xy7Zab')]).transients).toEqual([]);
  });

  test('a backup that stays is a file like any other', () => {
    const world = (text: string) => ({ ...HOST, 'file-metadata etc': { ...ETC, 'etc/passwd-': entry() }, 'file etc/passwd-': text });
    const told = between(world('a\n'), world('b\n'), [write('written', 'etc/passwd-')]);
    expect(told.changes).toEqual(['file etc/passwd-: attributed leaf alice']);
  });

  test('paths outside of the snapshots are no news', () => {
    const events = [write('created', 'opt/x'), write('deleted', 'opt/x'), write('mode', 'opt/x', { mode: '0600' })];
    expect(between(HOST, HOST, events)).toEqual({ changes: [], transients: [], unmapped: [] });
  });
});

test('a fact that is read from a file is a consequence of writing it, by its own members only', () => {
  const job = (file: string, schedule: string) => ({ [`${file} ${schedule}`]: { file, schedule, user: 'root', command: 'x' } });
  const before = { ...HOST, 'cron cron': { ...job('etc/cron.d/a', '1 * * * *'), ...job('etc/cron.d/b', '1 * * * *') } };
  const after = { ...HOST, 'cron cron': { ...job('etc/cron.d/a', '2 * * * *'), ...job('etc/cron.d/b', '1 * * * *') } };
  expect(between(before, after, [write('written', 'etc/cron.d/a'), write('written', 'etc/cron.d/b', {}, BOB)]).changes).toEqual([
    'cron cron: attributed cascade alice',
  ]);
  expect(between(before, after, [write('written', 'etc/cron.d/b', {}, BOB)]).changes).toEqual(['cron cron: unattributed']);
});

test('who wrote limits.conf or where logs go changed what is read from it', () => {
  const limit = (file: string, configured: string) => ({ [`${file} soft nofile`]: { configured, file } });
  const target = (host: string) => ({ [`rsyslog ${host}:514 udp`]: { program: 'rsyslog', host, file: 'etc/rsyslog.d/50-x.conf' } });
  const conf = 'etc/security/limits.d/90-db.conf';
  const before = { ...HOST, 'limit limit': limit(conf, '1'), 'log-target log-target': target('old') };
  const after = { ...HOST, 'limit limit': limit(conf, '2'), 'log-target log-target': target('new') };
  expect(between(before, after, [write('written', conf), write('written', 'etc/rsyslog.d/50-x.conf', {}, BOB)]).changes).toEqual([
    'limit limit: attributed cascade alice',
    'log-target log-target: attributed cascade bob',
  ]);
  expect(between(before, after, [write('written', 'etc/security/limits.conf')]).changes).toEqual([
    'limit limit: unattributed',
    'log-target log-target: unattributed',
  ]);
});
