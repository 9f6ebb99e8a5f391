/** The words of drifttrail as types: plain data that every stage and plug-in shares. Times are UTC ISO 8601. */
import type { ZodType } from 'zod';

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

// ── identity ────────────────────────────────────────────────────────────────────────────────────

/** The identity of a resource. `scope` is where it lives: `aws/123456789012/eu-west-1`, `hosts/web01`. */
export interface Ref {
  readonly scope: string;
  readonly kind: string;
  readonly id: string;
}

/** One thing with an identity and a config. `config` is JSON, or for kinds of format `text` a string or bytes. */
export interface Resource {
  readonly ref: Ref;
  /** What people call it, such as the value of its Name tag; never part of the identity. */
  readonly name?: string;
  readonly config: Json | Uint8Array;
}

export type GapReason = 'denied' | 'throttled' | 'unreachable' | 'truncated' | 'invalid' | 'suspicious';

/** A (scope, kind) that could not be read completely; without a kind, the whole scope. */
export interface Gap {
  readonly scope: string;
  readonly kind?: string;
  readonly reason: GapReason;
  readonly detail: string;
  /** What was yielded is whole all the same and may be written; only absence says nothing (one unreadable file of many). */
  readonly partial?: boolean;
}

// ── kinds and exporters ─────────────────────────────────────────────────────────────────────────

/** Where a kind's files stand under their scope. Default: a folder named after the kind without its first word. */
export type Location =
  | { readonly type: 'folder'; readonly folder: string; readonly extension?: string } // <scope>/<folder>/<id>.<ext>; '.sql' instead of the format's
  | { readonly type: 'tree'; readonly folder: string } // <scope>/<folder>/<id split at "/">, no extension
  | { readonly type: 'file'; readonly file: string }; // <scope>/<file>, one resource a scope, id = kind's last word

/**
 * An array that is a set. `path` is a pointer pattern (see `Kind`).
 * With `key`, the array is written as an object under that key: each part names a field of the element, or
 * alternatives of which the first present one counts; parts are joined by a space. `value` keeps only that
 * field of the element (tags: `{ path: '/tags', key: ['key'], value: 'value' }`). Without `key`: sorted scalars.
 */
export interface SetRule {
  readonly path: string;
  readonly key?: readonly (string | readonly string[])[];
  readonly value?: string;
}

/** Something dropped from a config because it changes without anybody changing it. */
export interface VolatileRule {
  readonly path: string;
  /** Why it is noise, with a sample of the value. */
  readonly because: string;
}

/**
 * A type of resource. Pointer patterns are JSON pointers over the normalised config in which a segment `*` stands for
 * any key or index and a last segment `**` for anything below.
 */
export interface Kind {
  readonly format: 'json' | 'yaml' | 'text';
  /** Singular noun for people: "route table". */
  readonly title: string;
  /** Plural of the title when adding an s is wrong. */
  readonly plural?: string;
  readonly location?: Location;
  /** The config is one object whose members are things of this kind (packages, users); ignore rules see each member as `$`. */
  readonly collection?: boolean;
  readonly volatile?: readonly VolatileRule[];
  readonly sets?: readonly SetRule[];
  /** Values that are always secret, whatever they look like. */
  readonly secret?: readonly string[];
  /** The canonical form of a config, after sets and before redaction, where data cannot say it (IAM policies). */
  readonly canonical?: (config: Json) => Json;
  /** Ids that stand for a part of this resource (association, security-group-rule ids): id → pointer into the config ('' = the resource). */
  readonly secondaryIds?: (config: Json, ref: Ref) => Readonly<Record<string, string>>;
  /** What this resource shows to exist and does not describe: `coverage` lists it when nobody watches it. */
  readonly sights?: (config: Json, ref: Ref) => readonly Sight[];
  readonly events?: readonly EventRule[];
  /** Whose trail has the events of this kind in a scope, likeliest first. Default: `<root>/<account>/<region>` as the scope says. */
  readonly recordedIn?: (scope: string) => readonly TrailPlace[];
  /** Commands that restore the state before the change; each is one shell command line, every argument quoted. */
  readonly undo?: (change: Change, context: UndoContext) => readonly string[];
}

/** A thing that is known of only because something else mentions it. */
export interface Sight {
  /** `EC2 instance` */
  readonly title: string;
  readonly id: string;
  /** By what else a host of that name would be watched: addresses, host names. */
  readonly aliases: readonly string[];
}

export interface UndoContext {
  /** The normalised config of another resource as it was before the change. */
  readonly before: (ref: Ref) => Json | undefined;
}

/** How paths begin and how many segments a scope has: `{ root: 'aws', depth: 3 }` for `aws/<account>/<region>`. */
export interface ScopeLayout {
  readonly root: string;
  readonly depth: number;
}

