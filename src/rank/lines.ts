/** Lines of a text that matter: what a comment or a blank line says changes nothing. */
import type { Change } from '../model.ts';

export interface Lines {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

const NO_LINES: Lines = { added: [], removed: [] };

/** Significant lines that came and went, each trimmed and without a trailing comment; empty for what is no text. */
export function linesOf(change: Change | undefined): Lines {
  if (change === undefined) return NO_LINES;
  const { removed, added } = textOf(change);
  // A line that only moved, or got a comment beside it, is on both sides.
  return { added: without(added, removed), removed: without(removed, added) };
}

/** Where the edits name leaves of a text, its lines are those of the whole text. */
function textOf({ readAs, before, after, edits }: Change): Lines {
  if (readAs !== undefined && typeof before === 'string' && typeof after === 'string')
    return { removed: significant(before), added: significant(after) };
  return { removed: edits.flatMap((edit) => significant(edit.before)), added: edits.flatMap((edit) => significant(edit.after)) };
}

/** sudoers has `#include` and `#1000` (a uid); a semicolon in the middle of a line joins commands. */
const COMMENT = /^\s*(;|\/\/).*$|(^|\s)#(?!include|\d).*$/;

function significant(text: unknown): readonly string[] {
  if (typeof text !== 'string') return [];
  return text
    .split('\n')
    .map((line) => line.replace(COMMENT, '').trim())
    .filter((line) => line !== '');
}

function without(lines: readonly string[], others: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const line of others) counts.set(line, (counts.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const left = counts.get(line) ?? 0;
    if (left > 0) counts.set(line, left - 1);
    return left === 0;
  });
}
