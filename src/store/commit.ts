/** One snapshot's commit: never older than its parent, signed where the configuration says so, told to the post-commit hook. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DrifttrailError } from '../errors.ts';
import { type Ahead, openAhead } from './ahead.ts';
import { moveRefs, type Signature } from './fast-import.ts';
import type { Git } from './git.ts';
import { BRANCH } from './init.ts';
import { signed } from './signing.ts';

export interface CommitPlan {
  /** The tip that the plan was made for; null before the first commit. */
  readonly parent: string | null;
  /** A whole file, or the id of one that `ahead` has taken. */
  readonly writes: ReadonlyMap<string, Uint8Array | string>;
  readonly deletes: readonly string[];
  readonly message: string;
  /** ISO 8601; moved forward to the parent's date when it is before it. */
  readonly date: string;
  readonly ahead?: Ahead | undefined;
}

/** The new tip; null when there is nothing to do. @throws {DrifttrailError} `tip-moved` */
export async function commit(git: Git, plan: CommitPlan, author: Signature, progress: (text: string) => void): Promise<string | null> {
  if (plan.writes.size === 0 && plan.deletes.length === 0) return null;
  const wanted = Math.floor(Date.parse(plan.date) / 1000);
  const seconds = Math.max(wanted, plan.parent === null ? 0 : await secondsOf(git, plan.parent));
  const { ids, held } = await (plan.ahead ?? openAhead(git))
    .finish()
    .commit([{ ref: BRANCH, expected: plan.parent, message: plan.message, seconds, author, writes: plan.writes, deletes: plan.deletes }]);
  const [made = ''] = ids;
  const tip = await signed(git, made);
  const [subject = ''] = plan.message.split('\n');
  if (!(await moveRefs(git, [{ ref: BRANCH, to: tip, from: plan.parent }], held, subject))) {
    throw new DrifttrailError({
      code: 'tip-moved',
      message: `somebody else committed to ${git.dir} meanwhile`,
      remedy: 'nothing was lost; the next run starts from the new tip',
      exitCode: 75,
    });
  }
  await runHook(git, 'post-commit', progress);
  return tip;
}

async function secondsOf(git: Git, sha: string): Promise<number> {
  return Number(await git.text(['log', '-1', '--no-show-signature', '--format=%ct', '--end-of-options', sha]));
}

/** As with git itself, a post-commit hook that fails does not undo the commit. */
async function runHook(git: Git, name: string, progress: (text: string) => void): Promise<void> {
  const configured =
    existsSync(join(git.dir, '.git', 'hooks', name)) ||
    (await git.run(['config', '--get', 'core.hooksPath'], { codes: [0, 1] })).code === 0;
  if (!configured) return;
  const result = await git.run(['hook', 'run', '--ignore-missing', name], {
    codes: Array.from({ length: 256 }, (_, code) => code),
    timeout: 60_000,
    // Our own hook need not start us again: nothing is known of the commit yet.
    env: { DRIFTTRAIL_RUN: '1' },
  });
  if (result.code !== 0) progress(`the hook ${name} exited with ${result.code}: ${result.stderr.trim()}`);
}
