/** What attribution is given and what it answers. */
import {
  type Attribution,
  type AuditEvent,
  type Change,
  type Effect,
  type Kind,
  kindNamed,
  type Ref,
  type TrailGap,
  type TrailPlace,
  type Transient,
  type UnmappedEvent,
} from '../model.ts';
import type { IssuedBy } from './actor.ts';
import type { Base } from './effects.ts';
import type { Weigh } from './lead.ts';
import type { Window } from './window.ts';

export interface Span extends Window {
  readonly account: string;
  readonly region: string;
}

export interface AttributeInput {
  /** Each with the window between the last complete sight of the old state and the first of the new. */
  readonly changes: readonly { readonly change: Change; readonly window: Window }[];
  /** The window in which writes without a diff are transients; successive runs give successive windows. */
  readonly window: Window;
  readonly events: readonly AuditEvent[];
  readonly kinds: Readonly<Record<string, Kind>>;
  readonly base: Base;
  /** What of the trail has been read completely. */
  readonly covered: readonly Span[];
  readonly trailGaps: readonly TrailGap[];
  readonly issuedBy: IssuedBy;
  /** UTC ISO 8601 */
  readonly now: string;
  readonly pathOf: (ref: Ref) => string;
  /** Without it, of several who changed one thing whoever did last is named first. */
  readonly weigh?: Weigh;
}

export interface AttributedTransient {
  readonly transient: Transient;
  readonly attribution: Attribution;
  readonly window: Window;
}

export interface AttributeResult {
  /** In the order of the input's changes. */
  readonly changes: readonly Attribution[];
  readonly transients: readonly AttributedTransient[];
  readonly unmapped: readonly UnmappedEvent[];
  /** By event id. */
  readonly effects: ReadonlyMap<string, readonly Effect[]>;
}

/** Whose trail tells of a resource. */
export function placesOf({ scope, kind }: Ref, kinds: AttributeInput['kinds']): readonly TrailPlace[] {
  const [, account = '', region = ''] = scope.split('/');
  return kindNamed(kinds, kind)?.recordedIn?.(scope) ?? [{ account, region }];
}
