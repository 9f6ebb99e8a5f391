/** When each kind of each scope was last tried and last complete: the windows of changes, kept even when no commit is made. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Git } from './git.ts';
import { importCommits, moveRefs, type Signature } from './fast-import.ts';
import { refOrNull } from './refs.ts';

export interface Observation {
  /** The last try, complete or not. */
  readonly tried: string;
  /** Beginning and end of the last complete reading; absent until there was one. */
  readonly complete?: { readonly from: string; readonly to: string };
}

export interface Survey {
  readonly from: string;
  readonly to: string;
  readonly scopes: readonly string[];
}

export interface Observed {
  /** By scope, then kind. */
  readonly observations: Readonly<Record<string, Readonly<Record<string, Observation>>>>;
  /** By scope, the scopes directly below it when all of them were last named, and when that was. */
  readonly surveys?: Readonly<Record<string, Survey>>;
  /** What was found behind each scope: an account id, a machine id. */
  readonly identities: Readonly<Record<string, string>>;
  /** Readings held as suspicious until a second one agrees; see collect/suspicious.ts. */
  readonly held: Readonly<Record<string, readonly string[]>>;
}

export const OBSERVED = 'refs/drifttrail/observed';
export const PUSHED_OBSERVED = 'refs/drifttrail/remote/observed';
export const OBSERVED_FILE = 'observed.json';
export const NOTHING: Observed = { observations: {}, identities: {}, held: {} };

/** Of two writers' knowledge, the newer of each kind. */
export function mergeObserved(one: Observed, two: Observed): Observed {
  const observations: Record<string, Record<string, Observation>> = {};
  for (const side of [one, two]) {
    for (const [scope, kinds] of Object.entries(side.observations)) {
      const merged = observations[scope] ?? {};
      observations[scope] = merged;
      for (const [kind, seen] of Object.entries(kinds)) if ((merged[kind]?.tried ?? '') <= seen.tried) merged[kind] = seen;
    }
  }
  const surveys = { ...one.surveys };
  for (const [above, survey] of Object.entries(two.surveys ?? {})) if ((surveys[above]?.to ?? '') <= survey.to) surveys[above] = survey;
  return { observations, surveys, identities: { ...one.identities, ...two.identities }, held: { ...one.held, ...two.held } };
}

/** What was last read or written here, by its commit. */
const known = new WeakMap<Git, { readonly commit: string; readonly observed: Observed }>();

export async function readObserved(git: Git, ref = OBSERVED): Promise<Observed> {
  const commit = await refOrNull(git, ref);
  const later = ref === OBSERVED ? readBeside(git, commit) : undefined;
  if (later !== undefined) return later;
  if (commit === null) return NOTHING;
  const last = known.get(git);
  if (last?.commit === commit) return last.observed;
  const found = await git.run(['cat-file', 'blob', `${commit}:${OBSERVED_FILE}`], { codes: [0, 128] });
  const observed = found.code === 0 ? { ...NOTHING, ...(JSON.parse(found.stdout.toString('utf8')) as Partial<Observed>) } : NOTHING;
  known.set(git, { commit, observed });
  return observed;
}

/**
 * Replaces what is known. The commit's parent is what the remote has, not the last run: so a push is a fast-forward,
 * and a hundred runs between two pushes leave one commit.
 */
export async function writeObserved(git: Git, observed: Observed, seconds: number, author: Signature): Promise<void> {
  const bytes = Buffer.from(`${JSON.stringify(observed, sorted, 1)}\n`, 'utf8');
  for (;;) {
    const [before, pushed] = await Promise.all([refOrNull(git, OBSERVED), refOrNull(git, PUSHED_OBSERVED)]);
    const commit = {
      ref: OBSERVED,
      expected: before,
      parent: pushed,
      message: 'Observed\n',
      seconds,
      author,
      writes: [[OBSERVED_FILE, bytes]] as const,
    };
    const { ids, held } = await importCommits(git, [commit], true);
    const [commitId = ''] = ids;
    if (!(await moveRefs(git, [{ ref: OBSERVED, to: commitId, from: before }], held, 'observed'))) continue;
    known.set(git, { commit: commitId, observed });
    rmSync(besideOf(git), { force: true });
    return;
  }
}

interface Beside {
  /** The commit of `OBSERVED` that this comes after: it counts until there is another. */
  readonly after: string | null;
  readonly observed: Observed;
}

/**
 * Keeps what is known for this machine alone: when nothing changed and nobody else is told, three processes of git and
 * three objects that are garbage by the next run would be most of what the run costs and leaves.
 */
export async function keepObserved(git: Git, observed: Observed): Promise<void> {
  const beside: Beside = { after: await refOrNull(git, OBSERVED), observed };
  const draft = `${besideOf(git)}.new`;
  writeFileSync(draft, `${JSON.stringify(beside)}\n`, { mode: 0o600, flush: true });
  renameSync(draft, besideOf(git));
}

/** Undefined when there is none, or none that is whole: what the ref tells is older, and windows are wider but true. */
function readBeside(git: Git, commit: string | null): Observed | undefined {
  try {
    const beside = JSON.parse(readFileSync(besideOf(git), 'utf8')) as Beside | null;
    return beside?.after === commit ? { ...NOTHING, ...beside.observed } : undefined;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT' || cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}

function besideOf(git: Git): string {
  return join(git.dir, '.git', 'drifttrail-observed.json');
}

function sorted(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
