/** A machine that runs: what the kernel says about its audit decides whether silence means nobody, and doctor says it too. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { TrailGap } from '../../../src/model.ts';
import { realSurroundings } from '../../../src/surroundings.ts';
import { tellUnreadable } from '../../../trails/_log/coverage.ts';
import trail from '../../../trails/linux-audit/index.ts';
import { recommendedRules, unwatched } from '../../../trails/linux-audit/rules.ts';
import { makeFolder, RECORDED, RECORDED_ROOT, readLogs } from './help.ts';

const status = (more = '') => `enabled 1\nfailure 1\npid 512\nrate_limit 0\nbacklog_limit 8192\nlost 0\nbacklog 0\n${more}`;
const rules = (...lines: readonly string[]) => `${lines.join('\n')}\n`;
const WATCHED = rules(`-w ${RECORDED_ROOT}/etc -p wa -k drifttrail`);

function machine() {
  const logs = makeFolder();
  mkdirSync(join(logs, 'audit'));
  copyFileSync(join(RECORDED('enriched'), 'audit/audit.log'), join(logs, 'audit/audit.log'));
  writeFileSync(join(logs, 'auth.log'), '');
  return { logs, root: RECORDED_ROOT, running: true, watch: ['/etc'] };
}
const answers = (about: string, listed?: string) => ({
  'auditctl -s': { out: about },
  ...(listed === undefined ? {} : { 'auditctl -l': { out: listed } }),
});
const inAudit = (covered: readonly string[]) => covered.filter((span) => span.includes(' audit.log '));
/** The recording ends with its rules removed and its daemon stopped, which a run of later would take for a blind spot. */
const unblinded = { from: '2026-11-21T00:00:00.000Z', to: '2026-11-21T19:34:41.000Z' };

describe('silence', () => {
  test.each([
    ['watched and running', answers(status(), WATCHED), undefined],
    [
      'no rule',
      answers(status(), 'No rules\n'),
      /^invalid no audit rule watches .*; put into \/etc\/audit\/rules\.d\/drifttrail\.rules: "-w .*-p wa -k drifttrail"; then run: augenrules --load/,
    ],
    ['a rule for reading only', answers(status(), rules(`-w ${RECORDED_ROOT}/etc -p r -k x`)), /^invalid no audit rule/],
    ['switched off', answers(status().replace('enabled 1', 'enabled 0'), WATCHED), /^unreachable auditd does not run/],
    ['no daemon', answers(status().replace('pid 512', 'pid 0'), WATCHED), /^unreachable auditd does not run/],
    ['records lost', answers(status().replace('lost 0', 'lost 7'), WATCHED), /^truncated the kernel lost 7 audit records/],
  ])('%s', async (_, programs, gap) => {
    const { gaps, covered } = await readLogs(machine(), { programs, window: unblinded });
    const told = gaps.filter(({ region }) => region === 'audit.log').map(({ reason, detail }) => `${reason} ${detail}`);
    if (gap === undefined) {
      expect(told).toEqual([]);
      expect(inAudit(covered)).toEqual([`web01 audit.log 2026-11-21T19:34:36.462Z ${unblinded.to}`]);
    } else {
      expect(told).toEqual([expect.stringMatching(gap)]);
      expect(inAudit(covered)).toEqual([]);
    }
  });

  test('only records lost since the last run count, and coverage goes on from there', async () => {
    const options = machine();
    const marks = new Map<string, string>();
    const lost = answers(status().replace('lost 0', 'lost 7'), WATCHED);
    await readLogs(options, { programs: lost, marks, window: unblinded });
    const again = await readLogs(options, { programs: lost, marks, window: unblinded });
    expect(again.gaps.filter(({ detail }) => detail.includes('lost'))).toEqual([]);
  });

  test('complete: true is taken at its word, false too', async () => {
    const programs = answers(status(), 'No rules\n');
    expect(inAudit((await readLogs({ ...machine(), complete: true }, { programs, window: unblinded })).covered)).toHaveLength(1);
    const refused = await readLogs({ ...machine(), complete: false }, { programs, window: unblinded });
    expect([inAudit(refused.covered), refused.gaps]).toEqual([[], []]);
  });

  test('no log at all', async () => {
    const { gaps } = await readLogs({ logs: makeFolder(), running: true, watch: ['/etc'] });
    expect(gaps).toEqual([
      expect.objectContaining({
        reason: 'unreachable',
        detail: expect.stringMatching(/install and start auditd; put into .*"-w \/etc -p wa -k drifttrail"/),
        silence: true,
      }),
    ]);
  });

  test('a log that was there and is gone hides writes, on this machine and in a copy', async () => {
    const { logs } = machine();
    for (const running of [true, false]) {
      const marks = new Map<string, string>();
      await readLogs({ logs, running }, { programs: answers(status(), WATCHED), marks, window: unblinded });
      const moved = new Map([...marks].map(([key, value]) => [key.replace(logs, '/nowhere'), value]));
      const { gaps } = await readLogs({ logs: '/nowhere', running }, { programs: answers(status(), WATCHED), marks: moved });
      const gone = gaps.find(({ detail }) => detail.startsWith('there is no /nowhere/audit/audit.log'));
      expect([gone?.reason, gone?.silence]).toEqual(['unreachable', undefined]);
    }
  });
});

