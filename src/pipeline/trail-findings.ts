/** Losing sight of who does what is itself a change: findings from what the trails could not read, and the gaps of now. */
import type { Deployment } from '../deployment.ts';
import type { Finding, Gap } from '../model.ts';
import { type Look, type Loss, readSights, type Sight, type Sights, TRAIL_ROOT, trailNames } from '../trail/sight.ts';
import { LOST, REGAINED } from './coverage-findings.ts';
import { findingId } from './finding-id.ts';

/** What no diff shows while nobody listens. */
const UNSEEN = 'who changes what is not seen meanwhile, nor what is undone before the next snapshot, nor that logging is stopped';

export interface Sighted {
  /** For the note of the commit that stands; the same again after a crash. */
  readonly findings: readonly Finding[];
  /** To be kept once the findings are. Trails that are configured no more are forgotten. */
  readonly sights: Sights;
}

/** `before`: what was known; `looks`: what each trail could not read now. A loss is told once, and its end once. */
export function lookedAt(before: Sights, looks: readonly Look[], now: string): Sighted {
  const findings: Finding[] = [];
  const sights: Record<string, Sight> = {};
  for (const { trail, gaps } of looks) {
    const known = before[trail];
    const lost: Record<string, Loss> = {};
    for (const gap of gaps) {
      const told = known?.lost[gap.scope]?.told ?? lossOf(gap, known?.tried, now);
      lost[gap.scope] = { gap, told };
      if (known?.lost[gap.scope] === undefined) findings.push(told);
    }
    // What is over stands beside what began it, however long that was ago: an incident can then be closed.
    for (const [scope, { gap, told }] of Object.entries(known?.lost ?? {}))
      if (lost[scope] === undefined) findings.push(told, endOf(gap, told, now));
    sights[trail] = { tried: now, lost };
  }
  return { findings, sights };
}

/** `seen`: when the trail was last read. A run that a crash repeats knows the same of it, and so finds the same id. */
function lossOf(gap: Gap, seen: string | undefined, now: string): Finding {
  return {
    ...ABOUT,
    ...LOST,
    id: findingId(['trail', 'lost', gap.scope, seen ?? '']),
    coverage: { type: 'lost', gap },
    window: { from: seen ?? now, to: now },
    rules: ['trail-lost'],
    reasons: [`the audit trail cannot be read: ${gap.detail}`, UNSEEN],
  };
}

function endOf(gap: Gap, { id, window }: Finding, now: string): Finding {
  return {
    ...ABOUT,
    ...REGAINED,
    id: findingId(['trail', 'regained', gap.scope, id]),
    coverage: { type: 'regained', gap },
    window: { from: window.from, to: now },
    rules: ['trail-regained'],
    reasons: [`the audit trail can be read again; it could not since ${window.from.slice(0, 16)}Z`],
  };
}

const ABOUT = {
  commit: null,
  attribution: { status: 'not-applicable', events: [], edits: {}, because: 'coverage is what drifttrail itself could read' },
} as const;

/** Whether a finding tells of a trail: no diff and no event makes it anew. */
export function isOfTrail({ coverage, commit }: Finding): boolean {
  return coverage !== undefined && commit === null;
}

export function isTrailGap({ scope }: Gap): boolean {
  return scope.startsWith(`${TRAIL_ROOT}/`);
}

export interface TrailLoss {
  readonly gap: Gap;
  /** The last reading, which found it so, */
  readonly tried: string;
  /** and the last one that did not; undefined when there was none. */
  readonly seen: string | undefined;
}

/** What the trails could not read at the last try; of those that are configured. */
export function trailLosses({ stateDir, trails }: Pick<Deployment, 'stateDir' | 'trails'>): TrailLoss[] {
  if (trails.length === 0) return [];
  const sights = readSights(stateDir);
  return trailNames(trails).flatMap((name) => {
    const { tried = '', lost = {} } = sights[name] ?? {};
    return Object.values(lost).map(({ gap, told: { window } }) => ({
      gap,
      tried,
      seen: window.from === window.to ? undefined : window.from,
    }));
  });
}

export function trailGaps(deployment: Pick<Deployment, 'stateDir' | 'trails'>): Gap[] {
  return trailLosses(deployment).map(({ gap }) => gap);
}
