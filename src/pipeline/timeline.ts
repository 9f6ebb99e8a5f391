/** "It broke at T": what happened before, the most suspicious first. */
import type { Finding } from '../model.ts';
import { compareFindings } from '../report/order.ts';
import type { Closeness } from './closeness.ts';

export interface Suspect {
  readonly finding: Finding;
  /** When it happened, or the latest moment at which it can have; not after `at`. */
  readonly time: string;
  /** Milliseconds from then to `at`. */
  readonly before: number;
  /** 0–100: threat, recency, and closeness where something is known to be near. */
  readonly suspicion: number;
  /** 0–1; undefined when nobody said what broke. */
  readonly closeness?: number;
}

/** Shares of the suspicion. A change in the last minutes to the broken thing itself outranks a worse one elsewhere. */
const WEIGHTS = { threat: 0.5, recency: 0.3, closeness: 0.4 } as const;
/** After an hour a change is half as recent. Milliseconds. */
const HALF_LIFE = 3_600_000;
/** What was undone before it broke is an unlikely cause, but not an impossible one: caches, leases, sessions. */
const UNDONE = 0.6;

export function suspects(findings: Iterable<Finding>, at: string, from: string, closeness?: Closeness): Suspect[] {
  const found = [...findings].flatMap((finding) => {
    const time = timeOf(finding, at);
    if (time === undefined || time < from) return [];
    const ref = finding.change?.ref ?? finding.transient?.ref;
    const near = closeness === undefined ? undefined : ref === undefined ? 0 : closeness(ref);
    const before = Date.parse(at) - Date.parse(time);
    return [
      { finding, time, before, suspicion: suspicionOf(finding, at, before, near), ...(near === undefined ? {} : { closeness: near }) },
    ];
  });
  return found.sort((a, b) => b.suspicion - a.suspicion || a.before - b.before || compareFindings(a.finding, b.finding));
}

/** Undefined when it happened after `at`. */
function timeOf({ attribution, window }: Finding, at: string): string | undefined {
  const sure = attribution.status === 'attributed' ? attribution.events[0]?.time : undefined;
  if (sure !== undefined) return Date.parse(sure) > Date.parse(at) ? undefined : iso(sure);
  if (Date.parse(window.from) > Date.parse(at)) return undefined;
  return iso(Date.parse(window.to) > Date.parse(at) ? at : window.to);
}

function suspicionOf({ score, transient, coverage, undone }: Finding, at: string, before: number, near: number | undefined): number {
  const recency = 0.5 ** (before / HALF_LIFE);
  // Losing sight changes nothing over there.
  const threat = coverage === undefined ? score / 100 : 0;
  const sum = WEIGHTS.threat * threat + WEIGHTS.recency * recency + (near === undefined ? 0 : WEIGHTS.closeness * near);
  const whole = WEIGHTS.threat + WEIGHTS.recency + (near === undefined ? 0 : WEIGHTS.closeness);
  const past = transient?.duration !== undefined || (undone !== undefined && Date.parse(undone.at) < Date.parse(at));
  return Math.round((sum / whole) * (past ? UNDONE : 1) * 100);
}

function iso(time: string): string {
  return new Date(time).toISOString();
}
