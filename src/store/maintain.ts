/** Keeps the repository small and fast without anybody's help, in steps that cost little. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { INCOMING } from './fast-import.ts';
import type { Git } from './git.ts';

export interface MaintenanceResult {
  readonly repacked: boolean;
  readonly packs: number;
}

/** Each commit leaves a pack; reading slows down by then. */
const MAX_PACKS = 50;
/** One of git's 256 folders of loose objects is looked at; that many in it are some 4,000 in all. */
const MAX_LOOSE_SAMPLE = 16;

/**
 * Geometric repacking joins small packs and leaves big ones alone, so its cost follows what is new. Unreachable
 * objects (what was observed by earlier runs) are pruned first while they are loose. Must run under the deployment's lock.
 */
export async function maintain(git: Git): Promise<MaintenanceResult> {
  await dropAbandoned(git);
  const objects = join(git.dir, '.git', 'objects');
  const packs = list(join(objects, 'pack')).filter((name) => name.endsWith('.pack')).length;
  if (packs < MAX_PACKS && list(join(objects, '17')).length < MAX_LOOSE_SAMPLE) return { repacked: false, packs };
  await git.run(['prune', '--expire=1.hour.ago']);
  await git.run(['repack', '-d', '-q', '--geometric=2']);
  await git.run(['pack-refs', '--all']);
  await git.run(['commit-graph', 'write', '--reachable', '--split', '--changed-paths', '--no-progress']);
  return { repacked: true, packs: list(join(objects, 'pack')).filter((name) => name.endsWith('.pack')).length };
}

/** What a killed import held under a private name keeps objects alive that nobody will ask for. */
async function dropAbandoned(git: Git): Promise<void> {
  const names = list(join(git.dir, '.git', ...INCOMING.split('/'))).filter((name) => !name.endsWith('.lock'));
  if (names.length === 0) return;
  await git.run(['update-ref', '--no-deref', '--stdin'], { input: names.map((name) => `delete ${INCOMING}/${name}\n`).join('') });
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw cause;
  }
}
