/** The report for a terminal: the most dangerous change first, readable at 80 columns, with the command that takes it back. */
import { styleText } from 'node:util';
import type { Finding, Level } from '../model.ts';
import { clean, cut, wrap } from './clean.ts';
import type { ReportData } from './contract.ts';
import { findingsOf } from './group.ts';
import { compareFindings, countLevels, REPORT_LEVELS } from './order.ts';
import { isBlank, unseenText } from './unseen.ts';
import {
  actText,
  durationText,
  editText,
  effectEdit,
  minute,
  nothingText,
  refOf,
  resourceText,
  undoneText,
  whenText,
  whoText,
} from './words.ts';

export interface TextOptions {
  readonly colour: boolean;
  /** Columns. */
  readonly width: number;
  /** At most so many findings; the rest is counted. */
  readonly max?: number;
  /** The command that shows the rest. */
  readonly rest?: string;
  /** Kind → singular noun, from the exporters. */
  readonly titles?: Readonly<Record<string, string>>;
}

const STYLES: Readonly<Record<Level, Parameters<typeof styleText>[0]>> = {
  critical: ['bold', 'red'],
  high: 'red',
  medium: 'yellow',
  low: 'cyan',
  info: 'gray',
};

/** Columns of what somebody else named: nobody reads more of it here, and the other forms hold all of it. */
const [NAME, PHRASE] = [160, 400];
/** A command that is longer is not copied from a report. */
const COMMAND = 1000;

/** Whether to colour: a terminal, and nobody said no (https://no-color.org). */
export function wantsColour(env: Readonly<Record<string, string | undefined>>, isTerminal: boolean): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '' && env.FORCE_COLOR !== '0') return true;
  return isTerminal && env.TERM !== 'dumb';
}

