/**
 * Measures the ranking: `npm run eval:ranking -- [--pairs] [--hidden 1-3] [--ordinary] [--verbose] [file.jsonl…]`; ends with 1 below a goal,
 * with 2 when it cannot be measured.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeError } from '../../src/errors.ts';
import { loadRules } from '../../src/rank/rules.ts';
import { seedsOf } from './attribution/seeds.ts';
import { findHidden } from './hidden.ts';
import { evaluateLabelled, readLabels } from './labelled.ts';
import { countOrdinary } from './ordinary.ts';
import { isOrdered, judgePairs, type JudgedPair } from './pairs.ts';

const OPTIONS = {
  /** The authored pairs alone. */
  pairs: { type: 'boolean', default: false },
  /** Seeds of work, among which the labelled attacks are hidden. */
  hidden: { type: 'string' },
  /** Counts what the writes of the files alarm. */
  ordinary: { type: 'boolean', default: false },
  verbose: { type: 'boolean', default: false },
} as const;
const GOAL = 0.97;
/** Not part of the repository; another file of labelled records may be named. */
const DEFAULT = fileURLToPath(new URL('../../../shared/data/cloudtrail/ranking-dev.jsonl', import.meta.url));

try {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  const { verbose } = values;
  const rules = await loadRules(['aws', 'host'].map((name) => new URL(`../../exporters/${name}/rules/`, import.meta.url)));
  if (values.ordinary) await countOrdinary(positionals, rules, verbose ? 40 : 0);
  else if (values.hidden !== undefined) {
    const labels = await readLabels(positionals[0] ?? DEFAULT);
    if (!(await findHidden(labels, seedsOf(values.hidden), rules, verbose))) process.exitCode = 1;
  } else {
    const file = positionals[0] ?? (existsSync(DEFAULT) ? DEFAULT : undefined);
    if (file === undefined && !values.pairs) console.log('no file of labelled records was named: the authored pairs alone');
    const labelledOk = values.pairs || file === undefined || evaluateLabelled(await readLabels(file), rules, verbose);
    const pairsOk = printPairs(await judgePairs(rules), verbose);
    if (!labelledOk || !pairsOk) process.exitCode = 1;
  }
} catch (error) {
  process.stderr.write(`${describeError(error)}\n`);
  process.exitCode = 2;
}

function printPairs(pairs: readonly JudgedPair[], verbose: boolean): boolean {
  const wrong = pairs.filter((pair) => !isOrdered(pair));
  const share = (pairs.length - wrong.length) / Math.max(pairs.length, 1);
  for (const { file: from, name, dangerous, harmless } of wrong)
    console.log(`  wrong: ${from} ${name}: ${told(dangerous)} not above ${told(harmless)}`);
  if (verbose)
    for (const { name, dangerous, harmless } of pairs)
      console.log(
        `  ${dangerous.score} > ${harmless.score} ${name}\n      ${dangerous.reasons.join('; ')}\n      ${harmless.reasons.join('; ')}`,
      );
  for (const { problems } of pairs.flatMap(({ dangerous, harmless }) => [dangerous, harmless]))
    for (const one of problems) console.error(one);
  console.log(
    `authored pairs, dangerous above harmless: ${pairs.length - wrong.length} of ${pairs.length} (${share.toFixed(3)}; goal ${GOAL.toFixed(2)})`,
  );
  return share >= GOAL;
}

function told({ score, rules: ids }: JudgedPair['dangerous']): string {
  return `${score}${ids.length === 0 ? '' : ` (${ids.join(', ')})`}`;
}
