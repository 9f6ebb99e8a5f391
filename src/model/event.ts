/** Who did what: one audit record, and what it did to which leaf. */
import type { Json, JsonObject, Ref } from './resource.ts';

export type Via =
  | 'console'
  | 'cli'
  | 'sdk'
  | 'terraform'
  | 'opentofu'
  | 'pulumi'
  | 'cdk'
  | 'cloudformation'
  | 'cloudshell'
  | 'service'
  | 'ssh'
  | 'unknown';

export interface Actor {
  /** Who to talk to: the human where one is known, else the machine. */
  readonly name: string;
  /** `IAMUser`, `AssumedRole`, `Root`, `AWSService` … as the audit record has it. */
  readonly type: string;
  readonly arn: string | null;
  /** The role beside the human. */
  readonly role: string | null;
  readonly via: Via;
  readonly sourceIp: string | null;
  /** Of the address, ISO 3166-1 alpha-2; absent where no database of countries is configured, or it does not know. */
  readonly country?: string;
  readonly userAgent: string | null;
  readonly mfa: boolean | null;
  /** The service that acted with the caller's rights or for them, such as `cloudformation.amazonaws.com`. */
  readonly service?: string;
  /** The credential the call was signed with; joins to the event that issued it. Never printed. */
  readonly credential?: string;
  /** How the name was found: `sourceIdentity`, `session-name`, `role-chain`, `user`. */
  readonly nameFrom?: string;
}

/** The account and region by which a trail files its records. */
export interface TrailPlace {
  readonly account: string;
  readonly region: string;
}

/** One audit record, whatever trail it came from. `request` and `response` are as recorded. */
export interface AuditEvent {
  readonly id: string;
  /** Whole seconds in most trails. */
  readonly time: string;
  /** `ec2.amazonaws.com`, `linux-audit`. */
  readonly source: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly readOnly: boolean;
  /** Present: nothing happened. */
  readonly error?: { readonly code: string; readonly message: string };
  readonly actor: Actor;
  readonly request: Json;
  readonly response: Json;
  /** The parts of the record that rules and effects may need: `resources`, `additionalEventData`, `userIdentity`, `eventType`; `ref`: scope, kind and id of what it was about, as far as the trail knows. */
  readonly extra?: JsonObject;
  /** The credential that this event issued (AssumeRole and its kin). */
  readonly issued?: string;
  /** The same act as another account's trail saw it. */
  readonly sharedId?: string;
  /** A later copy that corrects an earlier one of the same id. */
  readonly addendum?: boolean;
}

export interface EventRef {
  readonly id: string;
  readonly name: string;
  readonly source: string;
  readonly time: string;
}

/** What one successful event did to one leaf. */
export interface Effect {
  readonly ref: Ref;
  readonly op: 'create' | 'delete' | 'set' | 'unset';
  /** JSON pointer into the normalised config; '' for the resource itself. A last segment `**` means anything below. */
  readonly path: string;
  /**
   * The value written, or removed for `unset`; absent when the record does not tell it (masked, truncated, implicit).
   * For a `create` or `delete` of what others hold in being (a policy listed while attached): which holder came or went.
   */
  readonly value?: Json;
  /** Of a `create` whose record tells the whole resource: what was made, as the files would have it. Rules judge it where no snapshot shows it. */
  readonly config?: Json;
  /** A consequence rather than the act itself, and of what: "the group's default egress rule". Grade `cascade`. */
  readonly cascade?: string;
  /** The record tells that the resource was written, and not where: it explains an edit only if nobody else wrote to it. */
  readonly anywhere?: boolean;
}

/** What is known of the resources around an event: the snapshots before and after it, and earlier events. */
export interface Lookup {
  /** The normalised config before the window; undefined when there was none. */
  readonly before: (ref: Ref) => Json | undefined;
  readonly after: (ref: Ref) => Json | undefined;
  /** All resources of a kind in a scope, in either snapshot. */
  readonly list: (scope: string, kind: string) => Iterable<{ readonly ref: Ref; readonly config: Json }>;
  /** The part of something in a scope that a secondary id stands for, from snapshots (`Kind.secondaryIds`) and earlier events (`EventRule.secondaryIds`). */
  readonly resolve: (scope: string, secondaryId: string) => { readonly ref: Ref; readonly path: string; readonly value?: Json } | undefined;
}

export interface EventRule {
  readonly source: string;
  /** Event name; a trailing `*` matches any version suffix. */
  readonly name: string;
  readonly effects: (event: AuditEvent, lookup: Lookup) => readonly Effect[];
  /** Ids that this event gave to parts of resources, for later events of the same window. */
  readonly secondaryIds?: (event: AuditEvent, lookup: Lookup) => Readonly<Record<string, { ref: Ref; path: string; value?: Json }>>;
}

/** Successful writes that no rule knows, counted by name and source. */
export interface UnmappedEvent {
  readonly name: string;
  readonly source: string;
  readonly count: number;
}
