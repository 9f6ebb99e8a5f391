/** Entries of the configuration that are well written and fit nothing: no run ever complains of them. */
import type { Config, IgnoreRule } from '../config/schema.ts';
import { loadConfig } from '../config/config.ts';
import { positionOf, type Source } from '../config/problems.ts';
import type { Deployment } from '../deployment.ts';
import { isWildcard, kindNamed } from '../model.ts';
import { suggest } from '../suggest.ts';
import type { CheckResult } from './doctor-result.ts';

interface Entry {
  readonly path: readonly (string | number)[];
  readonly kind?: string | undefined;
  readonly scope?: string | undefined;
  readonly until?: string | undefined;
  /** It also holds for what stands below it. */
  readonly below: boolean;
}

/** What a finding may be of besides what exporters read: groups of `compare` that differ. */
const COMPARE = { kind: 'compare.difference', scopes: { root: 'compare', depth: 2 } } as const;

export function checkPatterns(deployment: Deployment): CheckResult[] {
  const { dir, surroundings } = deployment;
  const { config, source } = loadConfig(dir, surroundings.env);
  return entriesOf(config).flatMap((entry) => [
    ...unknownKind(entry, deployment, source),
    ...unknownScope(entry, deployment, source),
    ...expired(entry, surroundings.now(), source),
  ]);
}

function entriesOf({ ignore, compare, hooks }: Config): Entry[] {
  const rules = (list: readonly IgnoreRule[], ...path: string[]) =>
    list.map((rule, index) => ({ ...rule, path: [...path, index], below: false }));
  const patterns = hooks.flatMap(({ only = [], except }, index) =>
    Object.entries({ only, except }).flatMap(([key, list]) =>
      list.map((pattern, place) => ({ ...pattern, path: ['hooks', index, key, place], below: true })),
    ),
  );
  // A difference of two sides stands in no scope of its own.
  const expected = rules(compare.expect, 'compare', 'expect').map((rule) => ({ ...rule, scope: undefined }));
  return [...rules(ignore, 'ignore'), ...expected, ...patterns];
}

/** One word may be a service of an audit trail, of which anything may come: only what looks like a slip is told. */
function unknownKind({ path, kind, below }: Entry, { kinds }: Deployment, source: Source): CheckResult[] {
  if (kind === undefined) return [];
  const known = [...Object.keys(kinds), COMPARE.kind];
  if (kindNamed(kinds, kind) !== undefined || known.some((name) => couldFit(kind, name, below))) return [];
  const words = [...new Set(known.map((name) => name.split('.')[0] ?? name))];
  const near = kind.includes('.') ? suggest(kind, known) : suggest(kind, words);
  if (near === undefined && !kind.includes('.')) return [];
  const fix =
    near === undefined ? 'correct it, or remove the entry; drifttrail coverage lists the kinds that are read' : `did you mean "${near}"?`;
  return [warning(source, [...path, 'kind'], `no exporter of this deployment has a kind ${kind}: the entry fits nothing`, fix)];
}

function couldFit(pattern: string, kind: string, below: boolean): boolean {
  const [wanted, found] = [pattern.split('.'), kind.split('.')];
  if (isWildcard(kind)) return fits(wanted[0] ?? '', found[0] ?? '', below);
  if (!below && wanted.includes('**')) return true;
  const isLong = below ? wanted.length <= found.length : wanted.length === found.length;
  return isLong && wanted.every((word, index) => fits(word, found[index] ?? '', below));
}

/** In `only` and `except` a star is a whole word, in `ignore` any part of one. */
function fits(pattern: string, word: string, whole: boolean): boolean {
  if (pattern === word || pattern === '*' || pattern === '**') return true;
  if (whole || !pattern.includes('*')) return false;
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(word);
}

function unknownScope({ path, scope, below }: Entry, { exporters }: Deployment, source: Source): CheckResult[] {
  if (scope === undefined) return [];
  const words = scope.split('/');
  const [first = ''] = words;
  const known = [...exporters.map(({ exporter }) => exporter.scopes), COMPARE.scopes];
  const told = (what: string, fix: string) => [warning(source, [...path, 'scope'], `${what}: the entry fits nothing`, fix)];
  const roots = known.filter(({ root }) => fits(first, root, below));
  if (roots.length === 0) {
    const names = [...new Set(known.map(({ root }) => root))].sort();
    const near = suggest(first, names);
    const fix = near === undefined ? `scopes begin with ${names.join(', ')}` : `did you mean "${near}"?`;
    return told(`no exporter of this deployment reads the scope ${scope}`, fix);
  }
  const isLong = ({ depth }: { readonly depth: number }) =>
    below ? words.length <= depth : words.length === depth || words.includes('**');
  if (roots.some(isLong)) return [];
  const [{ root, depth } = COMPARE.scopes] = roots;
  return told(
    `the scope ${scope} has ${words.length} ${words.length === 1 ? 'word' : 'words'}, and those of ${root}/ have ${depth}`,
    `write ${[root, ...Array<string>(depth - 1).fill('*')].join('/')} for all of them`,
  );
}

function expired({ path, until }: Entry, now: Date, source: Source): CheckResult[] {
  if (until === undefined || now.toISOString().slice(0, 10) <= until) return [];
  return [warning(source, [...path, 'until'], `the entry held until ${until} and holds no more`, 'write a later day, or remove the entry')];
}

function warning(source: Source, path: readonly (string | number)[], what: string, fix: string): CheckResult {
  const { file, line, column } = positionOf(source, path);
  return { name: 'configuration', status: 'warn', detail: `${file}:${line}:${column}: ${what}`, fix };
}
