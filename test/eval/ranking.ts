/**
 * Measures the ranking: `npm run eval:ranking -- [--pairs] [--verbose] [<file.jsonl>]`; exits 1 below a goal.
 * With `--pairs` the authored pairs alone, else labelled records too. `--ordinary <file.jsonl…>` counts alarms instead.
 */
import { loadRules } from '../../src/rank/rules.ts';
import { evaluateLabelled } from './labelled.ts';
import { countOrdinary } from './ordinary.ts';
import { isOrdered, judgePairs, type JudgedPair } from './pairs.ts';

const GOAL = 0.97;
const DEFAULT = new URL('../../../shared/data/cloudtrail/ranking-dev.jsonl', import.meta.url);

const files = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const verbose = process.argv.includes('--verbose');
const rules = await loadRules(['aws', 'host'].map((name) => new URL(`../../exporters/${name}/rules/`, import.meta.url)));

if (process.argv.includes('--ordinary')) {
  await countOrdinary(files, rules, verbose ? 40 : 0);
} else {
  const labelledOk = process.argv.includes('--pairs') || (await evaluateLabelled(files[0] ?? DEFAULT, rules, verbose));
  const pairsOk = printPairs(await judgePairs(rules));
  if (!labelledOk || !pairsOk) process.exitCode = 1;
}

function printPairs(pairs: readonly JudgedPair[]): boolean {
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