test.each([
  ['EACCES', 'denied /var/log/x: permission denied; run as root, or put the user into the group adm (auditd.conf: log_group = adm)'],
  ['EIO', 'invalid /var/log/x: EIO'],
])('a log that may not be read: %s', (code, expected) => {
  const gaps: string[] = [];
  const context = { gap: ({ reason, detail }: TrailGap) => gaps.push(`${reason} ${detail}`), covered: () => undefined };
  tellUnreadable({ account: 'web01', region: 'audit.log' }, Object.assign(new Error(code), { code, path: '/var/log/x' }), context);
  expect(gaps).toEqual([expected]);
  expect(() => tellUnreadable({ account: 'web01', region: 'audit.log' }, new TypeError('a defect'), context)).toThrow('a defect');
});

describe('rules', () => {
  test.each([
    ['a watch', '-w /etc -p wa -k x', []],
    ['a watch above', '-w / -p rwxa', []],
    ['a watch with a slash at the end', '-w /etc/ -p wa', []],
    ['as auditctl lists the other form', '-a always,exit -S all -F dir=/etc -F perm=wa -F key=drifttrail', []],
    ['another folder that begins alike', '-w /etcetera -p wa', ['/etc']],
    ['a part of it', '-w /etc/ssh -p wa', ['/etc']],
    ['writes alone', '-w /etc -p w', ['/etc']],
    ['of some users only', '-a always,exit -F dir=/etc -F perm=wa -F auid>=1000', ['/etc']],
    ['never', '-a never,exit -F dir=/etc -F perm=wa', ['/etc']],
  ])('%s', (_, listed, missing) => {
    expect(unwatched(`${listed}\n`, ['/etc'])).toEqual(missing);
  });

  test('the recommended ones pass their own check', () => {
    const { watches, calls } = recommendedRules(['/etc', '/srv/x']);
    expect(unwatched(watches.join('\n'), ['/etc', '/srv/x'])).toEqual([]);
    expect(unwatched(calls.join('\n'), ['/etc', '/srv/x'])).toEqual([]);
  });
});

describe('doctor', () => {
  const probe = async (options: object, programs: Readonly<Record<string, { readonly out: string }>>) => {
    const spawn = (command: string, args: readonly string[]) => {
      const answer = programs[[command, ...args].join(' ')];
      if (answer === undefined) return Promise.reject(Object.assign(new Error(command), { code: 'spawn-failed' }));
      return Promise.resolve({ code: 0, stdout: Buffer.from(answer.out), stderr: '' });
    };
    const probes = await trail.probe?.({
      ...realSurroundings(),
      dir: '/',
      spawn,
      options: trail.options.parse({ host: 'web01', ...options }),
      signal: AbortSignal.timeout(10_000),
    });
    return probes?.map(({ system, ok, detail }) => `${ok ? 'ok' : 'not'} ${system}: ${detail}`);
  };

  test('all well', async () => {
    const { logs, ...options } = machine();
    expect(await probe({ logs, ...options }, answers(status(), WATCHED))).toEqual([
      `ok web01 audit.log: ${logs}/audit/audit.log can be read, auditd runs and watches ${RECORDED_ROOT}/etc`,
      `ok web01 auth.log: ${logs}/auth.log can be read`,
    ]);
  });

  test('no rules: prints those to install', async () => {
    const [audit] = (await probe(machine(), answers(status(), 'No rules\n'))) ?? [];
    expect(audit).toMatch(/^not web01 audit\.log: no audit rule watches .*"-w .*\/etc -p wa -k drifttrail"; then run: augenrules --load$/);
  });

  test('no audit log, no auth.log', async () => {
    expect(await probe({ logs: makeFolder(), running: true }, {})).toEqual([
      expect.stringMatching(/^not web01 audit\.log: there is no .*audit\.log; put into /),
      'ok web01 auth.log: no auth.log or secure: the journal is asked instead',
    ]);
  });
});
