/** Decides what a snapshot writes and deletes: only inside what was read completely. */
import { DrifttrailError } from '../errors.ts';
import type { Gap, Json, Ref } from '../model.ts';
import { coverageFiles } from './coverage.ts';
import type { Layout } from './layout.ts';
import { blobId, type Tree } from './objects.ts';

/** What is to be stored for a resource. */
export interface Content {
  readonly ref: Ref;
  /** The bytes and what they mean, unless they are the blob given. */
  readonly unless: (stored: string | undefined) => { readonly bytes: Uint8Array; readonly config: Json } | undefined;
}

export interface PlanInput {
  /** The last tree, empty at first. */
  readonly tree: Tree;
  readonly layout: Layout;
  readonly contents: Iterable<Content>;
  readonly complete: readonly { readonly scope: string; readonly kind: string }[];
  readonly gaps: readonly Gap[];
  readonly exporter: string;
}

export interface Plan {
  /** Changed files only, coverage files among them. */
  readonly writes: ReadonlyMap<string, Uint8Array>;
  /** What the resources among the writes mean. */
  readonly configs: ReadonlyMap<string, Json>;
  readonly deletes: readonly string[];
  /** The coverage files as they should be, changed or not. */
  readonly coverage: ReadonlyMap<string, Uint8Array>;
  /** The gaps given, and those of kinds with an id that no path can carry. */
  readonly gaps: readonly Gap[];
}

export function planWrites(input: PlanInput): Plan {
  const { tree, layout, exporter } = input;
  const given = input.complete.filter(({ scope, kind }) => !input.gaps.some((gap) => coversKind(gap, scope, kind)));
  const trusted = new Map(given.map(({ scope, kind }) => [layout.kindPrefix(scope, kind), { scope, kind }]));
  // Where every gap is partial, what was read is true; only absence says nothing.
  const partial = new Map(
    input.gaps.filter((gap) => isPartial(gap, input.gaps)).map(({ scope, kind = '' }) => [layout.kindPrefix(scope, kind), kind]),
  );
  const writes = new Map<string, Uint8Array>();
  const configs = new Map<string, Json>();
  const current = new Set<string>();
  const gaps = [...input.gaps];

  for (const { ref, unless } of input.contents) {
    const prefix = layout.kindPrefix(ref.scope, ref.kind);
    if (!trusted.has(prefix) && !partial.has(prefix)) continue;
    try {
      const path = layout.pathOf(ref);
      current.add(path);
      const content = unless(tree.get(path));
      if (content === undefined) continue;
      writes.set(path, content.bytes);
      configs.set(path, content.config);
    } catch (error) {
      if (!(error instanceof DrifttrailError) || error.code !== 'id-too-long') throw error;
      gaps.push({ scope: ref.scope, kind: ref.kind, reason: 'invalid', detail: error.message });
      trusted.delete(prefix);
      partial.delete(prefix);
    }
  }
  if (gaps.length > input.gaps.length) {
    for (const path of writes.keys())
      if (prefixOf(path, trusted) === undefined && prefixOf(path, partial) === undefined) writes.delete(path);
  }

  const deletes: string[] = [];
  for (const path of tree.keys()) {
    // What stands there without being a resource's file was put by a person, and stays.
    if (!current.has(path) && prefixOf(path, trusted) !== undefined && layout.refOf(path) !== undefined) deletes.push(path);
  }

  const coverage = coverageFiles({ tree, layout, exporter, complete: [...trusted.values()], gaps });
  for (const [path, bytes] of coverage.files) if (tree.get(path) !== blobId(bytes)) writes.set(path, bytes);
  return { writes, configs, deletes: [...deletes, ...coverage.obsolete].sort(), coverage: coverage.files, gaps };
}

function isPartial({ scope, kind }: Gap, gaps: readonly Gap[]): boolean {
  return kind !== undefined && gaps.every((gap) => gap.partial === true || !coversKind(gap, scope, kind));
}

/** A gap without a kind covers its scope and every scope below. */
export function coversKind(gap: Gap, scope: string, kind: string): boolean {
  if (gap.kind !== undefined) return gap.kind === kind && gap.scope === scope;
  return gap.scope === scope || scope.startsWith(`${gap.scope}/`);
}

/** The trusted folder or file that a path is in. Neighbours in a tree mostly share it. */
function prefixOf<Value>(path: string, trusted: ReadonlyMap<string, Value>): Value | undefined {
  const whole = trusted.get(path);
  if (whole !== undefined) return whole;
  for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
    const found = trusted.get(path.slice(0, slash + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}
