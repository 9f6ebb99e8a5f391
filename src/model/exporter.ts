/** The contract of a plug-in that collects resources. */
import type { ZodType } from 'zod';
import type { Kind, Sighting } from './kind.ts';
import type { Gap, Resource } from './resource.ts';
import type { Surroundings } from './surroundings.ts';

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
  /** By name. `<first word>.*` stands for kinds whose names only the system knows, such as custom resources: `kubernetes.*`. */
  readonly kinds: Readonly<Record<string, Kind>>;
  /** Kinds that only an entry of the configuration describes. Two entries that describe one kind must agree. */
  readonly kindsOf?: (options: Options) => Readonly<Record<string, Kind>>;
  /** The exporter's ranking rules: a folder of YAML files. */
  readonly rules?: URL;
  /** The API actions or commands that collecting needs, as least-privilege policies name them. */
  readonly permissions?: readonly string[];
  /** The trail to read when the configuration names none. */
  readonly defaultTrail?: (options: Options) => PluginUse | undefined;
  /** Asks each system that is configured who we are there, without reading it: what `doctor` tells. */
  readonly probe?: (context: ProbeContext<Options>) => Promise<readonly Probe[]>;
  /**
   * Says each time that something may have changed, in words for a log, so that the daemon looks at once instead of at the
   * next turn of the schedule. Only a hint: what there is, `collect` alone says. Ends when it can watch no more; undefined
   * when the options do not ask for it.
   */
  readonly watch?: (context: WatchContext<Options>) => AsyncIterable<string> | undefined;
  /** What its configured sources mention to exist beside what they are read for: `coverage` lists what nobody watches. */
  readonly sightings?: (context: ProbeContext<Options>) => Promise<readonly Sighting[]>;
  /** The identity behind a scope, compared with last time (account id, machine id); a different one is suspicious. */
  readonly collect: (context: CollectContext<Options>) => AsyncIterable<Resource>;
}

/** `use:` and the plug-in's own options, as the configuration has them. */
export interface PluginUse {
  readonly use: string;
  readonly [option: string]: unknown;
}

export interface CollectContext<Options = unknown> extends Surroundings {
  readonly options: Options;
  readonly signal: AbortSignal;
  /** Says that every resource of the kind in the scope has been yielded. What is not said to be complete never deletes. */
  readonly complete: (scope: string, kind: string) => void;
  readonly gap: (gap: Gap) => void;
  /** Scopes and kinds of which the last snapshot holds something; a kind that the system knows no more can then be said to be complete. */
  readonly known: () => readonly ScopedKind[];
  /**
   * Names all the scopes that there are directly below one, wanted or not. What is known of a scope that is not among them
   * is gone with it; one that was not named last time had nothing in it then.
   */
  readonly surveyed: (above: string, scopes: readonly string[]) => void;
  /** States the identity found behind a scope (account id, cluster uid); a change since last time holds the scope as suspicious. */
  readonly identity: (scope: string, identity: string) => void;
  /** Talk for people, on stderr. */
  readonly progress: (text: string) => void;
}

export interface ScopedKind {
  readonly scope: string;
  readonly kind: string;
}

export interface ProbeContext<Options = unknown> extends Surroundings {
  readonly options: Options;
  readonly signal: AbortSignal;
}

export interface WatchContext<Options = unknown> extends ProbeContext<Options> {
  /** What cannot be watched, and what to do about it. */
  readonly problem: (text: string) => void;
}

/** Whether one system lets us in, and as whom. */
export interface Probe {
  /** The system as people call it: a profile, a host. */
  readonly system: string;
  readonly ok: boolean;
  /** Who we are there, or what is in the way. */
  readonly detail: string;
  /** What to do; given where nothing at all can be read until it is done. */
  readonly fix?: string;
}

/** Everything one run collected. */
export interface Snapshot {
  readonly exporter: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly resources: readonly Resource[];
  readonly complete: readonly ScopedKind[];
  readonly gaps: readonly Gap[];
  /** By scope, all scopes directly below it, where the exporter could name them all. */
  readonly surveys?: Readonly<Record<string, readonly string[]>>;
  readonly identities: Readonly<Record<string, string>>;
}

/** Whether a scope is one that the scopes below its parent no longer include. */
export function isGone(surveys: Snapshot['surveys'] = {}): (scope: string) => boolean {
  const present = new Map(Object.entries(surveys).map(([above, scopes]) => [above, new Set(scopes)]));
  return (scope) => present.get(scope.slice(0, scope.lastIndexOf('/')))?.has(scope) === false;
}
