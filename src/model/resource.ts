/** What exists: plain data with an identity, and where it could not be read. */

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

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