export function renderText(report: ReportData, options: TextOptions): string {
  const findings = [...report.findings].sort(compareFindings);
  const shown = findings.slice(0, options.max ?? findings.length);
  const paint = painter(options.colour);
  const blocks = findingsOf(report, shown).flatMap(([head, members]) => [
    ...(head === undefined ? [] : [wrap(head, options.width).map((line) => paint('underline', line))]),
    ...members.map((finding) => renderFinding(finding, options)),
  ]);
  if (findings.length === 0 && !isBlank(report)) blocks.push(wrap(nothingText(report), options.width));
  if (report.unseen) blocks.push(wrap(unseenText(report.unseen), options.width));
  if (findings.length > shown.length)
    blocks.push(
      wrap(
        `… and ${findings.length - shown.length} more of lower threat${options.rest === undefined ? '' : `; see all: ${options.rest}`}`,
        options.width,
      ),
    );
  if (report.gaps.length > 0) blocks.push(gapLines(report, options));
  if (report.unmapped.length > 0) blocks.push(unmappedLines(report, options));
  blocks.push(wrap(footer(report), options.width));
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/**
 * One finding. Its first line names the resource, what happened, who, how and when; where that is wider than the screen
 * it goes on in the next one.
 */
export function renderFinding(finding: Finding, options: TextOptions): string[] {
  const { width, titles } = options;
  const indent = '  ';
  const paint = painter(options.colour);
  const label = finding.level.toUpperCase();
  const who = cut(whoText(finding), NAME);
  const head = `${label} ${cut(resourceText(finding, titles), NAME)}: ${cut(actText(finding), PHRASE)} — ${who === '' ? '' : `${who}, `}${whenText(finding)}`;
  const [first = '', ...others] = wrap(head, width, indent);
  const lines = [paint(STYLES[finding.level], label) + first.slice(label.length), ...others];
  const add = (text: string) => lines.push(...wrap(text, width, `${indent}  `, indent));
  for (const reason of finding.reasons) add(`• ${cut(clean(reason), PHRASE)}`);
  if (finding.undone !== undefined) add(clean(undoneText(finding)));
  if (finding.ignored !== undefined) add(clean(`set aside: ${finding.ignored}`));
  for (const command of finding.undo ?? []) {
    const line = `${indent}undo: ${command.length > COMMAND ? `drifttrail undo ${finding.id}` : clean(command)}`;
    lines.push(command.startsWith('#') ? line : paint('bold', line));
  }
  if (finding.transient?.duration !== undefined) add(`lasted ${durationText(finding.transient.duration)}`);
  const ref = refOf(finding);
  const place = [
    cut(ref?.scope ?? '', NAME),
    finding.id,
    finding.commit === null ? '' : finding.commit.slice(0, 12),
    `score ${finding.score}`,
    gradeText(finding),
  ];
  for (const line of wrap(clean(place.filter((part) => part !== '').join(' · ')), width, `${indent}  `, indent))
    lines.push(paint('dim', line));
  return lines;
}

/** One finding in full: every edit, every event. */
export function renderDetails(finding: Finding, options: TextOptions): string {
  const lines = renderFinding(finding, options);
  const edits = finding.change?.edits ?? (finding.transient?.effects ?? []).map(effectEdit);
  const section = (title: string, entries: readonly string[]) => {
    if (entries.length > 0) lines.push('', title, ...entries.flatMap((entry) => wrap(entry, options.width, '    ', '  ')));
  };
  section(
    'Edits',
    edits.map((edit) => `${editText(edit, finding.change?.readAs !== undefined)}${gradeOf(finding, edit.path)}`),
  );
  section(
    'Told with it',
    (finding.parts ?? []).map((part) => `${cut(resourceText(part, options.titles), NAME)}: ${cut(actText(part), PHRASE)}`),
  );
  section(
    'Events',
    finding.attribution.events.map((event) =>
      clean(`${minute(event.time)} UTC ${event.source.replace(/\.amazonaws\.com$/, '')}:${event.name} ${event.id}`),
    ),
  );
  section('Why', [clean(finding.attribution.because)]);
  section('Rules', finding.rules.map(clean));
  return `${lines.join('\n')}\n`;
}

function gradeOf(finding: Finding, path: string): string {
  const grade = Object.hasOwn(finding.attribution.edits, path) ? finding.attribution.edits[path]?.grade : undefined;
  return grade === undefined ? '' : ` [${grade}]`;
}

function gradeText({ attribution }: Finding): string {
  return attribution.status === 'attributed' ? `${attribution.grade ?? ''} match`.trim() : attribution.status;
}

function painter(colour: boolean): (style: Parameters<typeof styleText>[0], text: string) => string {
  // The decision is the caller's, from the stream he writes to; styleText would look at stdout.
  return (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text);
}

function gapLines({ gaps }: ReportData, { width, titles }: TextOptions): string[] {
  const lines = gaps.map(({ scope, kind, reason, detail }) =>
    clean(`${scope} ${kind === undefined ? 'everything' : (titles?.[kind] ?? kind)}: ${reason}, ${detail}`),
  );
  return ['Not seen:', ...lines.flatMap((line) => wrap(line, width, '    ', '  '))];
}

function unmappedLines({ unmapped }: ReportData, { width }: TextOptions): string[] {
  const text = unmapped
    .map(({ name, source, count }) => `${source.replace(/\.amazonaws\.com$/, '')}:${name}${count > 1 ? ` ×${count}` : ''}`)
    .join(', ');
  return ['Writes that no mapping knows:', ...wrap(clean(text), width, '  ', '  ')];
}

function footer({ findings, window }: ReportData): string {
  const counts = countLevels(findings);
  const aside = findings.filter(({ ignored }) => ignored !== undefined).length;
  const parts = REPORT_LEVELS.filter((level) => counts[level] > 0).map((level) => `${counts[level]} ${level}`);
  if (aside > 0) parts.push(`${aside} set aside`);
  return `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}${parts.length === 0 ? '' : ` (${parts.join(', ')})`} from ${minute(window.from)} to ${minute(window.to)} UTC`;
}
