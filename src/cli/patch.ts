/** The diff of a commit as `show` prints it: safe for a terminal, coloured there, and not longer than one reads. */
import { styleText } from 'node:util';
import { cleanLines } from '../report/clean.ts';
import type { Session } from './session.ts';

const MOST = 400; // lines on a terminal

const STYLES: readonly (readonly [start: string, style: Parameters<typeof styleText>[0]])[] = [
  ['diff ', 'bold'],
  ['+++', 'bold'],
  ['---', 'bold'],
  ['@@', 'cyan'],
  ['+', 'green'],
  ['-', 'red'],
];

/** `patch`: what `git show` prints; its message and notes have been told already. `whole`: the command that prints all of it. */
export function drawPatch(patch: string, { terminal, colour }: Pick<Session, 'terminal' | 'colour'>, whole: string): string {
  const start = patch.search(/^diff /m);
  if (start === -1) return '';
  const lines = cleanLines(patch.slice(start)).trimEnd().split('\n');
  const shown = terminal ? lines.slice(0, MOST) : lines;
  const drawn = colour ? shown.map(painted) : shown;
  if (shown.length < lines.length) drawn.push(`… ${lines.length - shown.length} more lines: ${whole}`);
  return drawn.join('\n');
}

function painted(line: string): string {
  const [, style] = STYLES.find(([start]) => line.startsWith(start)) ?? [];
  // The decision was the session's, from the stream it writes to; styleText would look at stdout.
  return style === undefined ? line : styleText(style, line, { validateStream: false });
}
