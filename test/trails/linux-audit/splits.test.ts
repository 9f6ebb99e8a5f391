/** However the log comes in pieces (runs at any byte, rotations, compression), the events are the same. */
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeFolder, RECORDED, RECORDED_AT, RECORDED_ROOT, readLogs } from './help.ts';

const WHOLE = readFileSync(join(RECORDED('enriched'), 'audit/audit.log'));
const AUTH = join(RECORDED('enriched'), 'auth.log');

function setUp(): { readonly logs: string; readonly log: string; readonly options: object } {
  const logs = makeFolder();
  mkdirSync(join(logs, 'audit'));
  copyFileSync(AUTH, join(logs, 'auth.log'));
  utimesSync(join(logs, 'auth.log'), RECORDED_AT, RECORDED_AT);
  return { logs, log: join(logs, 'audit/audit.log'), options: { logs, root: RECORDED_ROOT, complete: true } };
}

const isAudit = ({ id }: { readonly id: string }) => id.startsWith('linux-audit:');
const expected = await readLogs({ logs: RECORDED('enriched'), root: RECORDED_ROOT });

test('any split of the log into runs, with rotations between them, gives the same events', async () => {
  const cuts = fc.uniqueArray(fc.integer({ min: 1, max: WHOLE.length - 1 }), { maxLength: 5 });
  const property = fc.asyncProperty(cuts, fc.infiniteStream(fc.constantFrom('append', 'rotate', 'compress')), async (unsorted, how) => {
    const { logs, log, options } = setUp();
    const marks = new Map<string, string>();
    const events = [];
    let at = 0;
    let rotated = 0;
    const faults: string[] = [];
    for (const cut of [...unsorted.sort((a, b) => a - b), WHOLE.length]) {
      const step = how.next().value;
      // auditd rotates between records, never inside of one.
      const inLine = at > 0 && WHOLE[at - 1] !== 0x0a;
      if (step !== 'append' && at > 0 && !inLine) {
        rotated++;
        for (let number = rotated; number > 1; number--) {
          for (const suffix of ['', '.gz'])
            if (exists(`${log}.${number - 1}${suffix}`)) renameSync(`${log}.${number - 1}${suffix}`, `${log}.${number}${suffix}`);
        }
        if (step === 'compress') {
          writeFileSync(`${log}.1.gz`, gzipSync(readFileSync(log)));
          rmSync(log);
        } else renameSync(log, `${log}.1`);
      }
      writeFileSync(log, WHOLE.subarray(at, cut), { flag: 'a' });
      const reading = await readLogs(options, { marks });
      events.push(...reading.events.filter(isAudit));
      faults.push(...reading.gaps.filter(({ detail }) => /rotated|cut off/.test(detail)).map(({ detail }) => detail));
      at = cut;
    }
    expect(faults).toEqual([]);
    expect(events).toEqual(expected.events.filter(isAudit));
    rmSync(logs, { recursive: true, force: true });
  });
  await fc.assert(property, { numRuns: 25 });
});

function exists(path: string): boolean {
  try {
    return readFileSync(path).length >= 0;
  } catch {
    return false;
  }
}

test('reading again what was read gives nothing, and covers on', async () => {
  const { log, options } = setUp();
  writeFileSync(log, WHOLE);
  const marks = new Map<string, string>();
  await readLogs(options, { marks });
  expect((await readLogs(options, { marks })).events).toEqual([]);
});

test('a log that was cut off is told and read from its start', async () => {
  const { log, options } = setUp();
  writeFileSync(log, WHOLE);
  const marks = new Map<string, string>();
  await readLogs(options, { marks });
  truncateSync(log, WHOLE.indexOf('\n', 5_000) + 1);
  const { gaps, events } = await readLogs(options, { marks });
  expect(gaps).toEqual(
    expect.arrayContaining([expect.objectContaining({ reason: 'truncated', detail: expect.stringContaining('was cut off') })]),
  );
  expect(events.length).toBeGreaterThan(0);
});

test('a log that was rotated away before it was read is told, and covers from its first line on', async () => {
  const { log, options } = setUp();
  const middle = WHOLE.indexOf('\n', 30_000) + 1;
  writeFileSync(log, WHOLE.subarray(0, middle));
  const marks = new Map<string, string>();
  await readLogs(options, { marks });
  const late = WHOLE.indexOf('\n', 40_000) + 1;
  writeFileSync(log, WHOLE.subarray(late));
  const { gaps, covered } = await readLogs(options, { marks });
  expect(gaps).toEqual(
    expect.arrayContaining([expect.objectContaining({ reason: 'truncated', detail: expect.stringContaining('rotated away') })]),
  );
  const first = /audit\((\d+\.\d+):/.exec(WHOLE.subarray(late).toString('utf8'))?.[1];
  expect(covered.find((span) => span.includes('audit.log'))?.split(' ')[2]).toBe(new Date(Number(first) * 1000).toISOString());
});
