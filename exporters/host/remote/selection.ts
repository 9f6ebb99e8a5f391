/**
 * The files of the set in find's words. find's `*` crosses slashes and ours does not: so the host sends the contents of
 * no file that we might leave out, and what it left out too much is asked for one by one in a second round.
 */
import { inQuotes } from '../../_shell/words.ts';
import { clean, createSelection } from '../globs.ts';
import type { Files } from '../options.ts';
import { VOLATILE_FILES } from '../volatile.ts';
import { bytesOf } from './path-key.ts';

/** Lines of the program that tell of all entries below the folders of the set, and what its files hold. */
export function linesOf({ include, exclude }: Files): string[] {
  if (include.length === 0) return [];
  const { bases } = createSelection(include, exclude);
  const left = prunes(exclude);
  const quiet = VOLATILE_FILES.map(({ path }) => path).filter((path) => !include.includes(path));
  const chosen = [`\\( ${include.map(below).join(' -o ')} \\)`, ...[...exclude, ...quiet].map((glob) => `! \\( ${below(glob)} \\)`)];
  return [
    ...[...new Set(bases.flatMap(parents))].sort().map((folder) => `tree ${inQuotes(folder)} -maxdepth 0`),
    ...bases.map((base) => `tree ${words(base)} ${left}`.trim()),
    ...bases.map((base) => `contents ${words(base)} ${left} ${chosen.join(' ')}`),
  ];
}

/** `a/b/c` stands in `a` and `a/b`: the walk looks whether these are true folders. */
function parents(base: string): string[] {
  const parts = base.split('/').slice(0, -1);
  return parts.map((_, index) =>
    parts
      .slice(0, index + 1)
      .map((part) => bytesOf(part).toString('latin1'))
      .join('/'),
  );
}

/** Folders that need not be entered at all: those that a pattern names exactly, or by their last name alone. */
function prunes(exclude: readonly string[]): string {
  const tests = exclude.map(clean).flatMap((glob) => {
    const name = /^\*\*\/([^/*?]+)$/.exec(glob)?.[1];
    if (name !== undefined) return [`-name ${pattern(name)}`];
    return /[*?]/.test(glob) ? [] : [`-path ${pattern(`/${glob}`)}`];
  });
  return tests.length === 0 ? '' : `\\( ${tests.join(' -o ')} \\) -prune -o`;
}

function below(glob: string): string {
  const wanted = clean(glob);
  return wanted === '' ? '-path /\\*' : `-path ${pattern(`/${wanted}`)} -o -path ${pattern(`/${wanted}/*`)}`;
}

/** At least what our glob means; `[` and `\` mean themselves. */
function pattern(glob: string): string {
  return words(glob.replaceAll('**/', '*').replaceAll(/[\\[]/g, '\\$&'));
}

function words(text: string): string {
  return inQuotes(text === '' ? '' : bytesOf(text).toString('latin1'));
}
