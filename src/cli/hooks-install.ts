/** Writes the git hook scripts for this installation and deployment; a hook that was there is kept and called first. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Deployment } from '../deployment.ts';
import { DrifttrailError } from '../errors.ts';

type HookName = 'post-commit' | 'post-receive';

const OURS = '# drifttrail git hook';

/** The files written. `server`: a bare repository that receives pushes. Throws `hooks-server` and `hooks-taken`. */
export function installHooks(deployment: Pick<Deployment, 'dir' | 'store'>, server: string | undefined): string[] {
  if (server === undefined) return [installHook(join(deployment.store.dir, '.git', 'hooks'), 'post-commit', deployment.dir)];
  const bare = resolve(server);
  if (!existsSync(join(bare, 'HEAD')) || !existsSync(join(bare, 'objects'))) {
    throw new DrifttrailError({
      code: 'hooks-server',
      message: `${bare} is not a bare git repository`,
      remedy: `make one with: git init --bare ${bare}, or name its folder`,
    });
  }
  return [installHook(join(bare, 'hooks'), 'post-receive', deployment.dir)];
}

export function installHook(folder: string, name: HookName, dir: string): string {
  const file = join(folder, name);
  mkdirSync(folder, { recursive: true });
  if (existsSync(file) && !readFileSync(file, 'utf8').includes(OURS)) setAside(file);
  const main = fileURLToPath(new URL('./main.js', import.meta.url));
  const script = readFileSync(new URL(`../../hooks/git/${name}`, import.meta.url), 'utf8')
    .replaceAll('@NODE@', () => quote(process.execPath))
    .replaceAll('@CLI@', () => quote(main))
    .replaceAll('@DEPLOYMENT@', () => quote(dir));
  // A commit that runs meanwhile meets the old script or the new one, never half of it.
  writeFileSync(`${file}.new`, script, { mode: 0o755 });
  renameSync(`${file}.new`, file);
  return file;
}

/** Our script calls `<name>.local` before it does its own work. */
function setAside(file: string): void {
  if (existsSync(`${file}.local`)) {
    throw new DrifttrailError({
      code: 'hooks-taken',
      message: `${file} is not ours, and ${file}.local is there too`,
      remedy: `join the two into ${file}.local, remove ${file}, and run it again`,
    });
  }
  renameSync(file, `${file}.local`);
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
