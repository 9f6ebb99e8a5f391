/** The user's ignore list: what matches stays in the history and the report, marked, and is not told to anybody. */
import type { IgnoreRule } from '../config/schema.ts';
import { type Finding, type Kind, kindNamed, type Ref } from '../model.ts';
import { matchesPattern, pointer, segmentsOf } from '../pointer.ts';

/** What a finding says something of. */
export interface Place extends Ref {
  readonly paths: readonly string[];
}

/** Of a finding and its parts. An act of which no leaf is known is one on the whole. */
export function placesOf({ change, transient, parts = [] }: Pick<Finding, 'change' | 'transient' | 'parts'>): readonly Place[] {
  const ref = change?.ref ?? transient?.ref;
  if (ref === undefined) return [];
  const paths = (change?.edits ?? transient?.effects ?? []).map(({ path }) => path);
  return [{ ...ref, paths: paths.length === 0 ? [''] : paths }, ...parts.flatMap(placesOf)];
}

/** Tells the reason why what happened in some places is ignored: everywhere it must be, or it is not. */
export function ignoringOf(
  rules: readonly IgnoreRule[],
  kinds: Readonly<Record<string, Kind>>,
  today: string,
): (places: readonly Place[]) => string | undefined {
  const reasonOf = ({ paths, ...ref }: Place): string | undefined => {
    const collection = kindNamed(kinds, ref.kind)?.collection === true;
    // A package that came or went as a whole is judged as a member, not as its single fields.
    const leaves = paths.map((path) => (collection && path === '' ? '/*' : path));
    return allOf(leaves.map((path) => ruleFor({ ...ref, path }, rules, collection, today)?.reason));
  };
  return rules.length === 0 ? () => undefined : (places) => allOf(places.map(reasonOf));
}

/** The first reason, where there is one for each. */
function allOf(reasons: readonly (string | undefined)[]): string | undefined {
  return reasons.includes(undefined) ? undefined : reasons[0];
}

/** The first rule that holds today for a place; without a scope, for a place wherever it is. */
export function ruleFor(
  { kind, scope, id, path }: { readonly kind: string; readonly scope?: string; readonly id: string; readonly path: string },
  rules: readonly IgnoreRule[],
  collection: boolean,
  today: string,
): IgnoreRule | undefined {
  return rules.find(
    (rule) =>
      (rule.until === undefined || today.slice(0, 10) <= rule.until) &&
      glob(rule.kind, kind, '.') &&
      (scope === undefined || glob(rule.scope, scope, '/')) &&
      glob(rule.id, id, '/') &&
      onPath(rule.path, path, collection),
  );
}

function glob(pattern: string | undefined, text: string, separator: '.' | '/'): boolean {
  if (pattern === undefined || pattern === text) return true;
  return pattern.includes('*') && matcher(pattern, separator).test(text);
}

/** `*` is any part of a word, `**` any words. */
function matcher(pattern: string, separator: '.' | '/'): RegExp {
  const between = separator === '.' ? '\\.' : '/';
  const words = pattern.split(separator).map((word) =>
    word === '**'
      ? '.*'
      : word
          .split('*')
          .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
          .join(`[^${between}]*`),
  );
  return new RegExp(`^${words.join(between)}$`, 's');
}

/** `$.tags.*` over the config; for a collection `$` is each member. A rule for a leaf also holds for what stands below it. */
function onPath(pattern: string | undefined, path: string, collection: boolean): boolean {
  if (pattern === undefined) return true;
  const words = pattern
    .replace(/^\$\.?/, '')
    .split('.')
    .filter((word) => word !== '');
  const wanted = pointer(...(collection ? ['*', ...words] : words));
  return matchesPattern(wanted, path) || matchesPattern(`${wanted}/**`, path) || (segmentsOf(path).length === 0 && words.length === 0);
}
