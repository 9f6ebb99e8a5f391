/** One seed: plays its scenario, lets the product explain every round, and holds that against the truth. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Delivery, startScenario } from '../../aws/scenario/scenario.ts';
import { openReader } from './account.ts';
import { type Census, censusOf } from './census.ts';
import { openPipeline } from './pipeline.ts';
import { addScores, type Round, type Score, scoreRound } from './score.ts';
import { keepLedger } from './truth.ts';

export interface Outcome {
  readonly seed: number;
  readonly score: Score;
  readonly census: Census;
}

export interface Size {
  readonly rounds: number;
  /** Per round. */
  readonly deeds: number;
}

export interface Trial extends Size {
  readonly delivery: Delivery;
}

/** Between two snapshots there is idle time, too, so that windows do not touch. Milliseconds. */
const IDLE = 10 * 60_000;
/** After this, records have arrived: the latest 15 minutes after its call. Milliseconds. */
const SETTLED = 20 * 60_000;

export async function evaluateSeed(
  seed: number,
  { rounds: many, deeds, delivery }: Trial,
  progress: (text: string) => void,
): Promise<Outcome> {
  const scenario = await startScenario(seed, delivery);
  const state = await mkdtemp(join(tmpdir(), 'drifttrail-eval-'));
  const { clock } = scenario;
  try {
    const reader = await openReader(scenario);
    const pipeline = await openPipeline(reader, state);
    let previous = await reader.snapshot();
    const resources = previous.documents.size;
    const rounds: Round[] = [];
    const scores: Score[] = [];
    for (let number = 1; number <= many; number += 1) {
      clock.advance(IDLE);
      const ledger = keepLedger(previous.documents, reader.place, pipeline.pathOf);
      await scenario.round(deeds, ledger.follow);
      clock.advance(IDLE);
      const current = await reader.snapshot();
      clock.advance(SETTLED);
      const round = { ...(await pipeline.attribute(previous, current)), net: ledger.net(), traces: ledger.traces() };
      const score = scoreRound(round);
      const misses = score.misses.map((miss) => `seed ${seed} round ${number}: ${miss}`);
      scores.push({ ...score, misses });
      rounds.push(round);
      progress(`seed ${seed} round ${number}: ${round.traces.length} calls, ${score.edits} edits, ${score.right} of ${score.caused} right`);
      misses.forEach(progress);
      previous = current;
    }
    pipeline.close();
    return { seed, score: addScores(scores), census: censusOf(resources, rounds) };
  } finally {
    await scenario.stop();
    await rm(state, { recursive: true, force: true });
  }
}
