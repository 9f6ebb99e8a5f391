/** The contract of a plug-in that reads audit events, and of its proof that nothing was altered. */
import type { ZodType } from 'zod';
import type { AuditEvent } from './event.ts';
import type { Probe, ProbeContext } from './exporter.ts';
import type { GapReason } from './resource.ts';
import type { Surroundings } from './surroundings.ts';

/** A part of a trail that could not be read. */
export interface TrailGap {
  readonly account?: string;
  readonly region?: string;
  readonly reason: GapReason;
  readonly detail: string;
  /** The writes were read all the same: something about them is missing (who assumed a role), and silence still means no event. */
  readonly partial?: boolean;
  /** All that the source has was read: only that it has everything is not known, and its silence means nothing. */
  readonly silence?: boolean;
}

export interface TrailContext<Options = unknown> extends Surroundings {
  readonly options: Options;
  readonly signal: AbortSignal;
  /** Events of this span are wanted, ends included. */
  readonly window: { readonly from: string; readonly to: string };
  /** Which calls that only read are wanted; without it all. What is not wanted need not be given. */
  readonly reads?: (call: { readonly source: string; readonly name: string; readonly time: string }) => boolean;
  /** The high-water mark that this plug-in left per key (account + region, object key …) at the last complete read. */
  readonly mark: (key: string) => string | undefined;
  /** Kept only when the events read so far have been stored durably. */
  readonly setMark: (key: string, value: string) => void;
  readonly gap: (gap: TrailGap) => void;
  /** Says that a span of an account and region has been read completely; attribution may then say "no event". */
  readonly covered: (span: { readonly account: string; readonly region: string; readonly from: string; readonly to: string }) => void;
  /**
   * Resolves when what has been yielded so far is stored durably: only then may a source that forgets what it gave, such
   * as a queue, be told to. Absent where nothing is stored, as by `drifttrail events`: such a source must not be read then.
   */
  readonly stored?: () => Promise<void>;
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
  /** First words of the scopes whose changes its events tell of: `aws`, `hosts`; of others it says nothing, however long one waits. Default: all. */
  readonly scopes?: readonly string[];
  readonly options: ZodType<Options>;
  readonly permissions?: readonly string[];
  readonly read: (context: TrailContext<Options>) => AsyncIterable<AuditEvent>;
  /** Probing it asks nobody outside this machine: `doctor --offline` does it, too. */
  readonly local?: boolean;
  /** Asks the source whether it can be read and what state it is in: what `doctor` tells. */
  readonly probe?: (context: ProbeContext<Options>) => Promise<readonly Probe[]>;
  /** Proves by signatures that the trail's files are whole; absent where the source signs nothing. All problems in one pass. */
  readonly verify?: (context: VerifyContext<Options>) => AsyncIterable<IntegrityProblem>;
}
