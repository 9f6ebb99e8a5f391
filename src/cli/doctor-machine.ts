/** The checks of `doctor` that need no deployment that opens: node, git, and who can read the files. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CONFIG_FILE } from '../config/config.ts';
import { describeError } from '../errors.ts';
import type { Surroundings } from '../model.ts';
import { type CheckResult, ok } from './doctor-result.ts';

const OLDEST_GIT = [2, 36]; // `git hook run` and fast-import's safety of marks

export function checkNode(): CheckResult {
  return ok('node', process.versions.node);
}

export async function checkGit({ spawn }: Surroundings): Promise<CheckResult> {
  const fix = `install git ${OLDEST_GIT.join('.')} or newer and put it on the PATH`;
  try {
    const { stdout } = await spawn('git', ['--version'], { timeout: 10_000 });
    const text = stdout.toString().trim().replace('git version ', '');
    const [wantMajor = 0, wantMinor = 0] = OLDEST_GIT;
    const [have, haveMinor] = text.split('.').map(Number);
    const enough = (have ?? 0) > wantMajor || (have === wantMajor && (haveMinor ?? 0) >= wantMinor);
    return enough ? ok('git', text) : { name: 'git', status: 'fail', detail: `${text} is too old`, fix };
  } catch (error) {
    return { name: 'git', status: 'fail', detail: describeError(error), fix };
  }
}

/** What others can read: everything captured stands in snapshots/, the redaction key and messages in state/. */
export function checkModes(root: string): CheckResult[] {
  const wanted: readonly [string, number][] = [
    ['snapshots', 0o700],
    ['state', 0o700],
    [join('state', 'key'), 0o600],
    [CONFIG_FILE, 0o600],
  ];
  const found = wanted.filter(([name]) => existsSync(join(root, name)));
  const open = found.filter(([name, mode]) => (statSync(join(root, name)).mode & 0o777 & ~mode) !== 0);
  if (open.length === 0)
    return found.length === 0 ? [] : [ok('permissions', `${found.map(([name]) => name).join(', ')} are closed to others`)];
  return open.map(([name, mode]) => ({
    name: 'permissions',
    // The configuration names secrets but does not hold them; others may read, not write.
    status: name === CONFIG_FILE && (statSync(join(root, name)).mode & 0o022) === 0 ? 'warn' : 'fail',
    detail: `${join(root, name)} has mode ${(statSync(join(root, name)).mode & 0o777).toString(8)}`,
    fix: `chmod ${mode.toString(8)} ${join(root, name)}`,
  }));
}