export interface Exporter<Options = unknown> {
  readonly name: string;
  readonly summary: string;
  readonly options: ZodType<Options>;
  readonly scopes: ScopeLayout;
  readonly kinds: Readonly<Record<string, Kind>>;
  /** The exporter's ranking rules: a folder of YAML files. */
  readonly rules?: URL;
  /** The API actions or commands that collecting needs, as least-privilege policies name them. */
  readonly permissions?: readonly string[];
  /** The trail to read when the configuration names none. */
  readonly defaultTrail?: (options: Options) => PluginUse | undefined;
  /** Asks each system that is configured who we are there, without reading it: what `doctor` tells. */
  readonly probe?: (context: ProbeContext<Options>) => Promise<readonly Probe[]>;
  /** The identity behind a scope, compared with last time (account id, machine id); a different one is suspicious. */
  readonly collect: (context: CollectContext<Options>) => AsyncIterable<Resource>;
}

/** `use:` and the plug-in's own options, as the configuration has them. */
export interface PluginUse {
  readonly use: string;
  readonly [option: string]: unknown;
}

/** What a plug-in may touch. Everything outside the process comes through here. */
export interface Surroundings {
  /** The deployment's folder: relative paths in options start here. */
  readonly dir: string;
  readonly now: () => Date;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly fetch: typeof globalThis.fetch;
  readonly spawn: Spawn;
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

export interface SpawnOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: Uint8Array | string;
  readonly signal?: AbortSignal;
  /** Milliseconds after which the child is killed. */
  readonly timeout?: number;
  /** Bytes of stdout after which the child is killed; default 256 MiB. */
  readonly maxBytes?: number;
}
export interface SpawnResult {
  /** Exit code; null when it was killed. */
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}
/** Runs a program without a shell. Rejects only when it cannot be started (code `spawn-failed`) or was aborted. */
export type Spawn = (command: string, args: readonly string[], options?: SpawnOptions) => Promise<SpawnResult>;

export interface CollectContext<Options = unknown> extends Surroundings {
  readonly options: Options;
  readonly signal: AbortSignal;
  /** Says that every resource of the kind in the scope has been yielded. What is not said to be complete never deletes. */
  readonly complete: (scope: string, kind: string) => void;
  readonly gap: (gap: Gap) => void;
  /** States the identity found behind a scope (account id, cluster uid); a change since last time holds the scope as suspicious. */
  readonly identity: (scope: string, identity: string) => void;
  /** Talk for people, on stderr. */
  readonly progress: (text: string) => void;
}

export interface ProbeContext<Options = unknown> extends Surroundings {
  readonly options: Options;
  readonly signal: AbortSignal;
}

/** Whether one system lets us in, and as whom. */
export interface Probe {
  /** The system as people call it: a profile, a host. */
  readonly system: string;
  readonly ok: boolean;
  /** Who we are there, or what is in the way. */
  readonly detail: string;
}

/** Everything one run collected. */
export interface Snapshot {
  readonly exporter: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly resources: readonly Resource[];
  readonly complete: readonly { readonly scope: string; readonly kind: string }[];
  readonly gaps: readonly Gap[];
  readonly identities: Readonly<Record<string, string>>;
}

// ── changes ─────────────────────────────────────────────────────────────────────────────────────

/** One changed leaf. `path` is a JSON pointer, '' for the whole; for text `/lines/<first line>`. Absent is null. */
export interface Edit {
  readonly path: string;
  readonly before: Json;
  readonly after: Json;
}

export interface Change {
  readonly type: 'created' | 'modified' | 'deleted';
  readonly ref: Ref;
  /** The file in the snapshots repository. */
  readonly path: string;
  readonly name?: string;
  /** For created and deleted resources of JSON: one edit with path ''. */
  readonly edits: readonly Edit[];
  readonly before?: Json;
  readonly after?: Json;
}

// ── events ──────────────────────────────────────────────────────────────────────────────────────

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
  /** The parts of the record that rules and effects may need: `resources`, `additionalEventData`, `userIdentity`, `eventType`. */
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
  /** A consequence rather than the act itself, and of what: "the group's default egress rule". Grade `cascade`. */
  readonly cascade?: string;
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

/** A part of a trail that could not be read. */
export interface TrailGap {
  readonly account?: string;
  readonly region?: string;
  readonly reason: GapReason;
  readonly detail: string;
  /** The writes were read all the same: something about them is missing (who assumed a role), and silence still means no event. */
  readonly partial?: boolean;
}

export interface TrailContext<Options = unknown> extends Surroundings {
  readonly options: Options;
  readonly signal: AbortSignal;
  /** Events of this span are wanted, ends included. */
  readonly window: { readonly from: string; readonly to: string };
  /** The high-water mark that this plug-in left per key (account + region, object key …) at the last complete read. */
  readonly mark: (key: string) => string | undefined;
  /** Kept only when the events read so far have been stored durably. */
  readonly setMark: (key: string, value: string) => void;
  readonly gap: (gap: TrailGap) => void;
  /** Says that a span of an account and region has been read completely; attribution may then say "no event". */
  readonly covered: (span: { readonly account: string; readonly region: string; readonly from: string; readonly to: string }) => void;
  readonly progress: (text: string) => void;
}

