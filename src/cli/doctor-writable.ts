/** The check of `doctor` that a run may write where it has to: state/, and the repository with what git keeps in it. */
import { accessSync, constants, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CheckResult, ok } from './doctor-result.ts';

/** A run under another user leaves single folders and files that are his. */
const PLACES = [
  'state',
  'state/lock',
  'state/outbox',
  'state/events.duckdb',
  'state/trails.json',
  'snapshots',
  'snapshots/.git',
  'snapshots/.git/objects',
  'snapshots/.git/objects/pack',
  'snapshots/.git/refs',
  'snapshots/.git/refs/heads',
  'snapshots/.git/refs/notes',
  'snapshots/.git/refs/drifttrail',
];

/** `attempt` throws as the file system does. */
export function checkWritable(root: string, attempt: (path: string) => void = tryToWrite): CheckResult[] {
  const refused = PLACES.map((place) => join(root, place)).flatMap((path): { path: string; code: string }[] => {
    if (!existsSync(path)) return [];
    try {
      attempt(path);
      return [];
    } catch (error) {
      return [{ path, code: (error as NodeJS.ErrnoException).code ?? String(error) }];
    }
  });
  const [first] = refused;
  if (first === undefined) return existsSync(join(root, 'state')) ? [ok('writable', 'state, snapshots')] : [];
  // What stands below is not writable for the same reason.
  const tops = refused.filter(({ path }) => !refused.some((other) => path.startsWith(`${other.path}/`)));
  return tops.map(({ path, code }) => ({
    name: 'writable',
    status: 'fail',
    detail: `${path} cannot be written: ${code}`,
    fix: fixOf(path, code),
  }));
}

/** A full disk and an access list only show when something is written; a folder of git must not hold a file of ours. */
function tryToWrite(path: string): void {
  accessSync(path, constants.W_OK);
  if (!path.endsWith('state')) return;
  const file = join(path, `doctor-${process.pid}`);
  try {
    writeFileSync(file, 'written by drifttrail doctor\n', { mode: 0o600, flush: true });
  } finally {
    rmSync(file, { force: true });
  }
}

function fixOf(path: string, code: string): string {
  if (code === 'EROFS')
    return `the file system is mounted read-only: mount it to be written, mount -o remount,rw "$(findmnt -nT ${path} -o TARGET)"`;
  if (code === 'ENOSPC' || code === 'EDQUOT') return `make space: df -h ${path}`;
  return `as root, give it to the user who runs drifttrail: chown -R ${process.getuid?.() ?? '<user>'} ${path}; chmod -R u+rwX ${path}`;
}
