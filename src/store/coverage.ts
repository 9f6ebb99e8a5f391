/** The coverage files: what could be read and what could not, without times, so that they change only when that does. */
import { type Gap, isGone, type Ref, type Snapshot } from '../model.ts';
import type { Layout } from './layout.ts';
import type { Tree } from './objects.ts';

export interface Coverage {
  readonly exporter: string;
  readonly scope: string;
  /** `complete`, or the reason why the whole scope could not be read. */
  readonly status: string;
  /** By kind: `complete`, or the reason why not. */
  readonly kinds: Readonly<Record<string, string>>;
  /** By kind, what was read and has no file, because no path can carry its id: the beginnings of the ids. */
  readonly unnamed?: Readonly<Record<string, readonly string[]>>;
}

export interface CoverageInput {
  readonly tree: Tree;
  readonly layout: Layout;
  readonly exporter: string;
  readonly complete: readonly { readonly scope: string; readonly kind: string }[];
  readonly gaps: readonly Gap[];
  /** What no path can carry. */
  readonly unnamed?: readonly Ref[];
  readonly surveys?: Snapshot['surveys'] | undefined;
}

/** One file for each scope that this run tried. A gap above scopes marks all that are known below it. */
export function coverageFiles({ tree, layout, exporter, complete, gaps, unnamed = [], surveys }: CoverageInput): {
  files: Map<string, Uint8Array>;
  obsolete: string[];
} {
  const known = scopesOf(tree, layout, exporter);
  const scopes = new Set([...complete.map(({ scope }) => scope), ...gaps.map(({ scope }) => scope)]);
  for (const gap of gaps) {
    if (gap.kind === undefined) for (const scope of known) if (scope.startsWith(`${gap.scope}/`)) scopes.add(scope);
  }
  // Unless it is in doubt, what is no more has nothing to be read.
  const gone = isGone(surveys);
  for (const scope of [...scopes])
    if (gone(scope) && !gaps.some((gap) => gap.scope === scope || scope.startsWith(`${gap.scope}/`))) scopes.delete(scope);
  const files = new Map<string, Uint8Array>();
  for (const scope of [...scopes].sort()) {
    const whole = gaps.find((gap) => gap.kind === undefined && (gap.scope === scope || scope.startsWith(`${gap.scope}/`)));
    const kinds: Record<string, string> = {};
    for (const { kind } of complete.filter((entry) => entry.scope === scope)) kinds[kind] = 'complete';
    for (const gap of gaps) if (gap.kind !== undefined && gap.scope === scope) kinds[gap.kind] = gap.reason;
    const sorted = Object.fromEntries(Object.entries(kinds).sort(([a], [b]) => (a < b ? -1 : 1)));
    const nameless = namesOf(unnamed.filter((ref) => ref.scope === scope));
    const coverage: Coverage = {
      exporter,
      scope,
      status: whole?.reason ?? 'complete',
      kinds: sorted,
      ...(Object.keys(nameless).length === 0 ? {} : { unnamed: nameless }),
    };
    files.set(layout.coveragePath(exporter, scope), Buffer.from(`${JSON.stringify(coverage, null, 2)}\n`, 'utf8'));
  }
  // A gap above the scopes has a file of its own only while it lasts.
  const obsolete = known
    .filter((scope) => !scopes.has(scope) && (gone(scope) || complete.some((entry) => entry.scope.startsWith(`${scope}/`))))
    .map((scope) => layout.coveragePath(exporter, scope));
  return { files, obsolete };
}

/** Characters of an id that are enough to find it by. */
const BEGINNING = 120;

function namesOf(refs: readonly Ref[]): Record<string, string[]> {
  const kinds: Record<string, string[]> = {};
  for (const { kind, id } of refs) kinds[kind] = [...(kinds[kind] ?? []), `${id.slice(0, BEGINNING)}… (${id.length} characters)`];
  return Object.fromEntries(
    Object.entries(kinds)
      .map(([kind, names]) => [kind, names.sort()] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** A gap for each kind of each scope; partial, because it is of these things alone. */
export function unnamedGaps(refs: readonly Ref[]): Gap[] {
  return [...new Set(refs.map(({ scope }) => scope))]
    .sort()
    .flatMap((scope) =>
      Object.entries(namesOf(refs.filter((ref) => ref.scope === scope))).map(([kind, names]) => unnamedGap(scope, kind, names)),
    );
}

export function unnamedGap(scope: string, kind: string, names: readonly string[]): Gap {
  const more = names.length > 1 ? ` and ${names.length - 1} more` : '';
  return {
    scope,
    kind,
    reason: 'invalid',
    partial: true,
    detail: `too long for a file of the history: ${names[0]}${more}; all else was read`,
  };
}

function scopesOf(tree: Tree, layout: Layout, exporter: string): string[] {
  const start = `${layout.coveragePath(exporter, '').split('/').slice(0, 2).join('/')}/`;
  const scopes: string[] = [];
  for (const path of tree.keys()) {
    const found = path.startsWith(start) ? layout.coverageOf(path) : undefined;
    if (found?.exporter === exporter) scopes.push(found.scope);
  }
  return scopes;
}
