/** The outcome of an evaluation for people: a line a seed, the totals with their targets, and what was played. */
import { addCensus, type Census, shortfalls, neverPlayed } from './census.ts';
import { MEASURES, type Measure, reaches } from './measures.ts';
import type { Outcome } from './play.ts';
import { addScores, type Score } from './score.ts';

export interface Verdict {
  readonly text: string;
  readonly passed: boolean;
}

/** `unplayed` says of each seed without an outcome why. */
export function renderOutcomes(outcomes: readonly Outcome[], unplayed: readonly string[] = []): Verdict {
  if (outcomes.length === 0) return { text: lines(unplayed), passed: false };
  const total = addScores(outcomes.map(({ score }) => score));
  const lacking = outcomes.flatMap(({ seed, census }) => shortfalls(census).map((text) => `seed ${seed} has too few ${text}\n`));
  const failed = outcomes.filter(({ score }) => MEASURES.some((measure) => !reaches(measure, score)));
  const text = [
    columns([
      ['seed', ...MEASURES.map(({ short }) => short), 'edits', 'calls', ''],
      ...outcomes.map(({ seed, score, census }) => row(String(seed), score, census.calls)),
      row('all', total, addCensus(outcomes.map(({ census }) => census)).calls),
    ]),
    '\n',
    columns(MEASURES.map((measure) => [measure.name, shareOf(measure, total), detailOf(measure, total), verdictOf(measure, total)])),
    `\n${notes(total)}`,
    `\n${renderCensus(addCensus(outcomes.map(({ census }) => census)), outcomes.length)}`,
    ...lacking,
    lines(unplayed),
  ].join('');
  return { text, passed: failed.length === 0 && lacking.length === 0 && unplayed.length === 0 };
}

const lines = (texts: readonly string[]): string => texts.map((text) => `${text}\n`).join('');

function row(name: string, score: Score, calls: number): string[] {
  const passed = MEASURES.every((measure) => reaches(measure, score));
  return [name, ...MEASURES.map((measure) => shareOf(measure, score)), String(score.edits), String(calls), passed ? 'pass' : 'FAIL'];
}

/** Cut, not rounded: 99.96 % is not 100. */
function shareOf({ part, whole }: Measure, score: Score): string {
  if (whole === undefined) return String(part(score));
  return whole(score) === 0 ? 'none' : `${(Math.floor((1000 * part(score)) / whole(score)) / 10).toFixed(1)} %`;
}

function detailOf({ part, whole }: Measure, score: Score): string {
  return whole === undefined ? '' : `${part(score)} of ${whole(score)}`;
}

function verdictOf(measure: Measure, score: Score): string {
  const target = measure.whole === undefined ? `at most ${measure.most}` : `at least ${100 * (measure.least ?? 0)} %`;
  return `${target}: ${reaches(measure, score) ? 'pass' : 'FAIL'}`;
}

function notes({ told, toldIdle, halfDone, asserted, caused }: Score): string {
  return [
    `An event is asserted for ${asserted} of ${caused} edits that somebody made. ${told} transients were told, ${toldIdle} of them\n`,
    'successful calls that wrote what was there already.\n',
    `Not judged: ${halfDone} edits that the emulator made although it refused the call, which AWS would not.\n`,
  ].join('');
}

function renderCensus(census: Census, seeds: number): string {
  return [
    `Played: ${seeds} seeds, ${census.rounds} rounds, at least ${census.resources} resources each, in ${census.accounts.length} accounts`,
    ` and ${census.regions.length} regions (${census.regions.join(', ')});\n${census.calls} writing calls, ${census.failed} of them failed,`,
    ` by ${census.people.length} actors (${census.people.join(', ')}; ${census.channels.join(', ')});\n`,
    `${census.contended} leaves written by several people in one window, ${census.sameSecond} writes that shared their second,`,
    ` ${census.undone} places done and undone within a window;\n`,
    `${census.events.length} kinds of call succeeded. Mapped, and not among them: ${neverPlayed(census.events).join(', ') || 'none'}.\n`,
  ].join('');
}

function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>((all, cells) => cells.map((cell, index) => Math.max(all[index] ?? 0, cell.length)), []);
  const lines = rows.map((cells) =>
    cells.map((cell, index) => (index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0))).join('  '),
  );
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}
