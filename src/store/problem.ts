/** Something wrong with the repository, with the command that mends it. */

export interface Problem {
  /** A stable word for machines: `worktree-edited`, `object-empty`. */
  readonly code: string;
  readonly message: string;
  /** The exact commands. */
  readonly repair: string;
}

/** The first five names and how many more. */
export function shown(names: readonly string[]): string {
  const first = names
    .slice(0, 5)
    .map((name) => JSON.stringify(name))
    .join(', ');
  return names.length > 5 ? `${first} and ${names.length - 5} more` : first;
}

/** A path as one word of a shell, for commands that people copy. */
export function quoted(path: string): string {
  return /^[\w./@%+=:,-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
