/** The findings of a report, together that belong together: by who did it, by the resource, by the account or host. */
import type { Finding } from '../model.ts';
import { compareFindings, countLevels } from './order.ts';
import { clean } from './clean.ts';
import { refOf } from './words.ts';

export const GROUPINGS = ['actor', 'resource', 'account'] as const;
export type Grouping = (typeof GROUPINGS)[number];

export interface FindingGroup {
  readonly name: string;
  readonly counts: ReturnType<typeof countLevels>;
  readonly findings: readonly Finding[];
}

const KEYS: Readonly<Record<Grouping, (finding: Finding) => string>> = {
  actor: ({ attribution: { actor, status } }) =>
    actor === undefined ? 'nobody known' : status === 'attributed' ? actor.name : `perhaps ${actor.name}`,
  resource: (finding) => {
    const ref = refOf(finding);
    return ref === undefined ? scopeOf(finding) : `${ref.scope} ${ref.kind} ${ref.id}`;
  },
  /** `aws/111122223333`, `hosts/web01`: the first two segments of the scope. */
  account: (finding) => scopeOf(finding).split('/').slice(0, 2).join('/'),
};

/** The group with the worst finding first; in it, the worst first. */
export function groupFindings(findings: readonly Finding[], by: Grouping): FindingGroup[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of [...findings].sort(compareFindings)) {
    const name = clean(KEYS[by](finding));
    groups.set(name, [...(groups.get(name) ?? []), finding]);
  }
  return [...groups].map(([name, members]) => ({ name, counts: countLevels(members), findings: members }));
}

/** `alice: 1 critical, 2 low`. */
function groupHead({ name, counts }: FindingGroup): string {
  const told = Object.entries(counts).filter(([, count]) => count > 0);
  return `${name}: ${told.length === 0 ? 'set aside' : told.map(([level, count]) => `${count} ${level}`).join(', ')}`;
}

/** Findings as a form prints them: under the heads of their groups, or all under none. */
export function findingsOf(
  { groupBy }: { readonly groupBy?: Grouping | undefined },
  findings: readonly Finding[],
): (readonly [string | undefined, readonly Finding[]])[] {
  if (groupBy === undefined) return [[undefined, findings]];
  return groupFindings(findings, groupBy).map((group) => [groupHead(group), group.findings]);
}

function scopeOf(finding: Finding): string {
  return refOf(finding)?.scope ?? finding.coverage?.gap.scope ?? 'elsewhere';
}
