/** One act, one finding: what only says again what another change of the same snapshot says is told with that one. */
import { refKey } from '../attribute/effects.ts';
import { type Change, type Finding, type Kind, kindNamed } from '../model.ts';

type Changed = Finding & { readonly change: Change };

/** The findings of one commit, those of changes that restate others put into these as their parts. */
export function foldParts(findings: readonly Finding[], kinds: Readonly<Record<string, Kind>>): Finding[] {
  const changed = new Map(findings.flatMap((finding) => (isChanged(finding) ? [[refKey(finding.change.ref), finding] as const] : [])));
  const leads = new Map<Finding, Changed>();
  for (const finding of changed.values()) {
    const lead = leadOf(finding, changed, kinds);
    if (lead !== undefined) leads.set(finding, lead);
  }
  const parts = new Map<Finding, Finding[]>();
  for (const finding of leads.keys()) {
    const lead = lastOf(finding, leads);
    if (lead !== finding) parts.set(lead, [...(parts.get(lead) ?? []), finding]);
  }
  const told = new Set([...parts.values()].flat());
  return findings.flatMap((finding) => (told.has(finding) ? [] : [together(finding, parts.get(finding) ?? [])]));
}

function isChanged(finding: Finding): finding is Changed {
  return finding.change !== undefined;
}

/** Undefined where the change says something of its own, or somebody set one of the two aside. */
function leadOf(finding: Changed, changed: ReadonlyMap<string, Changed>, kinds: Readonly<Record<string, Kind>>): Changed | undefined {
  const refs = kindNamed(kinds, finding.change.ref.kind)?.restates?.(finding.change) ?? [];
  const found = refs.map((ref) => changed.get(refKey(ref)));
  const [lead] = found;
  if (lead === undefined || lead === finding || found.includes(undefined)) return undefined;
  return found.every((each) => each?.ignored === finding.ignored) && !areTwo(lead, finding) ? lead : undefined;
}

/** One person's act is not told under another's name. */
function areTwo({ attribution: { actor: one } }: Finding, { attribution: { actor: other } }: Finding): boolean {
  return one !== undefined && other !== undefined && (one.name !== other.name || one.role !== other.role);
}

/** A part of a part belongs to the first of them; a circle has none and each stands for itself. */
function lastOf(finding: Finding, leads: ReadonlyMap<Finding, Changed>): Finding {
  const seen = new Set<Finding>([finding]);
  let lead = finding;
  for (let next = leads.get(lead); next !== undefined; next = leads.get(lead)) {
    if (seen.has(next)) return finding;
    seen.add(next);
    lead = next;
  }
  return lead;
}

function together(lead: Finding, parts: readonly Finding[]): Finding {
  if (parts.length === 0) return lead;
  const ranked = [lead, ...parts].sort((a, b) => b.score - a.score);
  const known = ranked.filter(({ rules }) => rules.length > 0);
  const [top = lead] = ranked;
  const undo = lead.undo ?? ranked.find((each) => each.undo !== undefined)?.undo;
  return {
    ...lead,
    attribution: explained(lead, parts),
    level: top.level,
    score: top.score,
    rules: [...new Set(ranked.flatMap(({ rules }) => rules))],
    // Where a rule knows what it is, the guess of another part is no reason.
    reasons: [...new Set((known.length > 0 ? known : [lead]).flatMap(({ reasons }) => reasons))],
    ...(undo === undefined ? {} : { undo }),
    parts,
  };
}

/** Who changed what a file says wrote the file: a log of accounts knows it where no audit of files does. */
function explained({ attribution }: Finding, parts: readonly Finding[]): Finding['attribution'] {
  if (attribution.status !== 'unattributed') return attribution;
  const known = parts.map((part) => part.attribution).filter(({ status }) => status === 'attributed');
  const [first] = known;
  if (first === undefined || known.some(({ actor }) => actor?.name !== first.actor?.name)) return attribution;
  return { ...first, grade: 'cascade', edits: {} };
}
