/** `verify --logs`: lines that never came to the log host are named, in whatever form and order the copy has them. */
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newestBefore, parseLogLine } from '../../src/cli/log-lines.ts';
import { logsVerdict } from '../../src/cli/verify-logs.ts';
import { realSurroundings } from '../../src/surroundings.ts';
import { folder } from '../folder.ts';
import { cli } from './run.ts';

const NOW = new Date('2026-11-22T12:00:00Z');
const session = {
  surroundings: { ...realSurroundings(), now: () => NOW },
  signal: new AbortController().signal,
  progress: () => undefined,
};

const at = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000).toISOString().replace('Z', '+00:00');
const local = [9, 8, 7, 6, 1].map((minutes, index) => `${at(minutes)} web01 sshd[${index}]: Accepted publickey for eve`);
/** As a collector with another form of time, another zone and the full name writes them. */
const central = (lines: readonly string[]) =>
  lines.map((line) => line.replace(/^\S+ web01 (.*)$/, 'Nov 22 20:51:00 web01.example.com  $1')).join('\n');

async function verdict(files: Readonly<Record<string, string>>, more: object = {}) {
  const dir = folder({ syslog: `${local.join('\n')}\n`, ...files });
  const query = { central: join(dir, 'central'), logs: [join(dir, 'syslog')], lines: 200, delay: 5 * 60_000, ...more };
  return { dir, query, found: await logsVerdict(query, session) };
}

describe('the newest lines of a log', () => {
  it('are all there, but for what is too young to be', async () => {
    const { found } = await verdict({ 'central/b/web01.log': central(local.slice(0, 4)) });
    expect(found).toEqual({ problems: [], gaps: [], notes: [], checked: { 'log lines': 4, 'central files': 1 } });
  });

  it('are named where they are missing, and each counts for one', async () => {
    const twice = [...local, `${at(6)} web01 sshd[3]: Accepted publickey for eve`];
    const { found } = await verdict({ syslog: twice.join('\n'), central: central([local[0] ?? '', local[3] ?? '', local[2] ?? '']) });
    expect(found.problems).toHaveLength(1);
    expect(found.problems[0]).toMatchObject({
      what: 'log-missing',
      detail: expect.stringMatching(
        /^2 of the newest 5 lines of this machine are not in .*central; sshd\[1\]: Accepted.* \| sshd\[3\]: Accepted/,
      ),
      from: at(8).replace('+00:00', 'Z'),
      to: at(6).replace('+00:00', 'Z'),
    });
  });

  it('are found in packed files, and a file that cannot be unpacked is a gap', async () => {
    const { dir, query } = await verdict({ 'central/broken.gz': 'no gzip' });
    writeFileSync(join(dir, 'central/web01.1.gz'), gzipSync(central(local)));
    const found = await logsVerdict(query, session);
    expect(found.problems).toEqual([]);
    expect(found.gaps).toEqual([expect.stringContaining('broken.gz')]);
  });

  it('cannot be looked for where there are none, and that is no good news', async () => {
    const { found } = await verdict({ syslog: `${local[4]}\nno time\n`, central: '' });
    expect(found).toMatchObject({ problems: [], gaps: [expect.stringContaining('no line that is old enough')] });
    await expect(verdict({})).rejects.toMatchObject({ code: 'central-log-unknown' });
  });
});

it('answers from the command line with its exit codes', async () => {
  const old = '2020-01-01T00:00:00Z web01 cron[1]: hello';
  const dir = folder({ syslog: `${old}\n`, central: `${old}\n`, other: 'x\n' });
  const run = (name: string) => cli(['verify', '--logs', join(dir, name), '--log', join(dir, 'syslog')]);
  expect(await run('central')).toMatchObject({ code: 0, stdout: expect.stringContaining('sound: 1 log lines, 1 central files checked') });
  expect(await run('other')).toMatchObject({ code: 2, stdout: expect.stringContaining('1 of the newest 1 lines') });
  expect(await run('none')).toMatchObject({ code: 1, stderr: expect.stringContaining('is it mounted?') });
  const lone = await cli(['verify', '--log', join(dir, 'syslog')]);
  expect(lone).toMatchObject({ code: 1, stderr: expect.stringContaining('name their central copy with --logs <path>') });
  const gone = await cli(['verify', '--logs', join(dir, 'central'), '--log', '/nowhere/syslog']);
  expect(gone).toMatchObject({ code: 1, stderr: expect.stringContaining('there is no /nowhere/syslog; name a log of this machine') });
});

it('a line without a year is never from tomorrow', () => {
  const early = new Date(2026, 0, 1, 0, 5);
  expect(parseLogLine('Dec 31 23:59:00 web01 a: b', early)?.time).toBe(new Date(2025, 11, 31, 23, 59).getTime());
  expect(parseLogLine('<13>Jan  1 00:01:00 web01 a:  b', early)).toEqual({ time: new Date(2026, 0, 1, 0, 1).getTime(), text: 'a: b' });
  expect(parseLogLine('<34>1 2026-11-22T01:20:00Z web01 app 1 - - hi', NOW)?.text).toBe('app 1 - - hi');
  expect(parseLogLine('\tat a.b.c', NOW)).toBeUndefined();
});

it('keeps the newest, whatever many there are', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(30), fc.integer({ min: 1, max: 9 }), async (total, count) => {
      const lines = Array.from({ length: total }, (_, index) => `${at(60 - index)} h p: ${index}`);
      async function* stream() {
        yield* lines;
      }
      const found = await newestBefore(stream(), { count, until: NOW.getTime(), now: NOW });
      expect(found.map(({ text }) => text)).toEqual(lines.slice(-count).map((line) => line.replace(/^\S+ \S+ /, '')));
    }),
  );
});
