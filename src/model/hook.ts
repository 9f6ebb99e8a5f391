/** The contract of a plug-in that tells people. */
import type { ZodType } from 'zod';
import type { Finding } from './finding.ts';
import type { Surroundings } from './surroundings.ts';

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
