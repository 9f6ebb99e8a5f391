/** How often ordinary work alarms: `npm run eval:ranking -- --ordinary <records.jsonl…>` counts the writes of each file by level. */
import { readFile } from 'node:fs/promises';
import type { Json } from 'drifttrail';
import aws from '../../exporters/aws/index.ts';
import { effectsOf, indexRules } from '../../src/attribute/effects.ts';
import { rankEvent } from '../../src/rank/rank-events.ts';
import type { RuleSet } from '../../src/rank/rules.ts';
import { parseRecord } from '../../trails/_cloudtrail/parse.ts';
import { NOTHING_KNOWN } from './lookup.ts';

const LEVELS = ['critical', 'high', 'medium', 'low', 'info'] as const;

/** Prints the counts, and the first `most` by score. */
export async function countOrdinary(files: readonly string[], rules: RuleSet, most: number): Promise<void> {
  const index = indexRules(aws.kinds);
  for (const file of files) {
    const records = (await readFile(file, 'utf8'))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Json);
    const writes = records.flatMap((record) => {
      const event = parseRecord(record);
      if (event === undefined || event.readOnly || event.error !== undefined) return [];
      const ranked = rankEvent(event, effectsOf(event, index.rulesFor(event), NOTHING_KNOWN).effects, rules);
      return [{ event, ranked }];
    });
    const counts = LEVELS.map((level) => `${writes.filter(({ ranked }) => ranked.level === level).length} ${level}`);
    const above = writes.filter(({ ranked }) => ranked.level === 'critical' || ranked.level === 'high').length;
    console.log(`${file}: ${writes.length} successful writes, ${above} above medium (${counts.join(', ')})`);
    for (const { event, ranked } of [...writes].sort((a, b) => b.ranked.score - a.ranked.score).slice(0, most))
      console.log(`  ${ranked.score} ${event.name} by ${event.actor.name}: ${ranked.reasons.join('; ')}`);
  }
}
