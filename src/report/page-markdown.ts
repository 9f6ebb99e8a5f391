/** The page about a system as Markdown: the part above its findings. */
import { escapeMarkdown } from './escape-markdown.ts';
import type { Page, PageTable } from './page.ts';
import { minute } from './words.ts';

export function pageMarkdown({ chapters, others, doubts, read }: Page): string[] {
  return [
    read.oldest === null
      ? 'It was never read completely.'
      : `Read completely at ${minute(read.newest ?? read.oldest)} UTC${read.oldest === read.newest ? '' : `, parts of it last at ${minute(read.oldest)} UTC`}.`,
    ...(doubts.length === 0
      ? []
      : ['', '## What is not known', '', ...doubts.map(({ title, text }) => `- ${escapeMarkdown(`${title}: ${text}`)}`)]),
    ...chapters.flatMap(({ title, tables }) => ['', `## ${escapeMarkdown(title)}`, ...tables.flatMap(tableLines)]),
    ...(others.length === 0
      ? []
      : ['', '## Also recorded', '', ...others.map(({ title, count }) => `- ${escapeMarkdown(`${count} ${title}`)}`)]),
  ];
}

function tableLines({ title, columns, rows, brief, leftOut }: PageTable): string[] {
  const rest = leftOut > 0 ? ['', escapeMarkdown(`… and ${leftOut} more that are left out here.`)] : [];
  const head = ['', `### ${escapeMarkdown(title)}`, ''];
  if (rows.length === 0) return [...head, 'None.', ...rest];
  if (brief) return [...head, escapeMarkdown(rows.map((row) => row.filter((cell) => cell !== '').join(' ')).join(', ')), ...rest];
  const line = (cells: readonly string[]) => `| ${cells.map(escapeMarkdown).join(' | ')} |`;
  return [...head, line(columns), `|${' --- |'.repeat(columns.length)}`, ...rows.map(line), ...rest];
}
