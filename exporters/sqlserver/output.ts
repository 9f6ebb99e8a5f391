/** What sqlcmd prints, as rows; and whether it printed all of them. */
import type { JsonObject } from 'drifttrail';
import { Refused } from '../_sql/connection.ts';

/** The widest line that sqlcmd can be asked for: a longer row goes on in the next. */
export const WIDTH = 65535;

export interface Rows {
  readonly rows: readonly (JsonObject & { readonly id: string })[];
  /** Whether nothing was left out because we may not see it. */
  readonly sees: boolean;
}

/** Throws `Refused` for an answer that was cut off, or is none; nothing of what it holds is in the message. */
export function rowsOf(output: string): Rows {
  const rows: (JsonObject & { id: string })[] = [];
  let pieces: string[] = [];
  let end: JsonObject | undefined;
  for (const [index, line] of output.split(/\r?\n/).entries()) {
    // A column's name, the line below it, and what parts two answers.
    if (pieces.length === 0 && /^(?:j|-*)\s*$/.test(line)) continue;
    if (end !== undefined) throw unreadable(index);
    pieces.push(line);
    if (line.length >= WIDTH) continue;
    const row = parsed(pieces.join(''), index);
    pieces = [];
    if (typeof row.end === 'number') end = row;
    else if (typeof row.id === 'string') rows.push({ ...row, id: row.id });
    else throw unreadable(index);
  }
  if (end === undefined || end.end !== rows.length)
    throw new Refused(
      `the answer is cut off: ${rows.length} rows${end === undefined ? ' and no end' : ` of ${String(end.end)}`}`,
      'truncated',
    );
  return { rows, sees: end.sees === 1 };
}

function parsed(text: string, index: number): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  } catch {
    // Told below: what JSON.parse says would repeat a part of the line.
  }
  throw unreadable(index);
}

function unreadable(index: number): Refused {
  return new Refused(`line ${index + 1} of what sqlcmd printed is no row of the answer`, 'invalid');
}
