/** The state of things in the text format of Prometheus, version 0.0.4: for a textfile collector, or an endpoint. */
import type { Level, OutletCounts, Status } from '../model.ts';

const LEVELS: readonly Level[] = ['critical', 'high', 'medium', 'low', 'info'];

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

/** Ages are left to the reader: a time stamp stays true while nobody writes the file anew. */
export function renderMetrics(status: Status): string {
  const outlets = Object.entries(status.outlets);
  const of = (count: (counts: OutletCounts) => number) => outlets.map(([outlet, counts]): Sample => [{ outlet }, count(counts)]);
  const seconds = (time: string) => Date.parse(time) / 1000;
  const families = [
    family(
      'snapshot_complete_timestamp_seconds',
      'gauge',
      'When all kinds of a scope were last read completely; 0: never.',
      status.scopes.map(({ scope, complete }) => [{ scope }, complete === null ? 0 : seconds(complete)]),
    ),
    family(
      'findings',
      'gauge',
      'Findings of the last 24 hours that stand.',
      LEVELS.map((level) => [{ level }, status.levels[level]]),
    ),
    family('findings_pending', 'gauge', 'How many of them may still get their actor.', [[{}, status.pending]]),
    family('gaps', 'gauge', 'What could not be read at the last look, by reason.', counted(status.gaps.map(({ reason }) => reason))),
    family(
      'outbox_waiting',
      'gauge',
      'Messages that an outlet has not taken yet.',
      of(({ waiting }) => waiting),
    ),
    family(
      'outbox_dead',
      'gauge',
      'Messages that an outlet refused or never took.',
      of(({ dead }) => dead),
    ),
    family(
      'outbox_held',
      'gauge',
      'Findings kept back for a digest, a group or the end of quiet hours.',
      of(({ held }) => held),
    ),
    family(
      'messages_sent_total',
      'counter',
      'Messages that an outlet took.',
      of(({ sent }) => sent),
    ),
    family(
      'messages_retried_total',
      'counter',
      'Deliveries that were put off.',
      of(({ retried }) => retried),
    ),
    family(
      'run_duration_seconds',
      'gauge',
      'How long the last run took until it told of it.',
      status.duration === undefined ? [] : [[{}, status.duration / 1000]],
    ),
    family('status_timestamp_seconds', 'gauge', 'When this was written.', [[{}, seconds(status.generatedAt)]]),
  ];
  return families.join('');
}

function counted(words: readonly string[]): Sample[] {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([reason, count]) => [{ reason }, count]);
}

function family(name: string, type: 'gauge' | 'counter', help: string, samples: readonly Sample[]): string {
  const full = `drifttrail_${name}`;
  const lines = samples.map(([labels, value]) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
    return `${full}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}`;
  });
  return lines.length === 0 ? '' : `# HELP ${full} ${help}\n# TYPE ${full} ${type}\n${lines.join('\n')}\n`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
