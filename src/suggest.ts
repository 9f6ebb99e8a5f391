/** "Did you mean …": the nearest of the known words, when one is near enough to be a slip of the keyboard. */

export function suggest(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

const MAX_LISTED = 20; // words that still make one readable line

/** `did you mean "x"?`, or the list of what is known; `otherwise` where that list is too long to read, or empty. */
export function suggestion(word: string, known: Iterable<string>, otherwise?: string): string {
  const words = [...known].sort();
  const near = suggest(word, words);
  if (near !== undefined) return `did you mean "${near}"?`;
  if (words.length === 0) return otherwise ?? 'none is known yet';
  if (words.length <= MAX_LISTED) return `known: ${words.join(', ')}`;
  return otherwise ?? `known: ${words.slice(0, MAX_LISTED).join(', ')} and ${words.length - MAX_LISTED} more`;
}

/** Optimal string alignment distance: insertions, deletions, substitutions and swapped neighbours. */
function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(substitution, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, (beforePrevious[j - 2] ?? 0) + 1);
      current.push(least);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}
