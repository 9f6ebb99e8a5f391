/** What the operating system refuses is no defect of ours: said with the path and what to do about it. */
import { DrifttrailError } from '../errors.ts';

const EXPLAINED: Readonly<Record<string, readonly [what: string, remedy: string]>> = {
  ENOSPC: ['the disk is full', 'make room and run it again; what was committed is whole'],
  EDQUOT: ['the disk quota is used up', 'make room and run it again; what was committed is whole'],
  EROFS: ['the file system is read-only', 'mount it writable, or keep the deployment elsewhere'],
  EACCES: ['permission denied', 'run drifttrail as the user who owns the deployment'],
  EPERM: ['operation not permitted', 'run drifttrail as the user who owns the deployment'],
  EMFILE: ['too many open files', 'raise the limit: ulimit -n 4096'],
  EIO: ['the disk answers with errors', 'check the disk; drifttrail doctor checks the repository'],
};

/** The error itself, or one fit for a user when the system is the cause. */
export function explained(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof DrifttrailError) return error;
  const { code = '', path, syscall } = error as NodeJS.ErrnoException;
  const [what, remedy] = EXPLAINED[code] ?? [];
  if (what === undefined || remedy === undefined) return error;
  const doing = path === undefined ? '' : `cannot ${syscall ?? 'use'} ${path}: `;
  return new DrifttrailError({ code: 'system', message: `${doing}${what} (${code})`, remedy, cause: error });
}
