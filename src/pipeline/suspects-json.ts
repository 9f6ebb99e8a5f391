/** What changed before trouble, as JSON: the findings of the report with when, how near and how suspicious. */
import type { Gap } from '../model.ts';
import type { Alert, Calm } from './alert.ts';
import type { Suspect } from './timeline.ts';
import { findingJson } from '../report/contract.ts';

interface Asked {
  readonly at: string;
  readonly from: string;
  readonly near: string | null;
  readonly alert: Alert | null;
  readonly most: number;
}

interface Found {
  readonly suspects: readonly Suspect[];
  readonly known: readonly string[];
  readonly gaps: readonly Gap[];
}

export function suspectsJson({ suspects, known, gaps }: Found, { at, from, near, alert, most }: Asked) {
  const findings = suspects.slice(0, most).map(({ finding, time, before, suspicion, closeness }) => ({
    ...findingJson(finding),
    happened: time,
    before,
    suspicion,
    closeness: closeness ?? null,
  }));
  return { schemaVersion: 1, at, from, near, alert, known, findings, gaps };
}

/** The same where a monitor tells of no trouble. */
export function quietJson({ nothing }: Calm) {
  return { schemaVersion: 1, nothing, findings: [], told: [] };
}
