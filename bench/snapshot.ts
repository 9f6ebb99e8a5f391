/** P1–P3: 100,000 resources, first, unchanged and slightly changed, against the naive way and the least that can be done. */
import { join } from 'node:path';
import { rmSync } from 'node:fs';
import type { Resource } from '../src/model.ts';
import { stringify } from '../src/normalize/stringify.ts';
import { blobId } from '../src/store/objects.ts';
import { makeResources, withChanges } from './data.ts';
import { type Bench, type BenchOptions, createSamples, type Outcome, type Row, measured, scaled, timed } from './measure.ts';
import { createProduct, pathOf, type Stages } from './pipeline.ts';
import { createNaive, sizeOf } from './programs.ts';

const COUNT = 100_000;
const FLOOR = 'floor: bytes + sha1';
const NAIVE = 'naive: all files, git add -A';

export const snapshot: Bench = {
  goals: ['P1', 'P2', 'P3'],
  summary: '100,000 resources: first, nothing changed, 0.1 % changed',
  run: async (options) => {
    const samples = createSamples();
    const resources = makeResources(scaled(COUNT, options.scale));
    const changed = withChanges(resources, Math.ceil(resources.length / 1000));
    for (let run = 1; run <= options.runs; run += 1) {
      options.progress(`run ${run} of ${options.runs}`);
      await measure(options, samples.add, resources, changed);
    }
    return outcome(resources.length, samples.of);
  },
};

async function measure(
  { folder }: BenchOptions,
  add: (name: string, value: number) => void,
  resources: readonly Resource[],
  changed: readonly Resource[],
): Promise<void> {
  const floor = (given: readonly Resource[]) => () => given.map(({ config }) => blobId(Buffer.from(stringify(config))));
  const ownFolder = join(folder, 'product');
  const naiveFolder = join(folder, 'naive');
  const product = await createProduct(ownFolder);
  const naive = createNaive(naiveFolder);
  const naively = (given: readonly Resource[]) => () => naive(naiveFiles(given));
  const steps = [
    ['first', resources],
    ['none', resources],
    ['some', changed],
  ] as const;
  for (const [step, given] of steps) {
    let stages: Stages | undefined;
    const ways = {
      floor: floor(given),
      naive: naively(given),
      product: async () => {
        stages = await product.snapshot(given);
      },
    };
    for (const [way, work] of Object.entries(ways)) {
      const { wall, cpu } = await measured(work);
      add(`${step} ${way}`, wall);
      add(`${step} ${way} cpu`, cpu);
    }
    for (const [name, value] of Object.entries(stages ?? {})) add(`${step} ${name}`, value);
    if (step !== 'none') add(`${step} worktree`, await timed(() => product.store.refreshWorktree()));
    if (step === 'first') {
      add('size product', sizeOf(join(ownFolder, '.git')) / 1e6);
      add('size naive', sizeOf(join(naiveFolder, '.git')) / 1e6);
    }
  }
  for (const made of [ownFolder, naiveFolder]) rmSync(made, { recursive: true, force: true });
}

function* naiveFiles(resources: readonly Resource[]): Generator<[string, Uint8Array]> {
  for (const { ref, config } of resources) yield [pathOf(ref), Buffer.from(stringify(config))];
}

function outcome(count: number, of: (name: string) => readonly number[]): Outcome {
  const against = (goal: string, work: string, step: string, peer: 'floor' | 'naive', limit: number): Row[] =>
    (['', ' cpu'] as const).map((measure) => ({
      goal,
      work: `${work}${measure === '' ? '' : ', CPU'}`,
      product: of(`${step} product${measure}`),
      peer: { name: peer === 'floor' ? FLOOR : NAIVE, samples: of(`${step} ${peer}${measure}`), limit },
    }));
  const stages = (step: string, names: readonly string[]) =>
    names.map((name) => ({ goal: '', work: `  ${step}: ${name}`, product: of(`${step} ${name}`) }));
  return {
    rows: [
      ...against('P1', `${count} resources, nothing changed`, 'none', 'floor', 1.5),
      ...against('P1', 'the same', 'none', 'naive', 0.2),
      ...stages('none', ['tree', 'plan', 'diff', 'commit']),
      ...against('P2', '0.1 % changed', 'some', 'floor', 1.6),
      ...against('P2', 'the same', 'some', 'naive', 0.125),
      ...stages('some', ['tree', 'plan', 'diff', 'commit', 'worktree']),
      ...against('P3', 'first snapshot', 'first', 'naive', 0.6),
      {
        goal: 'P3',
        work: 'size of .git',
        product: of('size product'),
        peer: { name: NAIVE, samples: of('size naive'), limit: 0.1 },
        unit: 'MB',
      },
      ...stages('first', ['tree', 'plan', 'diff', 'commit', 'worktree']),
    ],
    notes: [
      'All begin with the data in memory. "plan" is normalizing, redacting, printing, hashing and comparing; "worktree" (bringing the checked-out files to the new commit) comes after the commit and is not in the figure of drifttrail.',
    ],
  };
}
