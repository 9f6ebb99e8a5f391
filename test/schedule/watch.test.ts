/** From signs to looks: gathered, spaced, and through the daemon a commit long before the schedule's turn. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { gatherer } from '../../src/schedule/watch.ts';
import { ARGV, deployment } from '../cli/run.ts';

test('signs that come together are one look, and looks are fifteen seconds apart', async () => {
  let time = 0;
  const sleeps: { until: number; wake: () => void }[] = [];
  const sleep = (milliseconds: number) => new Promise<void>((wake) => sleeps.push({ until: time + milliseconds, wake }));
  const looks: [number, readonly string[]][] = [];
  const sign = gatherer({ now: () => new Date(time), sleep }, new AbortController().signal, (signs) => looks.push([time, signs]));
  const pass = async (to: number) => {
    time = to;
    for (const { until, wake } of sleeps) if (until <= time) wake();
    await Promise.resolve();
    await Promise.resolve();
  };
  sign('a');
  sign('b');
  sign('a');
  await pass(1999);
  expect(looks).toEqual([]);
  await pass(2000);
  sign('c');
  await pass(16_999);
  expect(looks).toEqual([[2000, ['a', 'b']]]);
  await pass(17_000);
  expect(looks.at(-1)).toEqual([17_000, ['c']]);
  await pass(60_000);
  sign('d');
  await pass(62_000);
  expect(looks.at(-1)).toEqual([62_000, ['d']]);
});

test('the daemon looks when an exporter says so, and tells once what cannot be watched', async () => {
  const { dir } = await deployment({});
  const value = join(dir, 'value');
  writeFileSync(value, 'one');
  const zod = pathToFileURL(join(import.meta.dirname, '../../node_modules/zod/index.js')).href;
  writeFileSync(
    join(dir, 'own.mjs'),
    `import { readFileSync } from 'node:fs';
import { z } from ${JSON.stringify(zod)};
const value = () => readFileSync(${JSON.stringify(value)}, 'utf8');
export default {
  name: 'own', summary: 'a value', options: z.object({}), scopes: { root: 'own', depth: 2 },
  kinds: { 'own.value': { format: 'json', title: 'value' } },
  async *collect({ complete }) {
    yield { ref: { scope: 'own/place', kind: 'own.value', id: 'value' }, config: { value: value() } };
    complete('own/place', 'own.value');
  },
  async *watch({ signal, sleep, problem }) {
    for (let before = value(); !signal.aborted; await sleep(50, signal)) {
      problem('half of it cannot be watched');
      if (value() !== before) yield 'value ' + (before = value());
    }
  },
};
`,
  );
  writeFileSync(join(dir, 'drifttrail.yaml'), 'exporters:\n  - use: ./own.mjs\n    schedule: "0 0 1 1 *"\n');
  const child = spawn(process.execPath, [...ARGV, '--dir', dir, 'daemon'], { stdio: ['ignore', 'ignore', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  await expect.poll(() => log, { timeout: 15_000 }).toMatch(/own\.mjs: 1 change, commit/);
  writeFileSync(value, 'two');
  await expect.poll(() => log, { timeout: 15_000 }).toMatch(/own\.mjs: value two\n.*own\.mjs: 1 change, commit/);
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(log.match(/half of it cannot be watched/g)).toHaveLength(1);
});
