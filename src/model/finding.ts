/** A change with who made it and how much it matters. */
import type { Change } from './change.ts';
import type { Actor, Effect, EventRef } from './event.ts';
import type { Gap, Ref } from './resource.ts';

export type Grade = 'exact' | 'leaf' | 'cascade' | 'candidate';
export type AttributionStatus = 'attributed' | 'ambiguous' | 'pending' | 'unattributed' | 'not-applicable';

export interface EditAttribution {
  /** The cause first, then its history, newest first. */
  readonly eventIds: readonly string[];
  readonly grade?: Grade;
}

/** Who made some of the edits. */
export interface Author {
  readonly actor: Actor;
  /** Of the edits. */
  readonly paths: readonly string[];
}

export interface Attribution {
  readonly status: AttributionStatus;
  /** The weakest grade over the edits. */
  readonly grade?: Grade;
  /** Whoever made what matters most of it. */
  readonly actor?: Actor;
  /** Everybody who made some of the edits, `actor` first, where that is not `actor` alone. */
  readonly authors?: readonly Author[];
  readonly events: readonly EventRef[];
  /** By edit path. */
  readonly edits: Readonly<Record<string, EditAttribution>>;
  readonly because: string;
}

export type Level = 'critical' | 'high' | 'medium' | 'low' | 'info';

/** Successful writes that left no diff: on tracked kinds; without effects, on something that nobody reads. */
export interface Transient {
  readonly ref: Ref;
  readonly path: string;
  readonly name?: string;
  readonly effects: readonly Effect[];
  /** Milliseconds between doing and undoing; absent when not undone by a known event. */
  readonly duration?: number;
}

export interface Finding {
  /** `f-` and 12 hex digits; stable across restarts, re-attribution and a rebuilt commit. */
  readonly id: string;
  readonly commit: string | null;
  readonly change?: Change;
  readonly transient?: Transient;
  /** Coverage lost or regained is a finding too. */
  readonly coverage?: { readonly type: 'lost' | 'regained'; readonly gap: Gap };
  readonly window: { readonly from: string; readonly to: string };
  readonly attribution: Attribution;
  readonly level: Level;
  readonly score: number;
  readonly rules: readonly string[];
  readonly reasons: readonly string[];
  readonly undo?: readonly string[];
  /** A later finding put back what this one changed. Known to reports only: the commit's note tells of its own time. */
  readonly undone?: { readonly by: string; readonly at: string; readonly actor?: string };
  /** What else the same act changed and only says it again (`Kind.restates`): told with this one, its level and reasons are in these. */
  readonly parts?: readonly Finding[];
  /** The reason why the configuration's ignore list or a person set it aside: kept in the report, told to nobody. */
  readonly ignored?: string | undefined;
}

/** Every change by itself: for whoever asks about one resource rather than about what somebody did. */
export function withParts(findings: readonly Finding[]): Finding[] {
  return findings.flatMap((finding) => [finding, ...(finding.parts ?? [])]);
}
