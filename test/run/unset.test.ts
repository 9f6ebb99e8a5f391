/** A secret that is not there stops only what needs it. */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkSecrets } from '../../src/cli/doctor-secrets.ts';
import { testHooks } from '../../src/cli/hooks-test.ts';
import { folder } from '../folder.ts';
import { changed, WITH_ALL, WITH_TRAIL, world } from './world.ts';

const MISSING = 'the environment variable DRIFTTRAIL_NOT_THERE is not set';
const AFTER = { one: { size: 1, critical: true }, two: { size: 1 } };

test('of a hook: snapshots and reports go on, its messages wait for it, and it is told of', async () => {
  const hooks = `  - { use: ./plugins/recorder, name: lacking, file: later.jsonl, from: info, token: env:DRIFTTRAIL_NOT_THERE }\n`;
  const it = await changed(`${WITH_ALL}${hooks}`, AFTER);
  const { problems, exitCode } = await it.run();
  expect([problems, exitCode]).toEqual([[expect.stringMatching(`^lacking: .*${MISSING}; export DRIFTTRAIL_NOT_THERE=`)], 0]);
  expect((await it.report(60)).findings).toHaveLength(1);
  expect(it.told()).toHaveLength(1);
  const deployment = await it.load();
  expect(checkSecrets(deployment)).toMatchObject([
    { status: 'fail', detail: expect.stringContaining(`drifttrail.yaml:11: ./plugins/recorder: ${MISSING}`) },
  ]);
  expect(await testHooks(deployment, undefined, new AbortController().signal)).toMatchObject([
    { status: 'delivered' },
    { status: 'rejected', detail: MISSING, remedy: expect.stringContaining('export DRIFTTRAIL_NOT_THERE=') },
  ]);
  // Once it is there, what waited goes out.
  writeFileSync(join(it.dir, 'drifttrail.yaml'), `${WITH_ALL}${hooks.replace('env:DRIFTTRAIL_NOT_THERE', 'file:token')}`);
  writeFileSync(join(it.dir, 'token'), 'a-token-of-the-receiver\n', { mode: 0o600 });
  expect((await it.run()).problems).toEqual([]);
  expect(it.told('later.jsonl')).toMatchObject([{ findings: [{ level: 'critical' }] }]);
});

test('of an exporter: what it reads is a gap, and nothing is deleted', async () => {
  const it = await world();
  it.things({ one: { size: 1 } });
  await it.run();
  writeFileSync(
    join(it.dir, 'drifttrail.yaml'),
    'exporters:\n  - { use: ./plugins/fake, state: "env:DRIFTTRAIL_NOT_THERE" }\n  - { use: exec, name: "tool", command: ["true"], output: lines }\n',
  );
  const { gaps, changes, exitCode } = await it.run();
  expect([gaps[0]?.detail, changes, exitCode]).toEqual([expect.stringContaining(MISSING), [], 3]);
  expect(await it.git('ls-files', 'fake')).toBe('fake/a/r/thing/one.json');
});

test('of a trail: it is told of, and nobody is said to have done it', async () => {
  const it = await changed(WITH_TRAIL.replace('file: events.json', 'file: env:DRIFTTRAIL_NOT_THERE'), AFTER);
  const { problems, findings, exitCode, gaps } = await it.run();
  expect([problems, exitCode]).toEqual([[expect.stringContaining(MISSING)], 3]);
  expect(gaps).toMatchObject([{ scope: 'trail/tape', reason: 'denied', detail: expect.stringContaining(MISSING) }]);
  expect(findings.find(({ change }) => change !== undefined)?.attribution.status).not.toBe('attributed');
});

test('a file with a secret that everybody can read is told of, behind a closed folder and for certificates not', async () => {
  const outside = folder({
    open: 'a-token-of-the-receiver',
    'ca.pem': '-----BEGIN CERTIFICATE-----\n',
    'closed/open': 'a-token-of-the-receiver',
  });
  chmodSync(outside, 0o755);
  chmodSync(join(outside, 'closed'), 0o700);
  for (const name of ['open', 'ca.pem', 'closed/open']) chmodSync(join(outside, name), 0o644);
  const hook = (name: string, index: number) =>
    `  - { use: ./plugins/recorder, name: h${index}, file: told.jsonl, token: "file:${join(outside, name)}" }\n`;
  const it = await world(`${WITH_TRAIL}hooks:\n${['open', 'ca.pem', 'closed/open'].map(hook).join('')}`);
  expect(checkSecrets(await it.load())).toEqual([
    {
      name: 'secrets',
      status: 'warn',
      detail: `everybody on this machine can read ${join(outside, 'open')} (mode 644)`,
      fix: `chmod 600 ${join(outside, 'open')}`,
    },
  ]);
});
