/** What a fact is: one document about a host. */
import type { JsonObject } from 'drifttrail';
import { quote } from '../../_shell/words.ts';
import type { Source } from '../source.ts';

export interface Fact {
  /** The file's name under facts/, as `facts:` in the configuration lists it. */
  readonly name: string;
  readonly kind: string;
  readonly title: string;
  readonly plural?: string;
  /** One object of members, each a thing of its own; default true. */
  readonly collection?: boolean;
  /** Read only where `facts` names it: what it costs is nothing for every run. */
  readonly onRequest?: true;
  /** Pointer patterns of values that are kept as a keyed fingerprint alone (`Kind.secret`). */
  readonly secret?: readonly string[];
  /**
   * What to ask a host over ssh for at once, beyond what `read` asks of a host that has nothing: lines of shell that call
   * `text`, `texts`, `list`, `look`, `fill` and `run` of remote/collector.sh. Without it the host is asked twice.
   */
  readonly ahead?: string;
  /** Undefined where this root cannot tell (a fact of a running machine, asked of an image). Throws Unreadable. */
  readonly read: (source: Source) => JsonObject | undefined | Promise<JsonObject | undefined>;
}

/** What `facts:` of the configuration wants: `default` stands for all that need not be named. */
export function isWanted({ name, onRequest }: Pick<Fact, 'name' | 'onRequest'>, wanted: boolean | readonly string[]): boolean {
  if (typeof wanted === 'boolean') return wanted && onRequest !== true;
  return wanted.includes(name) || (onRequest !== true && wanted.includes('default'));
}

/** A line of `ahead` that asks for what a program prints. */
export function asked(command: string, args: readonly string[]): string {
  return `run ${[command, ...args].map(quote).join(' ')}`;
}

/** An object from entries; of several with one key the later are told apart by ` #2`, ` #3`. */
export function keyed(entries: Iterable<readonly [string, JsonObject]>): JsonObject {
  const found = new Map<string, JsonObject>();
  for (const [key, value] of entries) {
    let name = key;
    for (let number = 2; found.has(name); number++) name = `${key} #${number}`;
    found.set(name, value);
  }
  return Object.fromEntries(found);
}

/** Lines without comments (`#` at the start) and blank ones. */
export function dataLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}
