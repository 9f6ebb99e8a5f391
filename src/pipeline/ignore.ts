/** The user's ignore list: what matches stays in the history and the report, marked, and is not told to anybody. */
import type { IgnoreRule } from '../config/schema.ts';
import { type Change, type Finding, type Kind, kindNamed } from '../model.ts';
import { matchesPattern, pointer, segmentsOf } from '../pointer.ts';

/** The reason why a finding is ignored: every edit must be, or it is not. */
export function ignoredBecause(
  finding: Pick<Finding, 'change' | 'transient'>,
  rules: readonly IgnoreRule[],
  kinds: Readonly<Record<string, Kind>>,
  today: string,
): string | undefined {
  const { change, transient } = finding;
  const ref = change?.ref ?? transient?.ref;
  if (ref === undefined) return undefined;
  const collection = kindNamed(kinds, ref.kind)?.collection === true;
  const paths = change === undefined ? (transient?.effects ?? []).map(({ path }) => path) : leaves(change, collection);
  const reasons = paths.map((path) => ruleFor({ ...ref, path }, rules, collection, today)?.reason);
  return reasons.length > 0 && reasons.every((reason) => reason !== undefined) ? reasons[0] : undefined;
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

function leaves(change: Change, collection: boolean): string[] {
  // A package that came or went as a whole is judged as a member, not as its single fields.
  return change.edits.map(({ path }) => (collection && path === '' ? '/*' : path));
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
