/** The contract of a plug-in that tells people. */
import type { Socket } from 'node:net';
import type { ZodType } from 'zod';
import type { Finding, Level } from './finding.ts';
import type { Gap, Json } from './resource.ts';
import type { Surroundings } from './surroundings.ts';

/** What an outlet is asked to say: at most one message per commit and outlet. */
export interface Message {
  /** Stable across repeats; receivers may drop what they have seen. */
  readonly id: string;
  readonly title: string;
  readonly commit: string | null;
  readonly subject: string;
  /** The first five by threat; of a digest the first twenty; for an outlet of `records` at most a hundred, the rest follows. */
  readonly findings: readonly Finding[];
  /** How many more there are. */
  readonly more: number;
  /**
   * `resolve`: these findings were told before, and a later snapshot put back what they tell of. `digest`: all that was held back.
   * `answer`: what changed before an alert of somebody else, the most suspicious first.
   */
  readonly kind: 'changes' | 'follow-up' | 'coverage' | 'alert' | 'test' | 'resolve' | 'digest' | 'answer';
  /** Where to read on: a URL, or the command. */
  readonly link: string;
  /** Of an answer to a PagerDuty incident: its id there. */
  readonly incident?: string;
  /** Of a digest: how many there are of each level and by each actor, the most first. */
  readonly totals?: Totals;
}

export interface Totals {
  readonly levels: Readonly<Record<Level, number>>;
  /** The ten with the most; '' stands for nobody known. */
  readonly actors: readonly { readonly name: string; readonly count: number }[];
}

export interface Receipt {
  readonly status: 'delivered' | 'retry' | 'rejected';
  readonly detail: string;
  /** Milliseconds. */
  readonly retryAfter?: number;
  /**
   * Part of the message was taken: what the next try has to know so that nobody is told twice, kept with the message and handed
   * back as `context.rest`. Later messages do not wait behind such a one. Nothing secret: it stands on the disk.
   */
  readonly rest?: Json;
}

/** What the receiver said, for outlets that have to know. */
export interface Answer extends Receipt {
  /** HTTP status; absent when there was no answer. */
  readonly code?: number;
  /** At most 8 Mi characters, empty when there was no answer. */
  readonly body: string;
}

export interface HookContext<Options = unknown> extends Surroundings {
  readonly options: Options;
  /** What an earlier try of the same message left as `rest` of its receipt; absent at the first. */
  readonly rest?: Json;
  /** The shared sender: https, address checks, no redirects, 10 s, secrets out of errors. */
  readonly send: (request: OutgoingRequest) => Promise<Receipt>;
  /** The same with what the receiver answered. */
  readonly ask: (request: OutgoingRequest) => Promise<Answer>;
  /**
   * Opens a stream to an address that was checked as the sender checks it; the hook destroys it. Throws `address-refused`,
   * which ends the delivery for good, and `unreachable`.
   */
  readonly connect: (target: StreamTarget) => Promise<Socket>;
  /** Sends datagrams to an address that was checked alike. UDP says nothing back: resolved means handed to the network. */
  readonly sendDatagrams: (target: Pick<StreamTarget, 'host' | 'port'>, packets: readonly Uint8Array[]) => Promise<void>;
}

export interface OutgoingRequest {
  readonly url: string;
  /** Default POST. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH';
  readonly headers?: Readonly<Record<string, string>>;
  /** Nothing is sent for GET. */
  readonly body: string;
}

export interface StreamTarget {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte, the certificate checked for `host`; `ca`: PEM of who may sign it, besides the system's. */
  readonly tls?: { readonly ca?: string };
  /** Plain text may go to a public address: the protocol asks for TLS itself (STARTTLS). */
  readonly upgrades?: boolean;
}

/** How things stand, for outlets that show a state rather than tell of changes. */
export interface Status {
  readonly generatedAt: string;
  /** By scope, when all its kinds were last read completely. */
  readonly scopes: readonly { readonly scope: string; readonly complete: string | null }[];
  /** Findings of the last 24 hours that stand: neither put back nor set aside by somebody. */
  readonly levels: Readonly<Record<Level, number>>;
  /** How many of them may still get their actor. */
  readonly pending: number;
  readonly gaps: readonly Gap[];
  /** By outlet. */
  readonly outlets: Readonly<Record<string, OutletCounts>>;
  /** The run that this status is of; absent between runs. Milliseconds. */
  readonly duration?: number;
}

export interface OutletCounts {
  readonly sent: number;
  readonly retried: number;
  /** Refused for good or given up, since the beginning. */
  readonly failed: number;
  readonly lastSuccess: string | null;
  /** In the outbox now. */
  readonly waiting: number;
  /** Given up and not sent again since. */
  readonly dead: number;
  /** Kept back for a digest, a group or the end of quiet hours. */
  readonly held: number;
}

/** A plug-in that tells people: of changes (`deliver`), of the state of things after each look (`state`), or both. */
export interface Hook<Options = unknown> {
  readonly name: string;
  readonly summary: string;
  readonly options: ZodType<Options>;
  /** One message for each finding, for receivers that keep each as a thing of its own: an incident, an issue. */
  readonly each?: boolean;
  /**
   * It keeps a record a finding, for others to search: it gets every finding, not only the worst, in as many messages as that
   * takes, one after the other, each with an id of its own. Their findings come without `before` and `after` of the resource.
   */
  readonly records?: boolean;
  readonly deliver?: (message: Message, signal: AbortSignal, context: HookContext<Options>) => Promise<Receipt>;
  /** Answers an alert at the very place where it was raised; without it an answer is a message like others. */
  readonly answer?: (message: Message, signal: AbortSignal, context: HookContext<Options>) => Promise<Receipt>;
  /** Not kept for later when it fails: the next look tells the state anew. */
  readonly state?: (status: Status, signal: AbortSignal, context: HookContext<Options>) => Promise<Receipt>;
}
