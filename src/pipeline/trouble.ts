/** What changed before something broke, over everything that is recorded: the suspects, with how near they stand. */
import type { Deployment } from '../deployment.ts';
import { type Finding, type Gap, kindNamed } from '../model.ts';
import { parse } from '../normalize/normalize.ts';
import { type Closeness, closenessTo, isCalled, type Thing } from './closeness.ts';
import { readReport } from './report.ts';
import { type Suspect, suspects } from './timeline.ts';

export interface Trouble {
  /** When it broke: UTC ISO 8601. */
  readonly at: string;
  /** How far to look back. */
  readonly from: string;
  /** What may be broken: ids, names, addresses, hosts. */
  readonly near: readonly string[];
  /** Words that count only where something is called so. */
  readonly words?: readonly string[];
}

export interface BeforeTrouble {
  readonly suspects: readonly Suspect[];
  readonly gaps: readonly Gap[];
  /** Those of `near` and `words` that something recorded is called, or, where there is none, that something mentions. */
  readonly known: readonly string[];
}

export async function beforeTrouble(deployment: Deployment, { at, from, near, words = [] }: Trouble): Promise<BeforeTrouble> {
  // A snapshot may come hours after what it shows, and windows may begin long before.
  const until = deployment.surroundings.now().toISOString();
  const { findings, gaps } = await readReport(deployment, { since: from, until });
  const { known, closeness } = near.length + words.length === 0 ? { known: [] } : await nearness(deployment, near, words, findings);
  return { suspects: suspects(findings, at, from, closeness), gaps, known };
}

async function nearness(
  deployment: Deployment,
  near: readonly string[],
  words: readonly string[],
  findings: readonly Finding[],
): Promise<{ known: readonly string[]; closeness?: Closeness }> {
  const things = await everything(deployment, findings);
  const called = [...new Set([...near, ...words])].filter((word) => things.some((thing) => isCalled(thing, word)));
  const wanted = called.length > 0 ? called : near;
  const closeness = closenessTo(wanted, things);
  return closeness === undefined ? { known: [] } : { known: wanted, closeness };
}

/** What stands now, and what the findings say stood before. */
async function everything({ store, layout, kinds }: Deployment, findings: readonly Finding[]): Promise<readonly Thing[]> {
  const tip = await store.tip();
  const tree = tip === null ? new Map<string, string>() : await store.tree(tip);
  const known = [...tree].flatMap(([path, blob]) => {
    const ref = layout.refOf(path);
    const kind = ref === undefined ? undefined : kindNamed(kinds, ref.kind);
    return ref === undefined || kind === undefined ? [] : [{ path, ref, kind, blob }];
  });
  const blobs = await store.read(known.filter(({ kind }) => kind.format !== 'text').map(({ blob }) => blob));
  const standing = known.map(({ path, ref, kind, blob }) => {
    const bytes = blobs.get(blob);
    return { ref, path, config: bytes === undefined ? null : parse(bytes, kind) };
  });
  const gone = findings.flatMap(({ change }) =>
    change === undefined ? [] : [{ ref: change.ref, path: change.path, config: change.before ?? change.edits.map(({ before }) => before) }],
  );
  return [...standing, ...gone];
}
