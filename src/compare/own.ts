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

/** A token, and by which resource it was told: the same resource tells its first, second, third on every side. */
export interface ToldToken extends OwnToken {
  readonly by: string;
}

/** What a token stands for, as one resource of one side tells it. */
interface Label {
  readonly what: string;
  readonly by: string;
  /** Among those of its class that the same resource tells; 0 where they are not numbered. */
  readonly number: number;
}

/**
 * `sides`: what each side's resources told of themselves. A token that another side has too is nobody's own: a shared
 * address or name. What several resources tell of is called by what most sides tell alike, so that a side without one of
 * them is not at odds with all others about the rest.
 */
export function learnOwn(sides: readonly (readonly ToldToken[])[]): Own[] {
  const holders = new Map<string, Set<number>>();
  for (const [index, tokens] of sides.entries())
    for (const { token } of tokens) holders.set(token, (holders.get(token) ?? new Set()).add(index));
  const labelled = sides.map((tokens) =>
    labelsOf(tokens.filter(({ token }) => token.length >= SHORTEST && (holders.get(token)?.size ?? 0) === 1)),
  );
  const counts = new Map<string, number>();
  for (const labels of labelled)
    for (const key of new Set([...labels.values()].flat().map(keyOf))) counts.set(key, (counts.get(key) ?? 0) + 1);
  const chosen = labelled.map((labels) => new Map([...labels].map(([token, own]) => [token, commonest(own, counts)])));
  const words = numbered(chosen.flatMap((labels) => [...labels.values()]));
  return chosen.map((labels) =>
    renamer(new Map([...labels].map(([token, label]) => [token, `‹${words.get(keyOf(label)) ?? label.what}›`]))),
  );
}

function labelsOf(tokens: readonly ToldToken[]): Map<string, Label[]> {
  const labels = new Map<string, Label[]>();
  const counts = new Map<string, number>();
  for (const { token, what, by, numbered: isNumbered } of tokens) {
    const own = labels.get(token) ?? [];
    if (own.some((label) => label.what === what && label.by === by)) continue;
    const number = isNumbered === true ? (counts.get(`${what}\n${by}`) ?? 0) + 1 : 0;
    counts.set(`${what}\n${by}`, number);
    labels.set(token, [...own, { what, by, number }]);
  }
  return labels;
}

/** Of those that as many sides have, the one told first. */
function commonest(labels: readonly Label[], counts: ReadonlyMap<string, number>): Label {
  const times = (label: Label) => counts.get(keyOf(label)) ?? 0;
  return labels.reduce((best, label) => (times(label) > times(best) ? label : best));
}

/** `address 1`, `address 2` for all sides alike, in the order of who tells them. */
function numbered(labels: readonly Label[]): Map<string, string> {
  const byKey = new Map(labels.filter(({ number }) => number > 0).map((label) => [keyOf(label), label]));
  const ordered = [...byKey].sort(([, a], [, b]) => (a.by < b.by ? -1 : a.by > b.by ? 1 : a.number - b.number));
  const counts = new Map<string, number>();
  return new Map(
    ordered.map(([key, { what }]) => {
      counts.set(what, (counts.get(what) ?? 0) + 1);
      return [key, `${what} ${counts.get(what)}`];
    }),
  );
}

function keyOf({ what, by, number }: Label): string {
  return number === 0 ? what : `${what}\n${by}\n${number}`;
}

function renamer(words: ReadonlyMap<string, string>): Own {
  if (words.size === 0) return { rename: (text) => text, renameJson: (value) => value, original: (value) => value };
  const rename = replacer(words);
  const back = new Map<string, string | undefined>();
  for (const [token, word] of words) back.set(word, back.has(word) ? undefined : token);
  const restore = (text: string) => text.replace(/‹[^‹›]*›/g, (word) => back.get(word) ?? word);
  return {
    rename,
    renameJson: (value) => mapStrings(value, rename),
    original: (value) => mapStrings(value, restore),
  };
}

/** What a token may be part of: words joined by dots and colons, such as a full name, an address, a MAC. */
const RUN = /[\w-]+(?:[.:]+[\w-]+)*/g;
const ATOM = /[\w-]+/g;

/**
 * Whole words only: `web1` is not in `web10`, nor `10.0.0.1` in `10.0.0.12` or `10.0.0.1.5`. Of several tokens at one place
 * the longest counts. An account has thousands of ids: each run is looked up, none is searched for.
 */
function replacer(words: ReadonlyMap<string, string>): (text: string) => string {
  const beginnings = new Set([...words.keys()].map((token) => token.match(ATOM)?.[0] ?? token));
  return (text) =>
    text.replace(RUN, (run) => {
      const atoms = [...run.matchAll(ATOM)].map((match) => ({ start: match.index, end: match.index + match[0].length, text: match[0] }));
      if (!atoms.some((atom) => beginnings.has(atom.text))) return run;
      let out = '';
      let at = 0;
      for (let first = 0; first < atoms.length; first++) {
        const start = atoms[first]?.start ?? 0;
        if (start < at || !beginnings.has(atoms[first]?.text ?? '')) continue;
        for (let last = atoms.length - 1; last >= first; last--) {
          const end = atoms[last]?.end ?? run.length;
          const word = isPartOfNumber(run, start, end) ? undefined : words.get(run.slice(start, end));
          if (word === undefined) continue;
          out += run.slice(at, start) + word;
          at = end;
          break;
        }
      }
      return out + run.slice(at);
    });
}

/** Whether digits go on behind a dot on either side: then it is a piece of a longer number or version. */
function isPartOfNumber(run: string, start: number, end: number): boolean {
  return /\d\.$/.test(run.slice(Math.max(0, start - 2), start)) || /^\.\d/.test(run.slice(end, end + 2));
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
