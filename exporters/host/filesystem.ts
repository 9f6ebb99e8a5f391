/** The file system calls that collecting needs, as an interface so that a test can make them fail. */
import * as fs from 'node:fs';

export type FileSystem = Pick<
  typeof fs,
  | 'lstatSync'
  | 'statSync'
  | 'openSync'
  | 'fstatSync'
  | 'readSync'
  | 'closeSync'
  | 'readdirSync'
  | 'readlinkSync'
  | 'statfsSync'
  | 'realpathSync'
>;

export const realFileSystem: FileSystem = fs;

/** Text where every name on the way is valid UTF-8: text costs Node half of what bytes do. */
export type RawPath = string | Buffer;

export type Status = Pick<
  fs.Stats,
  'mode' | 'uid' | 'gid' | 'size' | 'isFile' | 'isDirectory' | 'isSymbolicLink' | 'isFIFO' | 'isSocket' | 'isBlockDevice'
>;

/** What a walk and the facts ask of a file system, which need not be one of this machine. Throws as node:fs does. */
export interface Tree {
  readonly lstatSync: (path: RawPath) => Status;
  readonly readdirSync: {
    (path: RawPath): string[];
    (path: RawPath, options: { readonly encoding: 'buffer' }): Buffer[];
  };
  readonly readlinkSync: {
    (path: RawPath): string;
    (path: RawPath, options: { readonly encoding: 'buffer' }): Buffer;
  };
  readonly statfsSync: (path: string) => Pick<fs.StatsFs, 'blocks' | 'bfree' | 'bavail' | 'files' | 'ffree'>;
}

/** Something that stands there but cannot be read. */
export class Unreadable extends Error {
  readonly reason: 'denied' | 'invalid' | 'truncated';
  readonly path: string;

  constructor(path: string, code: string, reason?: 'denied' | 'invalid' | 'truncated') {
    super(`${path}: ${WORDS[code] ?? code}`);
    this.path = path;
    this.reason = reason ?? (code === 'EACCES' || code === 'EPERM' ? 'denied' : 'invalid');
  }
}

const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EIO: 'input/output error',
  ELOOP: 'too many symbolic links',
  ESTALE: 'stale file handle',
};

/** Missing, or a path that leads through something that is no folder: there is nothing there. */
export function isAbsent(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

export function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException)?.code ?? String(error);
}

/** An error of the file system becomes Unreadable; everything else is a defect and stays what it is. */
export function unreadable(path: string, error: unknown): Error {
  if (error instanceof Unreadable) return error;
  if (typeof (error as NodeJS.ErrnoException)?.code === 'string') return new Unreadable(path, codeOf(error));
  return error instanceof Error ? error : new Error(String(error));
}
