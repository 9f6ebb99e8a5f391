/** What is each system's own by nature (names, addresses, ids) is learnt from it and written as what it stands for. */
import type { Json, OwnToken } from '../model.ts';
import { isObject } from '../pointer.ts';

/** The own tokens of one side. */
export interface Own {
  /** The text with each own token as `‹host name›`, `‹address 1›`. */
  readonly rename: (text: string) => string;
  readonly renameJson: (value: Json) => Json;
  /** The other way, for people, where a word stands for one token alone. */
  readonly original: (value: Json) => Json;
}

/** Shorter ones would be found inside ordinary words. */
const SHORTEST = 3;

/**
 * `sides`: what each side's resources told of themselves. A token that another side has too is nobody's own: a shared
 * address or name. Where a class comes several times, they are numbered in the order in which they were told.
 */
export function learnOwn(sides: readonly (readonly OwnToken[])[]): Own[] {
  const holders = new Map<string, Set<number>>();
  for (const [index, tokens] of sides.entries())
    for (const { token } of tokens) holders.set(token, (holders.get(token) ?? new Set()).add(index));
  return sides.map((tokens) => {
    const words = new Map<string, string>();
    const counts = new Map<string, number>();
    for (const { token, what, numbered } of tokens) {
      if (token.length < SHORTEST || words.has(token) || (holders.get(token)?.size ?? 0) > 1) continue;
      const count = (counts.get(what) ?? 0) + 1;
      counts.set(what, count);
      words.set(token, numbered === true ? `‹${what} ${count}›` : `‹${what}›`);
    }
    return renamer(words);
  });
}

function renamer(words: ReadonlyMap<string, string>): Own {
  if (words.size === 0) return { rename: (text) => text, renameJson: (value) => value, original: (value) => value };
  const pattern = anyOf([...words.keys()]);
  const rename = (text: string) => text.replace(pattern, (token) => words.get(token) ?? token);
  const back = new Map<string, string | undefined>();
  for (const [token, word] of words) back.set(word, back.has(word) ? undefined : token);
  const known = [...back].flatMap(([word, token]) => (token === undefined ? [] : [word]));
  const labels = known.length === 0 ? undefined : new RegExp(known.sort(longestFirst).map(quote).join('|'), 'g');
  return {
    rename,
    renameJson: (value) => mapStrings(value, rename),
    original: (value) =>
      labels === undefined ? value : mapStrings(value, (text) => text.replace(labels, (word) => back.get(word) ?? word)),
  };
}

/** Whole words only: `web1` is not in `web10`, nor `10.0.0.1` in `10.0.0.12`. */
function anyOf(tokens: readonly string[]): RegExp {
  return new RegExp(`(?<![\\w-]|\\d\\.)(?:${[...tokens].sort(longestFirst).map(quote).join('|')})(?![\\w-]|\\.\\d)`, 'g');
}

const longestFirst = (a: string, b: string): number => b.length - a.length || (a < b ? -1 : 1);

function quote(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}

/** Keys too; of keys that become the same each keeps what is its own, so that nothing is lost. */
function mapStrings(value: Json, change: (text: string) => string): Json {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item: Json) => mapStrings(item, change));
  if (!isObject(value)) return value;
  const mapped = new Map<string, Json>();
  for (const [key, inner] of Object.entries(value)) {
    const renamed = change(key);
    let free = renamed;
    for (let number = 2; mapped.has(free); number++) free = `${renamed} #${number}`;
    mapped.set(free, mapStrings(inner, change));
  }
  return Object.fromEntries(mapped);
}
