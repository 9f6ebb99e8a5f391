/** `npm run eval:attribution -- --seed N [--seeds K] [--rounds R] [--deeds D] [--misses]`: attribution against the truth of seeded scenarios. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeError } from '../../src/errors.ts';
import { startScenario } from '../aws/scenario/scenario.ts';
import { openReader } from './attribution/account.ts';
import { openPipeline } from './attribution/pipeline.ts';
import { addScores, type Score, scoreRound } from './attribution/score.ts';
import { renderTable } from './attribution/table.ts';
import { keepLedger } from './attribution/truth.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '12' },
    deeds: { type: 'string', default: '25' },
    misses: { type: 'boolean', default: false },
  },
});

/** Between two snapshots there is idle time, too, so that windows do not touch. Milliseconds. */
const IDLE = 10 * 60_000;
/** After this, records have arrived. Milliseconds. */
const SETTLED = 20 * 60_000;

async function evaluate(seed: number): Promise<Score> {
  const scenario = await startScenario(seed);
  const state = await mkdtemp(join(tmpdir(), 'drifttrail-eval-'));
  const { clock, endpoint } = scenario;
  try {
    const reader = await openReader(scenario);
    const pipeline = await openPipeline(reader, state);
    let previous = await reader.snapshot();
    process.stderr.write(`seed ${seed}: ${previous.documents.size} resources\n`);
    const scores: Score[] = [];
    for (let number = 1; number <= Number(values.rounds); number += 1) {
      clock.advance(IDLE);
      const start = endpoint.records().length;
      const ledger = keepLedger(reader, previous.documents, pipeline.pathOf);
      await scenario.round(Number(values.deeds), ledger.follow);
      const records = endpoint
        .records()
        .slice(start)
        .filter((record) => record.readOnly === false);
      clock.advance(IDLE);
      const current = await reader.snapshot();
      clock.advance(SETTLED);
      const result = await pipeline.attribute(previous, current);
      const score = scoreRound({ ...result, traces: ledger.traces(), records });
      scores.push(score);
      process.stderr.write(`seed ${seed} round ${number}: ${records.length} calls, ${score.edits} edits, ${score.right} right\n`);
      previous = current;
    }
    pipeline.close();
    return addScores(scores);
  } finally {
    await scenario.stop();
    await rm(state, { recursive: true, force: true });
  }
}

try {
  const scores: Score[] = [];
  for (let index = 0; index < Number(values.seeds); index += 1) scores.push(await evaluate(Number(values.seed) + index));
  const total = addScores(scores);
  process.stdout.write(renderTable(total));
  if (values.misses) process.stdout.write(`\n${[...total.misses].sort().join('\n')}\n`);
  if (total.failedBlamed > 0 || total.exactRight < total.exact) process.exitCode = 2;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? '') : ''}\n${describeError(error)}\n`);
  process.exitCode = 1;
}
