/** A comparison for a terminal: one block a resource, one group of sides a value. */
import { styleText } from 'node:util';
import type { Json } from '../model.ts';
import { clean, cleanLines, wrap } from '../report/clean.ts';
import type { Comparison } from './compare.ts';
import type { DifferentPlace } from './difference.ts';
import { standsOut, summaryOf, valueText } from './words.ts';

export interface CompareTextOptions {
  readonly colour: boolean;
  readonly width: number;
  /** At most so many places of one resource; the rest is counted. */
  readonly most: number;
  /** Kind → singular noun. */
  readonly titles?: Readonly<Record<string, string>>;
}

/** Longer values are cut: the files tell all. */
const LONGEST = 400;

export function renderComparison(comparison: Comparison, options: CompareTextOptions): string {
  const { sides, differences, gaps } = comparison;
  const paint = (text: string, style: Parameters<typeof styleText>[0]) =>
    options.colour ? styleText(style, text, { validateStream: false }) : text;
  const blocks = differences.map(({ kind, id, places }) => {
    const head = paint(clean(`${options.titles?.[kind] ?? kind} ${id}`), 'bold');
    const shown = places.slice(0, options.most).flatMap((place) => placeLines(place, options, paint));
    const more = places.length > options.most ? [`  … and ${places.length - options.most} more places; see all: --json`] : [];
    return [head, ...shown, ...more].join('\n');
  });
  if (gaps.length > 0) {
    const told = [...new Set(gaps.map(({ side, scope, kind, reason }) => clean(`  ${side}: ${kind ?? scope} ${reason}`)))];
    blocks.push([paint('Not everything could be read; what is missing there is not told as missing:', 'yellow'), ...told].join('\n'));
  }
  blocks.push(wrap(summaryOf(comparison), options.width).join('\n'));
  return `${sides.map(({ name, time }) => clean(`${name} as of ${time.slice(0, 16).replace('T', ' ')} UTC`)).join('\n')}\n\n${blocks.join('\n\n')}\n`;
}

function placeLines(place: DifferentPlace, { width }: CompareTextOptions, paint: (text: string, style: 'red') => string): string[] {
  const lines = place.path === '' ? [] : [`  ${clean(place.path)}`];
  for (const group of place.groups) {
    const { value, sides } = group;
    const outlier = standsOut(place, group);
    const names = sides.length > 4 ? `${sides.slice(0, 3).join(', ')} and ${sides.length - 3} more` : sides.join(', ');
    const [first = '', ...rest] = wrap(`${outlier ? '! ' : ''}${clean(names)}:`, width, '      ', '    ');
    lines.push(outlier ? paint(first, 'red') : first, ...rest, ...valueLines(value).map((line) => `        ${line}`));
  }
  return lines;
}

function valueLines(value: Json): string[] {
  const text = valueText(value);
  return cleanLines(text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text).split('\n');
}
