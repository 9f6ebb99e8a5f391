/** What the file system tells of a database file: whether it is one, how it journals, whether somebody has it open. */
import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { Refused } from '../_sql/connection.ts';

export interface DatabaseFile {
  readonly journal: 'wal' | 'rollback';
  /** Nobody has it open with a log beside it: it can be read as it lies there. */
  readonly still: boolean;
  /** Differs after a write. */
  readonly mark: string;
}

const MAGIC = 'SQLite format 3\0';
/** The file format's version for reading; 2 is a write-ahead log. https://sqlite.org/fileformat2.html */
const VERSION_AT = 19;

/** Throws `Refused`. */
export async function look(path: string): Promise<DatabaseFile> {
  const head = Buffer.alloc(VERSION_AT + 1);
  let mark: string;
  try {
    // A FIFO in its place must not hold us.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const told = await file.stat();
      if (!told.isFile()) throw new Refused(`${path} is no plain file`, 'invalid');
      const { bytesRead } = await file.read(head, 0, head.length, 0);
      if (bytesRead > 0 && head.toString('latin1', 0, MAGIC.length) !== MAGIC)
        throw new Refused(`${path} is no SQLite database`, 'invalid');
      mark = `${told.ino} ${told.size} ${told.mtimeMs}`;
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof Refused) throw error;
    const { code } = error as NodeJS.ErrnoException;
    const denied = code === 'EACCES' || code === 'EPERM';
    throw new Refused(`${path}: ${denied ? 'we may not read it' : (code ?? 'cannot be opened')}`, denied ? 'denied' : 'unreachable');
  }
  const beside = await Promise.all(['-wal', '-journal'].map((suffix) => isThere(`${path}${suffix}`)));
  return { journal: head[VERSION_AT] === 2 ? 'wal' : 'rollback', still: !beside.includes(true), mark };
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
