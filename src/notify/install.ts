/** Puts the git hooks into a repository, beside the team's own and never over them. */
import { access, chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DrifttrailError } from '../errors.ts';

export interface InstallInput {
  /** The repository's hooks folder: what `git rev-parse --git-path hooks` says. */
  readonly hooksDir: string;
  /** `post-commit` for the snapshots repository, `post-receive` for a central bare one. */
  readonly hook: 'post-commit' | 'post-receive';
  /** Absolute paths, baked in: git runs hooks with a PATH of its own. */
  readonly node: string;
  readonly cli: string;
  readonly deployment: string;
  /** Where the scripts are; default the ones shipped. */
  readonly templates?: URL;
}

export interface Installed {
  readonly path: string;
  /** The team's own hook, which was there and is now called by ours. */
  readonly chained: string | undefined;
  /** False when the very same hook was there already. */
  readonly changed: boolean;
}

const OURS = '# drifttrail git hook:';
const SHIPPED = new URL('../../hooks/git/', import.meta.url);

/** Repeating it changes nothing. Throws `hook-conflict` when both a foreign hook and its `.local` are there. */
export async function installHook(input: InstallInput): Promise<Installed> {
  const template = await readFile(fileURLToPath(new URL(input.hook, input.templates ?? SHIPPED)), 'utf8');
  const script = fill(template, { NODE: input.node, CLI: input.cli, DEPLOYMENT: input.deployment });
  const path = join(input.hooksDir, input.hook);
  const own = `${path}.local`;
  await mkdir(input.hooksDir, { recursive: true });
  const present = await readIfThere(path);
  const foreign = present !== undefined && !present.includes(OURS);
  if (foreign && (await exists(own))) {
    throw new DrifttrailError({
      code: 'hook-conflict',
      message: `${path} is not drifttrail's, and ${own} is taken`,
      remedy: `merge the two into ${own} and remove ${path}`,
    });
  }
  if (foreign) await rename(path, own);
  if (present !== script) await replace(path, script);
  return { path, chained: (await exists(own)) ? own : undefined, changed: present !== script };
}

/** Values go in as single-quoted shell words, so that no character of a path is read by the shell. */
function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replaceAll(/@([A-Z]+)@/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : `'${value.replaceAll("'", "'\\''")}'`;
  });
}

async function replace(path: string, script: string): Promise<void> {
  const staged = `${path}.drifttrail-new`;
  await writeFile(staged, script, { mode: 0o755 });
  await chmod(staged, 0o755);
  await rename(staged, path);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
