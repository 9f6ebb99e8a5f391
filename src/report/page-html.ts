/** The page about a system as HTML: the part above its findings. */
import { escapeHtml } from './html-escape.ts';
import type { Page, PageTable } from './page.ts';
import { minute } from './words.ts';

export function pageHtml({ chapters, others, doubts, read }: Page): string[] {
  const age =
    read.oldest === null
      ? 'It was never read completely.'
      : `Read completely at ${minute(read.newest ?? read.oldest)} UTC${read.oldest === read.newest ? '' : `, parts of it last at ${minute(read.oldest)} UTC`}.`;
  return [
    `<p>${escapeHtml(age)}</p>`,
    doubts.length === 0 ? '' : section('What is not known', list(doubts.map(({ title, text }) => `${title}: ${text}`))),
    ...chapters.map(({ title, tables }) => section(title, tables.map(table).join('\n'))),
    others.length === 0 ? '' : section('Also recorded', list(others.map(({ title, count }) => `${count} ${title}`))),
  ];
}

function section(title: string, body: string): string {
  return `<section>\n<h2>${escapeHtml(title)}</h2>\n${body}\n</section>`;
}

function list(lines: readonly string[]): string {
  return `<ul>${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join('')}</ul>`;
}

function table({ title, columns, rows, brief, leftOut }: PageTable): string {
  const rest = leftOut > 0 ? `<p class="place">… and ${leftOut} more that are left out here.</p>` : '';
  const head = `<h3>${escapeHtml(title)}</h3>`;
  if (rows.length === 0) return `${head}<p>None.</p>${rest}`;
  if (brief) return `${head}<p>${escapeHtml(rows.map((row) => row.filter((cell) => cell !== '').join(' ')).join(', '))}</p>${rest}`;
  const cells = (row: readonly string[], tag: string) => row.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join('');
  const body = rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('\n');
  return `${head}\n<table><thead><tr>${cells(columns, 'th')}</tr></thead><tbody>\n${body}\n</tbody></table>${rest}`;
}
