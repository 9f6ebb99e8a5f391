/** What a host has answered, by what it was asked. */

/** Why a stream is no answer: the program did not begin, did not come to its end, or something else spoke in between. */
export class Unanswered extends Error {
  readonly how: 'absent' | 'cut' | 'garbled';

  constructor(how: 'absent' | 'cut' | 'garbled') {
    super(how);
    this.how = how;
  }
}

/** A file system error code (`EACCES`), where there was one in place of an answer. */
export interface Failure {
  readonly code: string;
}

export interface Node {
  /** As find's %y: f file, d folder, l link, p FIFO, s socket, b and c devices. */
  readonly type: string;
  /** Permission bits alone. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
}

export interface Filling {
  readonly blocks: number;
  readonly bfree: number;
  readonly bavail: number;
  readonly files: number;
  readonly ffree: number;
}

export interface Digest {
  readonly size: number;
  readonly sha256?: string;
  readonly sha256OfEnds?: string;
}

export interface Printed {
  /** Exit code; undefined when there is no such program. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** What is at a path itself; `target` of a link. */
export type Look = 'absent' | 'other' | { readonly target: string } | Failure;

/** Keys are path keys (path-key.ts). */
export interface Answers {
  readonly texts: Map<string, Buffer | 'absent' | Failure>;
  readonly lists: Map<string, readonly string[] | 'absent' | Failure>;
  readonly looks: Map<string, Look>;
  readonly fillings: Map<string, Filling | Failure>;
  readonly printed: Map<string, Printed>;
  readonly nodes: Map<string, Node>;
  readonly targets: Map<string, string>;
  /** Names in folders that were walked. */
  readonly children: Map<string, string[]>;
  /** Files and folders we may not read. */
  readonly closed: Set<string>;
  /** Walks that did not go through, by the folder they started at. */
  readonly failedWalks: Map<string, Failure>;
  readonly contents: Map<string, Buffer | Digest | 'absent' | 'changed' | Failure>;
}

export function noAnswers(): Answers {
  return {
    texts: new Map(),
    lists: new Map(),
    looks: new Map(),
    fillings: new Map(),
    printed: new Map(),
    nodes: new Map(),
    targets: new Map(),
    children: new Map(),
    closed: new Set(),
    failedWalks: new Map(),
    contents: new Map(),
  };
}

export function isFailure(answer: unknown): answer is Failure {
  return typeof answer === 'object' && answer !== null && 'code' in answer && typeof answer.code === 'string';
}

/** A program and its arguments as a key. */
export function wordsKey(words: readonly string[]): string {
  return words.join('\0');
}

const CODES: readonly (readonly [RegExp, string])[] = [
  [/permission denied/i, 'EACCES'],
  [/operation not permitted/i, 'EPERM'],
  [/no such file/i, 'ENOENT'],
  [/not a directory/i, 'ENOTDIR'],
  [/is a directory/i, 'EISDIR'],
  [/too many levels of symbolic links/i, 'ELOOP'],
  [/stale file handle/i, 'ESTALE'],
  [/no such process/i, 'ESRCH'],
  [/invalid argument/i, 'EINVAL'],
  [/transport endpoint/i, 'ENOTCONN'],
];

/** The code behind what a program said, which speaks as strerror(3) does in the C locale. */
export function failureOf(said: string): Failure {
  return { code: CODES.find(([words]) => words.test(said))?.[1] ?? 'EIO' };
}
