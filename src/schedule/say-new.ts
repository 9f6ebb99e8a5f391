/** For a log that goes on for months: what goes on being wrong is told once, and again when it has been right in between. */

/** `name` is of whatever has its troubles told anew each time, such as a job. */
export function sayNew(say: (text: string) => void): (name: string, lines: readonly string[]) => void {
  const told = new Map<string, ReadonlySet<string>>();
  return (name, lines) => {
    const before = told.get(name);
    const now = new Set(lines);
    for (const line of now) if (before?.has(line) !== true) say(line);
    told.set(name, now);
  };
}
