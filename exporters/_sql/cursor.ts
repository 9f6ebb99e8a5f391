/** Goes through the tokens of one statement. */
import type { Token } from './tokens.ts';

export interface Cursor {
  /** Takes these words if they come next. */
  readonly take: (...words: readonly string[]) => boolean;
  /** Takes whichever of these phrases comes next. */
  readonly takeOne: <Phrase extends string>(phrases: readonly Phrase[]) => Phrase | undefined;
  /** A name of one or more parts, as written; undefined where none comes. */
  readonly name: () => string | undefined;
  /** Names parted by commas. */
  readonly names: () => string[];
  /** What stands between parentheses that come next, as tokens. */
  readonly group: () => readonly Token[] | undefined;
  readonly next: () => Token | undefined;
  readonly peek: () => Token | undefined;
  /** Skips until these words, and takes them. */
  readonly skipTo: (...words: readonly string[]) => boolean;
  /** Whether these words come anywhere after this place, outside of parentheses. */
  readonly has: (...words: readonly string[]) => boolean;
}

export function cursorOf(tokens: readonly Token[]): Cursor {
  let at = 0;
  const upper = (index: number): string => {
    const token = tokens[index];
    return token === undefined || token.type === 'name' || token.type === 'string' ? '' : token.text.toUpperCase();
  };
  const matches = (index: number, words: readonly string[]) => words.every((word, offset) => upper(index + offset) === word);
  const take = (...words: readonly string[]): boolean => {
    if (!matches(at, words)) return false;
    at += words.length;
    return true;
  };
  const isName = (token: Token | undefined) => token !== undefined && (token.type === 'word' || token.type === 'name');
  const name = (): string | undefined => {
    if (!isName(tokens[at])) return undefined;
    let text = tokens[at++]?.text ?? '';
    while (tokens[at]?.text === '.' && isName(tokens[at + 1])) {
      text += `.${tokens[at + 1]?.text}`;
      at += 2;
    }
    return text;
  };
  const find = (words: readonly string[]): number => {
    let depth = 0;
    for (let index = at; index < tokens.length; index++) {
      if (depth === 0 && matches(index, words)) return index;
      if (tokens[index]?.text === '(') depth++;
      if (tokens[index]?.text === ')') depth--;
    }
    return -1;
  };
  return {
    take,
    takeOne: (phrases) => phrases.find((phrase) => take(...phrase.split(' '))),
    name,
    names: () => {
      const found: string[] = [];
      do {
        const one = name();
        if (one !== undefined) found.push(one);
      } while (take(','));
      return found;
    },
    group: () => {
      if (tokens[at]?.text !== '(') return undefined;
      const start = ++at;
      for (let depth = 1; at < tokens.length; at++) {
        if (tokens[at]?.text === '(') depth++;
        if (tokens[at]?.text === ')' && --depth === 0) break;
      }
      return tokens.slice(start, at++);
    },
    next: () => tokens[at++],
    peek: () => tokens[at],
    skipTo: (...words) => {
      const index = find(words);
      if (index < 0) return false;
      at = index + words.length;
      return true;
    },
    has: (...words) => find(words) >= 0,
  };
}
