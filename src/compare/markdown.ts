/** A comparison as Markdown, for tickets and pull requests; nothing in the data can become markup. */
import type { Json } from '../model.ts';
import { cut } from '../report/clean.ts';
import { codeSpan, escapeMarkdown } from '../report/escape-markdown.ts';
import { kindTitle, minute } from '../report/words.ts';
import type { Comparison } from './compare.ts';
import type { DifferentPlace } from './difference.ts';
import { standsOut, summaryOf, valueText } from './words.ts';

/** Longer values are cut: the files tell all. */
const LONGEST = 400;

export function comparisonMarkdown(comparison: Comparison, titles: Readonly<Record<string, string>>): string {
  const { sides, differences, gaps } = comparison;
  const lines = [
    '# Comparison',
    '',
    ...sides.map(({ name, time }) => `- ${escapeMarkdown(name)} as of ${minute(time)} UTC`),
    '',
    `${escapeMarkdown(summaryOf(comparison))}.`,
    ...differences.flatMap(({ kind, id, places }) => [
      '',
      `## ${escapeMarkdown(`${kindTitle(kind, titles)} ${id}`)}`,
      '',
      '| place | sides | value |',
      '| --- | --- | --- |',
      ...places.flatMap(placeRows),
    ]),
  ];
  if (gaps.length > 0) {
    lines.push('', '## Not read, so not told as missing', '', '| side | kind | reason |', '| --- | --- | --- |');
    for (const gap of gaps) lines.push(`| ${[gap.side, gap.kind ?? gap.scope, gap.reason].map(escapeMarkdown).join(' | ')} |`);
  }
  return `${lines.join('\n')}\n`;
}

function placeRows(place: DifferentPlace): string[] {
  return place.groups.map((group, index) => {
    const names = escapeMarkdown(group.sides.join(', '));
    const where = index === 0 ? cell(place.path === '' ? 'the whole' : place.path) : '';
    return `| ${where} | ${standsOut(place, group) ? `**${names}**` : names} | ${valueCell(group.value)} |`;
  });
}

function valueCell(value: Json): string {
  const lines = valueText(value).split('\n');
  return cut(lines.join('\n'), LONGEST).split('\n').map(cell).join('<br>');
}

/** A bar ends a cell, even in a code span. */
function cell(text: string): string {
  return text.includes('|') ? escapeMarkdown(text) : codeSpan(text);
}
