/** What a kind of resource is, and the contract of a plug-in that collects resources. */
import type { ZodType } from 'zod';
import type { Change } from './change.ts';
import type { EventRule, TrailPlace } from './event.ts';
import type { Gap, Json, JsonObject, Ref, Resource } from './resource.ts';
import type { Surroundings } from './surroundings.ts';

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

/** An array whose elements have a name of their own; see `Kind.lists`. */
export type ListRule = Required<Pick<SetRule, 'path' | 'key'>>;

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
  /**
   * Arrays that the file keeps as they are, in their order, so that the system takes the file back; everywhere else, in
   * edits, effects and rules, they are objects under their key, as sets are.
   */
  readonly lists?: readonly ListRule[];
  /** Values that are always secret, whatever they look like. */
  readonly secret?: readonly string[];
  /** The canonical form of a config, after sets and before redaction, where data cannot say it (IAM policies). */
  readonly canonical?: (config: Json) => Json;
  /** Ids that stand for a part of this resource (association, security-group-rule ids): id → pointer into the config ('' = the resource). */
  readonly secondaryIds?: (config: Json, ref: Ref) => Readonly<Record<string, string>>;
  /** What this resource shows to exist and does not describe: `coverage` lists it when nobody watches it. */
  readonly sights?: (config: Json, ref: Ref) => readonly Sight[];
  /** The undo of other kinds asks for it: it is read although no event is about it. */
  readonly consulted?: true;
  /** Which resources of the kind can show anything; all, where it is not said. The others are not read for it. */
  readonly sightedIn?: (ref: Ref) => boolean;
  /** How the page about a system tells of it; what has none is counted there. */
  readonly evidence?: Evidence;
  readonly events?: readonly EventRule[];
  /** Whose trail has the events of this kind in a scope, likeliest first. Default: `<root>/<account>/<region>` as the scope says. */
  readonly recordedIn?: (scope: string) => readonly TrailPlace[];
  /**
   * Commands that restore the state before the change; each is one shell command line, every argument quoted. A line that
   * begins with `#` says what no command brings back, or what must be done first; nothing in it means anything to a shell.
   */
  readonly own?: Own;
  /**
   * The resources that say first-hand what this change only says again: the file that a fact is read from. Where all of
   * them changed in the same snapshot, the change is told with the first of them and is no finding of its own.
   */
  readonly restates?: (change: Change) => readonly Ref[];
  readonly undo?: (change: Change, context: UndoContext) => readonly string[];
}

/** A word that is one system's own by nature: its name, an address, an id. */
export interface OwnToken {
  readonly token: string;
  /** What it stands for: `host name`, `address`. The same on every system. */
  readonly what: string;
  /** A system may have several, told in an order that is the same on every system. */
  readonly numbered?: boolean;
}

/** What is each system's own, so that comparing two of them need not tell it. */
export interface Own {
  readonly tokens?: (resource: { readonly ref: Ref; readonly config: Json }) => readonly OwnToken[];
  /** Places that differ from system to system without meaning anything: JSON pointers, `*` is one segment, `**` all below. */
  readonly natural?: (ref: Pick<Ref, 'id'>) => readonly string[];
  /** The config with what chance or the day of installing gave written alike; undefined for what is only left over, such as a backup file. */
  readonly alike?: (resource: { readonly ref: Ref; readonly config: Json }) => Json | undefined;
}

/** A thing that is known of only because something else mentions it, or what one that is watched is called besides its name. */
export interface Sight {
  /** `EC2 instance` */
  readonly title: string;
  readonly id: string;
  /** By what else a host of that name would be watched: addresses, host names. */
  readonly aliases: readonly string[];
  /** Whether it is the watched system itself that tells under which names and addresses others may know it. */
  readonly itself?: true;
  /** Whether a name is its own, where that can be tested and not told: a hashed name. */
  readonly matches?: (name: string) => boolean;
}

/** What the machine that drifttrail runs on knows of others. */
export interface Sighting extends Sight {
  /** The file that mentions it, or why it could not be looked at. */
  readonly seenIn: string;
}

/** A chapter of the page about a system. */
export interface Evidence {
  /** The heading; kinds of one chapter stand below it together: `Who can log in`. */
  readonly chapter: string;
  /** Chapters, and in them kinds, in this order. */
  readonly order: number;
  /** Of a collection, the columns beside the member's name: names of fields. Else all leaves are listed. */
  readonly fields?: readonly string[];
  /** Which members are worth a line. */
  readonly only?: (member: JsonObject) => boolean;
  /** Members stand in one paragraph, each with its first field: a thousand packages. */
  readonly brief?: true;
}

export interface UndoContext {
  /** The normalised config of another resource as it was before the change. */
  readonly before: (ref: Ref) => Json | undefined;
}

const WILDCARD = '.*';

/** The kind of that name, else the one that stands for names nobody knows beforehand. */
export function kindNamed(kinds: Readonly<Record<string, Kind>>, name: string): Kind | undefined {
  if (Object.hasOwn(kinds, name)) return kinds[name];
  const wildcard = `${name.slice(0, name.indexOf('.'))}${WILDCARD}`;
  return Object.hasOwn(kinds, wildcard) ? kinds[wildcard] : undefined;
}

/** Whether it names no kind but stands for many. */
export function isWildcard(kind: string): boolean {
  return kind.endsWith(WILDCARD);
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
