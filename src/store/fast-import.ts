/** Streams for `git fast-import`: commits are made aside, and refs move last, all together, by compare-and-swap. */
import { randomBytes } from 'node:crypto';
import { DrifttrailError } from '../errors.ts';
import { joined } from './chunks.ts';
import type { Git } from './git.ts';

export interface Signature {
  readonly name: string;
  readonly email: string;
}

export interface NewCommit {
  /** The ref that is to become this commit. */
  readonly ref: string;
  /** What the ref must be until then; null when it must not exist. */
  readonly expected: string | null;
  /** The parent, when it is not `expected`. */
  readonly parent?: string | null;
  readonly message: string;
  /** Seconds since 1970. */
  readonly seconds: number;
  readonly author: Signature;
  /** Seconds since 1970, when not those of the commit. */
  readonly authored?: number;
  /** When not the author. */
  readonly committer?: Signature;
  /** A whole file, or the id of a blob that is there already; deletions come first. */
  readonly writes: Iterable<readonly [path: string, content: Uint8Array | string]>;
  readonly deletes?: Iterable<string>;
  /** Notes: contents by the commit they speak of. */
  readonly notes?: Iterable<readonly [commit: string, content: Uint8Array]>;
}

/** Commits that are made and not yet where they belong, one name each. */
export const INCOMING = 'refs/drifttrail/incoming';
export const ZERO = '0'.repeat(40);
const SAFE_PATH = /^[A-Za-z0-9._@=+,%/-]+$/;
/** A segment that is empty or means something to git or the file system. */
const UNSAFE_PART = /(?:^|\/)(?:\.{0,2}|\.git)(?:\/|$)/i;

/** A fast-import at work: what it is given can be seen nowhere until `moveRefs`. Ends with `commit` or `abandon`. */
export interface Import {
  /** Hands over a file ahead of the commit, whose writes then name it by its id; waits as `Feed.write` does. */
  readonly blob: (content: Uint8Array) => Promise<void> | undefined;
  /** Makes the commits; their ids and the private refs that hold them until `moveRefs`. */
  readonly commit: (commits: readonly NewCommit[]) => Promise<Imported>;
  /** Leaves nothing but a file of git's that `recover` clears. */
  readonly abandon: () => Promise<void>;
}

export interface Imported {
  readonly ids: string[];
  readonly held: string[];
}

/** `loose` keeps few objects out of packs, where they can be pruned. */
export function openImport(git: Git, loose = false): Import {
  const limit = `fastimport.unpackLimit=${loose ? 100 : 1}`;
  const feed = git.feed(['-c', limit, 'fast-import', '--quiet', '--done', '--date-format=raw']);
  const out = joined(feed.write);
  return {
    blob: (content) => {
      const waits = [`blob\ndata ${content.byteLength}\n`, content, '\n'].map(out.add);
      return waits.findLast((wait) => wait !== undefined);
    },
    commit: async (commits) => {
      // A name of its own for each import: what a killed one left behind is in nobody's way.
      const run = randomBytes(8).toString('hex');
      const held = commits.map((_, index) => `${INCOMING}/${run}-${index}`);
      try {
        for (const piece of stream(commits, held)) {
          const wait = out.add(piece);
          if (wait !== undefined) await wait;
        }
      } catch (error) {
        await feed.kill();
        throw error;
      }
      await out.flush();
      const ids = (await feed.end()).toString('latin1').split('\n').filter(Boolean);
      return { ids, held };
    },
    abandon: () => feed.kill(),
  };
}

/** Makes commits without moving any ref of consequence. */
export function importCommits(git: Git, commits: readonly NewCommit[], loose = false): Promise<Imported> {
  return openImport(git, loose).commit(commits);
}

export interface Move {
  readonly ref: string;
  readonly to: string;
  readonly from: string | null;
}

/** Moves all refs or none, each only when it is still what it was. False when one is not. */
export async function moveRefs(git: Git, moves: readonly Move[], held: readonly string[], reason: string): Promise<boolean> {
  const lines = [...moves.map(({ ref, to, from }) => `update ${ref} ${to} ${from ?? ZERO}`), ...held.map((ref) => `delete ${ref}`)];
  try {
    await git.run(['update-ref', '-m', `drifttrail: ${reason}`, '--no-deref', '--stdin'], { input: `${lines.join('\n')}\n` });
    return true;
  } catch (error) {
    if (!(error instanceof DrifttrailError) || !/but expected|reference already exists|unable to resolve reference/.test(error.message))
      throw error;
    if (held.length > 0) await git.run(['update-ref', '--stdin'], { input: `${held.map((ref) => `delete ${ref}`).join('\n')}\n` });
    return false;
  }
}

function* stream(commits: readonly NewCommit[], held: readonly string[]): Generator<Uint8Array | string> {
  for (const [index, commit] of commits.entries()) {
    const author = signature(commit.author, commit.authored ?? commit.seconds);
    const committer = signature(commit.committer ?? commit.author, commit.seconds);
    yield `commit ${held[index]}\nmark :${index + 1}\nauthor ${author}\ncommitter ${committer}\n`;
    yield* data(Buffer.from(commit.message, 'utf8'));
    const parent = commit.parent === undefined ? commit.expected : commit.parent;
    if (parent !== null) yield `from ${parent}\n`;
    for (const path of commit.deletes ?? []) yield `D ${checked(path)}\n`;
    // Neighbours are alike: in this order deltas are smaller, and equal snapshots make equal packs.
    const writes = [...commit.writes].sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [path, content] of writes) {
      if (typeof content === 'string') yield `M 100644 ${content} ${checked(path)}\n`;
      else {
        yield `M 100644 inline ${checked(path)}\n`;
        yield* data(content);
      }
    }
    for (const [target, content] of commit.notes ?? []) {
      yield 'N inline ';
      yield `${target}\n`;
      yield* data(content);
    }
    yield `get-mark :${index + 1}\n`;
  }
  yield 'done\n';
}

function signature({ name, email }: Signature, seconds: number): string {
  return `${plain(name)} <${plain(email)}> ${seconds} +0000`;
}

/** Without what would end the name or the line; git takes the same out of names. */
function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
  return text.replaceAll(/[<>\s\u0000-\u001f\u007f]+/g, ' ').trim();
}

function* data(bytes: Uint8Array): Generator<Uint8Array | string> {
  yield `data ${bytes.byteLength}\n`;
  yield bytes;
  yield '\n';
}

/** The layout never makes another; this is the last gate before git. */
function checked(path: string): string {
  if (!SAFE_PATH.test(path) || UNSAFE_PART.test(path)) {
    throw new DrifttrailError({ code: 'path-unsafe', message: `${JSON.stringify(path)} cannot be a path in the snapshots repository` });
  }
  return path;
}
