/** What a row of the secret tables looks like. */

export interface SecretPattern {
  readonly id: string;
  /** Lower-case words of which one must be in the text before the pattern is tried; keeps clean text fast. */
  readonly words: readonly string[];
  /** Flags `g` and `d`; the groups named `secret` (also `secret2`) are what is hidden. */
  readonly pattern: RegExp;
  /** Set when not every match is a secret. */
  readonly accept?: (secret: string) => boolean;
}

/** Half-open range of characters. */
export interface Span {
  readonly start: number;
  readonly end: number;
}
