/** Labelled records, one a line: how well the ranking finds the true ones and orders what only content tells apart. */
import { readFile } from 'node:fs/promises';
import type { AuditEvent, Effect, EventRule, Json } from 'drifttrail';
import exporter from '../../exporters/aws/index.ts';
import { rankEvent } from '../../src/rank/rank-events.ts';
import type { RuleSet } from '../../src/rank/rules.ts';
import { parseRecord } from '../../trails/_cloudtrail/parse.ts';
import { NOTHING_KNOWN } from './lookup.ts';
import { binary, GAINS, ndcg, pairsOrdered, recall, type Scored } from './measures.ts';

const GOAL = 0.85;

export interface Label {
  readonly rule: string;
  readonly test: string;
  readonly expected: boolean;
  readonly severity: string | null;
  readonly source: string;
  readonly event: Json;
}

const eventRules = Object.values(exporter.kinds).flatMap((kind) => kind.events ?? []);

export async function readLabels(file: URL | string): Promise<readonly Label[]> {
  return (await readFile(file, 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Label);
}

/** Prints the measures; false below the goal. */
export function evaluateLabelled(labels: readonly Label[], rules: RuleSet, verbose: boolean): boolean {
  const scored = labels.flatMap((label, index) => score(label, index, rules));
  const successful = scored.filter(({ wrote }) => wrote);
  const pairs = pairsOrdered(successful);
  const share = pairs.right / Math.max(pairs.total, 1);
  for (const [name, rows] of [
    ['all records', scored],
    ['successful writes', successful],
  ] as const) {
    console.log(
      `${name}: ${rows.length}, NDCG@20 ${ndcg(binary(rows), 20).toFixed(3)} (by severity ${ndcg(rows, 20).toFixed(3)}), recall@20 ${recall(rows, 20).toFixed(3)}`,
    );
  }
  console.log(
    `true above false, same rule and event: ${pairs.right} of ${pairs.total} pairs (${share.toFixed(3)}; goal ${GOAL.toFixed(2)})`,
  );
  if (verbose) {
    for (const pair of pairs.wrong) console.log(`  wrong: ${pair}`);
    for (const row of [...scored].sort((a, b) => b.score - a.score).slice(0, 60))
      console.log(`  ${row.score} ${row.expected ? 'true ' : 'false'} ${row.severity} ${row.label} ${row.rules.join(',')}`);
    for (const row of successful.filter((one) => one.expected && one.rules.length === 0))
      console.log(`  no rule: ${row.score} ${row.label}`);
  }
  return share >= GOAL;
}

function score(label: Label, index: number, set: RuleSet): readonly Scored[] {
  const event = parseRecord(withDefaults(label.event, index));
  if (event === undefined) return [];
  const ranked = rankEvent(event, effectsOf(event), set);
  if (ranked.problems.length > 0) console.error(ranked.problems.join('\n'));
  const severity = label.severity ?? (label.source === 'stratus' ? 'high' : 'medium');
  return [
    {
      label: `${label.rule} / ${label.test} / ${event.name}`,
      group: `${label.source}\0${label.rule}\0${event.name}`,
      expected: label.expected,
      severity,
      gain: label.expected ? (GAINS[severity] ?? 1) : 0,
      score: ranked.score,
      rules: ranked.rules,
      // A failed sign-in carries no error code: it is the event itself.
      wrote: (event.error === undefined || event.extra?.eventType === 'AwsConsoleSignIn') && !event.readOnly,
    },
  ];
}

/** Hand-made records lack what every real one has; their time says nothing here. */
function withDefaults(record: Json, index: number): Json {
  return { ...(record as Readonly<Record<string, Json>>), eventTime: '2026-01-07T00:00:00Z', eventID: `labelled-${index}` };
}

/** The effects as `events` computes them: without a snapshot, so nothing can be looked up. */
function effectsOf(event: AuditEvent): readonly Effect[] {
  const matches = (rule: EventRule) =>
    rule.source === event.source && (rule.name.endsWith('*') ? event.name.startsWith(rule.name.slice(0, -1)) : rule.name === event.name);
  return eventRules.filter(matches).flatMap((rule) => rule.effects(event, NOTHING_KNOWN));
}
