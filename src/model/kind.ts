/** What a kind of resource is: how it is kept, compared, explained and undone. */
import type { Change } from './change.ts';
import type { EventRule, TrailPlace } from './event.ts';
import type { Json, JsonObject, Ref } from './resource.ts';

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
