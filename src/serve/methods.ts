/** Which methods an address takes, for those that come with another. */

export interface Way {
  readonly method: string;
  /** In hono's words: `/findings/:id`. */
  readonly path: string;
}

/** Sorted; none where there is no such address. What stands before every address (`ALL`) is no answer of one. */
export function methodsAt(ways: readonly Way[], path: string): string[] {
  const asked = path.split('/');
  const fits = (pattern: string) => {
    const parts = pattern.split('/');
    return (
      parts.length === asked.length && parts.every((part, index) => (part.startsWith(':') ? asked[index] !== '' : part === asked[index]))
    );
  };
  const found = new Set(ways.flatMap(({ method, path: pattern }) => (method !== 'ALL' && fits(pattern) ? [method] : [])));
  if (found.has('GET')) found.add('HEAD');
  return [...found].sort();
}
