/** Words of commands that people paste: quoted for a POSIX shell, and notes that no shell acts upon. */

/** What a terminal acts upon or does not show: controls, line separators, marks of direction, lone surrogates. */
export const UNSEEN = /[\p{C}\u2028\u2029]/gu;

/**
 * One argument on one line. What cannot be seen is told to printf in octal, as a line break would end the line; the shell
 * takes line breaks off the end of what a command prints, so a text loses those it ends with.
 */
export function quote(text: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(text)) return text;
  return text.search(UNSEEN) < 0 ? inQuotes(text) : printed(escaped(text));
}

/** A text in printf's escapes, where every `\0nnn` is a byte. */
export function printed(escapes: string): string {
  return `"$(printf %b ${inQuotes(escapes)})"`;
}

/** A text for `printed`. */
export function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll(UNSEEN, (unseen) => [...Buffer.from(unseen)].map(octal).join(''));
}

/** A byte for `printed`. */
export function octal(byte: number): string {
  return `\\0${byte.toString(8).padStart(3, '0')}`;
}

/**
 * What no command can bring back, or what must be done first: a line that begins with `#`. Nothing in it means anything
 * to a shell, for an interactive zsh takes a comment for a command.
 */
export function note(text: string): string {
  return `# ${text.replaceAll(/[^A-Za-z0-9 _@%+=:,./«»–-]/g, '_')}`;
}

/** In single quotes, whatever it holds: for a program of many lines, not for one line that people paste. */
export function inQuotes(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
