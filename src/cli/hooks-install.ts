/** Writes the git hook scripts for this installation and deployment; a hook that was there is kept and called first. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Deployment } from '../deployment.ts';
import { DrifttrailError } from '../errors.ts';
import { type Program, shippedProgram } from './shipped-program.ts';

type HookName = 'post-commit' | 'post-receive';

export interface Installed {
  readonly path: string;
  /** The team's own hook, which was there and is now called by ours. */
  readonly chained: string | undefined;
  /** False when the very same script was there already. */
  readonly changed: boolean;
}

const OURS = '# drifttrail git hook:';

/** `server`: a bare repository that receives pushes. Throws `hooks-server` and `hooks-taken`. */
export function installHooks(deployment: Pick<Deployment, 'dir' | 'store'>, server: string | undefined): Installed {
  if (server === undefined) return installHook(join(deployment.store.dir, '.git', 'hooks'), 'post-commit', deployment.dir);
  const bare = resolve(server);
  if (!existsSync(join(bare, 'HEAD')) || !existsSync(join(bare, 'objects'))) {
    throw new DrifttrailError({
      code: 'hooks-server',
      message: `${bare} is not a bare git repository`,
      remedy: `make one with: git init --bare ${bare}, or name its folder`,
    });
  }
  return installHook(join(bare, 'hooks'), 'post-receive', deployment.dir);
}

/** Into the repository's hooks folder; `dir` is the deployment. Repeating it changes nothing. Throws `hooks-taken`. */
export function installHook(folder: string, name: HookName, dir: string, program: Program = shippedProgram()): Installed {
  const path = join(folder, name);
  mkdirSync(folder, { recursive: true });
  const present = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  if (present !== undefined && !present.includes(OURS)) setAside(path);
  const script = fill(name, { NODE: program.node, CLI: program.cli, DEPLOYMENT: dir });
  if (present !== script) replace(path, script);
  return { path, chained: existsSync(own(path)) ? own(path) : undefined, changed: present !== script };
}

/** Values go in as single-quoted shell words, so that no character of a path is read by the shell. */
function fill(name: HookName, values: Readonly<Record<string, string>>): string {
  const template = readFileSync(new URL(`../../hooks/git/${name}`, import.meta.url), 'utf8');
  return template.replaceAll(/@([A-Z]+)@/g, (whole, key: string) => {
    const value = values[key];
    return value === undefined ? whole : `'${value.replaceAll("'", "'\\''")}'`;
  });
}

/** A commit that runs meanwhile meets the old script or the new one, never half of it. */
function replace(path: string, script: string): void {
  writeFileSync(`${path}.new`, script, { mode: 0o755 });
  renameSync(`${path}.new`, path);
}

/** Our script calls `<name>.local` before it does its own work. */
function own(path: string): string {
  return `${path}.local`;
}

function setAside(path: string): void {
  if (existsSync(own(path))) {
    throw new DrifttrailError({
      code: 'hooks-taken',
      message: `${path} is not drifttrail's, and ${own(path)} is taken`,
      remedy: `join the two into ${own(path)}, remove ${path}, and run it again`,
    });
  }
  renameSync(path, own(path));
}
