/** Which rows a question is about. */
import { addUp } from '../pipeline/notes.ts';
import type { UnmappedEvent } from '../model.ts';
import { compareRanked } from '../report/order.ts';
import type { Row } from './row.ts';
import type { Entry } from './scan.ts';
import type { Span } from '../pipeline/windows.ts';
import type { Table } from './table.ts';

/** What `report` tells of a span: findings of its commits, and writes without a diff that happened in it. */
export function rowsWithin(table: Table, span: Span): Row[] {
  const { inside, before } = entriesWithin(table, span);
  const known = new Set(inside.map(({ sha }) => sha));
  return table
    .rowsOf(before === undefined ? inside : [...inside, before])
    .filter(({ events, commit }) => (events === undefined ? known.has(commit) : events.some((time) => isWithin(time, span))));
}

/** Writes in a span that no mapping knows; what stands longer than the span was written to in its last day. */
export function unmappedWithin(table: Table, span: Span): UnmappedEvent[] {
  const { inside, before } = entriesWithin(table, span);
  const counts = inside.flatMap(({ unmapped, quietUnmapped }) => [...unmapped, ...quietUnmapped]);
  return addUp(inside.length === 0 && before !== undefined ? before.quietUnmapped : counts);
}

/** The commits of a span, newest first, and the one that stood when it began. */
function entriesWithin({ entries }: Table, { from, to }: Span): { readonly inside: readonly Entry[]; readonly before: Entry | undefined } {
  const start = new Date(Math.floor(Date.parse(from) / 1000) * 1000).toISOString();
  const first = firstWhere(entries, ({ date }) => date <= to);
  const end = firstWhere(entries, ({ date }) => date < start);
  return { inside: entries.slice(first, end), before: entries[end] };
}

/** The first place from which on `holds` is true; it is false before and true after. */
function firstWhere(entries: readonly Entry[], holds: (entry: Entry) => boolean): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const entry = entries[middle];
    if (entry !== undefined && holds(entry)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function isWithin(time: string, { from, to }: Span): boolean {
  const at = Date.parse(time);
  return at >= Date.parse(from) && at <= Date.parse(to);
}

/** The highest threat first, as in a report. */
export function byThreat(rows: readonly Row[]): Row[] {
  return [...rows].sort((a, b) => compareRanked(a, b, ({ time }) => time));
}

export function byTime(rows: readonly Row[]): Row[] {
  return [...rows].sort((a, b) => b.at - a.at || compareRanked(a, b, ({ time }) => time));
}

/** `alice` is not `malice`: the name, the role or the ARN, in any case. */
export function isBy({ actor, role, arn }: Row, wanted: string): boolean {
  return [actor, role, arn].some((known) => known?.toLowerCase() === wanted.toLowerCase());
}

/** Every word of the question, in any order. */
export function matches({ text, commit }: Row, question: string): boolean {
  const asked = question
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return asked.every((word) => text.includes(word) || (/^[0-9a-f]{4,40}$/.test(word) && commit.startsWith(word)));
}

export interface Portion<Item> {
  readonly items: readonly Item[];
  readonly page: number;
  readonly pages: number;
  readonly total: number;
}

export function portionOf<Item>(items: readonly Item[], page: number, size: number): Portion<Item> {
  const pages = Math.max(1, Math.ceil(items.length / size));
  const shown = Math.min(page, pages);
  return { items: items.slice((shown - 1) * size, shown * size), page: shown, pages, total: items.length };
}
