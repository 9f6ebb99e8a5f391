/** Writes the files of a new deployment: configuration, rules/, snapshots/, state/ with its key. */
import { chmodSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CONFIG_FILE } from '../config/config.ts';
import { loadKey } from '../deployment.ts';
import { DrifttrailError } from '../errors.ts';
import type { Surroundings } from '../model.ts';
import { initStore } from '../store/store.ts';
import { installHook } from './hooks-install.ts';
import { makeFolder } from './make-folder.ts';

export interface MadeDeployment {
  readonly dir: string;
  /** What was made, the configuration first. */
  readonly files: readonly string[];
}

/**
 * Also puts back what a deployment has lost, and finishes what an earlier call could not. Throws `deployment-exists`,
 * `repository-exists`, `git-too-old` and `init-failed`; then nothing has been overwritten, and a folder that was not
 * there is gone again.
 */
export async function makeDeployment(dir: string, config: string, surroundings: Surroundings): Promise<MadeDeployment> {
  const root = resolve(dir);
  const file = join(root, CONFIG_FILE);
  const snapshots = join(root, 'snapshots');
  const state = join(root, 'state');
  const configured = existsSync(file);
  if (configured && filled(snapshots)) {
    throw new DrifttrailError({
      code: 'deployment-exists',
      message: `${root} is a deployment already`,
      remedy: `edit ${file}, or name another folder: drifttrail init <dir>`,
    });
  }
  // The folder would become writable state of ours inside somebody's history, or their history would become our snapshots.
  // With a key beside it, it is what an earlier call began; the store itself takes nothing that it did not make.
  const foreign = filled(snapshots) && !existsSync(join(state, 'key'));
  if (foreign || existsSync(join(root, 'HEAD'))) {
    throw new DrifttrailError({
      code: 'repository-exists',
      message: foreign ? `${snapshots} is there already and not ours to fill` : `${root} is a git repository's own folder`,
      remedy: 'name another folder: drifttrail init <dir>; to adopt snapshots, write drifttrail.yaml beside them and run drifttrail doctor',
    });
  }
  const made = makeFolders(root, state);
  try {
    loadKey(state);
    await initStore(snapshots, surroundings);
    installHook(join(snapshots, '.git', 'hooks'), 'post-commit', root);
    // Last: a folder is a deployment only when everything else stands. `wx`: two at once must not both win.
    if (!configured) writeFileSync(file, config, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (made !== undefined) rmSync(made, { recursive: true, force: true });
    throw error;
  }
  return { dir: root, files: [file, join(root, 'rules'), snapshots, state] };
}

/** The topmost folder that was not there before. Throws `init-failed`. */
function makeFolders(root: string, state: string): string | undefined {
  const made = makeFolder(root);
  makeFolder(state, 0o700);
  chmodSync(state, 0o700);
  makeFolder(join(root, 'rules'));
  return made;
}

function filled(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder).length > 0;
}
