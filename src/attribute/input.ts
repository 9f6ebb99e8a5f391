/** What attribution is given and what it answers. */
import type { Attribution, AuditEvent, Change, Effect, Kind, Ref, TrailGap, Transient } from '../model.ts';
import type { IssuedBy } from './actor.ts';
import type { Base } from './effects.ts';
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
  /** The account and region whose trail tells of a scope; by default those of `aws/<account>/<region>`. */
  readonly placeOf?: (scope: string) => { readonly account: string; readonly region: string };
}

export interface AttributedTransient {
  readonly transient: Transient;
  readonly attribution: Attribution;
  readonly window: Window;
}

export interface UnmappedEvent {
  readonly name: string;
  readonly source: string;
  readonly count: number;
}

export interface AttributeResult {
  /** In the order of the input's changes. */
  readonly changes: readonly Attribution[];
  readonly transients: readonly AttributedTransient[];
  readonly unmapped: readonly UnmappedEvent[];
  /** By event id. */
  readonly effects: ReadonlyMap<string, readonly Effect[]>;
}

/** Whose trail has the events of global services; an account is in one partition of AWS, and its trail covers one of these. */
const GLOBAL_REGIONS = [
  'us-east-1',
  'cn-north-1',
  'us-gov-west-1',
  'us-iso-east-1',
  'us-isob-east-1',
  'eu-isoe-west-1',
  'us-isof-south-1',
  'eusc-de-east-1',
];

/** Global services write to the trail of one region only: us-east-1, but in partitions of their own. */
export function defaultPlace(scope: string, covered: AttributeInput['covered'] = []): { account: string; region: string } {
  const [, account = '', region = ''] = scope.split('/');
  if (region !== 'global') return { account, region };
  const own = GLOBAL_REGIONS.find((name) => covered.some((span) => span.account === account && span.region === name));
  return { account, region: own ?? 'us-east-1' };
}
