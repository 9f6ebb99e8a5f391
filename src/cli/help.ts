/** Help that begins with what people copy: examples. */

/** What a terminal has at least. */
const COLUMNS = 80;

/** Lines of `command   # what it does`; where that is wider than a terminal, what it does stands in a line above. */
export function examples(...lines: readonly (readonly [command: string, does: string])[]): string {
  const width = Math.max(...lines.map(([command]) => command.length));
  const isNarrow = lines.every(([, does]) => width + does.length + '    # '.length <= COLUMNS);
  const written = lines.map(([command, does]) => (isNarrow ? `  ${command.padEnd(width)}  # ${does}` : `  # ${does}\n  ${command}`));
  return `Examples:\n${written.join('\n')}\n`;
}
