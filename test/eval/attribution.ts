/** `npm run eval:attribution -- --seeds 1-20 [--jobs 2] [--delay 15 --duplicates 20 --skew 60]`: attribution against the truth of seeded scenarios; ends with 1 when a target is missed. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pLimit from 'p-limit';
import { DrifttrailError, describeError } from '../../src/errors.ts';
import { evaluateSeed, type Outcome } from './attribution/play.ts';
import { seedsOf } from './attribution/seeds.ts';
import { renderOutcomes } from './attribution/table.ts';

const OPTIONS = {
  seed: { type: 'string' },
  seeds: { type: 'string', default: '1' },
  jobs: { type: 'string', default: '1' },
  rounds: { type: 'string', default: '12' },
  deeds: { type: 'string', default: '25' },
  /** Late by at most so many minutes, so many percent twice, clocks apart by at most so many seconds. */
  delay: { type: 'string', default: '8' },
  duplicates: { type: 'string', default: '10' },
  skew: { type: 'string', default: '0' },
  json: { type: 'boolean', default: false },
} as const;
const HANDED_ON = ['rounds', 'deeds', 'delay', 'duplicates', 'skew'] as const;

const say = (text: string) => process.stderr.write(`${text}\n`);

/** Each seed is a process of its own: it reads its credentials from the environment. */
function inChild(seed: number, options: readonly string[]): Promise<Outcome> {
  const runner = fileURLToPath(new URL('../../scripts/run-ts.mjs', import.meta.url));
  const own = ['--seeds', String(seed), '--json', ...options];
  const child = spawn(process.execPath, [runner, fileURLToPath(import.meta.url), ...own], { stdio: ['ignore', 'pipe', 'inherit'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')) as Outcome);
      else
        reject(new DrifttrailError({ code: 'seed-failed', message: `seed ${seed} could not be played: its process ended with ${code}` }));
    });
  });
}

try {
  const { values } = parseArgs({ options: OPTIONS });
  const [rounds = 0, deeds = 0, delay = 0, duplicates = 0, skew = 0] = HANDED_ON.map((name) => Number(values[name]));
  const trial = { rounds, deeds, delivery: { delay: delay * 60_000, duplicates: duplicates / 100, skew: skew * 1000 } };
  const seeds = seedsOf(values.seed ?? values.seeds);
  const [only] = seeds;
  if (values.json && only !== undefined) process.stdout.write(JSON.stringify(await evaluateSeed(only, trial, say)));
  else {
    const handed = HANDED_ON.flatMap((name) => [`--${name}`, values[name]]);
    const limit = pLimit(Number(values.jobs));
    const settled = await Promise.allSettled(seeds.map((seed) => limit(() => inChild(seed, handed))));
    const outcomes = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const unplayed = settled.flatMap((one) => (one.status === 'rejected' ? [describeError(one.reason)] : []));
    const { text, passed } = renderOutcomes(outcomes, unplayed);
    const misses = outcomes.flatMap(({ score }) => score.misses);
    process.stdout.write(misses.length === 0 ? text : `${text}\n${misses.join('\n')}\n`);
    if (!passed) process.exitCode = 1;
  }
} catch (error) {
  say(describeError(error));
  process.exitCode = 2;
}
