/** Decides what a snapshot writes and deletes: only inside what was read completely. */
import { DrifttrailError } from '../errors.ts';
import type { Gap, Json, Ref, Snapshot } from '../model.ts';
import { coverageFiles, unnamedGaps } from './coverage.ts';
import type { Layout } from './layout.ts';
import { blobId, type Tree } from './objects.ts';

/** What is to be stored for a resource. */
export interface Content {
  readonly ref: Ref;
  /** The bytes, their blob id and what they mean, unless they are the blob given. */
  readonly unless: (stored: string | undefined) => { readonly bytes: Uint8Array; readonly id: string; readonly config: Json } | undefined;
}

export interface PlanInput {
  /** The last tree, empty at first. */
  readonly tree: Tree;
  readonly layout: Layout;
  readonly contents: Iterable<Content>;
  readonly complete: readonly { readonly scope: string; readonly kind: string }[];
  readonly gaps: readonly Gap[];
  readonly surveys?: Snapshot['surveys'] | undefined;
  readonly exporter: string;
}

export interface Plan {
  /** Changed files only, coverage files among them; by the id alone what has been stored meanwhile. */
  readonly writes: ReadonlyMap<string, Uint8Array | string>;
  /** The resources among the writes, and what they mean. */
  readonly known: ReadonlyMap<string, { readonly ref: Ref; readonly config: Json }>;
  readonly deletes: readonly string[];
  /** The coverage files as they should be, changed or not. */
  readonly coverage: ReadonlyMap<string, Uint8Array>;
  /** The gaps given, and one for each kind with an id that no path can carry: all else of that kind is written and deleted as ever. */
  readonly gaps: readonly Gap[];
}

/** So many new files are planned in the order of their paths: neighbours are alike, and git stores a file as its difference from the one before. */
const MANY = 1000;

/** Stops at each resource's new file and is told whether it has been stored now. Other files are for the commit. */
export function* planWrites(input: PlanInput): Generator<Uint8Array, Plan, boolean> {
  const { tree, layout, exporter } = input;
  const whole = input.complete.filter(({ scope, kind }) => !input.gaps.some((gap) => coversKind(gap, scope, kind)));
  const trusted = new Map(whole.map(({ scope, kind }) => [layout.kindPrefix(scope, kind), { scope, kind }]));
  // Where every gap is partial, what was read is true; only absence says nothing.
  const partial = new Map(
    input.gaps.filter((gap) => isPartial(gap, input.gaps)).map(({ scope, kind = '' }) => [layout.kindPrefix(scope, kind), kind]),
  );
  const writes = new Map<string, Uint8Array | string>();
  const known = new Map<string, { readonly ref: Ref; readonly config: Json }>();
  const current = new Set<string>();
  const unnamed: Ref[] = [];

  const candidates: Candidate[] = [];
  let fresh = 0;
  for (const { ref, unless } of input.contents) {
    const prefix = layout.kindPrefix(ref.scope, ref.kind);
    if (!trusted.has(prefix) && !partial.has(prefix)) continue;
    try {
      const path = layout.pathOf(ref);
      current.add(path);
      candidates.push({ path, ref, unless });
      if (!tree.has(path)) fresh += 1;
    } catch (error) {
      if (!(error instanceof DrifttrailError) || error.code !== 'id-too-long') throw error;
      unnamed.push(ref);
    }
  }
  if (fresh >= MANY) candidates.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  for (const { path, ref, unless } of candidates) {
    const content = unless(tree.get(path));
    if (content === undefined) continue;
    known.set(path, { ref, config: content.config });
    const stored = !tree.has(path) && (yield content.bytes);
    writes.set(path, stored ? content.id : content.bytes);
  }

  const deletes: string[] = [];
  for (const path of tree.keys()) {
    // What stands there without being a resource's file was put by a person, and stays.
    if (!current.has(path) && prefixOf(path, trusted) !== undefined && layout.refOf(path) !== undefined) deletes.push(path);
  }

  const { gaps: given, surveys } = input;
  const coverage = coverageFiles({ tree, layout, exporter, complete: [...trusted.values()], gaps: given, unnamed, surveys });
  for (const [path, bytes] of coverage.files) if (tree.get(path) !== blobId(bytes)) writes.set(path, bytes);
  return {
    writes,
    known,
    deletes: [...deletes, ...coverage.obsolete].sort(),
    coverage: coverage.files,
    gaps: [...given, ...unnamedGaps(unnamed)],
  };
}

interface Candidate extends Content {
  readonly path: string;
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