/** Why a trail's own files are not to be trusted, one word for machines each. */
export type IntegrityFault =
  | 'log-altered'
  | 'log-missing'
  /** A log file that nothing vouches for. */
  | 'log-unlisted'
  | 'digest-altered'
  | 'digest-missing'
  /** A digest that is not where it says it was delivered to. */
  | 'digest-moved'
  | 'signature-invalid'
  /** A digest that does not continue the one before it. */
  | 'chain-broken'
  /** A chain that begins anew: logging or file validation was stopped, or the trail was made again. */
  | 'logging-stopped'
  /** A chain that ended: nothing has been vouched for since. */
  | 'digests-ended';

/** A sign that a trail's files are not as they were delivered, or that for some time none was delivered. */
export interface IntegrityProblem {
  readonly what: IntegrityFault;
  readonly account: string;
  readonly region: string;
  /** The file, as the trail's own place names it. */
  readonly key?: string;
  /** The hours that it concerns, where that can be said. */
  readonly from?: string;
  readonly to?: string;
  readonly detail: string;
}

export interface VerifyContext<Options = unknown> extends Surroundings {
  readonly options: Options;
  readonly signal: AbortSignal;
  /** Files delivered in this span are checked. */
  readonly window: { readonly from: string; readonly to: string };
  /** What could not be checked. */
  readonly gap: (gap: TrailGap) => void;
  /** What is no alarm but should be known, in words. */
  readonly note: (text: string) => void;
  /** Counts what was checked, by its name in the plural: `digests`, `log files`. */
  readonly checked: (things: string, count: number) => void;
  readonly progress: (text: string) => void;
}

/** A plug-in that reads audit events. */
export interface Trail<Options = unknown> {
  readonly name: string;
  readonly summary: string;
  readonly options: ZodType<Options>;
  readonly permissions?: readonly string[];
  readonly read: (context: TrailContext<Options>) => AsyncIterable<AuditEvent>;
  /** Proves by signatures that the trail's files are whole; absent where the source signs nothing. All problems in one pass. */
  readonly verify?: (context: VerifyContext<Options>) => AsyncIterable<IntegrityProblem>;
}

// ── attribution and findings ────────────────────────────────────────────────────────────────────

export type Grade = 'exact' | 'leaf' | 'cascade' | 'candidate';
export type AttributionStatus = 'attributed' | 'ambiguous' | 'pending' | 'unattributed' | 'not-applicable';

export interface EditAttribution {
  /** The cause first, then its history, newest first. */
  readonly eventIds: readonly string[];
  readonly grade?: Grade;
}

export interface Attribution {
  readonly status: AttributionStatus;
  /** The weakest grade over the edits. */
  readonly grade?: Grade;
  readonly actor?: Actor;
  readonly events: readonly EventRef[];
  /** By edit path. */
  readonly edits: Readonly<Record<string, EditAttribution>>;
  readonly because: string;
}

export type Level = 'critical' | 'high' | 'medium' | 'low' | 'info';

/** Successful writes on tracked kinds that left no diff. */
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
  /** The reason why the configuration's ignore list or a person set it aside: kept in the report, told to nobody. */
  readonly ignored?: string;
}

// ── hooks ───────────────────────────────────────────────────────────────────────────────────────

/** What an outlet is asked to say: at most one message per commit and outlet. */
export interface Message {
  /** Stable across repeats; receivers may drop what they have seen. */
  readonly id: string;
  readonly title: string;
  readonly commit: string | null;
  readonly subject: string;
  /** The first five by threat. */
  readonly findings: readonly Finding[];
  /** How many more there are. */
  readonly more: number;
  readonly kind: 'changes' | 'follow-up' | 'coverage' | 'alert' | 'test';
  /** Where to read on: a URL, or the command. */
  readonly link: string;
}

export interface Receipt {
  readonly status: 'delivered' | 'retry' | 'rejected';
  readonly detail: string;
  /** Milliseconds. */
  readonly retryAfter?: number;
}

export interface HookContext<Options = unknown> extends Surroundings {
  readonly options: Options;
  /** The shared sender: https, address checks, no redirects, 10 s, secrets out of errors. */
  readonly send: (request: OutgoingRequest) => Promise<Receipt>;
}
export interface OutgoingRequest {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Hook<Options = unknown> {
  readonly name: string;
  readonly summary: string;
  readonly options: ZodType<Options>;
  readonly deliver: (message: Message, signal: AbortSignal, context: HookContext<Options>) => Promise<Receipt>;
}
