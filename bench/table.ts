/** The results as a Markdown table, which a terminal shows well enough. */
import { median, type Row, ratioOf } from './measure.ts';

const HEAD = ['goal', 'work', 'drifttrail', 'against', 'its figure', 'ratio', 'wanted', ''] as const;

export function renderTable(rows: readonly Row[]): string {
  const cells = [[...HEAD], ...rows.map(cellsOf)];
  const widths = HEAD.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0), 3));
  const lines = cells.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`);
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}

function cellsOf({ goal, work, product, peer, unit = 'ms' }: Row): string[] {
  const own = [goal, work, figure(median(product), unit)];
  if (peer === undefined) return [...own, '', '', '', '', ''];
  const ratio = ratioOf(product, peer.samples);
  const against = [peer.name, figure(median(peer.samples), unit), ratio.toFixed(ratio < 0.1 ? 3 : 2)];
  if (peer.limit === undefined) return [...own, ...against, '', ''];
  return [...own, ...against, `≤${peer.limit}`, ratio <= peer.limit ? 'met' : 'MISSED'];
}

function figure(value: number, unit: string): string {
  if (unit === 'ms' && value >= 1000) return `${(value / 1000).toFixed(2)} s`;
  return `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ${unit}`;
}
