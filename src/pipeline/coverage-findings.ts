/** Losing sight is itself a change: findings from the coverage files that a commit touched. */
import { createHash } from 'node:crypto';
import type { Finding, Gap, GapReason, Ref } from '../model.ts';
import { isObject } from '../pointer.ts';
import type { CommitInfo } from '../store/log.ts';
import type { Layout } from '../store/layout.ts';
import type { ReadBlobs, Tree } from './base.ts';
import { windowKey } from './notes.ts';
import type { Span } from './windows.ts';

const COMPLETE = 'complete';
export const LOST = { level: 'medium', score: 50 } as const;
export const REGAINED = { level: 'info', score: 10 } as const;

export async function coverageFindings(
  trees: { readonly before: Tree; readonly after: Tree },
  deps: { readonly layout: Layout; readonly read: ReadBlobs },
  commit: CommitInfo,
  window: Span,
): Promise<Finding[]> {
  const paths = [...new Set([...trees.before.keys(), ...trees.after.keys()])].filter(
    (path) => trees.before.get(path) !== trees.after.get(path) && deps.layout.coverageOf(path) !== undefined,
  );
  const blobs = await deps.read(paths.flatMap((path) => [trees.before.get(path), trees.after.get(path)]).filter((id) => id !== undefined));
  const found = paths.sort().flatMap((path) => {
    const scope = deps.layout.coverageOf(path)?.scope ?? '';
    const before = statuses(blobs.get(trees.before.get(path) ?? ''));
    const after = statuses(blobs.get(trees.after.get(path) ?? ''));
    return [...new Set([...before.keys(), ...after.keys()])].flatMap((kind) => {
      const [was, is] = [before.get(kind) ?? COMPLETE, after.get(kind) ?? COMPLETE];
      return was === is ? [] : [findingOf(scope, kind, was, is, commit, window)];
    });
  });
  return found.filter((finding) => !found.some((other) => includes(other, finding)));
}

/** Whether a whole scope above went or came back for the same reason: said once, at the top. */
function includes({ coverage: above }: Finding, { coverage: below }: Finding): boolean {
  if (above === undefined || below === undefined || above.gap.kind !== undefined || below.gap.kind !== undefined) return false;
  return above.type === below.type && above.gap.reason === below.gap.reason && below.gap.scope.startsWith(`${above.gap.scope}/`);
}

/** Windows of what a commit looked at for the first time, by coverage: null, the baseline. */
export async function baselines(
  trees: { readonly before: Tree; readonly after: Tree },
  deps: { readonly layout: Layout; readonly read: ReadBlobs },
): Promise<Record<string, null>> {
  const paths = [...trees.after.keys()].filter(
    (path) => trees.before.get(path) !== trees.after.get(path) && deps.layout.coverageOf(path) !== undefined,
  );
  const blobs = await deps.read(paths.flatMap((path) => [trees.before.get(path), trees.after.get(path)]).filter((id) => id !== undefined));
  const found: Record<string, null> = {};
  for (const path of paths) {
    const scope = deps.layout.coverageOf(path)?.scope ?? '';
    const before = statuses(blobs.get(trees.before.get(path) ?? ''));
    for (const kind of statuses(blobs.get(trees.after.get(path) ?? '')).keys())
      if (kind !== '' && !before.has(kind)) found[windowKey(scope, kind)] = null;
  }
  return found;
}

/** Whether a kind is looked at in a scope, by the coverage files of a tree; those that are read once stay in `cache`. */
export async function watchedIn(
  tree: Tree,
  { layout, read, cache }: { readonly layout: Layout; readonly read: ReadBlobs; readonly cache: Map<string, ReadonlySet<string>> },
): Promise<(ref: Pick<Ref, 'scope' | 'kind'>) => boolean> {
  const files = [...tree].flatMap(([path, id]) => {
    const scope = layout.coverageOf(path)?.scope;
    return scope === undefined ? [] : [{ scope, id }];
  });
  const blobs = await read(files.flatMap(({ id }) => (cache.has(id) ? [] : [id])));
  for (const [id, bytes] of blobs) cache.set(id, new Set(statuses(bytes).keys()));
  const watched = new Set(files.flatMap(({ scope, id }) => [...(cache.get(id) ?? [])].map((kind) => windowKey(scope, kind))));
  return ({ scope, kind }) => watched.has(windowKey(scope, kind));
}

/** Reasons by kind; '' stands for the whole scope. */
function statuses(bytes: Uint8Array | undefined): Map<string, string> {
  if (bytes === undefined) return new Map();
  const coverage: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
  if (!isObject(coverage) || !isObject(coverage.kinds)) return new Map();
  return new Map([
    ['', String(coverage.status)],
    ...Object.entries(coverage.kinds).map(([kind, status]) => [kind, String(status)] as const),
  ]);
}

function findingOf(scope: string, kind: string, was: string, is: string, commit: CommitInfo, window: Span): Finding {
  const lost = is !== COMPLETE;
  const what = kind === '' ? scope : `${kind} in ${scope}`;
  const reason = (lost ? is : was) as GapReason;
  const detail = lost ? `${what} cannot be read completely: ${reason}` : `${what} can be read completely again`;
  const gap: Gap = { scope, ...(kind === '' ? {} : { kind }), reason, detail };
  const digest = createHash('sha256').update([commit.trailers['Drifttrail-Run'] ?? commit.sha, 'coverage', scope, kind].join('\0'));
  return {
    id: `f-${digest.digest('hex').slice(0, 12)}`,
    commit: commit.sha,
    coverage: { type: lost ? 'lost' : 'regained', gap },
    window,
    attribution: { status: 'not-applicable', events: [], edits: {}, because: 'coverage is what drifttrail itself could read' },
    ...(lost ? LOST : REGAINED),
    rules: [lost ? 'coverage-lost' : 'coverage-regained'],
    reasons: [detail],
  };
}
