/** Differences of two texts as edits of line runs. */
import type { Edit } from '../model.ts';
import { align } from './align.ts';

/**
 * One edit a run of changed lines. `/lines/<n>` counts from 1 in the new text, where the run stands or stood.
 * `before` and `after` are the run's lines joined by newlines; null when there is none on that side.
 */
export function diffText(before: string, after: string): Edit[] {
  if (before === after) return [];
  const old = before.split('\n');
  const now = after.split('\n');
  return align(old, now).map((hunk) => ({
    path: `/lines/${hunk.afterStart + 1}`,
    before: run(old, hunk.beforeStart, hunk.beforeEnd),
    after: run(now, hunk.afterStart, hunk.afterEnd),
  }));
}

/** The new text, from the old one and the edits in order. */
export function applyText(edits: readonly Edit[], before: string): string {
  const lines = before.split('\n');
  const out: string[] = [];
  let at = 0;
  for (const edit of edits) {
    const target = Number(edit.path.slice('/lines/'.length)) - 1;
    while (out.length < target) out.push(lines[at++] ?? '');
    at += linesOf(edit.before).length;
    for (const line of linesOf(edit.after)) out.push(line);
  }
  for (; at < lines.length; at++) out.push(lines[at] as string);
  return out.join('\n');
}

function linesOf(value: Edit['before']): string[] {
  return typeof value === 'string' ? value.split('\n') : [];
}

function run(lines: readonly string[], start: number, end: number): string | null {
  return end > start ? lines.slice(start, end).join('\n') : null;
}
